"""Which table of a page is the authorization table, and what its columns hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.cells.headers import Header, parse_header
from scopegate.cells.text import spell_blocks
from scopegate.cells.wordings import Role
from scopegate.errors import Fault, FaultsError, Flaw
from scopegate.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scopegate.sources.grid import Cell, Grid
    from scopegate.sources.page import Page

# A table with this many known columns is an authorization table, and then has no unknown ones.
_TELLING_COLUMNS: Final = 2
_REQUIRED_ROLES: Final = frozenset({Role.PERMISSION, Role.ACTION, Role.ENDPOINT})


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """A table of the page named `page`, with its header cells read."""

    page: str
    grid: Grid
    headers: tuple[Header | Flaw, ...]

    @property
    def roles(self) -> dict[Role, int]:
        """The roles of the columns that are known, each with the index of its first column."""
        found: dict[Role, int] = {}
        for column, header in enumerate(self.headers):
            if isinstance(header, Header):
                found.setdefault(header.role, column)
        return found

    @property
    def languages(self) -> list[str]:
        """The languages of the headers that are known, in order, each once."""
        known = (header.language for header in self.headers if isinstance(header, Header))
        return list(dict.fromkeys(known))

    @property
    def is_authorization(self) -> bool:
        """Whether so many columns are known that the table must be one of authorization."""
        return len(self.roles) >= _TELLING_COLUMNS

    @property
    def is_complete(self) -> bool:
        """Whether there is a column for everything that a row must have."""
        return self.roles.keys() >= _REQUIRED_ROLES

    @property
    def first_body_row(self) -> int:
        """The index of the first row below the header; a silent format has one header row."""
        return max(self.grid.header_rows, 1)

    def locate(self, row: int | None = None, column: int | None = None) -> Location:
        """Locate a body row, from 1, and a column, from 0, as far as they are known."""
        shown = None
        if column is not None:
            header = self.headers[column] if column < len(self.headers) else None
            shown = header.wording if isinstance(header, Header) else str(column + 1)
        return Location(self.page, table=self.grid.number, row=row, header=shown)

    def spell_headers(self) -> str:
        """Spell the header row for people."""
        cells = self.grid.rows[0] if self.grid.rows else ()
        return " | ".join(spell_blocks(cell.blocks) for cell in cells) or "no cells"


def read_columns(page: Page) -> tuple[ColumnTable, ...]:
    """Read the header cells of each table of a page."""
    return tuple(
        ColumnTable(
            page.name,
            grid,
            tuple(parse_header(cell.blocks) for row in grid.rows[:1] for cell in row),
        )
        for grid in page.grids
    )


def choose_table(page: Page, tables: Sequence[ColumnTable], number: int | None) -> ColumnTable:
    """Choose the one authorization table, or the one with the given number.

    Raises `FaultsError` where there is no such table, or more than one and no number.
    """
    found = [table for table in tables if table.is_authorization]
    chosen = [table for table in found if number in (None, table.grid.number)]
    if len(chosen) == 1:
        return chosen[0]
    listed = _list_tables(found or tables)
    if chosen:
        message = f"expected the number of one of its authorization tables: {listed}"
        raise FaultsError([Fault(Location(page.name), "several-tables", message)])
    wanted = "an authorization table" if number is None else f"an authorization table {number}"
    raise FaultsError(
        [Fault(Location(page.name), "no-table", f"expected {wanted}; found {listed}")]
    )


def check_columns(table: ColumnTable) -> Iterator[Fault]:
    """Check the shape of an authorization table and its header row."""
    for odd in table.grid.flaws:
        row = None if odd.row is None else odd.row - table.first_body_row + 1
        yield odd.flaw.locate(table.locate(row if row and row > 0 else None, odd.column))
    if table.grid.header_rows > 1:
        message = f"expected one header row; found {table.grid.header_rows}"
        yield Fault(table.locate(), "odd-table", message)
    for column, header in enumerate(table.headers):
        if isinstance(header, Flaw):
            yield header.locate(table.locate(column=column))
        elif table.roles[header.role] != column:
            message = f"expected one column of the role {header.role}; this is one more"
            yield Fault(table.locate(column=column), "duplicate-column", message)
    for role in sorted(_REQUIRED_ROLES - table.roles.keys()):
        message = f"expected a column of the role {role}; found {table.spell_headers()}"
        yield Fault(table.locate(), "missing-column", message)
    if len(table.languages) > 1:
        message = f"expected headers in one language; found {', '.join(table.languages)}"
        yield Fault(table.locate(), "odd-table", message)


def is_heading(cells: Sequence[Cell]) -> bool:
    """Whether a row is one cell over all columns."""
    return len(cells) > 1 and cells[0] is cells[-1]


def _list_tables(tables: Sequence[ColumnTable]) -> str:
    spelt = (f"table {table.grid.number} ({table.spell_headers()})" for table in tables)
    return ", ".join(spelt) or "no tables"
