"""The authorization tables of a page, put together from their cells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scopegate.cells.actions import ACTION, ActionCell, holds_action, names_action, parse_actions
from scopegate.cells.endpoints import EndpointCell, NoEndpoint, parse_endpoints
from scopegate.cells.scopes import parse_scopes, parse_support
from scopegate.cells.text import (
    check_text,
    find_foreign,
    quote_lines,
    read_lines,
    read_text,
    spell_blocks,
)
from scopegate.cells.wordings import (
    DASH_IS_NO_AUTHORIZATION,
    DASHES,
    MIRROR_SENTENCES,
    Role,
    Scope,
    normalise_wording,
)
from scopegate.errors import Flaw
from scopegate.importing.columns import read_columns
from scopegate.importing.diagnostics import Diagnostic, Severity
from scopegate.importing.model import PageReading, RowReading, TableReading
from scopegate.importing.requirements import join_requirements
from scopegate.location import Location
from scopegate.sources.grid import ItemList
from scopegate.sources.page import list_paragraphs
from scopegate.tables.model import Mirror, Scopes, Support

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scopegate.importing.columns import Columns
    from scopegate.sources.grid import Block, Cell
    from scopegate.sources.page import Page


# What may have cost a table the rows that would have told what it is.
_COSTS_ROWS: Final = frozenset({"lost-table", "cut-off", "too-large"})


_COLONS: Final = 2
"""Of an action that plainly begins with its service."""


def read_authorization(page: Page) -> PageReading:
    """Read all authorization tables of a page, with every row that they have.

    What is odd costs what it stands in: a cell its row, a header its table. The tables that can't
    be read at all are diagnostics of the page.
    """
    every = read_columns(page)
    known = [columns for columns in every if columns.is_authorization]
    services = {
        line.text.partition(":")[0]
        for columns in known
        for cells in columns.grid.rows[columns.first_row :]
        for column in columns.find(Role.ACTION)
        for line in read_lines(cells[column].blocks)
        if ACTION.fullmatch(line.text) and line.text.count(":") == _COLONS
    }
    dash_is_free = any(
        DASH_IS_NO_AUTHORIZATION.search(line)
        for paragraph in list_paragraphs(page.blocks)
        for line in paragraph.lines
    )
    return PageReading(
        name=page.name,
        sha256=page.sha256,
        tables=tuple(
            _TableReader(columns, services, dash_is_free=dash_is_free).read() for columns in known
        ),
        mirrors=tuple(_read_mirrors(page)),
        others=tuple(
            f"{columns.locate()}: not read: {columns.spell_headers()}"
            for columns in every
            if not columns.is_authorization
        ),
        diagnostics=(
            *(
                Diagnostic(flaw.locate(columns.locate()))
                for columns in every
                if not columns.is_authorization
                for flaw in _check_other(columns)
            ),
            *(Diagnostic(flaw.locate(Location(page.name))) for flaw in _check_prose(page)),
        ),
    )


def _check_other(columns: Columns) -> Iterator[Flaw]:
    """Tell of a table that is none of authorization what may have kept it from being one."""
    has_route = any(map(_has_route, columns.grid.rows))
    for odd in columns.grid.flaws:
        if odd.flaw.code in _COSTS_ROWS or has_route or columns.has_actions:
            yield odd.flaw
    cells = {cell for row in columns.grid.rows for cell in row}
    if any("<table>" in find_foreign(cell.blocks) for cell in cells):
        yield Flaw("lost-table", "expected no table inside a table; what it holds is not read")
    message = f"expected headers of a table of authorization; found {columns.spell_headers()}"
    is_named = {Role.ACTION, Role.ENDPOINT} <= {header.role for header in columns.headers}
    header = [cell for row in columns.grid.rows[: columns.first_row] for cell in row]
    if any(holds_action(cell.blocks) for cell in header):
        found = columns.spell_headers()
        yield Flaw("unread-action", f"expected a header without actions; found {found}")
    has_actions = columns.has_actions or (
        is_named and any(names_action(cell.blocks) for cell in cells)
    )
    is_row = any(names_action(cell.blocks) and _has_route([cell]) for cell in cells)
    if is_row or (has_actions, has_route, is_named).count(True) > 1:
        yield Flaw("unread-table", message)
    elif columns.has_actions:
        yield Flaw("other-table", message)


def _has_route(cells: Sequence[Cell]) -> bool:
    """Whether a row has a route: in one cell, or its method in one and its path in another."""
    parsed = {cell: parse_endpoints(cell.blocks) for cell in cells}
    apart = [cell.blocks for cell, each in parsed.items() if each.reason is NoEndpoint.NO_METHOD]
    return any(each.endpoints for each in parsed.values()) or any(
        parse_endpoints(block for blocks in order for block in blocks).endpoints
        for order in (apart, apart[::-1])
    )


def _says_something(cell: Cell) -> bool:
    return names_action(cell.blocks) or bool(parse_endpoints(cell.blocks).endpoints)


def _check_prose(page: Page) -> Iterator[Flaw]:
    """Tell of what reads like a row and stands in no table: it may have been in one.

    Such are a paragraph, and an item of a list with all that is in it.
    """
    for block in page.blocks:
        for blocks in _list_loose(block):
            if names_action(blocks) and parse_endpoints(blocks).endpoints:
                found = quote_lines(line.text for line in read_lines(blocks))
                message = f"expected routes with actions in tables only; found {found}"
                yield Flaw("loose-row", message)


def _list_loose(block: Block) -> Iterator[Sequence[Block]]:
    if isinstance(block, ItemList):
        yield from (item.blocks for item in block.items)
    else:
        yield [block]


class _TableReader:
    """Reads the rows of a table, and collects what is odd."""

    def __init__(self, columns: Columns, services: set[str], *, dash_is_free: bool) -> None:
        self._columns = columns
        self._services = services
        self._dash_is_free = dash_is_free
        self._diagnostics: list[Diagnostic] = []

    def read(self) -> TableReading:
        columns = self._columns
        for column, flaw in columns.flaws:
            self._report(None, column, [flaw])
        for cells in columns.grid.rows[: columns.first_row]:
            if _has_route(cells):
                spelt = spell_blocks(block for cell in cells for block in cell.blocks)
                message = f"expected a header without routes; found {spelt}"
                self._report(None, None, [Flaw("unread-action", message)])
        rows: list[RowReading] = []
        headings: list[str] = []
        numbers: dict[int | None, int] = {}  # of body rows, by their index
        for index, cells in enumerate(columns.grid.rows[columns.first_row :], columns.first_row):
            number = len(rows) + 1
            if columns.is_heading(cells):
                place = columns.locate(number)
                spelt = spell_blocks(
                    block for cell in dict.fromkeys(cells) for block in cell.blocks
                )
                headings.append(f"{place}: below the heading {spelt}")
                if any(_says_something(cell) for cell in cells):
                    message = f"expected a heading without actions and routes; found {spelt}"
                    self._report(None, None, [Flaw("unread-action", message)])
            else:
                numbers[index] = number
                rows.append(self._read_row(number, cells))
        for odd in columns.grid.flaws:
            self._report(numbers.get(odd.row), odd.column, [odd.flaw])
        if not rows:
            self._report(None, None, [Flaw("empty-table", "expected rows below the header")])
        return TableReading(
            number=columns.grid.number,
            language=columns.language,
            rows=self._mark_errors(rows),
            headings=tuple(headings),
            diagnostics=tuple(self._diagnostics),
        )

    def _mark_errors(self, rows: Iterable[RowReading]) -> tuple[RowReading, ...]:
        """Tell each row what keeps it, or its whole table, from being read for certain."""
        errors: dict[int | None, str] = {}
        for each in self._diagnostics:
            if each.severity is Severity.ERROR:
                errors.setdefault(each.fault.location.row, each.code)
        return tuple(replace(row, error=errors.get(row.row, errors.get(None))) for row in rows)

    def _read_row(self, number: int, cells: Sequence[Cell]) -> RowReading:
        self._check_unread(number, cells)
        actions, action_column = self._read_actions(number, cells)
        dependencies = self._read_dependencies(number, cells)
        endpoints = self._read_endpoints(number, cells)
        no_authorization = actions.no_authorization
        if self._dash_is_free and actions.blank in DASHES - {"", "/"}:
            no_authorization = actions.blank
        required = join_requirements(actions, dependencies)
        is_bare = not (required.actions or required.alternatives or no_authorization)
        is_told = any(flaw.code == "bad-action" for flaw in actions.flaws)
        if is_bare and not is_told and endpoints.reason in {None, NoEndpoint.NO_API_COLUMN}:
            message = f"expected actions; found {spell_blocks(cells[action_column].blocks)}"
            self._report(number, action_column, [Flaw("no-action", message)])
        return RowReading(
            row=number,
            title=self._read_title(cells),
            endpoints=endpoints.endpoints,
            actions=required.actions,
            dependencies=required.dependencies,
            role_dependencies=tuple(dict.fromkeys((*actions.roles, *dependencies.roles))),
            alternatives=required.alternatives,
            scopes=self._read_scopes(number, cells),
            no_authorization=no_authorization,
            body_action=endpoints.body_action,
            no_endpoint=endpoints.reason,
            notes=tuple(dict.fromkeys((*actions.notes, *dependencies.notes, *endpoints.notes))),
        )

    def _read_title(self, cells: Sequence[Cell]) -> str:
        """Read the sentence for people; of several columns the first has it."""
        columns = self._columns.find(Role.PERMISSION)
        return read_text(cells[columns[0]].blocks) if columns else ""

    def _check_unread(self, number: int, cells: Sequence[Cell]) -> None:
        """Tell of what is no text in a title, and of actions in cells that are not read as any."""
        titles = self._columns.find(Role.PERMISSION)
        for column in titles[:1]:
            self._report(number, column, check_text(cells[column].blocks))
        for column in (*titles, *self._columns.find(Role.OTHER)):
            if names_action(cells[column].blocks):
                message = f"expected no action here; found {spell_blocks(cells[column].blocks)}"
                self._report(number, column, [Flaw("unread-action", message)])

    def _read_actions(self, number: int, cells: Sequence[Cell]) -> tuple[ActionCell, int]:
        """Read the actions; of several columns the last has the details, if it has any."""
        columns = self._columns.find(Role.ACTION)
        telling = [
            column
            for column in columns
            if normalise_wording(read_text(cells[column].blocks)) not in DASHES
        ]
        column = telling[-1] if telling else columns[-1]
        for group in telling[:-1]:
            if cells[group] is not cells[column]:
                message = (
                    "expected one column of actions; of a group and its details, the details "
                    f"count, and not {spell_blocks(cells[group].blocks)}"
                )
                self._report(number, group, [Flaw("grouped-action", message)])
        for other in columns:
            if cells[other] is not cells[column]:
                self._report(number, other, check_text(cells[other].blocks))
        parsed = parse_actions(cells[column].blocks, self._services)
        self._report(number, column, parsed.flaws)
        return parsed, column

    def _read_dependencies(self, number: int, cells: Sequence[Cell]) -> ActionCell:
        found = ActionCell()
        for column in self._columns.find(Role.DEPENDENCY):
            parsed = parse_actions(cells[column].blocks, self._services)
            self._report(number, column, parsed.flaws)
            found = found.join(parsed)
        return found

    def _read_endpoints(self, number: int, cells: Sequence[Cell]) -> EndpointCell:
        columns = self._columns.find(Role.ENDPOINT)
        if not columns:
            return EndpointCell(reason=NoEndpoint.NO_API_COLUMN)
        blocks: list[Block] = [
            block
            for column in (*self._columns.find(Role.METHOD), *columns)
            for block in cells[column].blocks
        ]
        parsed = parse_endpoints(blocks)
        self._report(number, columns[0], parsed.flaws)
        if parsed.reason and not parsed.flaws:
            message = f"expected a route; found {spell_blocks(blocks)}"
            self._report(number, columns[0], [Flaw("no-endpoint", message)])
        return parsed

    def _read_scopes(self, number: int, cells: Sequence[Cell]) -> Scopes:
        found: dict[Scope, bool | None] = {}
        for role in (Role.SCOPE, Role.IAM_PROJECT, Role.ENTERPRISE_PROJECT):
            for column in self._columns.find(role):
                self._report(number, column, check_text(cells[column].blocks))
        for column in self._columns.find(Role.SCOPE):
            if _says_something(cells[column]):
                message = f"expected scopes alone; found {spell_blocks(cells[column].blocks)}"
                self._report(number, column, [Flaw("unread-action", message)])
            scopes = parse_scopes(cells[column].blocks)
            if isinstance(scopes, Flaw):
                self._report(number, column, [scopes])
            else:
                found.update(scopes)
        for role, scope in (
            (Role.IAM_PROJECT, Scope.IAM_PROJECT),
            (Role.ENTERPRISE_PROJECT, Scope.ENTERPRISE_PROJECT),
        ):
            for column in self._columns.find(role):
                support = parse_support(cells[column].blocks)
                if isinstance(support, Flaw):
                    self._report(number, column, [support])
                else:
                    found[scope] = support
        return Scopes(
            iam_project=_spell_support(found.get(Scope.IAM_PROJECT)),
            enterprise_project=_spell_support(found.get(Scope.ENTERPRISE_PROJECT)),
        )

    def _report(self, number: int | None, column: int | None, flaws: Iterable[Flaw]) -> None:
        place = self._columns.locate(number, column)
        self._diagnostics.extend(Diagnostic(flaw.locate(place)) for flaw in flaws)


def _spell_support(supported: bool | None) -> Support:  # noqa: FBT001  what a cell says of a scope
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
