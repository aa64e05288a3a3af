"""`scopegate import`: published pages into rows, and one of them into a table file."""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import track
from rich.text import Text

from scopegate.cells.wordings import list_wordings
from scopegate.cli.effects import print_effects, read_before
from scopegate.cli.options import JsonOption, ProjectOption, locate_project
from scopegate.cli.output import (
    DONE,
    FAILED,
    count,
    list_facts,
    make_grid,
    open_console,
    print_block,
    print_changes,
    print_error,
    print_json,
)
from scopegate.errors import spell_command
from scopegate.files import replace_file
from scopegate.importing.diagnostics import CODES, Diagnostic, Severity
from scopegate.importing.folder import Origin, assemble_folder, save_folder
from scopegate.importing.imports import (
    Assembly,
    RemovalsError,
    find_document,
    find_table_name,
    import_document,
    save_table,
)
from scopegate.importing.survey import Survey, survey_pages
from scopegate.location import show_path
from scopegate.project import Project
from scopegate.tables.differences import TableDifferences
from scopegate.tables.model import Support
from scopegate.tables.names import parse_table_name

_FIRST_PLACES: Final = 3
_STYLES: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def import_page(  # noqa: PLR0913  what pages do not tell is told by options
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="PATH",
            help="A document: Markdown, reStructuredText or HTML. With --check also a folder.",
            exists=True,
        ),
    ] = None,
    *,
    table: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The table: provider/service/name. Default: the one that was read from a page of"
            " this file name.",
        ),
    ] = None,
    number: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="Which table of the page, where several authorize something."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do all but write; exit as it would have.")
    ] = False,
    allow_removals: Annotated[
        bool,
        typer.Option(
            "--allow-removals", help="Write the table though it lacks rows that it had before."
        ),
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Read all pages at PATH, say what is odd about them; write no table."
        ),
    ] = False,
    rows: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="--check, and write each row as a line of JSON; - to print them."
        ),
    ] = None,
    as_json: JsonOption = False,
    wordings: Annotated[
        bool, typer.Option("--wordings", help="List the wordings that are understood.")
    ] = False,
    provider: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Of a folder: take in pages that are not in tables/sources.yaml yet, as this"
            " provider's.",
        ),
    ] = None,
    repository: Annotated[
        str | None, typer.Option(metavar="URL", help="With --provider: where the pages are from.")
    ] = None,
    licence: Annotated[
        str | None, typer.Option(metavar="NAME", help="With --provider: the pages' licence.")
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Read the authorization tables of published pages into tables/.

    Of one page one table, or all tables of the pages in a folder that tables/sources.yaml lists.
    Nothing is guessed: what is odd about a row leaves it unresolved, and where a table can't be
    read as a whole nothing is written. Tells how each table differs from the one that was there.

    With --check, reads any number of pages with any number of tables, and accounts for each of
    their rows. Exits with 1 where some can't be read.

    For example:
      scopegate import evs-snapshots.zh.md
      scopegate import volumes.md --table huaweicloud/evs/volumes --dry-run
      scopegate import docs/ --provider opentelekomcloud --licence Apache-2.0
      scopegate import --check api-ref/
      scopegate import --check api-ref/ --rows rows.jsonl --json
      scopegate import --wordings
    """
    if wordings:
        _show_wordings(as_json=as_json)
        return
    if path is None:
        raise typer.BadParameter("which document?", param_hint="PATH")
    if check or rows or as_json:
        if table or number or allow_removals:
            raise typer.BadParameter("with --check nothing is written, and all tables are read")
        _check(path, rows, as_json=as_json)
        return
    found = locate_project(project)
    folder = found.tables
    if path.is_dir():
        if table or number:
            raise typer.BadParameter("of a folder all tables are read", param_hint="--table")
        origin = Origin(provider, repository, licence) if provider else None
        _import_folder(path, found, origin, allow_removals=allow_removals, dry_run=dry_run)
        return
    name = parse_table_name(table) if table else find_table_name(folder, path)
    document = find_document(folder, name, path)
    assembly = import_document(path, name, number, document=document)
    before = read_before(found, [name.provider])
    try:
        differences = save_table(
            assembly.table,
            folder,
            today=_spell_today(),
            allow_removals=allow_removals,
            dry_run=dry_run,
        )
    except RemovalsError as error:
        print_error(f"{error}\n(Where they are meant, --allow-removals.)")
        raise typer.Exit(1) from None
    _show(assembly)
    _show_differences(folder / name.path, assembly, differences, dry_run=dry_run)
    if differences:
        print_effects(found, before, [assembly.table])
    if not dry_run and (differences is None or differences):
        open_console().print(f"  next: {spell_command('build')}")


def _import_folder(
    path: Path, project: Project, origin: Origin | None, *, allow_removals: bool, dry_run: bool
) -> None:
    """Import all pages below `path` that the lock has, or is to have."""
    tables = project.tables
    made = assemble_folder(_survey(path), tables, today=_spell_today(), origin=origin)
    providers = [name.provider for name in (*(each.name for each in made.tables), *made.removed)]
    before = read_before(project, providers)
    try:
        save_folder(made, tables, allow_removals=allow_removals, dry_run=dry_run)
    except RemovalsError as error:
        print_error(f"{error}\n(Where they are meant, --allow-removals.)")
        raise typer.Exit(1) from None
    console = open_console()
    rows = [row for each in made.tables for row in each.assembly.table.rows]
    facts = list_facts(
        count(len({each.assembly.table.document.name for each in made.tables}), "page"),
        count(len(made.tables), "table"),
        count(len(rows), "row"),
        f"{sum(row.unresolved is not None for row in rows):,} unresolved",
    )
    place = show_path(tables) + (" (not written: a dry run)" if dry_run else "")
    console.print(Text.assemble(DONE, " ", (place, "bold"), "  ").append_text(facts))
    if made.editions:
        console.print(f"  {count(len(made.editions), 'page')} are other editions: not written")
    if made.unknown:
        pages = count(len(made.unknown), "page")
        hint = "not in tables/sources.yaml: --provider NAME takes them in"
        console.print(Text(f"  {pages} with tables {hint}", "yellow"), soft_wrap=True)
    changed = [each for each in made.tables if each.differences is None or each.differences]
    for each in changed:
        kind = "new" if each.differences is None else "changed"
        console.print(Text.assemble("  ", (kind, "cyan"), f"  {each.name}"), soft_wrap=True)
        if each.differences is not None:
            print_changes(each.differences.changes, indent=4)
    for name in made.removed:
        console.print(Text.assemble("  ", ("removed", "cyan"), f"  {name}"), soft_wrap=True)
    if made.removed or any(each.differences for each in changed):
        print_effects(project, before, [each.assembly.table for each in made.tables], made.removed)
    if not changed and not made.removed:
        console.print(Text("  nothing has changed", "dim"))
    elif not dry_run:
        console.print(f"  next: {spell_command('build')}")


def _spell_today() -> str:
    return datetime.now(UTC).date().isoformat()


def _survey(path: Path) -> Survey:
    """Read all pages at `path`, and show how far it is."""
    console = open_console(stderr=True)
    return survey_pages(
        path,
        lambda files: track(
            files, "reading", console=console, transient=True, disable=not console.is_terminal
        ),
    )


def _check(path: Path, rows: Path | None, *, as_json: bool) -> None:
    """Read all pages at `path`, and report."""
    survey = _survey(path)
    to_output = rows is not None and str(rows) == "-"
    if rows is not None:
        spelt = (json.dumps(line, ensure_ascii=False) + "\n" for line in survey.lines)
        if to_output:
            sys.stdout.writelines(spelt)
        else:
            replace_file(rows, "".join(spelt).encode())
    if as_json and not to_output:
        print_json({**survey.count(), "diagnostics": [each.spell() for each in survey.diagnostics]})
    else:
        _report(survey, stderr=to_output)
    if survey.has_errors:
        raise typer.Exit(1)


def _report(survey: Survey, *, stderr: bool) -> None:
    console = open_console(stderr=stderr)
    for code, found in _group(survey.diagnostics):
        severity, meaning, hint = CODES[code]
        head = Text.assemble((severity, _STYLES[severity]), " ", (code, "bold"), f": {meaning}, ")
        console.print(head.append(count(len(found), "place")), soft_wrap=True)
        console.print(Text(f"  {hint}", "dim"), soft_wrap=True)
        for each in found[:_FIRST_PLACES]:
            console.print(Text(f"  {each.fault.location}: {each.fault.message}"), soft_wrap=True)
        if len(found) > _FIRST_PLACES:
            more = f"  … and {len(found) - _FIRST_PLACES:,} more (all of them: --json)"
            console.print(Text(more, "dim"), soft_wrap=True)
    counts = survey.count()
    unresolved = counts["unresolved"]
    facts = list_facts(
        count(counts["pages"], "page"),
        count(counts["tables"], "table"),
        count(counts["rows"], "row"),
    )
    mark = FAILED if survey.has_errors else DONE
    console.print(Text.assemble(mark, " ").append_text(facts), soft_wrap=True)
    resolved = list_facts(
        f"{counts['with_routes']:,} with routes",
        f"{counts['catalogue']:,} of catalogues of actions",
        f"{sum(unresolved.values()):,} unresolved",
    )
    console.print(Text("  ").append_text(resolved), soft_wrap=True)
    for reason, number in unresolved.items():
        console.print(f"    {number:,} {reason}")


def _group(diagnostics: Iterable[Diagnostic]) -> list[tuple[str, list[Diagnostic]]]:
    """Group diagnostics by code, the gravest first."""
    groups: dict[str, list[Diagnostic]] = {}
    for each in diagnostics:
        groups.setdefault(each.code, []).append(each)
    order = list(Severity)
    return sorted(groups.items(), key=lambda item: (order.index(CODES[item[0]].severity), item[0]))


def _show_wordings(*, as_json: bool) -> None:
    listed = list_wordings()
    if as_json:
        print_json(listed)
        return
    for what, wordings in listed.items():
        open_console().print(Text(what, "bold"))
        open_console().print(Text(f"  {' | '.join(wordings)}"), soft_wrap=True)


def _show(assembly: Assembly) -> None:
    console = open_console()
    table, counts = assembly.table, assembly.counts
    console.print(
        Text.assemble(
            DONE, " read ", (table.document.name, "bold"), f", table {table.document.table}"
        ),
        soft_wrap=True,
    )
    actions = {action for row in table.rows for action in row.actions}
    endpoints = count(counts.endpoints, "route")
    more = f" and {counts.mirrored:,} mirrored" if counts.mirrored else ""
    facts = [
        list_facts(count(counts.rows, "row"), endpoints + more, count(len(actions), "action")),
        _count_supports("IAM project", [row.scopes.iam_project for row in table.rows]),
        _count_supports(
            "enterprise project", [row.scopes.enterprise_project for row in table.rows]
        ),
    ]
    free = [row for row in table.rows if row.no_authorization is not None]
    if free:
        facts.append(Text(f"{count(len(free), 'row')} without authorization"))
    facts.extend(
        Text(f"mirror {mirror.from_segment} → {mirror.to_segment}: {mirror.statement}")
        for mirror in table.mirrors
    )
    facts.extend(Text(f"note: {note}", "yellow") for note in assembly.notes)
    for fact in facts:
        console.print(Text("  ").append_text(fact), soft_wrap=True)


def _show_differences(
    path: Path, assembly: Assembly, differences: TableDifferences | None, *, dry_run: bool
) -> None:
    """Tell how the table differs from the one that was there."""
    console = open_console()
    place = show_path(path) + (" (not written: a dry run)" if dry_run else "")
    console.print(Text.assemble(DONE, " ", (place, "bold")), soft_wrap=True)
    if differences is None:
        print_block(make_grid((Text("new", "cyan"), count(assembly.counts.rows, "row")), indent=2))
    else:
        print_changes(differences.changes, indent=2)
    if not (differences is None or differences):
        console.print(Text("  nothing has changed", "dim"))


def _count_supports(scope: str, supports: list[Support]) -> Text:
    counted = [f"{supports.count(each)} {each}" for each in Support if each in supports]
    return Text(f"{scope}: {', '.join(counted)}")
