"""What there is to say of identities that are in order."""

import re
from typing import Any

import pytest

from scopegate.identity.findings import Finding, find_findings
from scopegate.identity.limits import check_limits
from scopegate.identity.model import Identities, Policy
from scopegate.identity.reach import matches
from scopegate.routes.build import build_routes
from tests.identity.made import Json, make_statement
from tests.routes.made import NO, UNKNOWN, make_row, make_table

ROUTES, _ = build_routes(
    [
        make_table(
            make_row("GET /v1/{project_id}/a", actions="x:a:Get"),
            make_row("GET /v1/{project_id}/b", actions="x:b:get x:a:get", enterprise=NO),
            make_row("GET /v1/c", actions="x:c:get", iam=NO, enterprise=UNKNOWN),
            make_row("GET /v1/{project_id}/d", actions="x:d:get", iam=UNKNOWN, enterprise=UNKNOWN),
        )
    ]
)
PROJECT = {"iam_project": "p1"}
ALL = {"all_resources": True}


def make_policy(*statements: Json, **more: Json) -> Policy:
    policy = Policy(
        name="n",
        catalog="BASE",
        display_name="Role",
        Version="1.1",
        Statement=list(statements) or [make_statement(Action=["x:a:get"])],
    )
    return policy | more  # type: ignore[return-value]


def find(
    policies: dict[str, Policy],
    *,
    subjects: dict[str, Any] | None = None,
    groups: dict[str, Any] | None = None,
) -> list[Finding]:
    identities = Identities(
        subjects=subjects or {}, groups=groups or {}, policies=policies, enterprise_projects={}
    )
    return find_findings(identities, ROUTES)


def grant(scope: Json, *policies: str) -> dict[str, Any]:
    return {"scope": scope, "policies": list(policies)}


def find_at(scope: Json, policy: Policy) -> list[tuple[str, str]]:
    found = find({"r": policy}, subjects={"u": {"grants": [grant(scope, "r")]}})
    return [(finding.code, finding.place) for finding in found]


def test_an_ordinary_grant_is_no_finding() -> None:
    assert find_at(PROJECT, make_policy(make_statement(Action=["x:a:get"], Resource=["*"]))) == []


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({"Effect": "Allow", "Action": ["*"], "Condition": {}}, "Condition: .* allows nothing"),
        ({"Effect": "Allow", "Action": ["*"], "Resource": []}, "Resource: .* allows nothing"),
        ({"Effect": "Allow", "NotAction": ["a"]}, "NotAction: .* allows nothing"),
        ({"Effect": "Deny", "NotAction": ["a"]}, "NotAction: .* denies everything"),
        (
            {"Effect": "Deny", "Action": ["*"], "Condition": {}, "Resource": {"uri": []}},
            "Condition and Resource: .* denies all that its actions match",
        ),
    ],
)
def test_what_is_not_evaluated_is_found(statement: Json, message: str) -> None:
    policy = make_policy(make_statement(Action=["x:a:get"]), statement)
    [found] = find({"r": policy}, groups={"g": {"grants": [grant(ALL, "r")]}})
    assert (found.code, found.place) == ("not-evaluated", "Statement[1]")
    assert re.fullmatch(message, found.message)
    assert [each.to_json() for each in found.grants] == [{"group": "g", "scope": ALL}]


@pytest.mark.parametrize(
    ("scope", "action", "expected"),
    [
        (PROJECT, "x:a:get", None),
        (PROJECT, "X:A:GET", None),
        (PROJECT, "x:c:get", "scope-unsupported"),
        (PROJECT, "x:d:*", None),
        (PROJECT, "y:*", "no-documented-action"),
        (ALL, "x:c:get", None),
        ({"domain": "d1"}, "x:a:get", "scope-unsupported"),
        ({"domain": "d1"}, "x:c:get", None),
        ({"enterprise_project": "e1"}, "x:a:get", None),
        ({"enterprise_project": "e1"}, "x:b:get", "scope-unsupported"),
        ({"enterprise_project": "e1"}, "x:d:get", "scope-unsupported"),
        ({"enterprise_project": "e1"}, "*", None),
    ],
)
def test_a_grant_without_effect_is_found(scope: Json, action: str, expected: str | None) -> None:
    found = find_at(scope, make_policy(make_statement(Effect="Deny", Action=[action])))
    assert found == ([(expected, "")] if expected else [])


def test_what_is_not_named_may_be_any_action() -> None:
    found = find_at(PROJECT, make_policy({"Effect": "Deny", "NotAction": ["x:a:get"]}))
    assert [code for code, _ in found] == ["not-evaluated"]


def test_findings_are_sorted_by_policy() -> None:
    roles = {
        "a": make_policy(Depends=[{"catalog": "BASE", "display_name": "Guest"}]),
        "b": make_policy(make_statement(Action=["y:*"])),
    }
    found = find(roles, subjects={"u": {"grants": [grant(PROJECT, "a", "b")]}})
    assert [(each.policy, each.code) for each in found] == [
        ("a", "depends-not-met"),
        ("b", "no-documented-action"),
    ]


def test_only_the_grants_without_effect_are_listed() -> None:
    grants = [grant(PROJECT, "r"), grant({"enterprise_project": "e1"}, "r")]
    policy = make_policy(make_statement(Action=["x:b:get"]))
    [found] = find({"r": policy}, subjects={"u": {"grants": grants}})
    assert [each.to_json() for each in found.grants] == [
        {"subject": "u", "scope": {"enterprise_project": "e1"}}
    ]


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("a:b", "a:b", True),
        ("a:b", "a:bc", False),
        ("*", "", True),
        ("a*", "a", True),
        ("a*a", "a", False),
        ("a*b*c", "axbyc", True),
        ("a*b*c", "acb", False),
        ("a*b*c", "ac", False),
        ("a*b", "ac", False),
        ("*b*", "abc", True),
        ("*bc*bc", "abc", False),
        ("*bc*bc", "abcbc", True),
        ("?", "a", False),
        ("[a]", "a", False),
        ("*a" * 2000 + "b", "a" * 2000, False),
    ],
)
def test_patterns(pattern: str, action: str, expected: bool) -> None:  # noqa: FBT001
    assert matches(pattern, action) is expected


GUEST = make_policy(display_name="Guest")
BASE = make_policy(display_name="Base", Depends=[{"catalog": "BASE", "display_name": "Guest"}])
ADMIN = make_policy(display_name="Admin", Depends=[{"catalog": "BASE", "display_name": "Base"}])
ROLES = {"guest": GUEST, "base": BASE, "admin": ADMIN}


def find_lacking(**identities: Json) -> list[tuple[str, str, list[Any]]]:
    return [
        (found.policy, found.message, [each.to_json() for each in found.grants])
        for found in find(ROLES, **identities)
        if found.code == "depends-not-met"
    ]


@pytest.mark.parametrize(
    ("grants", "lacking"),
    [
        ([grant(PROJECT, "base", "guest")], []),
        ([grant(PROJECT, "base"), grant(ALL, "guest")], []),
        ([grant(ALL, "base", "guest")], []),
        ([grant(PROJECT, "admin", "base", "guest")], []),
        ([grant(PROJECT, "base")], ["Guest (BASE)"]),
        ([grant(PROJECT, "base"), grant({"iam_project": "p2"}, "guest")], ["Guest (BASE)"]),
        ([grant(ALL, "base"), grant(PROJECT, "guest")], ["Guest (BASE)"]),
        ([grant(PROJECT, "admin")], ["Base (BASE)"]),
        ([grant(PROJECT, "admin", "base")], ["Guest (BASE)", "Guest (BASE)"]),
    ],
)
def test_a_role_needs_those_that_it_names_in_the_same_place(
    grants: list[Any], lacking: list[str]
) -> None:
    found = find_lacking(subjects={"u": {"grants": grants}})
    assert [message for _, message, _ in found] == [
        f"takes no effect without {names} in the same place" for names in lacking
    ]


def test_what_a_group_lacks_its_members_can_have_elsewhere() -> None:
    groups = {
        "admins": {"grants": [grant(PROJECT, "base")]},
        "guests": {"grants": [grant(PROJECT, "guest")]},
    }
    subjects: dict[str, Any] = {
        "u1": {"groups": ["admins", "guests"]},
        "u2": {"groups": ["admins"], "grants": [grant(PROJECT, "guest")]},
    }
    assert find_lacking(subjects=subjects, groups=groups) == []
    subjects["u3"] = {"groups": ["admins"]}
    [(_, _, grants)] = find_lacking(subjects=subjects, groups=groups)
    assert grants == [{"group": "admins", "scope": PROJECT, "members": ["u3"]}]
    [(_, _, grants)] = find_lacking(subjects={"u3": subjects["u3"]}, groups=groups)
    assert grants == [{"group": "admins", "scope": PROJECT}]
    [(_, _, grants)] = find_lacking(groups=groups)
    assert grants == [{"group": "admins", "scope": PROJECT}]


def test_a_circle_in_a_bundle_by_another_hand_ends() -> None:
    roles = {
        "a": make_policy(display_name="A", Depends=[{"catalog": "BASE", "display_name": "B"}]),
        "b": make_policy(display_name="B", Depends=[{"catalog": "BASE", "display_name": "A"}]),
    }
    assert find(roles, subjects={"u": {"grants": [grant(PROJECT, "a", "b")]}}) == []


DEPENDS = [{"catalog": "BASE", "display_name": str(n)} for n in range(21)]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (make_policy(*[make_statement()] * 9), [("IAM.1028", "Statement")]),
        (make_policy(make_statement(Action=["a"] * 101)), [("IAM.1033", "Statement[0].Action")]),
        (
            make_policy({"Effect": "Deny", "NotAction": ["a"] * 101}),
            [("IAM.1033", "Statement[0].NotAction")],
        ),
        (
            make_policy(make_statement(Action=["a", "b" * 129])),
            [("IAM.1034", "Statement[0].Action[1]")],
        ),
        (make_policy(make_statement(Resource=["r"] * 11)), [("IAM.1040", "Statement[0].Resource")]),
        (
            make_policy(make_statement(Resource={"uri": ["r"] * 11})),
            [("IAM.1040", "Statement[0].Resource")],
        ),
        (
            make_policy(
                make_statement(
                    Condition={
                        "Bool": {f"k{n}": ["true"] for n in range(6)},
                        "Null": {f"k{n}": ["true"] for n in range(5)},
                    }
                )
            ),
            [("IAM.1050", "Statement[0].Condition")],
        ),
        (
            make_policy(make_statement(Condition={f"o{n}": [] for n in range(11)})),
            [("IAM.1050", "Statement[0].Condition")],
        ),
        (make_policy(Depends=DEPENDS), [("IAM.1058", "Depends")]),
        (make_policy(make_statement(Resource=["r" * 6200])), [("IAM.1021", "")]),
        # At the limits.
        (make_policy(*[make_statement()] * 8, Depends=DEPENDS[:20]), []),
        (make_policy(make_statement(Action=["b" * 128] + ["a"] * 99, Resource=["r"] * 10)), []),
    ],
)
def test_limits(policy: Policy, expected: list[tuple[str, str]]) -> None:
    assert [(code, place) for code, place, _ in check_limits(policy)] == expected


def test_the_characters_of_a_policy_are_those_of_its_json_without_blanks() -> None:
    empty = (
        '{"Version":"1.1","Statement":[{"Effect":"Allow","Action":["evs:*:get"],"Resource":[""]}]}'
    )
    fitting = "页" * (6144 - len(empty))
    assert list(check_limits(make_policy(make_statement(Resource=[fitting])))) == []
    [found] = check_limits(make_policy(make_statement(Resource=[f"{fitting}页"])))
    assert found == ("IAM.1021", "", "6,145 characters, and at most 6,144 are allowed")


def test_limits_are_for_custom_policies_granted_or_not() -> None:
    statements = [make_statement(Action=["x:a:get"])] * 9
    assert find({"r": make_policy(*statements)}) == []
    [found] = find({"r": make_policy(*statements, catalog="CUSTOMED")})
    assert (found.code, found.grants) == ("IAM.1028", ())
