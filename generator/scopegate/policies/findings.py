"""What is odd about policies that are in order: found by asking what a bundle makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from scopegate.identity.model import CUSTOM_CATALOG
from scopegate.json_files.places import spell_path
from scopegate.policies.callers import PLACES, describe_place, make_caller
from scopegate.policies.judging import Judge, Judged
from scopegate.policies.limits import LIMITS, check_limits
from scopegate.policies.needs import find_ungrantable
from scopegate.policies.opening import Class, list_patterns, match_actions
from scopegate.policies.spelling import find_near

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from scopegate.json_files.places import Keys
    from scopegate.live.asking import Engine
    from scopegate.live.questions import Question, Scope
    from scopegate.policies.opening import Pattern
    from scopegate.policies.routes import BundleRoute

_COVERS: Final = """\
answer := [{text: data.scopegate.grants.matches(texts, {text}) | some text in texts} |
    some group in input.groups
    texts := {text | some text in group}
]"""

_TOUCHED: Final = """\
required := {action | some action in input.required}
answer := {text: data.scopegate.grants.touched_by(required, {text}) | some text in input.texts}"""

_LACKING: Final = """\
answer := [found |
    some question in input.questions
    lacking := data.scopegate.grants.lacking_roles with input as question
    found := [[i, j, roles] | some [i, j], roles in lacking]
]"""

_COLONS: Final = 2
_SHOWN: Final = 3
_MOST_COMPARED: Final = 800
"""Patterns of one effect that are held against each other: as many as the vendor's limits allow."""

_MADE_NAME: Final = "-"
"""The resource and the operation of an action that no service has."""


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
        if self.code in {"unknown-action", "matches-nothing"} and not self.hint:
            return Severity.NOTE
        return RULES[self.code].severity


def find_findings(
    engine: Engine,
    routes: Sequence[BundleRoute],
    policies: Sequence[Mapping[str, Any]],
    scope: Scope,
    *,
    groups: Sequence[object] | None = None,
) -> list[Finding]:
    """Find what there is to say of policies that are granted at a scope, in their order.

    Each is judged by itself, and roles as if those that they depend on were granted; whether they
    are is told of all of them together. Those with the same label in `groups` are parts of one:
    what an action needs besides may be in another part. Raises ScopegateError where the rules
    refuse them.
    """
    actions = {action for route in routes for action in route.actions}
    services = {action.partition(":")[0].lower() for action in actions}
    whole = {f"{service}:{_MADE_NAME}:{_MADE_NAME}": service for service in services}
    patterns = list(list_patterns(policies))
    spoken_of = match_actions(engine, patterns, actions | whole.keys())
    documented = [
        (pattern, spoken & actions) for pattern, spoken in zip(patterns, spoken_of, strict=True)
    ]
    judged = Judge(engine, routes, scope).judge(
        policies, documented, groups or range(len(policies))
    )
    touched = engine.query(
        _TOUCHED,
        {
            "required": [action for action in actions if "*" in action],
            "texts": [each.text for each in patterns],
        },
    )
    broad = {
        pattern: sorted(whole[each] for each in spoken & whole.keys())
        for pattern, spoken in zip(patterns, spoken_of, strict=True)
    }
    findings = [
        *(each for one in judged for each in _find_unknown(one, actions, services, touched)),
        *_find_covered(engine, judged),
        *(each for one in judged for each in _find_denied(one)),
        *_find_ineffective(engine, routes, judged, scope),
        *(each for one in judged for each in _find_companions(one)),
        *(each for one in judged for each in _find_broad(one, broad, len(services))),
        *(each for one in judged for each in _find_unevaluated(one)),
        *(
            each
            for number, policy in enumerate(policies)
            for each in find_beyond_limits(number, policy)
        ),
        *_find_dependents(engine, policies, scope),
    ]
    return sorted(findings, key=lambda each: (each.policy, each.keys))


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


def _find_unknown(
    judged: Judged,
    actions: set[str],
    services: Collection[str],
    touched: Mapping[str, Sequence[str]],
) -> Iterator[Finding]:
    """Find patterns that speak of no documented action."""
    for pattern, spoken_of in judged.patterns:
        text = pattern.text
        if spoken_of:
            continue
        code = "matches-nothing" if "*" in text else "unknown-action"
        says = (
            f"{text} matches no documented action"
            if "*" in text
            else f"no documented route requires {text}"
        )
        service = text.partition(":")[0].lower()
        near = find_near(text, actions)
        hint = f"did you mean {near}?" if near else ""
        if touched[text]:
            says += f", other than as a part of {min(touched[text])}"
            hint = ""
        elif "*" not in text and text.count(":") != _COLONS:
            hint = hint or "expected service:resource:operation"
        elif not near and "*" not in service and service not in services:
            code = "unknown-service"
            says = f"{text}: the bundle documents no service {service}"
        yield Finding(code, judged.number, pattern.place, says, hint)


def _find_covered(engine: Engine, judged: Iterable[Judged]) -> Iterator[Finding]:
    """Find patterns that add nothing to another one of the same policy and effect."""
    groups = [
        (one.number, [pattern for pattern, spoken_of in one.list_evaluated(effect) if spoken_of])
        for one in judged
        for effect in ("Allow", "Deny")
    ]
    compared = [each for each in groups if 1 < len(each[1]) <= _MOST_COMPARED]
    texts = [[pattern.text for pattern in patterns] for _, patterns in compared]
    covers = engine.query(_COVERS, {"groups": texts}) if texts else []
    for (number, patterns), of_group in zip(compared, covers, strict=True):
        covered_by = {text: set(covered) for text, covered in of_group.items()}
        for index, pattern in enumerate(patterns):
            other = next(_list_covering(index, patterns, covered_by), None)
            if other:
                message = f"{pattern.text} is covered by {other.text} at {spell_path(other.place)}"
                yield Finding("covered", number, pattern.place, message, "it can be left out")


def _list_covering(
    index: int, patterns: Sequence[Pattern], covered_by: Mapping[str, Collection[str]]
) -> Iterator[Pattern]:
    """List the patterns that cover one; of two that cover each other the first is left in peace."""
    own = patterns[index]
    for number, other in enumerate(patterns):
        is_covered = number != index and own.text in covered_by[other.text]
        is_mutual = other.text in covered_by[own.text]
        if is_covered and not (is_mutual and number > index):
            yield other


def _find_denied(judged: Judged) -> Iterator[Finding]:
    """Find what is allowed and denied as well, by statements that are evaluated."""
    denied = {action for each in judged.outcomes for action in each.decision["denied"]}
    denied &= {action for _, own in judged.list_evaluated("Deny") for action in own}
    for pattern, spoken_of in judged.list_evaluated("Allow"):
        if spoken_of and spoken_of <= denied:
            message = f"{pattern.text} is allowed, and what routes require of it is denied"
            yield Finding("denied-whole", judged.number, pattern.place, message)


def _find_ineffective(
    engine: Engine, routes: Sequence[BundleRoute], judged: Iterable[Judged], scope: Scope
) -> Iterator[Finding]:
    """Find patterns that count at no route, where they are granted, and where they would."""
    found = [
        (one, pattern, spoken_of)
        for one in judged
        for pattern, spoken_of in one.list_evaluated("Allow")
        if spoken_of & _list_vain(one) and not spoken_of & _list_counting(one)
    ]
    concerned = {
        each.route.key: each.route
        for one, _, spoken_of in found
        for each in one.outcomes
        if spoken_of.intersection(each.route.actions)
    }
    instead = {
        each.route.key: each.instead
        for each in find_ungrantable(engine, routes, list(concerned.values()), scope)
    }
    for one, pattern, spoken_of in found:
        places = [
            instead[each.route.key]
            for each in one.outcomes
            if spoken_of.intersection(each.route.actions) and each.route.key in instead
        ]
        place = next((each for each in places if each), None)
        where = PLACES[scope.kind]
        message = f"{pattern.text} counts at no route that requires it, granted {where}"
        hint = f"grant it {describe_place(place)}" if place else ""
        yield Finding("no-effect", one.number, pattern.place, message, hint)


def _list_vain(judged: Judged) -> set[str]:
    return {each["action"] for one in judged.outcomes for each in one.decision["ineffective"]}


def _list_counting(judged: Judged) -> set[str]:
    return {
        action
        for each in judged.outcomes
        for name in ("granted", "denied")
        for action in each.decision[name]
    }


def _find_companions(judged: Judged) -> Iterator[Finding]:
    """Find actions that open nothing, since their routes require others, too."""
    opening = {
        action
        for each in judged.outcomes
        if each.kind is Class.OPENED
        for action in each.decision["required"]
    }
    for pattern, spoken_of in judged.list_evaluated("Allow"):
        partly = [
            each
            for each in judged.outcomes
            if each.kind is Class.PARTLY
            and each.route.key not in judged.opened
            and (spoken_of & {*each.route.main_actions} & {*each.decision["granted"]}) - opening
        ]
        if partly:
            lacking = sorted({action for each in partly for action in each.decision["missing"]})
            shown = ", ".join(lacking[:_SHOWN]) + (", …" if len(lacking) > _SHOWN else "")
            more = f", nor for {len(partly) - 1} more" if len(partly) > 1 else ""
            message = f"{pattern.text} is not enough for {partly[0].route}{more}"
            hint = f"missing: {shown}"
            yield Finding("companion-missing", judged.number, pattern.place, message, hint)


def _find_broad(
    judged: Judged, broad: Mapping[Pattern, Sequence[str]], services: int
) -> Iterator[Finding]:
    """Find patterns for whole services, later actions too, that open what changes something."""
    for pattern, spoken_of in judged.list_evaluated("Allow"):
        whole = broad[pattern]
        writing = sum(
            each.kind is Class.OPENED
            and not each.route.is_reading
            and bool(spoken_of.intersection(each.route.actions))
            for each in judged.outcomes
        )
        if whole and writing:
            which = "everything" if len(whole) == services else f"all of {', '.join(whole)}"
            message = f"{pattern.text} allows {which}; writing routes opened: {writing:,}"
            hint = "`scopegate policy needs` names what calls need"
            yield Finding("too-broad", judged.number, pattern.place, message, hint)


def _find_unevaluated(judged: Judged) -> Iterator[Finding]:
    for k, members in judged.closed.items():
        message = describe_closed(judged.policy["Statement"][k], members)
        yield Finding("not-evaluated", judged.number, ("Statement", k), message)


def describe_closed(statement: Mapping[str, Any], members: Iterable[str]) -> str:
    """Say what becomes of a statement that fails closed, and because of which members."""
    if statement["Effect"] == "Allow":
        becomes = "allows nothing"
    elif "NotAction" in statement:
        becomes = "denies everything"
    else:
        becomes = "denies all that its actions match"
    *others, lacking = sorted(members, key=lambda member: member == "Depends")
    if lacking != "Depends":
        return f"{' and '.join([*others, lacking])}: not evaluated, so it {becomes}"
    also = f", and {' and '.join(others)}: not evaluated" if others else ""
    return f"Depends: not granted here{also}, so it {becomes}"


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
