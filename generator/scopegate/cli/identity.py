"""`scopegate identity`: exports of users, grants and resources into the identity bundle."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer
from rich.text import Text

from scopegate.cli import make_group
from scopegate.cli.options import (
    BundleOption,
    JsonOption,
    OpaUrlOption,
    ProjectOption,
    SigningKeyIdOption,
    SigningKeyOption,
    SigningScopeOption,
    TokenFileOption,
    ask_schema,
    locate_opa,
    open_engine,
    read_schema,
    read_signing,
)
from scopegate.cli.output import (
    DONE,
    count,
    list_facts,
    make_grid,
    open_console,
    print_block,
    print_json,
    print_signed,
)
from scopegate.cli.severities import SEVERITIES
from scopegate.errors import escape_unseen
from scopegate.identity.assembly import Assembly, Sources, assemble_identities
from scopegate.identity.bundle import (
    build_identity_bundle,
    is_bundle,
    read_identity_bundle,
)
from scopegate.identity.model import Identities
from scopegate.identity.times import describe_age, parse_time
from scopegate.json_files.places import spell_path
from scopegate.live.questions import describe_scope
from scopegate.location import show_path
from scopegate.packing import locate_signed
from scopegate.policies.findings import RULES, Severity
from scopegate.policies.holdings import Granted, HeldFinding, find_held_findings
from scopegate.policies.routes import read_routes

_SHOWN = 10
"""How many grants are listed below a finding; the rest are counted."""

_Files: TypeAlias = Annotated[
    list[Path],
    typer.Argument(metavar="FILES", help="Exports, or folders with them.", exists=True),
]
_TakenAt: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="When the exports were taken, as in 2026-11-23T10:00:00Z."),
]
_AccountOwner: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(metavar="USER_ID", help="The account itself, which may call everything."),
]
_Group: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(metavar="GROUP_ID=FILE", help="An export of the users of this group."),
]
_User: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(metavar="USER_ID=FILE", help="An export of the groups of this user."),
]


def describe() -> None:
    """Who was granted what: the vendor's exports as a bundle, and what is odd about them.

    For example:
      scopegate identity build exports/ -o identity.tar.gz
      scopegate identity check exports/
      scopegate identity check identity.tar.gz
    """


def build(  # noqa: PLR0913  what exports do not tell is told by options
    files: _Files,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where to put the bundle.")
    ] = Path("identity.tar.gz"),
    taken_at: _TakenAt = None,
    account_owner: _AccountOwner = None,
    group: _Group = None,
    user: _User = None,
    signing_key: SigningKeyOption = None,
    signing_key_id: SigningKeyIdOption = None,
    signing_scope: SigningScopeOption = None,
    as_json: JsonOption = False,
    bundle: BundleOption = None,
    project: ProjectOption = None,
) -> None:
    """Build the identity bundle from the vendor's exports.

    Each file is the JSON answer of one call, and is told by what is in it: role assignments, roles
    and policies, users of a group, groups of a user, resources of an enterprise project, snapshots;
    in any order, also in several pages. Where anything about them is odd, all that is odd is listed
    with its place, and the bundle stays as it was. What a decision takes, the rules say: those of
    the project, or of the bundle that is named.

    For example:
      scopegate identity build exports/ --taken-at 2026-11-23T10:00:00Z
      scopegate identity build *.json --account-owner 5b050baea9db472c88cbae67e8d6 -o id.tar.gz
      scopegate identity build exports/ --group 07609e7eb200250a3f7dc003cb7a=exports/testers.json
    """
    signing = read_signing(signing_key, signing_key_id, signing_scope)
    schema = read_schema("question", bundle, project)
    sources = _make_sources(files, taken_at, account_owner, group, user)
    opa = locate_opa(project)
    built = output.absolute()
    assembly = assemble_identities(sources, schema)
    revision = build_identity_bundle(assembly.identities, output=built, opa=opa, signing=signing)
    if as_json:
        print_json(
            {
                "bundle": str(built),
                "signed": str(locate_signed(built)) if signing else None,
                "revision": revision,
                **_count_all(assembly.identities),
                "notes": assembly.notes,
            }
        )
        return
    _show_bundle(assembly, output, revision)
    if signing:
        print_signed(output, signing)


def check(  # noqa: PLR0913  as above
    files: _Files,
    *,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 where there is an error or a warning.")
    ] = False,
    taken_at: _TakenAt = None,
    account_owner: _AccountOwner = None,
    group: _Group = None,
    user: _User = None,
    as_json: JsonOption = False,
    bundle: BundleOption = None,
    opa_url: OpaUrlOption = None,
    token_file: TokenFileOption = None,
    project: ProjectOption = None,
) -> None:
    """List what exports, or a bundle of them, hold that is not as it was meant.

    Says of each policy what `scopegate policy lint` does, where it is granted, and of roles which
    holders lack those that they depend on; the bundle is asked. An identity bundle has no policies
    but those that were granted; it is read whole, and what does not belong into one (rules, data
    and roots of others) is listed as what is odd about exports is.

    For example:
      scopegate identity check exports/ --taken-at 2026-11-23T10:00:00Z
      scopegate identity check identity.tar.gz --strict
      scopegate identity check exports/ --json | jq -r '.findings[].code' | sort | uniq -c
    """
    told = (taken_at, account_owner, group, user)
    is_built = any(map(is_bundle, files))
    if is_built and (len(files) > 1 or any(each is not None for each in told)):
        raise typer.BadParameter("a bundle is checked alone, and says all that there is to say")
    sources = None if is_built else _make_sources(files, *told)
    with open_engine(
        bundle=bundle, opa_url=opa_url, token_file=token_file, project=project
    ) as engine:
        input_schema = ask_schema("question", engine)
        identities = (
            assemble_identities(sources, input_schema).identities
            if sources
            else read_identity_bundle(files[0], input_schema)
        )
        findings = find_held_findings(engine, read_routes(engine), identities)
    if as_json:
        print_json(
            {
                "taken_at": identities.taken_at,
                "age_seconds": _find_age(identities.taken_at),
                "findings": [_describe_finding(each, identities) for each in findings],
            }
        )
    else:
        _show_findings(findings, identities)
    if strict and any(each.finding.severity is not Severity.NOTE for each in findings):
        raise typer.Exit(1)


identity = make_group(describe, {"build": build, "check": check})
"""The command that has the others."""


def _make_sources(
    files: Sequence[Path],
    taken_at: str | None,
    account_owners: Sequence[str] | None,
    groups: Sequence[str] | None,
    users: Sequence[str] | None,
) -> Sources:
    if taken_at is not None:
        try:
            parse_time(taken_at)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--taken-at") from None
    if not all(account_owners or ()):
        raise typer.BadParameter("an id is not empty", param_hint="--account-owner")
    return Sources(
        files=tuple(files),
        groups=dict(_parse_owners("group", groups or ())),
        users=dict(_parse_owners("user", users or ())),
        account_owners=tuple(account_owners or ()),
        taken_at=taken_at,
    )


def _parse_owners(option: str, given: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Parse `ID=FILE`."""
    seen: set[Path] = set()
    for each in given:
        id_, _, file = each.partition("=")
        path = Path(file)
        if not (id_ and path.is_file()):
            raise typer.BadParameter(
                f"{each!r} is not {option.upper()}_ID=FILE with a file that exists",
                param_hint=f"--{option}",
            )
        if path.resolve() in seen:
            raise typer.BadParameter(f"{file} is named twice", param_hint=f"--{option}")
        seen.add(path.resolve())
        yield path, id_


def _count_all(identities: Identities) -> Mapping[str, int]:
    return {
        "subjects": len(identities.subjects),
        "groups": len(identities.groups),
        "policies": len(identities.list_granted()),
        "resources": sum(map(len, identities.enterprise_projects.values())),
    }


def _show_bundle(assembly: Assembly, output: Path, revision: str) -> None:
    console = open_console()
    console.print(
        Text.assemble(DONE, " ", (show_path(output), "bold"), f"  {revision[:12]}"), soft_wrap=True
    )
    counts = _count_all(assembly.identities)
    facts = [
        count(counts["subjects"], "subject"),
        count(counts["groups"], "group"),
        "1 policy" if counts["policies"] == 1 else f"{counts['policies']:,} policies",
        count(counts["resources"], "resource"),
    ]
    console.print(Text.assemble("  ", list_facts(*facts)), soft_wrap=True)
    console.print(f"  {_spell_age(assembly.identities.taken_at)}")
    notes = ((Text("note", "yellow"), Text(escape_unseen(each))) for each in assembly.notes)
    print_block(make_grid(*notes, indent=2))


def _find_age(taken_at: str | None) -> int | None:
    """Tell how many seconds ago exports were taken."""
    if taken_at is None:
        return None
    return int((datetime.now(UTC) - parse_time(taken_at)).total_seconds())


def _spell_age(taken_at: str | None) -> str:
    if taken_at is None:
        return "taken at a time that is not told: --taken-at tells it"
    return f"taken at {taken_at}, {describe_age(parse_time(taken_at), datetime.now(UTC))}"


def _describe_finding(held: HeldFinding, identities: Identities) -> Mapping[str, Any]:
    return {
        "code": held.finding.code,
        "severity": held.finding.severity,
        "policy": held.policy,
        "display_name": identities.policies[held.policy]["display_name"],
        "place": spell_path(held.finding.keys),
        "message": held.finding.message,
        "hint": held.finding.hint,
        "grants": [each.to_json() for each in held.grants],
    }


def _show_findings(findings: Sequence[HeldFinding], identities: Identities) -> None:
    console = open_console()
    console.print(_spell_age(identities.taken_at))
    order = list(RULES)
    ranked = sorted(findings, key=lambda each: order.index(each.finding.code))
    for code, group in groupby(ranked, key=lambda each: each.finding.code):
        rule = RULES[code]
        head = Text.assemble(
            (f"\n{rule.severity}", SEVERITIES[rule.severity]), (f": {rule.summary}", "bold")
        )
        console.print(head.append(f"  [{code}]", "dim"), soft_wrap=True)
        for each in group:
            _show_finding(each, identities)
    if findings:
        console.print()
    console.print(Text(count(len(findings), "finding"), "yellow" if findings else "green"))


def _show_finding(held: HeldFinding, identities: Identities) -> None:
    console = open_console()
    finding = held.finding
    name = escape_unseen(identities.policies[held.policy]["display_name"])
    place = f": {spell_path(finding.keys)}" if finding.keys else ""
    about = escape_unseen(f" ({held.policy}){place}: {finding.message}")
    console.print(Text.assemble("  ", (name, "cyan"), about), soft_wrap=True)
    if finding.hint:
        console.print(Text(f"    {escape_unseen(finding.hint)}", "dim"), soft_wrap=True)
    for granted in held.grants[:_SHOWN]:
        console.print(f"    {escape_unseen(_spell_grant(granted))}", soft_wrap=True)
    if len(held.grants) > _SHOWN:
        console.print(f"    … and {len(held.grants) - _SHOWN:,} more grants")


def _spell_grant(granted: Granted) -> str:
    holder = f"{'group' if granted.is_group else 'subject'} {granted.holder}"
    some = f", for {count(len(granted.members), 'member')}" if granted.members else ""
    return f"{holder} in {describe_scope(granted.scope)}{some}"
