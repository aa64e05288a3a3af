"""What is odd about policies that are in order: found by asking what a bundle makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from scopegate.documents.places import spell_path
from scopegate.identity.model import CUSTOM_CATALOG
from scopegate.policies.callers import PLACES, make_caller
from scopegate.policies.limits import LIMITS, check_limits
from scopegate.policies.opening import Class, Outcome, list_patterns, match_actions
from scopegate.policies.routes import Requests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scopegate.documents.places import Keys
    from scopegate.live.asking import Engine
    from scopegate.live.questions import Question, Scope
    from scopegate.policies.opening import Pattern
    from scopegate.policies.routes import BundleRoute

_COVERS: Final = """\
texts := {text | some text in input.texts}
answer := {text: data.scopegate.grants.matches(texts, {text}) | some text in texts}"""

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

_LACKING: Final = """\
answer := [found |
    some question in input.questions
    lacking := data.scopegate.grants.lacking_roles with input as question
    found := [[i, j, roles] | some [i, j], roles in lacking]
]"""

_READING: Final = ("GET", "HEAD")
_NEAR: Final = 0.6
_SHOWN: Final = 3


class Severity(StrEnum):
    """How bad a finding is: the vendor refuses it, it is hardly meant, or it is good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding, by its code; docs/policies.md has an example of each."""

    code: str
    severity: Severity
    summary: str


RULES: Final[Mapping[str, Rule]] = {
    rule.code: rule
    for rule in (
        Rule("unknown-action", Severity.WARNING, "An action that no documented route requires"),
        Rule("unknown-service", Severity.NOTE, "A pattern of a service that the bundle is not of"),
        Rule("matches-nothing", Severity.WARNING, "A pattern that matches no documented action"),
        Rule("covered", Severity.NOTE, "A pattern of which another one matches all"),
        Rule("denied-whole", Severity.WARNING, "An Allow that a Deny takes away whole"),
        Rule("no-effect", Severity.WARNING, "A pattern that is granted where it can't count"),
        Rule("companion-missing", Severity.WARNING, "An action that opens nothing without others"),
        Rule("too-broad", Severity.WARNING, "A pattern for all actions of a service"),
        Rule("not-evaluated", Severity.WARNING, "A statement with what is not evaluated"),
        Rule("depends-not-met", Severity.WARNING, "A role without the roles that it depends on"),
        *(Rule(code, Severity.ERROR, summary) for code, summary in LIMITS.items()),
    )
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a policy: `keys` lead to it in the document, `policy` is its number, from 0.

    `message` is a sentence, and `hint` what to do, which is empty where there is nothing to say.
    """

    code: str
    policy: int
    keys: Keys
    message: str
    hint: str = ""

    @property
    def severity(self) -> Severity:
        """How bad it is: that of its kind, and a note where a name may be of another table."""
        if self.code == "unknown-action" and not self.hint:
            return Severity.NOTE
        return RULES[self.code].severity


@dataclass(frozen=True, slots=True)
class _Judged:
    """A policy by itself: its patterns, what each speaks of, and what it comes to.

    `closed` are the numbers of the statements that fail closed, with why.
    """

    number: int
    policy: Mapping[str, Any]
    patterns: Sequence[tuple[Pattern, frozenset[str]]]
    outcomes: Sequence[Outcome]
    closed: Mapping[int, Sequence[str]]

    def list_allowing(self) -> list[tuple[Pattern, frozenset[str]]]:
        """List the patterns of statements that allow, and take effect."""
        return [
            (pattern, spoken_of)
            for pattern, spoken_of in self.patterns
            if pattern.effect == "Allow" and pattern.place[1] not in self.closed
        ]


def find_findings(
    engine: Engine,
    routes: Sequence[BundleRoute],
    policies: Sequence[Mapping[str, Any]],
    scope: Scope,
) -> list[Finding]:
    """Find what there is to say of policies that are granted at a scope, in their order.

    Each is judged by itself, and roles as if those that they depend on were granted; whether they
    are is told of all policies together.
    """
    actions = {action for route in routes for action in route.actions}
    patterns = list(list_patterns(policies))
    spoken_of = match_actions(engine, patterns, actions)
    covers = _find_covers(engine, [each.text for each in patterns], actions)
    judged = _judge(engine, routes, policies, scope, list(zip(patterns, spoken_of, strict=True)))
    services = _list_services(actions)
    findings = [
        *(each for one in judged for each in _find_unknown(one, actions, services, covers)),
        *(each for one in judged for each in _find_covered(one, covers)),
        *(each for one in judged for each in _find_denied(one)),
        *(each for one in judged for each in _find_ineffective(one, scope)),
        *(each for one in judged for each in _find_companions(one)),
        *(each for one in judged for each in _find_broad(one, services)),
        *(each for one in judged for each in _find_unevaluated(one)),
        *(
            each
            for number, policy in enumerate(policies)
            for each in find_beyond_limits(number, policy)
        ),
        *_find_dependents(engine, policies, scope),
    ]
    order = list(RULES)
    return sorted(findings, key=lambda each: (each.policy, order.index(each.code)))


def find_lacking(
    engine: Engine, questions: Sequence[Question]
) -> list[dict[tuple[int, int], list[str]]]:
    """Find the roles that take no effect, by the numbers of the grant and of the policy in it.

    For each question; what is told are the roles that each lacks: `Tenant Guest (BASE)`.
    """
    found = engine.query(_LACKING, {"questions": questions})
    return [
        {(i, j): sorted(f"{name} ({catalog})" for catalog, name in roles) for i, j, roles in each}
        for each in found
    ]


def describe_lacking(roles: Iterable[str]) -> str:
    """Say what comes of a role that lacks others."""
    return f"takes no effect without {', '.join(roles)} in the same place"


def _judge(
    engine: Engine,
    routes: Sequence[BundleRoute],
    policies: Sequence[Mapping[str, Any]],
    scope: Scope,
    patterns: Sequence[tuple[Pattern, frozenset[str]]],
) -> list[_Judged]:
    """Ask what each policy comes to by itself, at the routes that it speaks of."""
    requests = Requests(routes)
    alone = [
        make_caller([{name: policy[name] for name in policy if name != "Depends"}], scope)
        for policy in policies
    ]
    own = [
        [each for each in patterns if each[0].policy == number] for number in range(len(policies))
    ]
    asked = [
        (number, route)
        for number, policy in enumerate(policies)
        for route in _choose_routes(routes, policy, own[number])
    ]
    decisions = engine.decide_all([alone[number].ask(route, requests) for number, route in asked])
    outcomes: list[list[Outcome]] = [[] for _ in policies]
    for (number, route), decision in zip(asked, decisions, strict=True):
        outcomes[number].append(Outcome(route, decision))
    questions = [each.ask(routes[0], requests) for each in alone]
    closed = engine.query(_CLOSED, {"questions": questions})
    return [
        _Judged(
            number,
            policy,
            own[number],
            outcomes[number],
            {k: sorted(members) for _, _, k, members in closed[number]},
        )
        for number, policy in enumerate(policies)
    ]


def _choose_routes(
    routes: Sequence[BundleRoute],
    policy: Mapping[str, Any],
    patterns: Iterable[tuple[Pattern, frozenset[str]]],
) -> Sequence[BundleRoute]:
    if any("NotAction" in statement for statement in policy["Statement"]):
        return routes
    concerned = frozenset[str]().union(*(spoken_of for _, spoken_of in patterns))
    return [route for route in routes if concerned.intersection(route.actions)]


def _find_covers(
    engine: Engine, texts: Iterable[str], actions: Iterable[str]
) -> dict[str, frozenset[str]]:
    """Find which of the texts each pattern covers, of policies or among what tables require."""
    asked = {*texts, *(action for action in actions if "*" in action)}
    found = engine.query(_COVERS, {"texts": sorted(asked)})
    return {text: frozenset(covered) for text, covered in found.items()}


def _list_services(actions: Iterable[str]) -> dict[str, set[str]]:
    """Put actions by service, in lower case."""
    services: dict[str, set[str]] = {}
    for action in actions:
        services.setdefault(action.partition(":")[0].lower(), set()).add(action)
    return services


def _find_unknown(
    judged: _Judged,
    actions: set[str],
    services: Mapping[str, set[str]],
    covers: Mapping[str, frozenset[str]],
) -> Iterator[Finding]:
    """Find patterns that speak of no documented action."""
    required = [covers[action] for action in actions if "*" in action]
    for pattern, spoken_of in judged.patterns:
        text = pattern.text
        if spoken_of or any(text in covered for covered in required):
            continue
        service = text.partition(":")[0].lower()
        near = _find_near(text, actions)
        hint = f"did you mean {near}?" if near else ""
        if "*" not in service and service not in services and not near:
            message = f"{text}: the bundle documents no service {service}"
            yield Finding("unknown-service", judged.number, pattern.place, message)
        elif "*" in text:
            message = f"{text} matches no documented action"
            yield Finding("matches-nothing", judged.number, pattern.place, message, hint)
        else:
            message = f"no documented route requires {text}"
            yield Finding("unknown-action", judged.number, pattern.place, message, hint)


def _find_near(text: str, actions: Iterable[str]) -> str | None:
    """Find the action of which all parts but one are the same, and that one is spelt alike."""
    parts = text.lower().split(":")
    found: dict[str, float] = {}
    for action in sorted(actions):
        others = action.lower().split(":")
        differing = [pair for pair in zip(parts, others, strict=False) if pair[0] != pair[1]]
        if len(parts) == len(others) and len(differing) == 1:
            found[action] = SequenceMatcher(None, *differing[0]).ratio()
    best = max(found, key=lambda action: found[action], default=None)
    return best if best and found[best] >= _NEAR else None


def _find_covered(judged: _Judged, covers: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """Find patterns that add nothing to another one of the same effect."""
    patterns = [
        pattern
        for pattern, _ in judged.patterns
        if pattern.effect == "Deny" or pattern.place[1] not in judged.closed
    ]
    for index, pattern in enumerate(patterns):
        for number, other in enumerate(patterns):
            is_covered = pattern.text in covers[other.text]
            # Of two that cover each other the first is left in peace.
            is_mutual = other.text in covers[pattern.text] and number > index
            if number != index and other.effect == pattern.effect and is_covered and not is_mutual:
                message = f"{pattern.text} is covered by {other.text} at {spell_path(other.place)}"
                yield Finding(
                    "covered", judged.number, pattern.place, message, "it can be left out"
                )
                break


def _find_denied(judged: _Judged) -> Iterator[Finding]:
    """Find what is allowed and denied as well."""
    denied = {action for each in judged.outcomes for action in each.decision["denied"]}
    for pattern, spoken_of in judged.list_allowing():
        if spoken_of and spoken_of <= denied:
            message = f"{pattern.text} is allowed, and all that it matches is denied"
            yield Finding("denied-whole", judged.number, pattern.place, message)


def _find_ineffective(judged: _Judged, scope: Scope) -> Iterator[Finding]:
    """Find patterns that count at no route, where they are granted."""
    decisions = [each.decision for each in judged.outcomes]
    counting = {
        action
        for decision in decisions
        for name in ("granted", "denied")
        for action in decision[name]
    }
    vain = {each["action"] for decision in decisions for each in decision["ineffective"]}
    found = [
        pattern
        for pattern, spoken_of in judged.list_allowing()
        if spoken_of & vain and not spoken_of & counting
    ]
    for pattern in found:
        message = (
            f"{pattern.text} counts at no route that requires it, granted {PLACES[scope.kind]}"
        )
        hint = "grant it in an IAM project" if scope.kind != "iam_project" else ""
        yield Finding("no-effect", judged.number, pattern.place, message, hint)


def _find_companions(judged: _Judged) -> Iterator[Finding]:
    """Find actions that open nothing, since their routes require others, too."""
    opening = {
        action
        for each in judged.outcomes
        if each.kind is Class.OPENED
        for action in each.decision["required"]
    }
    for pattern, spoken_of in judged.list_allowing():
        partly = [
            each
            for each in judged.outcomes
            if each.kind is Class.PARTLY
            and (spoken_of & {*each.route.main_actions} & {*each.decision["granted"]}) - opening
        ]
        if partly:
            lacking = sorted({action for each in partly for action in each.decision["missing"]})
            shown = ", ".join(lacking[:_SHOWN]) + (", …" if len(lacking) > _SHOWN else "")
            more = f", nor for {len(partly) - 1} more" if len(partly) > 1 else ""
            message = f"{pattern.text} is not enough for {partly[0].route}{more}"
            hint = f"missing: {shown}"
            yield Finding("companion-missing", judged.number, pattern.place, message, hint)


def _find_broad(judged: _Judged, services: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Find patterns for whole services that open what changes something."""
    for pattern, spoken_of in judged.list_allowing():
        whole = [service for service, own in sorted(services.items()) if own <= spoken_of]
        if "*" not in pattern.text or not whole:
            continue
        writing = sum(
            each.kind is Class.OPENED
            and each.route.method not in _READING
            and bool(spoken_of.intersection(each.route.actions))
            for each in judged.outcomes
        )
        if writing:
            which = "everything" if len(whole) == len(services) else f"all of {', '.join(whole)}"
            message = f"{pattern.text} allows {which}; writing routes opened: {writing:,}"
            hint = "`scopegate policy needs` names what calls need"
            yield Finding("too-broad", judged.number, pattern.place, message, hint)


def _find_unevaluated(judged: _Judged) -> Iterator[Finding]:
    for k, members in judged.closed.items():
        statement = judged.policy["Statement"][k]
        message = f"{' and '.join(members)}: not evaluated, so it {_describe_closed(statement)}"
        yield Finding("not-evaluated", judged.number, ("Statement", k), message)


def _describe_closed(statement: Mapping[str, Any]) -> str:
    """Say what becomes of a statement that fails closed."""
    if statement["Effect"] == "Allow":
        return "allows nothing"
    return "denies everything" if "NotAction" in statement else "denies all that its actions match"


def find_beyond_limits(number: int, policy: Mapping[str, Any]) -> Iterator[Finding]:
    """Find what the vendor would refuse; its own roles and policies may be larger.

    `number` is that of the policy.
    """
    if policy.get("catalog", CUSTOM_CATALOG) == CUSTOM_CATALOG:
        for code, keys, message in check_limits(policy):
            yield Finding(code, number, keys, message)


def _find_dependents(
    engine: Engine, policies: Sequence[Mapping[str, Any]], scope: Scope
) -> Iterator[Finding]:
    """Find roles of which another policy is none that they depend on."""
    caller = make_caller(policies, scope)
    [lacking] = find_lacking(
        engine, [{"subject": {"project_id": caller.project, **caller.subject}}]
    )
    for (_, number), roles in sorted(lacking.items()):
        yield Finding("depends-not-met", number, ("Depends",), describe_lacking(roles))
