"""`scopegate policy opens`: the routes that policies open, or those of a subject."""

import csv
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.text import Text

from scopegate.cli.options import (
    POLICIES,
    AtOption,
    BundleOption,
    JsonOption,
    OpaUrlOption,
    ProjectOption,
    TokenFileOption,
    locate_opa,
    open_engine,
    parse_at,
    read_policies,
    read_schema,
    refusing_faults,
)
from scopegate.cli.output import (
    count,
    make_grid,
    open_console,
    print_block,
    print_json,
    print_warning,
)
from scopegate.errors import escape_unseen, quote_text
from scopegate.identity.assembly import Sources, assemble_identities
from scopegate.identity.bundle import build_identity_bundle, is_bundle
from scopegate.json_files.policies import PolicyDocument
from scopegate.live.asking import Engine
from scopegate.live.questions import Scope, describe_scope
from scopegate.policies.callers import Caller, describe_place, make_caller
from scopegate.policies.findings import describe_closed
from scopegate.policies.opening import Class, Outcome, Reach, find_outcomes, find_reaches
from scopegate.policies.routes import read_routes

_STYLES: Mapping[Class, str] = {
    Class.OPENED: "green",
    Class.PARTLY: "yellow",
    Class.IN_VAIN: "yellow",
    Class.DENIED: "red",
    Class.CLOSED: "dim",
    Class.FREE: "dim",
}
_EXPLAINED: Mapping[Class, str] = {
    Class.OPENED: "every required action is granted",
    Class.PARTLY: "some of the required actions are granted",
    Class.IN_VAIN: "granted where it can't count",
    Class.DENIED: "a required action is denied",
    Class.CLOSED: "nothing of it is granted",
    Class.FREE: "whoever calls",
}


def opens(  # noqa: PLR0913  who is asked about, who is asked, and how it is told
    files: Annotated[list[Path] | None, POLICIES] = None,
    *,
    at: AtOption = "iam_project",
    identities: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Exports of who was granted what, or the identity bundle; for --subject.",
            exists=True,
        ),
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="What this subject was granted, instead of policies in files."
        ),
    ] = None,
    enterprise_project: Annotated[
        str | None,
        typer.Option(metavar="ID", help="With --subject: the enterprise project of resources."),
    ] = None,
    show_all: Annotated[bool, typer.Option("--all", help="List the closed routes, too.")] = False,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a line for each route.")] = False,
    bundle: BundleOption = None,
    opa_url: OpaUrlOption = None,
    token_file: TokenFileOption = None,
    project: ProjectOption = None,
) -> None:
    """List the routes that policies open, and what is missing for the others.

    The policies of all files are granted together at one scope, and the bundle is asked about each
    of its routes. A route is opened, partly (some of the actions that it requires are granted), in
    vain (granted where a grant can't count), denied or closed; what needs no authorization is told
    apart. For each pattern: the documented actions that it matches, and the routes that it opens,
    or takes away, alone.

    For example:
      scopegate policy opens reader.json
      scopegate policy opens reader.json --at enterprise_project --json
      scopegate policy opens examples/policies/ --bundle bundle/all.tar.gz --all
      scopegate policy opens --identities exports/ --subject carol --at iam_project=p1
    """
    if as_json and as_csv:
        raise typer.BadParameter("expected one of --json and --csv")
    if (subject is None) == (not files):
        raise typer.BadParameter("expected FILES with policies, or --subject")
    if subject is None and (identities or enterprise_project):
        raise typer.BadParameter("there is nobody to look up without --subject")
    scope = parse_at(at)
    with (
        _open_identities(identities, bundle, project) as beside,
        open_engine(
            bundle=bundle, opa_url=opa_url, token_file=token_file, project=project, beside=beside
        ) as engine,
    ):
        policies = read_policies(files, engine) if files else []
        if subject is not None:
            _check_known(engine, subject)
        documents = [each.to_json() for each in policies]
        caller = (
            make_caller(documents, scope)
            if subject is None
            else _name_subject(subject, scope, enterprise_project)
        )
        outcomes = find_outcomes(engine, read_routes(engine), caller)
        reaches = [] if as_csv else find_reaches(engine, outcomes, documents, scope)
    told = _Told(outcomes, reaches, policies, scope, subject)
    if as_json:
        print_json(_describe(told))
    elif as_csv:
        _write_csv(outcomes)
    else:
        _show(told, show_all=show_all)


@dataclass(frozen=True, slots=True)
class _Told:
    """All that there is to tell."""

    outcomes: Sequence[Outcome]
    reaches: Sequence[Reach]
    policies: Sequence[PolicyDocument]
    scope: Scope
    subject: str | None

    @property
    def revision(self) -> str:
        """The revision by which all of it was decided."""
        revision: str = self.outcomes[0].decision["revision"]
        return revision

    def count_kinds(self) -> Counter[Class]:
        """Count the routes of each class."""
        return Counter(each.kind for each in self.outcomes)

    def list_unevaluated(self) -> list[tuple[int, int, list[str]]]:
        """List the statements that failed closed: the policy, the statement and its members."""
        found = {
            (each["policy"], each["statement"]): each["members"]
            for outcome in self.outcomes
            for each in outcome.decision["not_evaluated"]
        }
        return [(*place, members) for place, members in sorted(found.items())]


@contextmanager
def _open_identities(
    path: Path | None, bundle: Path | None, project: Path | None
) -> Iterator[list[Path]]:
    """Give the identity bundle that the option names, or one that is made of exports."""
    if path is None:
        yield []
        return
    if is_bundle(path):
        yield [path]
        return
    sources = Sources(files=(path,), groups={}, users={})
    with refusing_faults():
        assembly = assemble_identities(sources, read_schema("question", bundle, project))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "identity.tar.gz"
        build_identity_bundle(assembly.identities, output=made, opa=locate_opa(project))
        yield [made]


def _check_known(engine: Engine, subject: str) -> None:
    """Warn where nobody has told what the subject was granted."""
    query = "answer := [true | data.scopegate_identity.subjects[input.id]]"
    if not engine.query(query, {"id": subject}):
        print_warning(f"no subject {quote_text(subject)} is known here: it was granted nothing")


def _name_subject(subject: str, scope: Scope, enterprise_project: str | None) -> Caller:
    if scope.kind not in ("iam_project", "domain"):
        raise typer.BadParameter(
            "a subject's token is of a project or a domain: expected iam_project=ID or domain=ID",
            param_hint="--at",
        )
    return Caller(
        subject={"id": subject},
        project=scope.id if scope.kind == "iam_project" else None,
        domain=scope.id if scope.kind == "domain" else None,
        enterprise_project=enterprise_project,
    )


def _describe(told: _Told) -> Mapping[str, Any]:
    counts = told.count_kinds()
    return {
        "revision": told.revision,
        "at": told.scope.to_json(),
        "subject": told.subject,
        "counts": {str(kind): counts[kind] for kind in Class},
        "routes": [
            {
                **each.decision["route"],
                "class": each.kind,
                **{
                    name: each.decision[name]
                    for name in ("reason", "required", "granted", "missing", "denied")
                },
                "ineffective": each.decision["ineffective"],
            }
            for each in told.outcomes
        ],
        "patterns": [
            {
                "file": told.policies[each.pattern.policy].file,
                "pointer": told.policies[each.pattern.policy].pointer(*each.pattern.place),
                "effect": each.pattern.effect,
                "pattern": each.pattern.text,
                "actions": each.actions,
                "alone": [route.key for route in each.alone],
            }
            for each in told.reaches
        ],
        "not_evaluated": [
            {
                "file": told.policies[number].file,
                "pointer": told.policies[number].pointer("Statement", statement),
                "members": members,
            }
            for number, statement, members in (told.list_unevaluated() if told.policies else ())
        ],
    }


def _write_csv(outcomes: Sequence[Outcome]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = ("provider", "service", "table", "row", "method", "path", "case")
    writer.writerow([*columns, "class", "required", "missing"])
    for each in outcomes:
        lists = (each.decision["required"], each.decision["missing"])
        writer.writerow(
            [
                *(getattr(each.route, name) for name in columns),
                each.kind,
                *(" ".join(listed) for listed in lists),
            ]
        )
    sys.stdout.write(text.getvalue())


def _show(told: _Told, *, show_all: bool) -> None:
    console = open_console()
    who = (
        f"subject {told.subject}, with a token of {describe_scope(told.scope.to_json())}"
        if told.subject is not None
        else f"{_name_policies(told.policies)}, granted {describe_place(told.scope)}"
    )
    console.print(
        Text.assemble((escape_unseen(who), "bold"), (f"  revision {told.revision[:12]}", "dim")),
        soft_wrap=True,
    )
    print_block(Group(Text(), make_grid(*_list_counts(told), indent=2)))
    unevaluated = told.list_unevaluated()
    if told.subject is not None and unevaluated:
        members = sorted({member for *_, listed in unevaluated for member in listed})
        note = f"statements with {' or '.join(members)} that were granted fail closed"
        console.print(Text.assemble(("  note  ", "yellow"), note), soft_wrap=True)
        unevaluated = []
    for number, statement, members in unevaluated:
        policy = told.policies[number]
        place = policy.place("Statement", statement)
        closed = policy.document["Statement"][statement]
        note = f"{place}: {describe_closed(closed, members)}"
        console.print(Text.assemble(("  note  ", "yellow"), note), soft_wrap=True)
    _show_patterns(told)
    _show_routes(told, show_all=show_all)


def _name_policies(policies: Sequence[PolicyDocument]) -> str:
    names = [each.display_name or each.name or each.file for each in policies]
    return ", ".join(dict.fromkeys(names)) if len(names) < 4 else count(len(names), "document")  # noqa: PLR2004


def _list_counts(told: _Told) -> Iterator[tuple[Text, Text, Text]]:
    writing = sum(each.kind is Class.OPENED and not each.route.is_reading for each in told.outcomes)
    owner = any(each.decision["reason"] == "account_owner" for each in told.outcomes)
    counts = told.count_kinds()
    for kind in Class:
        number = counts[kind]
        about = _EXPLAINED[kind]
        if kind is Class.OPENED:
            about = "the account itself may call everything" if owner else about
            about += f"; {writing:,} of them write"
        yield (
            Text(f"{number:,}", "bold" if number else "dim", justify="right"),
            Text(kind, _STYLES[kind] if number else "dim"),
            Text(about, "dim"),
        )


def _show_patterns(told: _Told) -> None:
    rows = [
        (
            Text(each.pattern.effect.lower(), "red" if each.pattern.effect == "Deny" else "green"),
            Text(f"{len(each.actions):,}", justify="right"),
            Text(f"{len(each.alone):,}", justify="right"),
            Text(each.pattern.text),
        )
        for each in told.reaches
    ]
    if rows:
        heads = tuple(Text(each, "dim") for each in ("", "actions", "alone", "pattern"))
        print_block(Group(Text(), make_grid(heads, *rows, indent=2)))


def _show_routes(told: _Told, *, show_all: bool) -> None:
    hidden = () if show_all else (Class.CLOSED, Class.FREE)
    for (api, table), group in groupby(
        told.outcomes, key=lambda each: (each.route.provider, each.route.table)
    ):
        outcomes = list(group)
        shown = [each for each in outcomes if each.kind not in hidden]
        if not shown:
            continue
        opened = sum(each.kind is Class.OPENED for each in outcomes)
        head = Text.assemble(
            (f"{api}/{table}", "bold"), f"  {opened:,} of {count(len(outcomes), 'route')} opened"
        )
        rows = [
            (Text(each.kind, _STYLES[each.kind]), Text(each.route.method), _describe_route(each))
            for each in shown
        ]
        print_block(Group(Text(), head, make_grid(*rows, indent=2)))


def _describe_route(outcome: Outcome) -> Text:
    """Describe a route: its path, and below it what keeps it from being opened."""
    text = Text(outcome.route.path)
    if outcome.route.case:
        text.append(f"  {outcome.route.case}", "cyan")
    match outcome.kind:
        case Class.PARTLY:
            lacks = outcome.decision["missing"] or ["an enterprise project: resources name none"]
            text.append(f"\nlacks {', '.join(lacks)}", "yellow")
        case Class.DENIED:
            text.append(f"\ndenies {', '.join(outcome.decision['denied'])}", "red")
        case _:
            pass
    return text
