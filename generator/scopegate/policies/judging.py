"""What policies come to, each by itself: the decisions at all routes that it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scopegate.policies.callers import decide_all, make_caller
from scopegate.policies.opening import Class, Outcome
from scopegate.policies.routes import Requests

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from scopegate.live.asking import Engine
    from scopegate.live.questions import Scope
    from scopegate.policies.opening import Pattern
    from scopegate.policies.routes import BundleRoute

_CLOSED: Final = """\
answer := [found |
    some question in input.questions
    found := [[i, j, k, members] |
        some i, grant in question.subject.grants
        some j, policy in grant.policies
        some k, statement in policy.Statement
        members := data.scopegate.grants.not_evaluated_members(i, j, statement)
            with input as question
        count(members) > 0
    ]
]"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A policy by itself: its patterns, what each speaks of, and what it comes to.

    `closed` are the numbers of the statements that fail closed, with why. `opened` are the keys of
    the routes that what it is a part of opens.
    """

    number: int
    policy: Mapping[str, Any]
    patterns: Sequence[tuple[Pattern, frozenset[str]]]
    outcomes: Sequence[Outcome]
    closed: Mapping[int, Sequence[str]]
    opened: Collection[str]

    def list_evaluated(self, effect: str) -> list[tuple[Pattern, frozenset[str]]]:
        """List the patterns of statements with an effect that are evaluated."""
        return [
            (pattern, spoken_of)
            for pattern, spoken_of in self.patterns
            if pattern.effect == effect and pattern.place[1] not in self.closed
        ]


class Judge:
    """Asks a bundle what policies come to, granted at a scope; `routes` are all that it has."""

    def __init__(self, engine: Engine, routes: Sequence[BundleRoute], scope: Scope) -> None:
        self._engine = engine
        self._routes = routes
        self._scope = scope
        self._requests = Requests(routes)

    def judge(
        self,
        policies: Sequence[Mapping[str, Any]],
        patterns: Sequence[tuple[Pattern, frozenset[str]]],
        groups: Sequence[object],
    ) -> list[Judged]:
        """Judge policies, each by itself.

        `patterns` are those of all, each with the documented actions that it speaks of. In `groups`
        each policy has a label, which those have in common that are parts of one. Raises what
        `decide_all` does.
        """
        alone = [
            make_caller([{name: policy[name] for name in policy if name != "Depends"}], self._scope)
            for policy in policies
        ]
        own = [
            [each for each in patterns if each[0].policy == number]
            for number in range(len(policies))
        ]
        asked = [
            (number, route)
            for number, policy in enumerate(policies)
            for route in self._choose_routes(policy, own[number])
        ]
        questions = [alone[number].ask(route, self._requests) for number, route in asked]
        outcomes: list[list[Outcome]] = [[] for _ in policies]
        for (number, route), decision in zip(
            asked, decide_all(self._engine, questions), strict=True
        ):
            outcomes[number].append(Outcome(route, decision))
        any_route = [each.ask(self._routes[0], self._requests) for each in alone]
        closed = self._engine.query(_CLOSED, {"questions": any_route})
        opened = self._open_together(policies, outcomes, groups)
        return [
            Judged(
                number,
                policy,
                own[number],
                outcomes[number],
                {k: sorted(members) for _, _, k, members in closed[number]},
                opened[groups[number]],
            )
            for number, policy in enumerate(policies)
        ]

    def _choose_routes(
        self,
        policy: Mapping[str, Any],
        patterns: Iterable[tuple[Pattern, frozenset[str]]],
    ) -> Sequence[BundleRoute]:
        if any("NotAction" in statement for statement in policy["Statement"]):
            return self._routes
        concerned = frozenset[str]().union(*(spoken_of for _, spoken_of in patterns))
        return [route for route in self._routes if concerned.intersection(route.actions)]

    def _open_together(
        self,
        policies: Sequence[Mapping[str, Any]],
        outcomes: Sequence[Sequence[Outcome]],
        groups: Sequence[object],
    ) -> dict[object, set[str]]:
        """List the routes that each group opens whole, of those that a part of it opens partly."""
        opened: dict[object, set[str]] = {}
        for label in dict.fromkeys(groups):
            numbers = [number for number, each in enumerate(groups) if each == label]
            partly = {
                each.route.key: each.route
                for number in numbers
                for each in outcomes[number]
                if each.kind is Class.PARTLY and len(numbers) > 1
            }
            together = make_caller([policies[number] for number in numbers], self._scope)
            questions = [together.ask(route, self._requests) for route in partly.values()]
            decisions = zip(partly, decide_all(self._engine, questions), strict=True)
            opened[label] = {key for key, decision in decisions if decision["allow"]}
        return opened
