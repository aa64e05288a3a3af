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
    from collections.abc import Iterable, Sequence

    from scopegate.sources.grid import Cell
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
    paths = [endpoint.path for row in rows for endpoint in row.endpoints]
    stated = {
        mirror: sum(mirror.from_segment in path.split("/") for path in paths)
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
        endpoints=len(paths),
        mirrored=sum(stated.values()),
    )
    notes = (
        *(
            f"{other.locate()}: not read: {other.spell_headers()}"
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
    number = 1
    for cells in columns.grid.rows[columns.first_body_row :]:
        place = columns.locate(number)
        if is_heading(cells):
            headings.append(f"{place}: below the heading {spell_blocks(cells[0].blocks)}")
            continue
        if columns.is_complete:
            row = _read_row(columns, number, cells)
            if isinstance(row, Row):
                rows.append(row)
            else:
                faults.extend(row)
        number += 1
    if number == 1:
        faults.append(Fault(columns.locate(), "odd-table", "expected rows below the header"))
    if faults:
        raise FaultsError(faults)
    return tuple(rows), tuple(headings)


def _read_row(columns: ColumnTable, number: int, cells: Sequence[Cell]) -> Row | tuple[Fault, ...]:
    blocks = {role: cells[column].blocks for role, column in columns.roles.items()}
    permission = parse_text(blocks[Role.PERMISSION])
    requirement = parse_actions(blocks[Role.ACTION])
    scopes = parse_scopes(blocks[Role.SCOPE]) if Role.SCOPE in blocks else {}
    endpoints = parse_endpoints(blocks[Role.ENDPOINT])
    if (
        isinstance(permission, Flaw)
        or isinstance(requirement, Flaw)
        or isinstance(scopes, Flaw)
        or isinstance(endpoints, Flaw)
    ):
        read = {
            Role.PERMISSION: permission,
            Role.ACTION: requirement,
            Role.SCOPE: scopes,
            Role.ENDPOINT: endpoints,
        }
        return tuple(
            value.locate(columns.locate(number, columns.roles[role]))
            for role, value in read.items()
            if isinstance(value, Flaw)
        )
    return Row(
        row=number,
        permission=permission,
        actions=requirement.actions,
        no_authorization=requirement.no_authorization,
        scopes=Scopes(
            iam_project=_read_support(scopes.get(Scope.IAM_PROJECT)),
            enterprise_project=_read_support(scopes.get(Scope.ENTERPRISE_PROJECT)),
        ),
        endpoints=tuple(Endpoint(method, path) for method, path in endpoints),
    )


def _read_support(supported: bool | None) -> Support:  # noqa: FBT001  what a cell says of a scope
    """Say what it means that a cell calls a scope supported, unsupported, or does not name it."""
    if supported is None:
        return Support.UNDOCUMENTED
    return Support.SUPPORTED if supported else Support.UNSUPPORTED


def _read_mirrors(page: Page) -> Iterable[Mirror]:
    """Read the page's own sentences that the rows of one version hold for another.

    Of sentences that say the same of the same versions, the first counts.
    """
    found: dict[tuple[str, str], Mirror] = {}
    for paragraph in list_paragraphs(page.blocks):
        for line in paragraph.lines:
            for sentence in MIRROR_SENTENCES:
                for match in sentence.finditer(line):
                    pair = match["from"], match["to"]
                    found.setdefault(pair, Mirror(*pair, match[1]))
    return found.values()
