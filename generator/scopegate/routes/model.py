"""A route, what it requires, and where it is documented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scopegate.routes.template import Shape
    from scopegate.tables.model import Scopes


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
class Source:
    """A row, and the page that it was read from: the number of the table there counts from 1."""

    document: str
    document_table: int
    table: str
    row: int
    permission: str


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path template of a service, as one row documents it or several together.

    The decision names the first of `sources`. `mirrored_from` is the printed path of a mirrored
    route.
    """

    provider: str
    service: str
    method: str
    path: str
    shape: Shape
    sources: tuple[Source, ...]
    mirrored_from: str | None
    requirement: Requirement

    @property
    def key(self) -> str:
        """What no other route is called: `evs GET /v2/{project_id}/snapshots`."""
        return f"{self.service} {self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows with different requirements for one route, or crossing templates for one path.

    `path` is the route's template, or a template of the paths that the crossing ones share; the
    request needs the union of the actions in the intersection of the scopes.
    """

    service: str
    method: str
    path: str
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class TemplateRule:
    """One rule of the bundle: the paths of `shape` less those of `excluded`, and their routes.

    Of all rules of a service exactly one, or none, fits a path. `routes` has one route for each
    documented method, also those that only a less specific template documents.
    """

    service: str
    shape: Shape
    excluded: tuple[Shape, ...]
    routes: tuple[Route, ...]
