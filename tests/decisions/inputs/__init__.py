"""The inputs of the matrix: every question that is asked about a route, made from its row's word.

Each function takes a documented route and yields inputs of one kind; `KINDS` names them all. What
the answers are is not known here: that is the oracle's.
"""

from collections.abc import Callable, Iterator
from typing import Final

from tests.decisions.inputs import enterprise, grants, paths, statements
from tests.decisions.inputs.parts import Json
from tests.oracle import Documented

KINDS: Final[dict[str, Callable[[Documented], Iterator[Json]]]] = {
    "one place": grants.one_place,
    "two places": grants.two_places,
    "split actions": grants.split_actions,
    "subjects": grants.subjects,
    "patterns": statements.patterns,
    "failing closed": statements.failing_closed,
    "enterprise projects": enterprise.enterprise_projects,
    "query spellings": enterprise.query_spellings,
    "methods": paths.methods,
    "services": paths.services,
    "cases": paths.cases,
    "near paths": paths.near_paths,
    "odd paths": paths.odd_paths,
}

SPELLINGS: Final = frozenset({"patterns", "failing closed", "query spellings", "odd paths"})
"""The kinds that are about how a thing is spelled: the same for a route and for its mirror."""


def questions(route: Documented) -> Iterator[Json]:
    """Every question about a route; of a mirrored one, all but those about spellings."""
    for kind, ask in KINDS.items():
        if route.mirrored_from is None or kind not in SPELLINGS:
            yield from ask(route)
