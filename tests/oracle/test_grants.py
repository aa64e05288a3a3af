"""The oracle's patterns and statements, held against the model's "Grants"."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import pytest

from tests.oracle.grants import Scope, fits, read_grants, verdict

ACTION = "evs:snapshots:get"

Json: TypeAlias = dict[str, Any]


@pytest.mark.parametrize(
    "pattern",
    [
        *(ACTION, "EVS:Snapshots:GET", "*", "**", "*:*", "*:*:Get*", "evs:snapshots:*", "evs:*"),
        *("e*s*t", "*snap*", "evs:snapshots:g*et", "evs:snapshots:get*", "*evs:snapshots:get"),
    ],
)
def test_a_star_is_any_text_and_case_is_ignored(pattern: str) -> None:
    assert fits(pattern, ACTION)


@pytest.mark.parametrize(
    "pattern",
    [
        *("evs:snapshots:ge", "vs:snapshots:get", "iam:*:get*", "*:list", "evs:snapshots:get*t"),
        *("evs:snapshots:ge?", "evs:snapshots:[g]et", "{evs:snapshots:get}", "evs.snapshots.get"),
        *("\\*", "evs:snapshots:*\\", "*get*get*", "get*evs", ""),
    ],
)
def test_nothing_else_is_special(pattern: str) -> None:
    assert not fits(pattern, ACTION)


def verdict_of(*statements: Mapping[str, object], **policy: object) -> str:
    grants = [
        {
            "scope": {"all_resources": True},
            "policies": [{"Version": "1.1", "Statement": list(statements), **policy}],
        }
    ]
    return verdict(ACTION, read_grants(grants, P1))


def test_a_deny_ends_it_else_an_allow() -> None:
    allow, deny = {"Effect": "Allow", "Action": ["*"]}, {"Effect": "Deny", "Action": [ACTION]}
    other = {"Effect": "Deny", "Action": ["evs:snapshots:list"]}
    assert verdict_of(allow) == "allowed"
    assert verdict_of(allow, deny) == "denied"
    assert verdict_of(deny) == "denied"
    assert verdict_of(other, allow) == "allowed"
    assert verdict_of(other) == "not granted"


@pytest.mark.parametrize(
    "member",
    [
        {"Condition": {}},
        {"Resource": []},
        {"Resource": ["*", "*"]},
        {"Resource": ["evs:*:*:volume:*"]},
        {"Resource": {"uri": ["*"]}},
    ],
)
def test_what_is_not_evaluated_fails_closed(member: dict[str, object]) -> None:
    assert verdict_of({"Effect": "Allow", "Action": ["*"], **member}) == "not granted"
    assert verdict_of({"Effect": "Deny", "Action": [ACTION], **member}) == "denied"
    assert verdict_of({"Effect": "Deny", "Action": ["x:*"], **member}) == "not granted"


def test_a_not_action_grants_nothing_and_denies_everything() -> None:
    assert verdict_of({"Effect": "Allow", "NotAction": ["x:*"]}) == "not granted"
    assert verdict_of({"Effect": "Deny", "NotAction": [ACTION]}) == "denied"


GUEST, VISITOR = ({"catalog": "BASE", "display_name": name} for name in ("Guest", "Visitor"))


def test_a_role_without_what_it_depends_on_fails_closed() -> None:
    allow, deny = {"Effect": "Allow", "Action": ["*"]}, {"Effect": "Deny", "Action": [ACTION]}
    assert verdict_of(allow, Depends=[]) == "allowed"
    without: tuple[list[Json], ...] = ([{}], [GUEST])
    for depends in without:
        assert verdict_of(allow, Depends=depends) == "not granted"
        assert verdict_of(deny, Depends=depends) == "denied"


P1: Scope = ("iam_project", "p1")


@pytest.mark.parametrize(
    ("role_at", "others_at", "token", "others", "found"),
    [
        (P1, P1, P1, [GUEST], True),
        (P1, ("all_resources", True), P1, [GUEST], True),
        (("all_resources", True), P1, P1, [GUEST], True),
        (("all_resources", True), ("iam_project", "p2"), P1, [GUEST], False),
        (("all_resources", True), ("domain", "d1"), ("domain", "d1"), [GUEST], True),
        (P1, ("domain", "d1"), P1, [GUEST], False),
        (P1, ("iam_project", "p2"), P1, [GUEST], False),
        (P1, P1, P1, [VISITOR], False),
        (P1, P1, P1, [GUEST | {"catalog": "EVS"}], False),
        (P1, P1, P1, [GUEST | {"Depends": [VISITOR]}], False),
        (P1, P1, P1, [GUEST | {"Depends": [VISITOR]}, VISITOR], True),
        (P1, P1, P1, [GUEST | {"Depends": [VISITOR]}, VISITOR | {"Depends": [GUEST]}], False),
        (P1, P1, P1, [GUEST, GUEST | {"Depends": [VISITOR]}], False),
    ],
)
def test_a_role_takes_effect_beside_what_it_depends_on(
    role_at: Scope, others_at: Scope, token: Scope, others: list[Json], *, found: bool
) -> None:
    document = {"Version": "1.0", "Statement": [{"Effect": "Allow", "Action": ["x"]}]}
    role = {**document, "Depends": [GUEST]}
    grants = [
        {"scope": dict([role_at]), "policies": [role]},
        {"scope": dict([others_at]), "policies": [document | other for other in others]},
    ]
    (first, _) = read_grants(grants, token)
    assert first.statements[0].not_evaluated == (() if found else ("Depends",))


def test_a_resource_of_everything_is_evaluated() -> None:
    assert verdict_of({"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}) == "allowed"


def test_the_members_that_are_not_evaluated_are_named() -> None:
    statement = {"Effect": "Deny", "NotAction": ["x"], "Condition": {}, "Resource": ["y"]}
    policy = {"Version": "1.0", "Depends": [GUEST], "Statement": [statement]}
    (grant,) = read_grants([{"scope": {"domain": "d1"}, "policies": [policy]}], P1)
    assert grant.statements[0].not_evaluated == ("Condition", "Depends", "NotAction", "Resource")
