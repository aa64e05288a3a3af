"""What is odd about what people were granted, and who holds it where."""

from typing import Any

import pytest

from scopegate.identity.model import Identities, Policy
from scopegate.json_files.places import spell_path
from scopegate.live.asking import BundleEngine
from scopegate.policies.holdings import HeldFinding, find_held_findings
from scopegate.policies.routes import BundleRoute
from tests.identity.made import Json
from tests.policies.made import allow, deny

PROJECT = {"iam_project": "p1"}
ALL = {"all_resources": True}


class Finder:
    """Finds what there is to say of identities, by the made bundle."""

    def __init__(self, engine: BundleEngine, routes: list[BundleRoute]) -> None:
        self._asked = engine, routes

    def __call__(
        self,
        policies: dict[str, Policy],
        *,
        subjects: dict[str, Any] | None = None,
        groups: dict[str, Any] | None = None,
    ) -> list[HeldFinding]:
        identities = Identities(
            subjects=subjects or {}, groups=groups or {}, policies=policies, enterprise_projects={}
        )
        return find_held_findings(*self._asked, identities)


@pytest.fixture(scope="session")
def find(made: BundleEngine, made_routes: list[BundleRoute]) -> Finder:
    return Finder(made, made_routes)


def make_policy(*statements: Json, **more: Json) -> Policy:
    policy = Policy(
        name="n",
        catalog="BASE",
        display_name="Role",
        Version="1.1",
        Statement=list(statements) or [allow("x:a:get")],
    )
    return policy | more  # type: ignore[return-value]


def grant(scope: Json, *policies: str) -> dict[str, Any]:
    return {"scope": scope, "policies": list(policies)}


def test_an_ordinary_grant_is_no_finding(find: Finder) -> None:
    policy = make_policy(allow("x:a:get", Resource=["*"]))
    assert find({"r": policy}, subjects={"u": {"grants": [grant(PROJECT, "r")]}}) == []


def test_what_is_not_evaluated_is_told_with_who_holds_it(find: Finder) -> None:
    policy = make_policy(allow("x:a:get"), allow("x:b:get", Condition={}))
    [found] = find({"r": policy}, groups={"g": {"grants": [grant(ALL, "r")]}})
    assert (found.finding.code, spell_path(found.finding.keys)) == ("not-evaluated", "Statement[1]")
    assert [each.to_json() for each in found.grants] == [{"group": "g", "scope": ALL}]


@pytest.mark.parametrize(
    ("scope", "action", "expected"),
    [
        (PROJECT, "x:a:get", None),
        (PROJECT, "X:A:GET", None),
        (PROJECT, "x:c:get", "no-effect"),
        (PROJECT, "x:d:*", None),
        (PROJECT, "z:*", "unknown-service"),
        (ALL, "x:c:get", None),
        ({"domain": "d1"}, "x:a:get", "no-effect"),
        ({"domain": "d1"}, "x:c:get", None),
        ({"enterprise_project": "e1"}, "x:a:get", None),
        ({"enterprise_project": "e1"}, "x:b:get", "no-effect"),
        ({"enterprise_project": "e1"}, "x:d:*", "no-effect"),
    ],
)
def test_a_grant_without_effect_is_found(
    scope: Json, action: str, expected: str | None, find: Finder
) -> None:
    policy = make_policy(allow(action))
    found = find({"r": policy}, subjects={"u": {"grants": [grant(scope, "r")]}})
    assert [each.finding.code for each in found] == ([expected] if expected else [])


def test_findings_are_sorted_by_policy(find: Finder) -> None:
    roles = {
        "a": make_policy(Depends=[{"catalog": "BASE", "display_name": "Guest"}]),
        "b": make_policy(allow("z:*")),
    }
    found = find(roles, subjects={"u": {"grants": [grant(PROJECT, "a", "b")]}})
    assert [(each.policy, each.finding.code) for each in found] == [
        ("a", "depends-not-met"),
        ("b", "unknown-service"),
    ]


def test_only_the_grants_without_effect_are_listed(find: Finder) -> None:
    grants = [grant(PROJECT, "r"), grant({"enterprise_project": "e1"}, "r")]
    [found] = find({"r": make_policy(allow("x:d:list"))}, subjects={"u": {"grants": grants}})
    assert [each.to_json() for each in found.grants] == [
        {"subject": "u", "scope": {"enterprise_project": "e1"}}
    ]


def test_what_holds_everywhere_is_told_once(find: Finder) -> None:
    policies = {"r": make_policy(allow("z:*")), "s": make_policy(deny("z:*"))}
    grants = [grant(PROJECT, "r", "s"), grant(ALL, "r"), grant({"iam_project": "p2"}, "r")]
    found = find(policies, subjects={"u": {"grants": grants}})
    assert [(each.policy, len(each.grants)) for each in found] == [("r", 3), ("s", 1)]


GUEST = make_policy(display_name="Guest")
BASE = make_policy(display_name="Base", Depends=[{"catalog": "BASE", "display_name": "Guest"}])
ADMIN = make_policy(display_name="Admin", Depends=[{"catalog": "BASE", "display_name": "Base"}])
ROLES = {"guest": GUEST, "base": BASE, "admin": ADMIN}


def find_lacking(find: Finder, **identities: Json) -> list[tuple[str, str, list[Any]]]:
    return [
        (found.policy, found.finding.message, [each.to_json() for each in found.grants])
        for found in find(ROLES, **identities)
        if found.finding.code == "depends-not-met"
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
        ([grant(PROJECT, "admin", "base")], ["Base (BASE)", "Guest (BASE)"]),
    ],
)
def test_a_role_needs_those_that_it_names_in_the_same_place(
    grants: list[Any], lacking: list[str], find: Finder
) -> None:
    found = find_lacking(find, subjects={"u": {"grants": grants}})
    assert [message for _, message, _ in found] == [
        f"takes no effect without {names} in the same place" for names in lacking
    ]


def test_what_a_group_lacks_its_members_can_have_elsewhere(find: Finder) -> None:
    groups = {
        "admins": {"grants": [grant(PROJECT, "base")]},
        "guests": {"grants": [grant(PROJECT, "guest")]},
    }
    subjects: dict[str, Any] = {
        "u1": {"groups": ["admins", "guests"]},
        "u2": {"groups": ["admins"], "grants": [grant(PROJECT, "guest")]},
    }
    assert find_lacking(find, subjects=subjects, groups=groups) == []
    subjects["u3"] = {"groups": ["admins"]}
    [(_, _, grants)] = find_lacking(find, subjects=subjects, groups=groups)
    assert grants == [{"group": "admins", "scope": PROJECT, "members": ["u3"]}]
    [(_, _, grants)] = find_lacking(find, subjects={"u3": subjects["u3"]}, groups=groups)
    assert grants == [{"group": "admins", "scope": PROJECT}]
    [(_, _, grants)] = find_lacking(find, groups=groups)
    assert grants == [{"group": "admins", "scope": PROJECT}]


def test_a_circle_in_a_bundle_by_another_hand_ends(find: Finder) -> None:
    roles = {
        "a": make_policy(display_name="A", Depends=[{"catalog": "BASE", "display_name": "B"}]),
        "b": make_policy(display_name="B", Depends=[{"catalog": "BASE", "display_name": "A"}]),
    }
    found = find(roles, subjects={"u": {"grants": [grant(PROJECT, "a", "b")]}})
    assert [each.finding.message for each in found] == [
        f"takes no effect without {name} (BASE) in the same place" for name in "BA"
    ]


def test_limits_are_for_custom_policies_granted_or_not(find: Finder) -> None:
    statements = [allow("x:a:get")] + [allow(f"z:{n}:get") for n in range(8)]
    assert find({"r": make_policy(*statements)}) == []
    [found] = find({"r": make_policy(*statements, catalog="CUSTOMED")})
    assert (found.finding.code, found.grants) == ("IAM.1028", ())
