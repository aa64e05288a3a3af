"""`scopegate import`: a published page into a table file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from scopegate.cli.options import ProjectOption, locate_project
from scopegate.cli.output import (
    DONE,
    count,
    list_facts,
    make_grid,
    open_console,
    print_block,
    print_error,
)
from scopegate.location import show_path
from scopegate.tables.assembly import Assembly
from scopegate.tables.imports import RemovalsError, find_table_name, import_document, save_table
from scopegate.tables.model import Row, Support, Table
from scopegate.tables.names import parse_table_name
from scopegate.tables.store import read_table


def import_page(
    page: Annotated[
        Path, typer.Argument(metavar="PAGE", help="The document.", exists=True, dir_okay=False)
    ],
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
    allow_removals: Annotated[
        bool,
        typer.Option(
            "--allow-removals", help="Write the table though it lacks rows that it had before."
        ),
    ] = False,
    project: ProjectOption = None,
) -> None:
    """Read the authorization table of a published page into tables/.

    Nothing is guessed: where anything about the page is odd, all that is odd is listed with its
    place and nothing is written. Tells how the new table differs from the one that was there.

    For example:
      scopegate import evs-snapshots.zh.md
      scopegate import volumes.md --table huaweicloud/evs/volumes
      scopegate import evs-snapshots.zh.md --allow-removals
    """
    folder = locate_project(project).tables
    name = parse_table_name(table) if table else find_table_name(folder, page)
    assembly = import_document(page, name, number)
    path = folder / name.path
    earlier = read_table(path) if path.exists() else None
    try:
        save_table(assembly.table, folder, allow_removals=allow_removals)
    except RemovalsError as error:
        print_error(f"{error}\n(Where they are meant, --allow-removals.)")
        raise typer.Exit(1) from None
    _show(assembly, path, earlier)


def _show(assembly: Assembly, path: Path, earlier: Table | None) -> None:
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
    changes = [("new", count(counts.rows, "row"))] if earlier is None else _compare(earlier, table)
    changes = list(changes)
    console.print(Text.assemble(DONE, " ", (show_path(path), "bold")), soft_wrap=True)
    if changes:
        print_block(make_grid(*((Text(kind, "cyan"), what) for kind, what in changes), indent=2))
        console.print("  next: make bundle")
    else:
        console.print(Text("  nothing has changed", "dim"))


def _count_supports(scope: str, supports: list[Support]) -> Text:
    counted = [f"{supports.count(each)} {each}" for each in Support if each in supports]
    return Text(f"{scope}: {', '.join(counted)}")


def _compare(earlier: Table, later: Table) -> Iterator[tuple[str, str]]:
    """Tell how the tables differ, row by row; rows with the same endpoints are the same."""
    left = list(earlier.rows)
    for row in later.rows:
        known = next((each for each in left if each.endpoints == row.endpoints), None)
        if known is None:
            yield "new", _spell_row(row)
            continue
        left.remove(known)
        if replace(known, row=row.row) != row:
            yield "changed", _spell_row(row)
    for row in left:
        yield "removed", _spell_row(row)
    if earlier.mirrors != later.mirrors:
        yield "changed", "the mirrors"
    if earlier.document != later.document:
        yield "changed", f"the document: sha256 {later.document.sha256[:12]}"


def _spell_row(row: Row) -> str:
    endpoints = ", ".join(f"{endpoint.method} {endpoint.path}" for endpoint in row.endpoints)
    return f"row {row.row}: {endpoints}"
