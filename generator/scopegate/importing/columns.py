"""Which tables of a page are authorization tables, and what their columns hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from scopegate.cells.actions import holds_action
from scopegate.cells.endpoints import parse_endpoints
from scopegate.cells.headers import Header, parse_header
from scopegate.cells.scopes import parse_scopes, parse_support
from scopegate.cells.text import read_text
from scopegate.cells.wordings import DASHES, Role, normalise_wording
from scopegate.errors import Flaw, quote_text
from scopegate.location import Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopegate.sources.grid import Block, Cell, Grid
    from scopegate.sources.page import Page

_MOSTLY: Final = 0.5
"""The share of a column's cells, blank ones apart, that tells what the column holds."""


_FEWEST_LISTED: Final = 2
"""Headers of a table that are listed: one word alone may stand above anything."""


class _Content(StrEnum):
    """What the cells of a column hold."""

    ACTIONS = "actions"
    ENDPOINTS = "endpoints"
    SUPPORT = "marks of support"
    SCOPES = "names of scopes"
    TEXT = "text"
    NOTHING = "nothing"


# Roles of wordings that pages use for more than one thing, and so the cells decide.
_WEAK: Final = frozenset({Role.PERMISSION, Role.ACTION, Role.ENDPOINT})
_ROLE_OF_CONTENT: Final = {
    _Content.ACTIONS: Role.ACTION,
    _Content.ENDPOINTS: Role.ENDPOINT,
    _Content.SCOPES: Role.SCOPE,
    _Content.TEXT: Role.PERMISSION,
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table.

    `roles` has one for each column, and `flaws` what is odd about headers, each with its column.
    `first_row` is the index of the first body row. A table `is_authorization` where its cells are
    actions and routes, or some of either below headers that are listed; other tables may have
    columns of actions, too.
    """

    page: str
    grid: Grid
    headers: tuple[Header, ...]
    roles: tuple[Role, ...]
    flaws: tuple[tuple[int, Flaw], ...]
    first_row: int
    has_actions: bool
    is_authorization: bool = False

    @property
    def language(self) -> str:
        """The language of most headers that are known."""
        known = [header.language for header in self.headers]
        return max(("zh", "en"), key=known.count)

    def find(self, role: Role) -> list[int]:
        """Find the columns of a role, by index."""
        return [column for column, each in enumerate(self.roles) if each is role]

    def locate(self, row: int | None = None, column: int | None = None) -> Location:
        """Locate a body row, from 1, and a column, from 0, as far as they are known."""
        shown = None
        if column is not None:
            wording = self.headers[column].wording if column < len(self.headers) else ""
            shown = wording or str(column + 1)
        return Location(
            self.page, line=self.grid.line, table=self.grid.number, row=row, header=shown
        )

    def spell_headers(self) -> str:
        """Spell the header row for people."""
        return " | ".join(quote_text(header.wording) for header in self.headers) or "no cells"

    def is_heading(self, cells: Sequence[Cell]) -> bool:
        """Whether a row is one cell over all columns, or the header again."""
        wordings = [read_text(cell.blocks) for cell in cells]
        return _is_title(cells) or wordings == [header.wording for header in self.headers]


def read_columns(page: Page) -> tuple[Columns, ...]:
    """Read the columns of each table of a page."""
    return tuple(_read_columns(page.name, grid) for grid in page.grids)


def _is_title(cells: Sequence[Cell]) -> bool:
    return len(cells) > 1 and cells[0] is cells[-1]


def _read_columns(page: str, grid: Grid) -> Columns:
    first = _find_body(grid)
    width = len(grid.rows[0]) if grid.rows else 0
    headers = tuple(_read_header(grid, column, first) for column in range(width))
    contents = [_find_content(grid, column, first) for column in range(width)]
    roles = [
        _settle_role(header, content) for header, content in zip(headers, contents, strict=True)
    ]
    flaws: list[tuple[int, Flaw]] = []
    for column, header in enumerate(headers):
        if roles[column] is None:
            role, flaw = _guess_role(header, contents[column], roles)
            roles[column] = role
            flaws.append((column, flaw))
    settled = tuple(role or Role.OTHER for role in roles)
    columns = Columns(
        page=page,
        grid=grid,
        headers=headers,
        roles=settled,
        flaws=tuple(flaws),
        first_row=first,
        has_actions=_Content.ACTIONS in contents,
    )
    return replace(columns, is_authorization=_authorizes(columns, contents))


def _find_body(grid: Grid) -> int:
    """Find the first body row: below all that the format calls header, and rows of headers.

    A row with an action and an endpoint is none of the header, whatever the format calls it; the
    first row may be such a one.
    """
    first = max(grid.header_rows, 1)
    # A title over all columns is no header.
    while first < len(grid.rows) and _is_title(grid.rows[first - 1]):
        first += 1
    while first < len(grid.rows) and _is_header(grid.rows[first]):
        first += 1
    told = (index for index, row in enumerate(grid.rows[:first]) if _is_told(row))
    return next(told, first)


def _is_told(cells: Sequence[Cell]) -> bool:
    return any(holds_action(cell.blocks) for cell in cells) and any(
        _holds_endpoint(cell.blocks) for cell in cells
    )


def _is_header(cells: Sequence[Cell]) -> bool:
    """Whether a row has nothing but wordings of headers, two of them at least."""
    roles = [parse_header(cell.blocks).role for cell in dict.fromkeys(cells)]
    return len(roles) > 1 and all(roles)


def _read_header(grid: Grid, column: int, first: int) -> Header:
    """Read a header; of several rows the lowest tells, unless all together do."""
    cells = list(dict.fromkeys(row[column] for row in grid.rows[:first] if not _is_title(row)))
    whole = parse_header([block for cell in cells for block in cell.blocks])
    if whole.role is None:
        for cell in reversed(cells):
            header = parse_header(cell.blocks)
            if header.role is not None:
                return header
    return whole


def _find_content(grid: Grid, column: int, first: int) -> _Content:
    telling = _list_telling(grid, column, first)
    if not telling:
        return _Content.NOTHING
    for content, holds in (
        (_Content.ACTIONS, holds_action),
        (_Content.ENDPOINTS, _holds_endpoint),
        (_Content.SUPPORT, lambda blocks: isinstance(parse_support(blocks), bool)),
        (_Content.SCOPES, lambda blocks: not isinstance(parse_scopes(blocks), Flaw)),
    ):
        if sum(map(holds, telling)) / len(telling) >= _MOSTLY:
            return content
    return _Content.TEXT


def _list_telling(grid: Grid, column: int, first: int) -> list[tuple[Block, ...]]:
    """List what the cells of a column hold, each cell once and blank ones left out."""
    cells = dict.fromkeys(row[column] for row in grid.rows[first:] if not _is_title(row))
    return [
        cell.blocks for cell in cells if normalise_wording(read_text(cell.blocks)) not in DASHES
    ]


def _holds_endpoint(blocks: tuple[Block, ...]) -> bool:
    return bool(parse_endpoints(blocks).endpoints)


def _settle_role(header: Header, content: _Content) -> Role | None:
    """Settle the role of a header that is listed; its cells decide where its wording does not."""
    if header.role in _WEAK and content in {_Content.ACTIONS, _Content.ENDPOINTS}:
        return _ROLE_OF_CONTENT[content]
    return header.role


def _authorizes(columns: Columns, contents: Sequence[_Content]) -> bool:
    held = set(zip(columns.roles, contents, strict=True))
    actions = (Role.ACTION, _Content.ACTIONS) in held
    if actions and (Role.ENDPOINT, _Content.ENDPOINTS) in held:
        return True
    listed = sum(header.role not in {None, Role.OTHER} for header in columns.headers)
    if listed < _FEWEST_LISTED or not columns.find(Role.ACTION):
        return False
    if not columns.find(Role.ENDPOINT):
        return actions and bool(columns.find(Role.PERMISSION))
    return any(
        holds(blocks)
        for role, holds in ((Role.ACTION, holds_action), (Role.ENDPOINT, _holds_endpoint))
        for column in columns.find(role)
        for blocks in _list_telling(columns.grid, column, columns.first_row)
    )


def _guess_role(
    header: Header, content: _Content, roles: Sequence[Role | None]
) -> tuple[Role, Flaw]:
    """Give a header that is not listed the one role that its cells leave, if there is one."""
    role = _ROLE_OF_CONTENT.get(content)
    if content is _Content.NOTHING or (role is Role.PERMISSION and role in roles):
        role = Role.OTHER
    elif role in roles:
        role = None
    found = f"found {quote_text(header.wording)}, whose cells hold {content}"
    if role is None:
        message = f"expected a header that is listed; {found}"
        return Role.OTHER, Flaw("unknown-header", message)
    message = f"expected a header that is listed; {found}: read as {role}"
    return role, Flaw("guessed-header", message)
