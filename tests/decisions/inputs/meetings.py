"""Paths where the templates of several routes meet: overlaps, crossings, services with one path."""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, product
from typing import Final

from tests.decisions.inputs.parts import (
    DOMAIN_TOKEN,
    EVERYTHING,
    PLACES,
    PROJECT,
    RESOURCES,
    Json,
    about,
    allow_everything,
    ask,
    grant,
    is_project,
)
from tests.oracle import Documented

QUERIES: Final = ("", "?enterprise_project_id=e1", "?enterprise_project_id=all_granted_eps")


def meetings(routes: Sequence[Documented]) -> Iterator[Json]:
    """Every path that fits two templates, for every method, service, and way to be allowed."""
    methods = sorted({route.method for route in routes})
    services: list[Json] = [
        {},
        *({"service": name} for name in {route.service for route in routes}),
    ]
    for path, projects in meeting_paths(routes).items():
        tokens = [DOMAIN_TOKEN, *({"project_id": name} for name in sorted(projects))]
        for method, service, token in product(methods, services, tokens):
            meeting = [route for route in routes if route.method == method and fits(route, path)]
            for held, resource, query in ways(meeting):
                yield ask(method, path + query, held, **service, **token, **resource)


def ways(meeting: Sequence[Documented]) -> Iterator[tuple[list[Json], Json, str]]:
    """Grants, resource and query: what each route needs, and everything at each place."""
    without, with_one = RESOURCES
    yield allow_everything(), without, ""
    for route in meeting:
        yield [grant(PLACES["all resources"], *about("Allow", route.actions))], without, ""
        for place in ("the token's project", "the enterprise project", "the domain"):
            held = [grant(PLACES[place], EVERYTHING)]
            yield held, with_one, ""
            yield from ((held, without, query) for query in QUERIES)


def meeting_paths(routes: Sequence[Documented]) -> dict[str, set[str]]:
    """Paths that fit two templates, each with the projects that a token could be of."""
    paths: dict[str, set[str]] = {}
    for one, other in combinations_with_replacement(routes, 2):
        parts = list(zip(one.segments, other.segments, strict=False))
        segments = [meet(*pair) for pair in parts]
        if len(one.segments) == len(other.segments) and None not in segments:
            named = [
                str(segment)
                for segment, pair in zip(segments, parts, strict=True)
                if any(map(is_project, pair))
            ]
            paths.setdefault("/" + "/".join(map(str, segments)), {PROJECT}).update(named)
    return paths


def fits(route: Documented, path: str) -> bool:
    """Whether a path is one of a route's, as far as literals tell."""
    segments = path.removeprefix("/").split("/")
    return len(segments) == len(route.segments) and all(
        part.startswith("{") or part == segment
        for part, segment in zip(route.segments, segments, strict=True)
    )


def meet(one: str, other: str) -> str | None:
    """A segment that fits both parts of two templates; None where there is none."""
    literals = {part for part in (one, other) if not part.startswith("{")}
    if len(literals) > 1 or ("" in literals and one != other):
        return None
    return next(iter(literals), PROJECT if is_project(one) or is_project(other) else "x-1")
