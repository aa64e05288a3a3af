"""A route, what it requires, and where it is documented."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scopegate.routes.template import Shape
    from scopegate.tables.model import Case, Scopes


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a request must fulfil: every action, granted where `scopes` lets a grant count.

    `is_list` says that an enterprise project may be selected by the query. `project_positions` are
    the positions, from 0, of the path's segments that must be the project of the token.
    """

    actions: frozenset[str]
    scopes: Scopes
    is_list: bool
    project_positions: frozenset[int]


@dataclass(frozen=True, slots=True)
class CaseRoute:
    """What a route requires of the requests of a case, and the rows that say so."""

    case: Case
    sources: tuple[Source, ...]
    requirement: Requirement
    main_actions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """A row, and the page that it was read from: the number of the table there counts from 1.

    Of a row that was corrected `reasons` says why, once for each reason.
    """

    document: str
    document_table: int
    table: str
    row: int
    permission: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path template of a service, as one row documents it or several together.

    The decision names the first of `sources`. `mirrored_from` is the printed path of a mirrored
    route. A request of one of `cases` alone needs what that requires, and every other request
    `requirement`, which is what all of them require together. `main_actions` are the first of each
    row: what the call does itself, and not what it depends on.
    """

    provider: str
    service: str
    method: str
    path: str
    shape: Shape
    sources: tuple[Source, ...]
    mirrored_from: str | None
    requirement: Requirement
    cases: tuple[CaseRoute, ...] = ()
    main_actions: frozenset[str] = frozenset()

    @property
    def api(self) -> str:
        """The provider and the service, whose routes are told apart by method and path."""
        return f"{self.provider}/{self.service}"

    @property
    def key(self) -> str:
        """What no other route is called: `huaweicloud/evs GET /v2/{project_id}/snapshots`."""
        return f"{self.api} {self.method} {self.path}"

    def name_case(self, own: CaseRoute) -> str:
        """Name a case as no other is, of whatever route."""
        return f"{self.key} {own.case}"


class Disagreement(StrEnum):
    """Why a route requires the union of what was said of it."""

    ROWS = "rows"
    ALTERNATIVES = "alternatives"
    TEMPLATES = "templates"


@dataclass(frozen=True, slots=True)
class Conflict:
    """What nothing in a request tells apart, and so is required together.

    Of `kind`, these are rows with different requirements for one route (or one case of it), a
    row's alternatives, or crossing templates for one path. `path` is the route's template, or a
    template of the paths that the crossing ones share; the request needs the union of the actions
    in the intersection of the scopes.
    """

    kind: Disagreement
    api: str
    method: str
    path: str
    sources: tuple[Source, ...]

    def __str__(self) -> str:
        """Spell it on a line: `huaweicloud/evs GET /v2/shared (rows)`."""
        return f"{self.api} {self.spell_route()}"

    def spell_route(self) -> str:
        """Spell it without its API, which its table tells."""
        return f"{self.method} {self.path} ({self.kind})"


@dataclass(frozen=True, slots=True)
class TemplateRule:
    """One rule of the bundle: the paths of `shape` less those of `excluded`, and their routes.

    Of all rules of an `api` exactly one, or none, fits a path. `routes` has one route for each
    documented method, also those that only a less specific template documents.
    """

    api: str
    shape: Shape
    excluded: tuple[Shape, ...]
    routes: tuple[Route, ...]
