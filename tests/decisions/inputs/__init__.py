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
    "near paths": paths.near_paths,
    "odd paths": paths.odd_paths,
}
