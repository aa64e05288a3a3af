"""The authorization table of a page, put together from its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scopegate.cells.actions import parse_actions
from scopegate.cells.endpoints import parse_endpoints
from scopegate.cells.scopes import parse_scopes
from scopegate.cells.text import parse_text, spell_blocks
from scopegate.cells.wordings import MIRROR_SENTENCES, Role, Scope
from scopegate.errors import Fault, FaultsError, Flaw
from scopegate.sources.page import list_paragraphs
from scopegate.tables.columns import check_columns, choose_table, is_heading, read_columns
from scopegate.tables.model import Document, Endpoint, Mirror, Row, Scopes, Support, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scopegate.sources.grid import Block, Cell
    from scopegate.sources.page import Page
    from scopegate.tables.columns import ColumnTable
    from scopegate.tables.names import TableName


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
    """A table, what was counted on the way, and notes on what was left out of it."""

    table: Table
    counts: Counts
    notes: tuple[str, ...]


def assemble_table(page: Page, name: TableName, number: int | None = None) -> Assembly:
    """Assemble the authorization table of a page.

    `number` says which, where there are several. Raises `FaultsError` with everything that is odd
    about the table: nothing is guessed.
    """
    tables = read_columns(page)
    columns = choose_table(page, tables, number)
    rows, headings = _read_rows(columns)
    stated = {
        mirror: sum(_has_segment(endpoint, mirror.from_segment) for endpoint in _list_endpoints(rows))
        for mirror in _read_mirrors(page)
    }
    table = Table(
        provider=name.provider,
        service=name.service,
        table=name.table,
        document=Document(page.name, page.sha256, columns.languages[0], columns.grid.number),
        mirrors=tuple(mirror for mirror, mirrored in stated.items() if mirrored),
        rows=rows,
    )
    counts = Counts(
        tables=len(tables),
        headings=len(headings),
        rows=len(rows),
        endpoints=len(list(_list_endpoints(rows))),
        mirrored=sum(stated.values()),
    )
    notes = (
        *(
            f"{other.locate()}: not an authorization table: {other.spell_headers()}"
            for other in tables
            if other is not columns
        ),
        *headings,
        *(
            f"{page.name}: no path has {mirror.from_segment}: {mirror.statement}"
            for mirror, mirrored in stated.items()
            if not mirrored
        ),
    )
    return Assembly(table, counts, notes)


def _read_rows(columns: ColumnTable) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Read the body rows, and a note on each heading; raises `FaultsError`."""
    faults = list(check_columns(columns))
    rows: list[Row] = []
    headings: list[str] = []
    number = 0
    for index, cells in enumerate(columns.grid.rows):
        if index < columns.first_body_row:
            continue
        if is_heading(cells):
            place = columns.locate(number + 1)
            headings.append(f"{place}: below the heading {spell_blocks(cells[0].blocks)}")
            continue
        number += 1
        if columns.is_complete:
            row = _read_row(columns, index, number)
            ...
