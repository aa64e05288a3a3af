"""The routes, grants and requests that every engine gets, and what they have to answer."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from scopegate.routes.build import build_routes
from scopegate.routes.template import meet, split_template
from scopegate.tables.model import Support

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scopegate.live.questions import Question
    from scopegate.routes.model import Route
    from scopegate.tables.model import Table

PROJECT: Final = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
"""The IAM project of every token, in which every role is granted."""

_ROUTES: Final = 8
"""How many routes requests are made for: spread evenly over all of the tables."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a role allows, as patterns of the vendor's, and the actions of the tables that fit."""

    name: str
    patterns: tuple[str, ...]
    actions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of somebody with one role, and whether it may be made.

    `route` is the one that it is a request of: who does not match paths is told it, as a web
    framework would.
    """

    route: Route
    path: str
    role: Role
    is_allowed: bool

    @property
    def user(self) -> str:
        """The id of who asks: everybody has one role."""
        return f"{self.role.name}-1"

    @property
    def question(self) -> Question:
        """The same as the input of the rules."""
        statement = {"Effect": "Allow", "Action": [*self.role.patterns]}
        policy = {"name": self.role.name, "Version": "1.1", "Statement": [statement]}
        return {
            "request": {
                "method": self.route.method,
                "path": self.path,
                "provider": self.route.provider,
                "service": self.route.service,
            },
            "subject": {
                "id": self.user,
                "project_id": PROJECT,
                "grants": [{"scope": {"iam_project": PROJECT}, "policies": [policy]}],
            },
        }


@dataclass(frozen=True, slots=True)
class Setting:
    """What an engine is given beforehand, and what it is asked then."""

    routes: tuple[Route, ...]
    roles: tuple[Role, ...]
    asked: tuple[Asked, ...]


def make_setting(tables: Sequence[Table]) -> Setting:
    """Make requests for some routes of the tables: by a reader, an operator, an administrator.

    What the engines have no common idea of is left out: routes with cases, those that grants in an
    IAM project do not open, and paths that several templates fit.
    """
    routes = tuple(build_routes(tables)[0])
    chosen = _choose(routes)
    known = frozenset(action for route in routes for action in route.requirement.actions)
    some = {action for route in chosen[::2] for action in route.requirement.actions}
    roles = tuple(
        Role(name, patterns, frozenset(_match(known, patterns)))
        for name, patterns in (
            ("reader", ("*:*:get", "*:*:list")),
            ("operator", tuple(sorted(some))),
            ("administrator", ("*:*:*",)),
        )
    )
    return Setting(
        routes,
        roles,
        tuple(
            Asked(route, _make_path(route), role, role.actions >= route.requirement.actions)
            for route in chosen
            for role in roles
        ),
    )


def name_actions(routes: Iterable[Route]) -> Mapping[str, Sequence[str]]:
    """Name the actions that routes require, by the keys of the routes."""
    return {route.key: sorted(route.requirement.actions) for route in routes}


def _choose(routes: Sequence[Route]) -> list[Route]:
    fit = [route for route in routes if _is_common(route)]
    chosen: dict[str, Route] = {}
    for part in range(_ROUTES):
        following = fit[len(fit) * part // _ROUTES :]
        found = (each for each in following if each.key not in chosen and _is_alone(each, routes))
        if route := next(found, None):
            chosen[route.key] = route
    return list(chosen.values())


def _is_common(route: Route) -> bool:
    required = route.requirement
    return (
        not route.cases
        and bool(required.actions)
        and required.scopes.iam_project is Support.SUPPORTED
    )


def _is_alone(route: Route, routes: Iterable[Route]) -> bool:
    return not any(
        each.api == route.api
        and each.shape != route.shape
        and meet(each.shape, route.shape) is not None
        for each in routes
    )


def _make_path(route: Route) -> str:
    return "".join(
        f"/{_fill(position, segment, route)}"
        for position, segment in enumerate(split_template(route.path))
    )


def _fill(position: int, segment: str, route: Route) -> str:
    if route.shape[position] is not None:
        return segment
    return PROJECT if position in route.requirement.project_positions else f"value{position}"


def _match(known: Iterable[str], patterns: Iterable[str]) -> Iterable[str]:
    return (action for action in known if any(fnmatchcase(action, pattern) for pattern in patterns))
