"""Which of the documented routes a policy speaks of, and where a grant of it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scopegate.tables.model import Support

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scopegate.identity.model import Policy
    from scopegate.routes.model import Requirement, Route

_KINDS: Final = ("all_resources", "domain", "iam_project", "enterprise_project")


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a grant of a policy counts for some route, by the kinds of scopes.

    `is_documented` is false where no documented route requires an action that it speaks of.
    """

    is_documented: bool
    kinds: frozenset[str]


class Documented:
    """The actions that routes require, each with the kinds of scopes in which it counts."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._kinds: dict[str, set[str]] = {}
        for route in routes:
            kinds = {kind for kind in _KINDS if _counts(kind, route.requirement)}
            for action in route.requirement.actions:
                self._kinds.setdefault(action.lower(), set()).update(kinds)

    def find_reach(self, policy: Policy) -> Reach:
        """Find what the statements of a policy speak of, whether it can be evaluated or not."""
        patterns: set[str] = set()
        for statement in policy["Statement"]:
            patterns.update(_list_patterns(statement))
        found = [
            kinds
            for action, kinds in self._kinds.items()
            if any(matches(pattern, action) for pattern in patterns)
        ]
        return Reach(bool(found), frozenset[str]().union(*found))


def matches(pattern: str, action: str) -> bool:
    """Tell whether a pattern in lower case fits an action: `*` is any text, also none.

    Takes the first place for each text between two `*`. A regular expression could try them all.
    """
    start, *others = pattern.split("*")
    if not others:
        return pattern == action
    *between, end = others
    if not action.startswith(start):
        return False
    at = len(start)
    for text in between:
        found = action.find(text, at)
        if found < 0:
            return False
        at = found + len(text)
    return action.endswith(end) and len(action) - len(end) >= at


def _list_patterns(statement: Mapping[str, Any]) -> list[str]:
    # NotAction is not evaluated: it may speak of any action.
    return ["*"] if "NotAction" in statement else [each.lower() for each in statement["Action"]]


def _counts(kind: str, requirement: Requirement) -> bool:
    match kind:
        case "iam_project":
            return requirement.scopes.iam_project is not Support.UNSUPPORTED
        case "enterprise_project":
            return requirement.scopes.enterprise_project is Support.SUPPORTED
        case "domain":
            # A token of the domain fits no path that names a project.
            return not requirement.project_positions
        case _:
            return True
