"""The least policy for some routes: made of what they require, and proved before it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scopegate.errors import ScopegateError
from scopegate.live.questions import POLICY_VERSION
from scopegate.policies.callers import MADE_PLACES, decide_all, make_caller
from scopegate.policies.limits import ACTIONS, check_limits
from scopegate.policies.opening import Class, Pattern, find_outcomes, match_actions
from scopegate.policies.routes import Requests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scopegate.live.asking import Engine
    from scopegate.live.questions import Scope
    from scopegate.policies.routes import BundleRoute

Policy = dict[str, Any]
"""A document of version 1.1, as the vendor's console takes it."""


@dataclass(frozen=True, slots=True)
class Ungrantable:
    """A route for which no grant at the scope counts, and the first scope at which one does.

    `instead` is None where there is none: then the account alone may call it.
    """

    route: BundleRoute
    instead: Scope | None


@dataclass(frozen=True, slots=True)
class Needs:
    """What some routes need.

    `policies` are more than one where the vendor's limits ask for it. They open all of `opened`,
    and without any of their `patterns` one of those is not. `free` need no authorization, and
    `further` are opened by the same patterns though nobody asked for them.
    """

    patterns: tuple[str, ...]
    policies: tuple[Policy, ...]
    opened: tuple[BundleRoute, ...]
    free: tuple[BundleRoute, ...]
    ungrantable: tuple[Ungrantable, ...]
    further: tuple[BundleRoute, ...]


def find_needs(
    engine: Engine,
    routes: Sequence[BundleRoute],
    asked: Sequence[BundleRoute],
    scope: Scope,
    *,
    wildcards: bool = False,
) -> Needs:
    """Find what `asked` need at a scope; `routes` are all of the bundle.

    With `wildcards` a pattern stands for actions where it matches no other documented one.
    """
    free = tuple(route for route in asked if not route.actions)
    demanding = [route for route in asked if route.actions]
    ungrantable = tuple(find_ungrantable(engine, routes, demanding, scope))
    lost = {each.route.key for each in ungrantable}
    granted = [route for route in demanding if route.key not in lost]
    required = sorted({action for route in granted for action in route.actions})
    patterns = _drop_covered(engine, routes, granted, required, scope)
    if wildcards:
        patterns = _put_wildcards(engine, routes, patterns, required)
        patterns = _drop_covered(engine, routes, granted, patterns, scope)
    policies = split_policies(patterns)
    outcomes = find_outcomes(engine, routes, make_caller(policies, scope))
    opened = {each.route.key: each.route for each in outcomes if each.kind is Class.OPENED}
    _check_opened(granted, opened)
    own = {route.key for route in granted}
    return Needs(
        tuple(patterns),
        tuple(policies),
        tuple(granted),
        free,
        ungrantable,
        tuple(route for key, route in opened.items() if key not in own),
    )


def split_policies(patterns: Sequence[str]) -> list[Policy]:
    """Put patterns into as few documents as the vendor's limits let them be in."""
    policies: list[Policy] = []
    for pattern in patterns:
        longer = _add(policies[-1], pattern) if policies else None
        if longer and not list(check_limits(longer)):
            policies[-1] = longer
        else:
            policies.append(_make_policy([[pattern]]))
    return policies


def _make_policy(statements: Iterable[Sequence[str]]) -> Policy:
    return {
        "Version": POLICY_VERSION,
        "Statement": [{"Effect": "Allow", "Action": list(patterns)} for patterns in statements],
    }


def _add(policy: Policy, pattern: str) -> Policy:
    """Add a pattern, in a statement of its own where the last one is full."""
    *full, last = [statement["Action"] for statement in policy["Statement"]]
    more = [[*last, pattern]] if len(last) < ACTIONS else [last, [pattern]]
    return _make_policy([*full, *more])


def find_ungrantable(
    engine: Engine,
    routes: Sequence[BundleRoute],
    demanding: Sequence[BundleRoute],
    scope: Scope,
) -> Iterator[Ungrantable]:
    """Find the routes, of some, for which no grant at a scope counts."""
    here = _list_opened(engine, routes, demanding, scope)
    lost = [route for route in demanding if route.key not in here]
    places = MADE_PLACES.values() if lost else ()
    elsewhere = [(place, _list_opened(engine, routes, lost, place)) for place in places]
    for route in lost:
        instead = (place for place, opened in elsewhere if route.key in opened)
        yield Ungrantable(route, next(instead, None))


def _list_opened(
    engine: Engine,
    routes: Sequence[BundleRoute],
    demanding: Sequence[BundleRoute],
    scope: Scope,
) -> set[str]:
    """List the keys of the routes that are opened by all that they require, granted at a scope."""
    requests = Requests(routes)
    questions = [
        make_caller([_make_policy([route.actions])], scope).ask(route, requests)
        for route in demanding
    ]
    decisions = decide_all(engine, questions)
    return {
        route.key for route, decision in zip(demanding, decisions, strict=True) if decision["allow"]
    }


def _drop_covered(
    engine: Engine,
    routes: Sequence[BundleRoute],
    granted: Sequence[BundleRoute],
    patterns: Sequence[str],
    scope: Scope,
) -> list[str]:
    """Leave out what the others do as well: a required pattern can cover a required action."""
    requests = Requests(routes)
    matched = _match(engine, patterns, granted)
    kept = list(patterns)
    needed: set[str] = set()
    while True:
        # What is needed is needed with fewer others, too.
        asked = []
        for pattern in kept:
            if pattern not in needed:
                others = split_policies([each for each in kept if each != pattern])
                caller = make_caller(others, scope)
                concerned = [r for r in granted if matched[pattern].intersection(r.actions)]
                asked += [(pattern, caller.ask(route, requests)) for route in concerned]
        decisions = decide_all(engine, [question for _, question in asked])
        needed |= {
            pattern
            for (pattern, _), decision in zip(asked, decisions, strict=True)
            if not decision["allow"]
        }
        # One at a time: two that cover each other are not both too many.
        dropped = next((pattern for pattern in kept if pattern not in needed), None)
        if dropped is None:
            return kept
        kept.remove(dropped)


def _match(
    engine: Engine, patterns: Sequence[str], routes: Iterable[BundleRoute]
) -> dict[str, frozenset[str]]:
    """Find which of the actions of routes each pattern matches."""
    actions = {action for route in routes for action in route.actions}
    asked = [Pattern(0, (), "Allow", each) for each in patterns]
    return dict(zip(patterns, match_actions(engine, asked, actions), strict=True))


def _put_wildcards(
    engine: Engine,
    routes: Sequence[BundleRoute],
    actions: Sequence[str],
    required: Iterable[str],
) -> list[str]:
    """Put patterns in the place of actions, of which they match two and no documented others.

    What is `required` besides, and covered by other actions already, may be matched, too.
    """
    candidates = sorted({each for action in actions for each in _list_wildcards(action)})
    matched = _match(engine, candidates, routes)
    wanted = {action.lower() for action in required}
    left = {action.lower(): action for action in actions}
    fitting = {
        pattern: {action.lower() for action in found}
        for pattern, found in matched.items()
        if {action.lower() for action in found} <= wanted
    }
    kept: list[str] = []
    while fitting:
        best = max(fitting, key=lambda pattern: (len(fitting[pattern] & left.keys()), pattern))
        stands_for = fitting.pop(best) & left.keys()
        if len(stands_for) < 2:  # noqa: PLR2004  what it has to stand for at least
            break
        kept.append(best)
        left = {name: action for name, action in left.items() if name not in stands_for}
    return sorted([*kept, *left.values()])


def _list_wildcards(action: str) -> Iterator[str]:
    """List what can stand for an action, and for others of its resource, or of its operation."""
    match action.split(":"):
        case [service, resource, operation] if "*" not in action:
            yield f"{service}:{resource}:*"
            yield f"{service}:*:{operation}"
        case _:
            pass


def _check_opened(granted: Sequence[BundleRoute], opened: Mapping[str, BundleRoute]) -> None:
    lost = [route.key for route in granted if route.key not in opened]
    if lost:
        raise ScopegateError(f"the policy that was made does not open {', '.join(lost)}")
