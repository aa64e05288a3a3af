"""A published page into the table file that is committed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scopegate.errors import ScopegateError, quote_text
from scopegate.sources.page import read_page
from scopegate.tables.assembly import assemble_table
from scopegate.tables.names import TableName
from scopegate.tables.store import read_table, read_tables, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from scopegate.tables.assembly import Assembly
    from scopegate.tables.model import Mirror, Row, Table


@dataclass(frozen=True, slots=True)
class Removals:
    """What an earlier edition of a table has, and a later one has not."""

    rows: tuple[Row, ...]
    mirrors: tuple[Mirror, ...]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.rows or self.mirrors)

    def __str__(self) -> str:
        """Spell them for people, one on each line."""
        rows = (f"row {row.row}: {row.permission}: {_spell_endpoints(row)}" for row in self.rows)
        mirrors = (
            f"mirror {m.from_segment} to {m.to_segment}: {m.statement}" for m in self.mirrors
        )
        return "\n".join((*rows, *mirrors))


class RemovalsError(ScopegateError):
    """An import was refused since the page lacks what the committed table has."""

    def __init__(self, name: TableName, removals: Removals) -> None:
        self.removals = removals
        super().__init__(
            f"nothing was written, since the page lacks what the table {name} has:\n{removals}"
        )


def import_document(page: Path, name: TableName, number: int | None = None) -> Assembly:
    """Read the authorization table of the page at `page`; nothing is written.

    `number` says which table of the page, where it has several of authorization. Raises
    `FaultsError` with everything that is odd about the page.
    """
    return assemble_table(read_page(page), name, number)


def find_table_name(folder: Path, page: Path) -> TableName:
    """Find the one committed table below `folder` that comes from a page of this file name.

    Raises `ScopegateError` where there is none or more than one, and `FaultsError` where a
    committed table cannot be read.
    """
    names = [
        TableName(table.provider, *table.table.split("/"))
        for table in read_tables(folder)
        if table.document.name == page.name
    ]
    if len(names) == 1:
        return names[0]
    found = ", ".join(map(str, names)) or "none"
    raise ScopegateError(
        f"expected one table that comes from a page named {quote_text(page.name)}; found {found}: "
        "name the table, as in huaweicloud/evs/snapshots"
    )


def save_table(table: Table, folder: Path, *, allow_removals: bool = False) -> Path:
    """Write the table to its place below `folder`, and give the path of the file.

    Raises `RemovalsError`, and writes nothing, where the committed table has rows or mirrors that
    this one lacks, unless that is allowed; and `FaultsError` where the committed table cannot be
    read. The file is replaced whole or not at all, and left alone where nothing has changed.
    """
    name = TableName(table.provider, *table.table.split("/"))
    path = folder / name.path
    if path.exists():
        removals = find_removals(read_table(path), table)
        if removals and not allow_removals:
            raise RemovalsError(name, removals)
    write_table(table, path)
    return path


def find_removals(earlier: Table, later: Table) -> Removals:
    """Find what the earlier table has and the later one has not.

    A row is lost where the later table has one of its endpoints not at all, or in fewer rows. A row
    whose endpoints are still there is not lost, whatever else about it has changed.
    """
    kept = {replace(row, row=0) for row in later.rows}
    left = Counter(endpoint for row in later.rows for endpoint in row.endpoints)
    lost: list[Row] = []
    # Unchanged rows come first: where there are fewer rows than before, they are not the lost ones.
    for row in sorted(earlier.rows, key=lambda row: replace(row, row=0) not in kept):
        if any(left[endpoint] <= 0 for endpoint in row.endpoints):
            lost.append(row)
        left.subtract(row.endpoints)
    stated = {(mirror.from_segment, mirror.to_segment) for mirror in later.mirrors}
    return Removals(
        rows=tuple(sorted(lost, key=lambda row: row.row)),
        mirrors=tuple(m for m in earlier.mirrors if (m.from_segment, m.to_segment) not in stated),
    )


def _spell_endpoints(row: Row) -> str:
    return ", ".join(f"{endpoint.method} {endpoint.path}" for endpoint in row.endpoints)
