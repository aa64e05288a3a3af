"""The oracle's form of an input, held against the model's "The input"."""

import json
import re
from typing import Any

import pytest

from tests.oracle import ABSENT, Given, find_faults, names_a_fault

EXAMPLE = """{
  "request":  {"method": "POST", "path": "/v2/p1/snapshots", "service": "evs",
               "host": "evs.example.com", "query": {"k": ["v"]}, "body": {}},
  "subject":  {"id": "u1", "account_owner": false, "project_id": "p1",
               "grants": [{"scope": {"iam_project": "p1"},
                           "policies": [{"name": "reader", "Version": "1.1",
                                         "Statement": [{"Effect": "Allow",
                                                        "Action": ["evs:*:get"]}]}]}]},
  "resource": {"enterprise_project_id": "e1"}
}"""
SCOPE = "subject.grants[0].scope"
POLICY = "subject.grants[0].policies[0]"
STATEMENT = f"{POLICY}.Statement[0]"


def example() -> dict[str, Any]:
    given: dict[str, Any] = json.loads(EXAMPLE)
    return given


def faults_where(member: str, value: object = ABSENT) -> list[str]:
    """The faulty members of the example with another value at a member; ABSENT removes it."""
    given: Any = example()
    *before, last = (int(name) if name.isdigit() else name for name in re.findall(r"\w+", member))
    at = given
    for name in before:
        at = at[name]
    if value is ABSENT:
        del at[last]
    else:
        at[last] = value
    return [fault.member for fault in find_faults(given)]


def test_the_example_is_well_formed() -> None:
    assert find_faults(example()) == []


def test_only_these_are_required() -> None:
    given: Any = {"request": {"method": "GET", "path": "/"}, "subject": {"domain_id": "d1"}}
    assert find_faults(given) == []


@pytest.mark.parametrize("given", [ABSENT, None, True, 1, "x", []])
def test_an_input_is_an_object(given: Given) -> None:
    assert [fault.member for fault in find_faults(given)] == ["input"]


@pytest.mark.parametrize(
    "member",
    [
        *("request", "request.method", "request.path", "subject", SCOPE),
        *("subject.grants[0].policies", f"{POLICY}.Version", f"{POLICY}.Statement"),
        f"{STATEMENT}.Effect",
    ],
)
def test_a_required_member_is_named_when_it_is_missing(member: str) -> None:
    assert faults_where(member) == [member]


@pytest.mark.parametrize(
    "member",
    [
        *("request.service", "request.host", "request.query", "request.body", "resource"),
        *("resource.enterprise_project_id", "subject.id", "subject.account_owner"),
        *("subject.grants", f"{POLICY}.name"),
    ],
)
def test_everything_else_may_be_absent(member: str) -> None:
    assert faults_where(member) == []


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("request", None),
        ("request.method", 1),
        ("request.path", ["/"]),
        ("request.service", None),
        ("request.host", 1),
        ("request.query", None),
        ("request.query", {"k": "v"}),
        ("request.query", {"k": [1]}),
        ("request.query", {"a;b": []}),
        ("request.query", {"a": [";"]}),
        ("request.query", {"enterprise_project_id": ["", "e1"]}),
        ("subject", []),
        ("subject.id", ""),
        ("subject.account_owner", 0),
        ("subject.account_owner", None),
        ("subject.project_id", ""),
        ("subject.project_id", None),
        ("subject.grants", {}),
        ("subject.grants[0]", None),
        (SCOPE, {}),
        (SCOPE, {"iam_project": ""}),
        (SCOPE, {"all_resources": False}),
        (SCOPE, {"all_resources": 1}),
        (SCOPE, {"domain": "d1", "iam_project": "p1"}),
        (SCOPE, {"project": "p1"}),
        (SCOPE, {"iam_project": "p1", "x": 1}),
        ("subject.grants[0].policies", {}),
        (f"{POLICY}.name", None),
        (f"{POLICY}.Version", "2.0"),
        (f"{POLICY}.Version", 1.1),
        (f"{POLICY}.Statement", []),
        (f"{POLICY}.Depends", {}),
        (f"{STATEMENT}.Effect", "allow"),
        (f"{STATEMENT}.Action", []),
        (f"{STATEMENT}.Action", "evs:*:get"),
        (f"{STATEMENT}.Resource", "*"),
        (f"{STATEMENT}.Resource", [1]),
        (f"{STATEMENT}.Resource", {"uri": "x"}),
        (f"{STATEMENT}.Resource", {"uri": [], "x": 1}),
        (f"{STATEMENT}.Condition", []),
        (f"{STATEMENT}.Sid", "unknown in a statement"),
        ("resource", None),
        ("resource.enterprise_project_id", ""),
    ],
)
def test_what_is_there_has_its_type(member: str, value: object) -> None:
    assert faults_where(member, value) == [member]


@pytest.mark.parametrize("action", ["", " ", "a b", "é", "\x7f", "a\n", 1, None])
def test_an_action_is_printable_ascii(action: object) -> None:
    assert faults_where(f"{STATEMENT}.Action", ["*", action]) == [f"{STATEMENT}.Action[1]"]


def test_a_role_depends_on_objects() -> None:
    assert faults_where(f"{POLICY}.Depends", ["Tenant Guest"]) == [f"{POLICY}.Depends[0]"]


@pytest.mark.parametrize("body", [None, 1, [], "", {"os-extend": {}}])
def test_a_body_is_any_json(body: object) -> None:
    assert faults_where("request.body", body) == []


@pytest.mark.parametrize("uris", [[], ["*"], ["/iam/agencies/a"]])
def test_an_agency_policy_has_uris(uris: list[str]) -> None:
    assert faults_where(f"{STATEMENT}.Resource", {"uri": uris}) == []


@pytest.mark.parametrize(
    "member", ["x", "request.x", "subject.x", "subject.grants[0].x", f"{POLICY}.x", "resource.x"]
)
def test_unknown_members_are_ignored_outside_scopes_and_statements(member: str) -> None:
    assert faults_where(member, None) == []


def test_a_token_is_of_one_project_or_one_domain() -> None:
    both = ["subject.project_id", "subject.domain_id"]
    assert faults_where("subject.project_id") == both
    assert faults_where("subject.domain_id", "d1") == both


def test_a_statement_has_an_action_or_a_not_action() -> None:
    both = [f"{STATEMENT}.Action", f"{STATEMENT}.NotAction"]
    assert faults_where(f"{STATEMENT}.Action") == both
    assert faults_where(f"{STATEMENT}.NotAction", ["x"]) == both


def test_the_query_stands_in_one_place() -> None:
    assert faults_where("request.path", "/v2/p1/snapshots?") == ["request.query"]
    given = example()
    del given["request"]["query"]
    given["request"]["path"] += "?enterprise_project_id=e1&enterprise_project_id=e1"
    assert find_faults(given) == []
    given["request"]["path"] += "&enterprise_project_id=e2"
    assert [fault.member for fault in find_faults(given)] == ["request.query"]


def test_a_message_names_a_faulty_member() -> None:
    given = example()
    given["subject"]["grants"][0]["scope"] = {"iam_project": ""}
    faults = find_faults(given)
    assert names_a_fault("subject.grants[0].scope is not a scope", faults)
    assert names_a_fault("expected text at subject.grants[0].scope.iam_project", faults)
    assert not names_a_fault("subject.grants[0] is malformed", faults)
    assert not names_a_fault("subject.grants[0].scopes is malformed", faults)
    assert not names_a_fault("malformed", faults)
    assert not names_a_fault("resource.subject.grants[0].scope", faults)
    assert names_a_fault("input: expected an object", find_faults(None))
    assert names_a_fault("request.method is missing.", find_faults(example() | {"request": {}}))
