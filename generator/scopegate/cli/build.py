"""`scopegate build`: tables into rules and a bundle."""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from scopegate.bundle import Contents
from scopegate.cli.options import (
    JsonOption,
    ProfileOption,
    ProjectOption,
    SigningKeyIdOption,
    SigningKeyOption,
    SigningScopeOption,
    locate_project,
    read_signing,
)
from scopegate.cli.output import (
    count,
    list_facts,
    make_grid,
    open_console,
    print_block,
    print_json,
    print_made,
    print_signed,
    print_warning,
)
from scopegate.errors import ScopegateError
from scopegate.files import replace_files
from scopegate.live.opa import find_opa
from scopegate.location import show_path
from scopegate.packing import Signing, locate_signed, read_revision
from scopegate.profiles import list_profiles
from scopegate.project import DEFAULT_PROFILE, Project, build_project
from scopegate.routes.model import Conflict, Disagreement

_SHOWN = 20
"""How many changed files, and how many conflicts, are listed; the rest are counted."""

_ROWS_SHOWN = 5
_CONFLICTS = {
    Disagreement.ROWS: "rows",
    Disagreement.ALTERNATIVES: "the alternatives of",
    Disagreement.TEMPLATES: "crossing rows",
}


def build(  # noqa: PLR0913  a signature has three options
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    all_profiles: Annotated[
        bool, typer.Option("--all-profiles", help="Build the bundle of each profile.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where else to put the bundle, besides the project's own.",
        ),
    ] = None,
    signing_key: SigningKeyOption = None,
    signing_key_id: SigningKeyIdOption = None,
    signing_scope: SigningScopeOption = None,
    as_json: JsonOption = False,
    project: ProjectOption = None,
) -> None:
    """Build the bundle of a profile from the tables.

    Brings the generated rules below rego/, the bundle and bundle/inventory.yaml up to date, and
    tells what has changed. Where a table is faulty, or OPA refuses the rules or the key, all stays
    as it was.

    For example:
      scopegate build
      scopegate build --profile opentelekomcloud
      scopegate build --all-profiles
      scopegate build -o /srv/bundles/huaweicloud.tar.gz
      scopegate build --signing-key key.pem --signing-key-id 2026-11
      scopegate build --json | jq -r .revision
    """
    signing = read_signing(signing_key, signing_key_id, signing_scope)
    found = locate_project(project)
    if all_profiles and (output or as_json):
        raise typer.BadParameter("of one profile at a time", param_hint="--all-profiles")
    for name in list_profiles(found.profiles) if all_profiles else [profile]:
        _build(found, name, output, signing, as_json=as_json)


def _build(
    found: Project, profile: str, output: Path | None, signing: Signing | None, *, as_json: bool
) -> None:
    started = time.perf_counter()
    own = found.locate_bundle(profile)
    bundle = (output or own).absolute()
    opa = find_opa(found.folder)
    built = build_project(found, profile, output=own, opa=opa, signing=signing)
    contents = built.contents
    # The same bytes, and after the project's own: that one goes with the rules and the inventory.
    copies = {bundle: own.read_bytes()}
    if signing:
        copies[locate_signed(bundle)] = locate_signed(own).read_bytes()
    changes = sorted({**built.changes, **replace_files(copies)}.items())
    seconds = time.perf_counter() - started
    if as_json:
        print_json(
            {
                "bundle": str(bundle),
                "signed": str(locate_signed(bundle)) if signing else None,
                "revision": contents.revision,
                "changed": {show_path(path): change for path, change in changes},
                "seconds": round(seconds, 3),
                **contents.inventory,
            }
        )
    else:
        _show(contents, bundle, signing, changes, seconds)
    for path in sorted({locate_signed(own), locate_signed(bundle)}):
        if path.is_file() and not _is_of(path, contents.revision):
            print_warning(
                f"{show_path(path)} is of another revision: --signing-key makes a new one"
            )


def _is_of(bundle: Path, revision: str) -> bool:
    try:
        return read_revision(bundle) == revision
    except (ScopegateError, OSError):
        return False


def _show(
    contents: Contents,
    bundle: Path,
    signing: Signing | None,
    changes: list[tuple[Path, str]],
    seconds: float,
) -> None:
    tables: list[Mapping[str, Any]] = list(contents.inventory["tables"].values())
    routes = sum(table["routes"] for table in tables)
    mirrored = sum(table["mirrored"] for table in tables)
    conflicts = contents.conflicts
    print_made(bundle, contents.revision, seconds)
    console = open_console()
    facts = list_facts(
        count(len(tables), "table"),
        f"{count(routes, 'route')} ({mirrored:,} mirrored)",
        count(contents.inventory["rules"], "rule"),
        Text(count(len(conflicts), "conflict"), "yellow" if conflicts else ""),
    )
    console.print(Text.assemble("  ", facts))
    if signing:
        print_signed(bundle, signing)
    rows = [
        *_cut([(Text("conflict", "yellow"), _describe_conflict(each)) for each in conflicts]),
        *_cut([(Text(change, "cyan"), show_path(path)) for path, change in changes]),
    ]
    print_block(make_grid(*rows, indent=2))
    if not changes:
        console.print(Text("  nothing has changed", "dim"))


def _cut(rows: Sequence[tuple[Text, str]]) -> Iterator[tuple[Text, str]]:
    yield from rows[:_SHOWN]
    if len(rows) > _SHOWN:
        yield Text("…", "dim"), f"and {len(rows) - _SHOWN:,} more"


def _describe_conflict(conflict: Conflict) -> str:
    rows = [(source.table, source.row) for source in conflict.sources]
    told = ", ".join(
        f"{table} {row}" if not index or rows[index - 1][0] != table else str(row)
        for index, (table, row) in enumerate(rows[:_ROWS_SHOWN])
    )
    more = f" and {len(rows) - _ROWS_SHOWN:,} more" if len(rows) > _ROWS_SHOWN else ""
    what = _CONFLICTS[conflict.kind]
    return f"{conflict.method} {conflict.path}: needs all actions of {what} {told}{more}"
