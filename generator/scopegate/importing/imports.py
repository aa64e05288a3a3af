"""A published page into the table file that is committed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from scopegate.cells.endpoints import PATH
from scopegate.errors import Fault, FaultsError, ScopegateError, quote_text
from scopegate.importing.reading import read_authorization
from scopegate.location import Location
from scopegate.sources.page import read_page
from scopegate.tables.differences import TableDifferences, compare_tables
from scopegate.tables.model import Alternative, Case, Document, Endpoint, Row, Table
from scopegate.tables.sources import SourceDocument, record_document
from scopegate.tables.store import read_table, read_tables, spell_table, write_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from scopegate.importing.model import PageReading, RowReading, TableReading
    from scopegate.tables.names import TableName


ODD_PATH: Final = "odd_path"
"""Why no route comes of a row whose path is none that a route can be made of."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was read.

    `tables` counts those of the page. Of the body rows of the one that was read, `headings` are one
    cell over all columns, and `rows` are all the others. `endpoints` are those of the rows, and
    `mirrored` the further ones that the page's statements give.
    """

    tables: int
    headings: int
    rows: int
    endpoints: int
    mirrored: int


@dataclass(frozen=True, slots=True)
class Assembly:
    """A table, what was counted on the way, and notes on what was left out of it or repaired."""

    table: Table
    counts: Counts
    notes: tuple[str, ...]


class RemovalsError(ScopegateError):
    """An import was refused since pages lack what committed tables have."""


def check_removals(
    changes: Mapping[TableName, TableDifferences], removed: Iterable[TableName] = ()
) -> None:
    """Raise `RemovalsError` where tables lose rows or mirrors, or are `removed` as a whole."""
    lost = [
        *(
            f"{name}: {row.permission}: {spell_endpoints(row)}"
            for name, each in changes.items()
            for row in each.lost_rows
        ),
        *(
            f"{name}: mirror {mirror.from_segment} to {mirror.to_segment}: {mirror.statement}"
            for name, each in changes.items()
            for mirror in each.lost_mirrors
        ),
        *(f"{name}: all of it" for name in removed),
    ]
    if lost:
        told = "\n".join(lost)
        raise RemovalsError(
            f"nothing was written, since what is committed has more than its pages:\n{told}"
        )


def import_document(
    page: Path, name: TableName, number: int | None = None, *, document: str | None = None
) -> Assembly:
    """Read the authorization table of the page at `page`; nothing is written.

    `number` says which table of the page, where it has several of authorization, and `document`
    what the page is called in the lock, where that is not the name of its file. Raises
    `FaultsError` with all that keeps the table from being written as a whole.
    """
    return assemble_table(read_authorization(read_page(page, document)), name, number)


def assemble_table(reading: PageReading, name: TableName, number: int | None = None) -> Assembly:
    """Make a table file's table of an authorization table of a page.

    `number` says which, where there are several. A row with an error is unresolved. Raises
    `FaultsError` where there is no such table, or it has an error that is of no row.
    """
    chosen = _choose_table(reading, number)
    faults = [
        each.fault for each in (*reading.diagnostics, *chosen.diagnostics) if each.is_of_table
    ]
    if faults:
        raise FaultsError(faults)
    rows = tuple(map(_make_row, chosen.rows))
    paths = [endpoint.path for row in rows if row.unresolved is None for endpoint in row.endpoints]
    stated = {
        mirror: sum(mirror.from_segment in path.split("/") for path in paths)
        for mirror in reading.mirrors
    }
    table = Table(
        provider=name.provider,
        service=name.service,
        table=name.table,
        document=Document(reading.name, reading.sha256, chosen.language, chosen.number),
        mirrors=tuple(mirror for mirror, mirrored in stated.items() if mirrored),
        rows=rows,
    )
    counts = Counts(
        tables=len(reading.tables) + len(reading.others),
        headings=len(chosen.headings),
        rows=len(rows),
        endpoints=len(paths),
        mirrored=sum(stated.values()),
    )
    notes = (
        *(
            f"{Location(reading.name, table=other.number)}: not read"
            for other in reading.tables
            if other is not chosen
        ),
        *reading.others,
        *chosen.headings,
        *(
            f"{reading.name}: no path has {mirror.from_segment}: {mirror.statement}"
            for mirror, mirrored in stated.items()
            if not mirrored
        ),
        *(str(each.fault) for each in chosen.diagnostics),
    )
    return Assembly(table, counts, notes)


def _choose_table(reading: PageReading, number: int | None) -> TableReading:
    chosen = [table for table in reading.tables if number in (None, table.number)]
    if len(chosen) == 1:
        return chosen[0]
    if chosen:
        listed = ", ".join(f"table {table.number}" for table in chosen)
        message = f"expected the number of one of its authorization tables: {listed}"
        raise FaultsError([Fault(Location(reading.name), "several-tables", message)])
    wanted = "an authorization table" if number is None else f"an authorization table {number}"
    listed = ", ".join((*(f"table {table.number}" for table in reading.tables), *reading.others))
    message = f"expected {wanted}; found {listed or 'no tables'}"
    faults = [Fault(Location(reading.name), "no-table", message)]
    raise FaultsError([*(each.fault for each in reading.diagnostics), *faults])


def _make_row(row: RowReading) -> Row:
    odd = any(not PATH.fullmatch(endpoint.path) for endpoint in row.endpoints)
    unresolved = row.unresolved or (row.no_endpoint if row.is_catalogue else None)
    return Row(
        permission=row.title,
        actions=row.actions,
        dependencies=tuple(each for each in row.dependencies if each not in row.actions),
        roles=row.role_dependencies,
        alternatives=tuple(
            Alternative(each.label, each.actions, each.dependencies) for each in row.alternatives
        ),
        no_authorization=row.no_authorization,
        scopes=row.scopes,
        cases=(Case(body=row.body_action),) if row.body_action else (),
        endpoints=tuple(Endpoint(*endpoint) for endpoint in row.endpoints),
        unresolved=unresolved or (ODD_PATH if odd else None),
        notes=row.notes,
    )


def find_table_name(folder: Path, page: Path) -> TableName:
    """Find the one committed table below `folder` that comes from a page of this file name.

    Raises `ScopegateError` where there is none or more than one, and `FaultsError` where a
    committed table cannot be read.
    """
    names = [
        table.name
        for table in read_tables(folder)
        if PurePosixPath(table.document.name).name == page.name
    ]
    if len(names) == 1:
        return names[0]
    found = ", ".join(map(str, names)) or "none"
    raise ScopegateError(
        f"expected one table that comes from a page named {quote_text(page.name)}; found {found}: "
        "name the table, as in huaweicloud/evs/snapshots"
    )


def find_document(folder: Path, name: TableName, page: Path) -> str:
    """Find what a page is called that the table `name` below `folder` is read from again."""
    path = folder / name.path
    known = read_table(path).document.name if path.exists() else page.name
    return known if PurePosixPath(known).name == page.name else page.name


def save_table(
    table: Table,
    folder: Path,
    *,
    today: str,
    allow_removals: bool = False,
    dry_run: bool = False,
) -> TableDifferences | None:
    """Write the table to its place below `folder`; tell how it differs from the one before.

    Its document is put into the lock, as of `today`, spelt as the lock does.

    None says that there was none. Raises `RemovalsError`, and writes nothing, where the committed
    table has rows or mirrors that this one lacks, unless that is allowed; and `FaultsError` where
    the committed table cannot be read. The file is replaced whole or not at all, and left alone
    where nothing has changed. A dry run does all but write.
    """
    path = folder / table.name.path
    differences = compare_tables(read_table(path), table) if path.exists() else None
    if differences and not allow_removals:
        check_removals({table.name: differences})
    if dry_run:
        spell_table(table, path)
    else:
        write_table(table, path)
        document = SourceDocument(
            name=table.document.name,
            provider=table.provider,
            service=table.service,
            sha256=table.document.sha256,
            language=table.document.language,
            retrieved=today,
        )
        record_document(document, folder)
    return differences


def spell_endpoints(row: Row) -> str:
    """Spell the endpoints of a row for people."""
    return ", ".join(f"{endpoint.method} {endpoint.path}" for endpoint in row.endpoints)
