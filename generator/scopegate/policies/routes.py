"""The routes of a bundle, as its rules have them, and for each a request that it decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from scopegate.live.asking import NoDecisionError
from scopegate.routes.template import split_template

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from scopegate.live.asking import Engine

_ROUTES: Final = """\
answer := {key: [route, rule, main_actions] |
    some key, route in data.scopegate.bundle.routes
    place := array.concat(
        [concat("/", [route.provider, route.service])],
        split(trim_prefix(route.path, "/"), "/"),
    )
    rule := data.scopegate.routes.template(place)[route.method]
    main_actions := object.get(data.scopegate.bundle.main_actions, key, null)
}"""


READING: Final = ("GET", "HEAD")
"""The methods that change nothing."""


@dataclass(frozen=True, slots=True)
class BundleRoute:
    """A route of a bundle, or a case of one, with what a decision says of it.

    A request of it requires all of `actions`, of which `main_actions` are what the call does itself
    and the others what it depends on; a grant counts at `scopes`, as docs/architecture.md
    spells them. `project_positions` are the positions, from 0, of the path's segments that must be
    the project of the token. `discriminator` is what tells the case (`["body", "os-extend"]`);
    `has_cases` is true for a route of whose requests some are of a case.
    """

    key: str
    provider: str
    service: str
    method: str
    path: str
    table: str
    row: int
    permission: str
    case: str | None
    actions: tuple[str, ...]
    main_actions: tuple[str, ...]
    scopes: frozenset[str]
    project_positions: tuple[int, ...]
    discriminator: tuple[Any, ...] | None
    has_cases: bool

    @property
    def api(self) -> str:
        """The provider and the service."""
        return f"{self.provider}/{self.service}"

    @property
    def is_reading(self) -> bool:
        """Whether its method is one that changes nothing."""
        return self.method in READING

    def __str__(self) -> str:
        """Spell it without its API: `POST /v2/{project_id}/volumes [body.os-extend]`."""
        return f"{self.method} {self.path}{f' [{self.case}]' if self.case else ''}"


def read_routes(engine: Engine) -> list[BundleRoute]:
    """Read the routes of the bundle that an engine has, sorted by API, table, row and path.

    Raises NoDecisionError where it has none.
    """
    found = engine.query(_ROUTES, {})
    if not (isinstance(found, dict) and found):
        raise NoDecisionError("OPA knows no route: is it a scopegate bundle?")
    routes = [_read_route(key, *told) for key, told in found.items()]
    return sorted(routes, key=lambda route: (route.api, route.table, route.row, route.key))


class Requests:
    """Makes requests of routes, which no literal of another route takes away."""

    def __init__(self, routes: Iterable[BundleRoute]) -> None:
        literals = {segment for route in routes for segment in split_template(route.path)}
        self.value = choose_segment("x", literals)
        """What stands for the value of each parameter that is not the project."""

    def make(self, route: BundleRoute, project: str) -> dict[str, Any]:
        """Make a request of the route, or of the case; `project` is that of the token."""
        segments = [
            quote(project, safe="")
            if position in route.project_positions
            else self.value
            if segment.startswith("{")
            else segment
            for position, segment in enumerate(split_template(route.path))
        ]
        request: dict[str, Any] = {
            "method": route.method,
            "path": "/" + "/".join(segments),
            "provider": route.provider,
            "service": route.service,
        }
        body, query = spell_case(route.discriminator) if route.discriminator else ({}, {})
        if query:
            request["path"] += f"?{urlencode(query)}"
        if route.has_cases:
            request["body"] = body
        return request


def choose_segment(wanted: str, literals: Collection[str]) -> str:
    """Choose a segment that no template has as a literal, so that none takes the request away."""
    while wanted in literals:
        wanted += "0"
    return wanted


def spell_case(discriminator: tuple[Any, ...]) -> tuple[dict[str, Any], dict[str, str]]:
    """Spell what tells a case, `("body", "os-extend")`, as members of the body and of the query."""
    match discriminator:
        case ("body", name, *value):
            return {name: value[0] if value else {}}, {}
        case ("query", name, value):
            return {}, {name: value}
        case _:
            raise ValueError(discriminator)


def _read_route(
    key: str, route: Mapping[str, Any], rule: list[Any], main_actions: list[str] | None
) -> BundleRoute:
    _, actions, scopes, positions, *rest = rule
    cases = rest[0] if rest else {}
    discriminator = None
    if route["case"] is not None:
        discriminator, actions, scopes = cases[route["case"]]
    return BundleRoute(
        key=key,
        **{name: route[name] for name in ("provider", "service", "method", "path", "table", "row")},
        permission=route["permission"],
        case=route["case"],
        actions=tuple(actions),
        main_actions=tuple(actions if main_actions is None else main_actions),
        scopes=frozenset(scopes.split(", ")) - {""},
        project_positions=tuple(positions),
        discriminator=None if discriminator is None else tuple(discriminator),
        has_cases=bool(cases),
    )
