"""What somebody may call, route by route, and what each pattern of the policies adds to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from scopegate.json_files.places import spell_pointer
from scopegate.policies.callers import decide_all, make_caller
from scopegate.policies.routes import Requests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scopegate.live.asking import Decision, Engine
    from scopegate.live.questions import Scope
    from scopegate.policies.callers import Caller
    from scopegate.policies.routes import BundleRoute

_MATCHES: Final = """\
actions := {action | some action in input.actions}
answer := [spoken_of |
    some [effect, text] in input.patterns
    matched := data.scopegate.grants.matches(actions, {text})
    touched := {action |
        effect == "Deny"
        some action in data.scopegate.grants.touched_by(actions, {text})
    }
    spoken_of := matched | touched
]"""


class Class(StrEnum):
    """What is to be said of a route; docs/policies.md explains each."""

    OPENED = "opened"
    PARTLY = "partly"
    IN_VAIN = "in vain"
    DENIED = "denied"
    CLOSED = "closed"
    FREE = "needs no authorization"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the bundle decides of a route."""

    route: BundleRoute
    decision: Decision

    @property
    def kind(self) -> Class:
        """The class that the decision puts the route in."""
        if not self.route.actions:
            return Class.FREE
        if self.decision["allow"]:
            return Class.OPENED
        if self.decision["reason"] == "explicitly_denied":
            return Class.DENIED
        if self.decision["granted"] or self.decision["reason"] == "enterprise_project_required":
            return Class.PARTLY
        return Class.IN_VAIN if self.decision["ineffective"] else Class.CLOSED


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of a policy; `place` are the keys to it: `("Statement", 0, "Action", 2)`.

    `policy` is the number of the policy, from 0.
    """

    policy: int
    place: tuple[str | int, ...]
    effect: str
    text: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What a pattern is for.

    `actions` are the documented ones that it matches; `alone` are the routes that are opened, or,
    of a Deny, not opened, by this pattern alone: without it they would not be, or be.
    """

    pattern: Pattern
    actions: tuple[str, ...]
    alone: tuple[BundleRoute, ...]


def find_outcomes(engine: Engine, routes: Sequence[BundleRoute], caller: Caller) -> list[Outcome]:
    """Find what a caller may do, in the order of the routes.

    Raises NoDecisionError where the engine gives no decision, and what `decide_all` does.
    """
    requests = Requests(routes)
    decisions = decide_all(engine, [caller.ask(route, requests) for route in routes])
    return [Outcome(*each) for each in zip(routes, decisions, strict=True)]


def list_patterns(policies: Iterable[Mapping[str, Any]]) -> Iterator[Pattern]:
    """List the patterns of what policies allow and deny, in their order."""
    for number, policy in enumerate(policies):
        for k, statement in enumerate(policy["Statement"]):
            for j, text in enumerate(statement.get("Action", ())):
                yield Pattern(number, ("Statement", k, "Action", j), statement["Effect"], text)


def match_actions(
    engine: Engine, patterns: Iterable[Pattern], actions: Iterable[str]
) -> list[frozenset[str]]:
    """Find of which of the actions each pattern speaks, as the rules have it."""
    asked = [[pattern.effect, pattern.text] for pattern in patterns]
    found = engine.query(_MATCHES, {"patterns": asked, "actions": sorted(actions)})
    return [frozenset(each) for each in found]


def find_reaches(
    engine: Engine,
    outcomes: Sequence[Outcome],
    policies: Sequence[Mapping[str, Any]],
    scope: Scope,
) -> list[Reach]:
    """Find what each pattern of policies is for, which were granted at a scope.

    `outcomes` are those of the policies. Each pattern is left out once, and asked is about the
    routes that require an action that it matches.
    """
    patterns = list(list_patterns(policies))
    actions = {action for outcome in outcomes for action in outcome.route.actions}
    matched = match_actions(engine, patterns, actions)
    caller = make_caller(policies, scope)
    requests = Requests([outcome.route for outcome in outcomes])
    asked = [
        (number, outcome, caller.ask(outcome.route, requests))
        for outcome in outcomes
        for number in _list_telling(outcome, patterns, matched)
    ]
    pointers = [
        spell_pointer(("grants", 0, "policies", pattern.policy, *pattern.place))
        for pattern in patterns
    ]
    without = engine.allow_without([(question, pointers[number]) for number, _, question in asked])
    alone: dict[int, list[BundleRoute]] = {}
    for (number, outcome, _), allow in zip(asked, without, strict=True):
        if allow != outcome.decision["allow"]:
            alone.setdefault(number, []).append(outcome.route)
    return [
        Reach(pattern, tuple(sorted(matched[number])), tuple(alone.get(number, ())))
        for number, pattern in enumerate(patterns)
    ]


def _list_telling(
    outcome: Outcome, patterns: Sequence[Pattern], matched: Sequence[frozenset[str]]
) -> Iterator[int]:
    """List the patterns that may decide about a route alone: no other one speaks of the same."""
    closed = {(each["policy"], each["statement"]) for each in outcome.decision["not_evaluated"]}
    required = frozenset(outcome.route.actions)
    speaking: dict[tuple[str, str], list[int]] = {}
    for number, pattern in enumerate(patterns):
        # What fails closed denies as well, and allows nothing.
        if pattern.effect == "Deny" or (pattern.policy, pattern.place[1]) not in closed:
            for action in matched[number] & required:
                speaking.setdefault((pattern.effect, action), []).append(number)
    yield from dict.fromkeys(numbers[0] for numbers in speaking.values() if len(numbers) == 1)
