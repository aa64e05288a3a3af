"""`scopegate policy lint`: what is odd about policies."""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from scopegate.cli.options import (
    POLICIES,
    AtOption,
    BundleOption,
    JsonOption,
    OpaUrlOption,
    ProjectOption,
    TokenFileOption,
    open_engine,
    parse_at,
    read_policies,
)
from scopegate.cli.output import count, list_facts, open_console, print_json
from scopegate.cli.severities import SEVERITIES
from scopegate.errors import escape_unseen
from scopegate.json_files.policies import PolicyDocument
from scopegate.policies.findings import RULES, Finding, Severity, find_findings
from scopegate.policies.routes import read_routes
from scopegate.policies.sarif import describe_findings


def lint(  # noqa: PLR0913  who is asked, what counts, and how it is told
    files: Annotated[list[Path], POLICIES],
    *,
    at: AtOption = "iam_project",
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Leave out findings with these codes."),
    ] = None,
    as_json: JsonOption = False,
    as_sarif: Annotated[
        bool, typer.Option("--sarif", help="Print SARIF 2.1.0, for code review.")
    ] = False,
    bundle: BundleOption = None,
    opa_url: OpaUrlOption = None,
    token_file: TokenFileOption = None,
    project: ProjectOption = None,
) -> None:
    """List what is odd about policies: what is misspelt, in vain, too broad or beyond limits.

    Each document is judged by itself, as if it were granted at the scope; whether a role has those
    that it depends on is told of all documents together. Exits with 1 where there is an error or a
    warning, with 0 where there are notes alone or nothing, and with 2 where a file is no policy.

    For example:
      scopegate policy lint policies/
      scopegate policy lint reader.json --at enterprise_project --ignore too-broad
      scopegate policy lint policies/ --sarif > scopegate.sarif
    """
    if as_json and as_sarif:
        raise typer.BadParameter("expected one of --json and --sarif")
    ignored = {code for each in ignore or () for code in each.split(",")}
    if unknown := ignored - RULES.keys():
        expected = ", ".join(RULES)
        raise typer.BadParameter(
            f"{', '.join(sorted(unknown))}: expected some of {expected}", param_hint="--ignore"
        )
    scope = parse_at(at)
    with open_engine(
        bundle=bundle, opa_url=opa_url, token_file=token_file, project=project
    ) as engine:
        policies = read_policies(files, engine)
        found = find_findings(
            engine,
            read_routes(engine),
            [each.to_json() for each in policies],
            scope,
            groups=[_find_group(*each) for each in enumerate(policies)],
        )
    findings = [each for each in found if each.code not in ignored]
    if as_sarif:
        version = metadata.version("scopegate")
        print_json(describe_findings(findings, policies, version=version))
    elif as_json:
        print_json([_describe(each, policies[each.policy]) for each in findings])
    else:
        _show(findings, policies)
    if any(each.severity is not Severity.NOTE for each in findings):
        raise typer.Exit(1)


def _find_group(number: int, policy: PolicyDocument) -> object:
    """Find what a document is a part of: a list, as `policy needs` makes one, else itself."""
    is_listed = bool(policy.keys) and isinstance(policy.keys[0], int)
    return policy.file if is_listed else number


def _describe(finding: Finding, policy: PolicyDocument) -> Mapping[str, Any]:
    place = policy.place(*finding.keys)
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": policy.file,
        "line": place.line,
        "column": place.column,
        "pointer": policy.pointer(*finding.keys),
        "message": finding.message,
        "hint": finding.hint,
    }


def _show(findings: Sequence[Finding], policies: Sequence[PolicyDocument]) -> None:
    console = open_console()
    for finding in findings:
        place = policies[finding.policy].place(*finding.keys)
        console.print(
            Text.assemble(
                (escape_unseen(str(place)), "bold"),
                ": ",
                (finding.severity, SEVERITIES[finding.severity]),
                f": {escape_unseen(finding.message)}",
                (f"  [{finding.code}]", "dim"),
            ),
            soft_wrap=True,
        )
        if finding.hint:
            console.print(Text(f"    {escape_unseen(finding.hint)}", "dim"), soft_wrap=True)
    counts = Counter(each.severity for each in findings)
    facts: list[str | Text] = [count(counts[each], each) for each in Severity if counts[each]]
    console.print(
        list_facts(*(facts or [Text("nothing found", "green")]), count(len(policies), "document")),
        soft_wrap=True,
    )
