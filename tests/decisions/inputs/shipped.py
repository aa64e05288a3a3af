"""Of a route, every request that makes a difference, and the grants that just do and just don't."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from tests.decisions.inputs.parts import (
    ENTERPRISE_PROJECT,
    PLACES,
    Json,
    about,
    ask,
    grant,
    path_of,
    tokens_for,
)
from tests.oracle import Documented
from tests.oracle.tables import Case

ODD_BODIES: Final[tuple[Any, ...]] = ({}, {"nothing": 1}, [], "", None)
"""That are of no case."""

COUNTING: Final = ("the token's project", "all resources", "the enterprise project")
NOT_COUNTING: Final = ("another project", "another enterprise project", "another domain")


def requests_of(rows: Sequence[Documented]) -> Iterator[Json]:
    """The requests of a route: of each case, of each two of them, of none; without a body, too."""
    cases = list(dict.fromkeys(case for row in rows for case in row.cases))
    yield {}
    if not cases:
        return
    for body in ODD_BODIES:
        yield {"body": body}
    for case in cases:
        yield show([case])
        yield show([case], wrong=True)
    for chosen in itertools.combinations(cases, 2):
        yield show(chosen)


def show(cases: Iterable[Case], *, wrong: bool = False) -> Json:
    """A request that is of all these cases, or has their members with other values."""
    body: Json = {}
    query: dict[str, list[str]] = {}
    for case in cases:
        value = f"{case.value}-not" if wrong else case.value
        if case.place == "query":
            query.setdefault(case.name, []).append(str(value))
        else:
            name = f"{case.name}-not" if wrong and case.value is None else case.name
            body[name] = {} if case.value is None else value
    return {"body": body, **({"query": query} if query else {})}


def questions_about(
    rows: Sequence[Documented], required_for: Callable[[Json], Sequence[str]]
) -> Iterator[Json]:
    """Each request of a route, by callers who may just do it and just not.

    `required_for` tells what a question requires.
    """
    route = rows[0]
    named = {"provider": route.provider, "service": route.service}
    for token in tokens_for(route):
        told: set[tuple[str, ...]] = set()
        for request in requests_of(rows):
            about_it = {**named, **request, **token}
            path = path_of(route)
            resource = {"resource": {"enterprise_project_id": ENTERPRISE_PROJECT}}
            actions = required_for(ask(route.method, path, [], **about_it))
            for place in COUNTING:
                granted = [grant(PLACES[place], *about("Allow", actions))]
                yield ask(route.method, path, granted, **about_it, **resource)
            # Most requests of no case, or of several, require the same: once is enough.
            is_told = tuple(actions) in told
            told.add(tuple(actions))
            for left_out in () if is_told else actions:
                fewer = [action for action in actions if action != left_out]
                granted = [grant(PLACES["the token's project"], *about("Allow", fewer))]
                yield ask(route.method, path, granted, **about_it, **resource)
            granted = [grant(PLACES[place], *about("Allow", actions)) for place in NOT_COUNTING]
            yield ask(route.method, path, granted, **about_it, **resource)
