"""Who asks, and what is granted to them where."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Final

from tests.decisions.inputs.parts import (
    DOMAIN_TOKEN,
    EVERYTHING,
    OTHER_PROJECT,
    PLACES,
    PROJECT,
    PROJECT_TOKEN,
    RESOURCES,
    Json,
    about,
    allow_everything,
    ask,
    grant,
    path_of,
    subsets,
    tokens_for,
)
from tests.oracle import Documented

SPELLINGS: Final[dict[str, Callable[[str], str]]] = {
    "exact": str,
    "wildcard": lambda action: f"{action[:-2]}*",
    "other case": str.swapcase,
}
"""How a policy can spell an action so that it is the same."""


def one_place(route: Documented) -> Iterator[Json]:
    """Each subset of the actions × each place × Allow, Deny, both × each spelling."""
    for chosen, scope, spell, token, resource in product(
        subsets(route.actions), PLACES.values(), SPELLINGS.values(), tokens_for(route), RESOURCES
    ):
        spelled = [spell(action) for action in chosen]
        allowed, denied = about("Allow", spelled), about("Deny", spelled)
        for statements in (allowed, denied, [*denied, *allowed], [EVERYTHING, *denied]):
            grants = [grant(scope, *statements)]
            yield ask(route.method, path_of(route), grants, **token, **resource)


def two_places(route: Documented) -> Iterator[Json]:
    """Everything allowed at one place, each subset of the actions denied at another."""
    for allowed, denied, chosen, token, resource in product(
        PLACES.values(), PLACES.values(), subsets(route.actions), tokens_for(route), RESOURCES
    ):
        grants = [grant(allowed, EVERYTHING), grant(denied, *about("Deny", chosen))]
        yield ask(route.method, path_of(route), grants, **token, **resource)


def split_actions(route: Documented) -> Iterator[Json]:
    """The first action allowed at one place and the others at another, told in either order."""
    if len(route.actions) < 2:  # nothing to split
        return
    first, others = about("Allow", route.actions[:1]), about("Allow", route.actions[1:])
    for one, other, token, resource in product(
        PLACES.values(), PLACES.values(), tokens_for(route), RESOURCES
    ):
        grants = [grant(one, *first), grant(other, *others)]
        yield ask(route.method, path_of(route), grants, **token, **resource)
        yield ask(route.method, path_of(route), reversed(grants), **token, **resource)


def subjects(route: Documented) -> Iterator[Json]:
    """The account itself, a new user, and tokens of another project or of a domain."""
    owners: tuple[Json, ...] = ({}, {"account_owner": False}, {"account_owner": True})
    tokens: tuple[Json, ...] = (
        *(PROJECT_TOKEN, {"project_id": OTHER_PROJECT}, {"project_id": PROJECT.upper()}),
        *(DOMAIN_TOKEN, {"domain_id": PROJECT}),
    )
    projects = (PROJECT, OTHER_PROJECT, PROJECT.upper())
    for owner, token, grants, project in product(
        owners, tokens, ([], allow_everything()), projects
    ):
        yield ask(route.method, path_of(route, project), grants, **owner, **token)
    without_grants = ask(route.method, path_of(route), [])
    del without_grants["subject"]["grants"]
    yield without_grants
