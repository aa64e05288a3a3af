"""Which tables of a page are authorization tables, and what their columns hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from scopegate.cells.actions import holds_action, names_requirement, parse_actions
from scopegate.cells.endpoints import NoEndpoint, parse_endpoints
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

_Telling: TypeAlias = "list[tuple[Block, ...]]"
"""What the cells of a column hold, each cell once and blank ones left out."""

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
    is_authorization: bool

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
    telling = [_list_telling(grid, column, first) for column in range(width)]
    contents = list(map(_find_content, headers, telling))
    roles = list(map(_settle_role, headers, contents, telling))
    flaws: list[tuple[int, Flaw]] = []
    for role, told in (
        (Role.ENDPOINT, _find_endpoint(roles, contents, telling)),
        (Role.ACTION, _find_action(roles, contents)),
    ):
        if told is not None:
            roles[told] = role
            found = f"found {quote_text(headers[told].wording)}"
            message = f"expected a header that is listed as {role}; {found}: read as one"
            flaws.append((told, Flaw("guessed-header", message)))
    for column, header in enumerate(headers):
        if roles[column] is None:
            role, flaw = _guess_role(header, contents[column], roles)
            roles[column] = role
            flaws.append((column, flaw))
    settled = tuple(role or Role.OTHER for role in roles)
    return Columns(
        page=page,
        grid=grid,
        headers=headers,
        roles=settled,
        flaws=tuple(flaws),
        first_row=first,
        has_actions=_Content.ACTIONS in contents,
        is_authorization=_authorizes(headers, settled, contents, telling),
    )


def _find_body(grid: Grid) -> int:
    """Find the first body row: below all that the format calls header, and rows of headers.

    A row with an action is none of the header, whatever the format calls it; the first row may be
    such a one, if it has an endpoint too.
    """
    first = max(grid.header_rows, 1)
    # A title over all columns is no header.
    while first < len(grid.rows) and _is_title(grid.rows[first - 1]):
        first += 1
    while first < len(grid.rows) and _is_header(grid.rows[first]):
        first += 1
    for index, row in enumerate(grid.rows[:first]):
        actions = any(holds_action(cell.blocks) for cell in row)
        if actions and (index or any(_holds_endpoint(cell.blocks) for cell in row)):
            return index
    return first


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


def _find_content(header: Header, telling: _Telling) -> _Content:
    """Find what most cells of a column hold; that no authorization is needed tells of none."""
    if not telling:
        return _Content.NOTHING
    required = [blocks for blocks in telling if parse_actions(blocks).no_authorization is None]
    checks = [
        (_Content.ACTIONS, holds_action, required),
        (_Content.ENDPOINTS, _holds_endpoint, telling),
        (_Content.SUPPORT, lambda blocks: isinstance(parse_support(blocks), bool), telling),
        (_Content.SCOPES, _names_scopes, telling),
    ]
    if header.role is Role.ENDPOINT:  # whatever its cells say besides
        checks.sort(key=lambda check: check[0] is not _Content.ENDPOINTS)
    for content, holds, cells in checks:
        if cells and sum(map(holds, cells)) / len(cells) >= _MOSTLY:
            return content
    return _Content.TEXT


def _names_scopes(blocks: tuple[Block, ...]) -> bool:
    scopes = parse_scopes(blocks)
    return not isinstance(scopes, Flaw) and bool(scopes)


def _list_telling(grid: Grid, column: int, first: int) -> _Telling:
    cells = dict.fromkeys(row[column] for row in grid.rows[first:] if not _is_title(row))
    return [
        cell.blocks for cell in cells if normalise_wording(read_text(cell.blocks)) not in DASHES
    ]


def _holds_endpoint(blocks: tuple[Block, ...]) -> bool:
    return bool(parse_endpoints(blocks).endpoints)


def _holds_path(blocks: tuple[Block, ...]) -> bool:
    return parse_endpoints(blocks).reason in {None, NoEndpoint.NO_METHOD}


def _settle_role(header: Header, content: _Content, telling: _Telling) -> Role | None:
    """Settle the role of a header that is listed; its cells decide where its wording does not."""
    if header.role in _WEAK and content in {_Content.ACTIONS, _Content.ENDPOINTS}:
        return _ROLE_OF_CONTENT[content]
    if header.role is Role.REMARK:  # often a sentence with what else is needed
        return Role.DEPENDENCY if any(map(names_requirement, telling)) else Role.OTHER
    return header.role


def _find_endpoint(
    roles: Sequence[Role | None], contents: Sequence[_Content], telling: Sequence[_Telling]
) -> int | None:
    """Find the one column that holds routes, where few of its cells do, and none has the role."""
    if Role.ENDPOINT in roles or _Content.ENDPOINTS in contents:
        return None
    found = [
        column
        for column, role in enumerate(roles)
        if role in {None, Role.PERMISSION} and any(map(_holds_endpoint, telling[column]))
    ]
    return found[0] if len(found) == 1 else None


def _find_action(roles: Sequence[Role | None], contents: Sequence[_Content]) -> int | None:
    """Find the one column of dependencies of a table that has no other actions: it has them."""
    found = [column for column, content in enumerate(contents) if content is _Content.ACTIONS]
    if Role.ACTION in roles or Role.ENDPOINT not in roles or len(found) != 1:
        return None
    return found[0] if roles[found[0]] is Role.DEPENDENCY else None


def _authorizes(
    headers: Sequence[Header],
    roles: Sequence[Role],
    contents: Sequence[_Content],
    telling: Sequence[_Telling],
) -> bool:
    held = set(zip(roles, contents, strict=True))
    actions = (Role.ACTION, _Content.ACTIONS) in held
    if actions and (Role.ENDPOINT, _Content.ENDPOINTS) in held:
        return True
    listed = sum(header.role not in {None, Role.ALIAS, Role.OTHER} for header in headers)
    if listed < _FEWEST_LISTED or Role.ACTION not in roles:
        return False
    if Role.ENDPOINT not in roles:
        return actions and Role.PERMISSION in roles
    is_apart = Role.METHOD in roles  # what stands below the other header are paths alone
    holds = {
        Role.ACTION: holds_action,
        Role.ENDPOINT: _holds_path if is_apart else _holds_endpoint,
    }
    return any(
        any(map(holds[role], cells))
        for role, cells in zip(roles, telling, strict=True)
        if role in holds
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
