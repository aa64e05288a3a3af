"""Tables as rectangles of cells, whatever format they were written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from scopegate.errors import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_COLUMNS: Final = 100
MOST_ROWS: Final = 5000
"""Of one table; the largest published ones have some hundred."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text on one or more lines; blanks are single and never at an end, and no line is empty."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: its text and the lists inside it, in order."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list with bullets or numbers."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something that is neither text nor a list: an image, a table in a table, code."""

    name: str


Block: TypeAlias = Paragraph | ItemList | Foreign


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell as its format has it; a `row_span` of 0 reaches to the end of the row group."""

    blocks: tuple[Block, ...]
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell in its place. `row` and `column` are those of its first slot, from 0.

    A cell that spans several slots is the same cell in each of them.
    """

    blocks: tuple[Block, ...]
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class GridFlaw:
    """What was odd about a table; `row` and `column` from 0, None for the table as a whole."""

    row: int | None
    column: int | None
    flaw: Flaw


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a rectangle: every row has as many cells as the first.

    `number` counts the tables of the document from 1. The first `header_rows` rows are those that
    the format itself calls header (0 where it does not say). Where there are `flaws`, the rows are
    what could be read, and perhaps not all that the document says. `line` is the line of the
    document that it begins at, None where its format does not tell.
    """

    number: int
    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int
    flaws: tuple[GridFlaw, ...]
    line: int | None = None


class Content(NamedTuple):
    """What a document says, where each table is `Foreign`, and its outermost tables."""

    blocks: tuple[Block, ...]
    grids: tuple[Grid, ...]


def lay_out_grid(
    number: int,
    header: Sequence[Sequence[SourceCell]],
    groups: Sequence[Sequence[Sequence[SourceCell]]],
) -> Grid:
    """Lay out the rows of a table, each cell in all the slots that it spans.

    `groups` are the row groups of the body: no cell spans more than one of them. The rows are as
    wide as the widest, and empty where a row has no cells; the first one is what the others should
    be. Beyond `MOST_ROWS` no row is laid out.
    """
    rows: list[dict[int, Cell]] = []
    flaws: list[GridFlaw] = []
    for every in (header, *groups):
        first = len(rows)
        group = every[: MOST_ROWS - first]
        if len(group) < len(every):
            message = f"expected at most {MOST_ROWS} rows; those below are not read"
            flaws.append(GridFlaw(None, None, Flaw("too-large", message)))
        rows.extend({} for _ in group)
        for index, cells in enumerate(group, start=first):
            flaws.extend(_place_cells(cells, index, rows))
    for index, row in enumerate(rows):
        flaws.extend(_check_width(index, row, len(rows[0])))
    width = max((max(row, default=-1) + 1 for row in rows), default=0)
    whole = tuple(
        tuple(row.get(column) or Cell((), index, column) for column in range(width))
        for index, row in enumerate(rows)
    )
    return Grid(number, whole, len(header), tuple(flaws))


def _place_cells(
    cells: Sequence[SourceCell], index: int, rows: list[dict[int, Cell]]
) -> Iterator[GridFlaw]:
    """Place the cells of a row where rows above left room; `rows` ends with its group."""
    row = rows[index]
    column = 0
    for source in cells:
        while column in row:
            column += 1
        end = column + source.column_span
        if end > MOST_COLUMNS:
            message = f"expected at most {MOST_COLUMNS} columns"
            yield GridFlaw(index, column, Flaw("ragged-table", message))
            return
        # Cells are placed from the top, so that what is free in this row is free below it too.
        free = [slot for slot in range(column, end) if slot not in row]
        if len(free) != source.column_span:
            message = "expected cells side by side; this one overlaps one that spans rows"
            yield GridFlaw(index, column, Flaw("ragged-table", message))
        cell = Cell(source.blocks, index, column)
        last = index + source.row_span if source.row_span else len(rows)
        for below in rows[index:last]:
            below.update(dict.fromkeys(free, cell))


def _check_width(index: int, row: dict[int, Cell], width: int) -> Iterator[GridFlaw]:
    columns = set(range(width))
    odd = columns ^ row.keys()
    if odd:
        message = f"expected {width} cells, as in the first row; found {len(row)}"
        yield GridFlaw(index, min(odd), Flaw("ragged-table", message))
