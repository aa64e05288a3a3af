"""Grants and what they give: "Grants" and "The order of evaluation" of the model."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Scope: TypeAlias = tuple[str, str | bool]
"""(`iam_project`, "p1"), (`all_resources`, True) …."""

Verdict: TypeAlias = Literal["allowed", "denied", "not granted"]


@dataclass(frozen=True)
class Statement:
    """One statement of one policy of one grant, and its place among them."""

    grant: int
    policy: int
    number: int
    effect: str
    patterns: tuple[str, ...] | None
    """The action patterns; None for a `NotAction`, which is taken to match everything."""
    not_evaluated: tuple[str, ...]
    """The members for which the statement fails closed."""

    def matches(self, action: str) -> bool:
        """Whether the statement is about an action."""
        return self.patterns is None or any(fits(pattern, action) for pattern in self.patterns)

    def allows(self, action: str) -> bool:
        """As Allow, a statement that is not evaluated grants nothing."""
        return self.effect == "Allow" and not self.not_evaluated and self.matches(action)

    def denies(self, action: str) -> bool:
        """As Deny, a statement that is not evaluated denies what its actions match."""
        return self.effect == "Deny" and self.is_about(action)

    def is_about(self, action: str) -> bool:
        """Whether it matters to an action. A Deny does to a pattern of which it denies a part."""
        return self.matches(action) or (
            self.effect == "Deny"
            and "*" in action
            and any(meet(pattern.lower(), action.lower()) for pattern in self.patterns or ())
        )


@dataclass(frozen=True)
class Grant:
    """Policies given at a scope."""

    scope: Scope
    statements: tuple[Statement, ...]


def read_grants(grants: list[dict[str, Any]], token: Scope) -> tuple[Grant, ...]:
    """The grants of a well-formed input, whose token is scoped to one project or domain."""
    return tuple(
        Grant(
            scope=read_scope(grant),
            statements=tuple(
                read_statement(statement, (g, p, s), has_its_roles=has_its_roles(policy, beside))
                for beside in [roles_beside(read_scope(grant), grants, token)]
                for p, policy in enumerate(grant["policies"])
                for s, statement in enumerate(policy["Statement"])
            ),
        )
        for g, grant in enumerate(grants)
    )


def read_scope(grant: dict[str, Any]) -> Scope:
    scope: Scope = next(iter(grant["scope"].items()))
    return scope


def roles_beside(scope: Scope, grants: list[dict[str, Any]], token: Scope) -> list[dict[str, Any]]:
    """The roles that are granted in the same project as one at a scope."""
    everywhere: Scope = ("all_resources", True)
    beside = {scope, token if scope == everywhere else everywhere}
    return [
        policy for grant in grants if read_scope(grant) in beside for policy in grant["policies"]
    ]


def has_its_roles(
    policy: dict[str, Any], beside: list[dict[str, Any]], above: tuple[object, ...] = ()
) -> bool:
    """Whether all the roles that one depends on are there and take effect.

    `above` are those on the way to it: a circle of them takes no effect.
    """
    for needed in policy.get("Depends", []):
        name = (needed.get("catalog"), needed.get("display_name"))
        found = [
            role
            for role in beside
            if "catalog" in role
            and "display_name" in role
            and (role["catalog"], role["display_name"]) == name
        ]
        if not found or name in above:
            return False
        if not all(has_its_roles(role, beside, (*above, name)) for role in found):
            return False
    return True


def read_statement(
    statement: dict[str, Any], place: tuple[int, int, int], *, has_its_roles: bool
) -> Statement:
    """A statement, with what in it (or, for `Depends`, around it) is not evaluated."""
    not_evaluated = {
        "Condition": "Condition" in statement,
        "Depends": not has_its_roles,
        "NotAction": "NotAction" in statement,
        "Resource": statement.get("Resource", ["*"]) != ["*"],
    }
    return Statement(
        *place,
        effect=statement["Effect"],
        patterns=tuple(statement["Action"]) if "Action" in statement else None,
        not_evaluated=tuple(sorted(member for member, used in not_evaluated.items() if used)),
    )


def fits(pattern: str, action: str) -> bool:
    """Whether a pattern matches: case is ignored, `*` is any text, nothing else is special."""
    first, *rest = pattern.lower().split("*")
    action = action.lower()
    if not rest:
        return action == first
    *middle, last = rest
    if not action.startswith(first):
        return False
    position = len(first)
    for part in middle:
        position = action.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return action.endswith(last) and position <= len(action) - len(last)


def meet(one: str, other: str) -> bool:
    """Whether there is a text that both patterns match, letter by letter."""
    reached = {(0, 0)}
    while reached:
        found = set()
        for i, j in reached:
            if i == len(one) and j == len(other):
                return True
            mine, theirs = one[i : i + 1], other[j : j + 1]
            if mine == "*":
                found.add((i + 1, j))
                found.update({(i, j + 1)} if theirs else ())
            if theirs == "*":
                found.add((i, j + 1))
                found.update({(i + 1, j)} if mine else ())
            if mine == theirs:
                found.add((i + 1, j + 1))
        reached = found
    return False


def verdict(action: str, grants: Iterable[Grant]) -> Verdict:
    """What one level says about an action: a matching Deny ends it, else a matching Allow."""
    statements = [statement for grant in grants for statement in grant.statements]
    if any(statement.denies(action) for statement in statements):
        return "denied"
    if any(statement.allows(action) for statement in statements):
        return "allowed"
    return "not granted"
