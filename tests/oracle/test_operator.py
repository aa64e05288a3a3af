"""What the operator's data change, in the oracle: `docs/identity.md` sentence by sentence."""

from typing import Any

import pytest

from tests.oracle import Decision, Given, Operator, decide
from tests.oracle.test_decision import allow, ask, row

THINGS = "made:things:get"
TABLE = [
    row("GET /v1/things/{thing_id}", THINGS),
    row("GET /v1/things/{thing_id}/parts/{part_id}", THINGS),
    row("GET /v1/things/{thing_id}/keys/{key}", THINGS),
]
POLICY = {"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["*"]}]}
IDENTITY = {
    "subjects": {
        "u1": {"grants": [{"scope": {"all_resources": True}, "policies": ["r1"]}]},
        "u2": {"groups": ["g1"]},
        "u3": {},
        "root": {"account_owner": True},
    },
    "groups": {"g1": {"grants": [{"scope": {"iam_project": "p1"}, "policies": ["r1"]}]}},
    "policies": {"r1": POLICY},
    "enterprise_projects": {"thing_id": {"t1": "e1", "t2": "e2"}, "part_id": {"q1": "e1"}},
}
OPERATOR = Operator(config={"identities": True}, identity=IDENTITY)


def decide_for(operator: Operator, **subject: Any) -> str:  # noqa: ANN401  # JSON
    given: Given = {
        "request": {"method": "GET", "path": "/v1/things/t3"},
        "subject": {"project_id": "p1", **subject},
    }
    return str(decide(TABLE, given, "r1", operator)["reason"])


def test_a_subject_has_its_own_grants_and_its_groups() -> None:
    assert decide_for(OPERATOR, id="u1") == "allowed"
    assert decide_for(OPERATOR, id="u2") == "allowed"
    assert decide_for(OPERATOR, id="u3") == "action_not_granted"
    assert decide_for(OPERATOR, id="root") == "account_owner"
    assert decide_for(OPERATOR, id="unknown") == "action_not_granted"
    assert decide_for(OPERATOR) == "action_not_granted"


def test_where_identities_are_configured_an_input_brings_none() -> None:
    everything = [allow({"all_resources": True}, "*")]
    assert decide_for(OPERATOR, id="u1", grants=[]) == "malformed_request"
    assert decide_for(OPERATOR, grants=everything) == "malformed_request"
    assert decide_for(OPERATOR, id="u1", account_owner=True) == "malformed_request"
    assert decide_for(OPERATOR, id="u1", account_owner=False) == "allowed"
    assert decide_for(Operator(identity=IDENTITY), id="u3", grants=everything) == "allowed"
    assert decide_for(Operator(identity=IDENTITY), id="u3", grants=[]) == "action_not_granted"
    assert decide_for(Operator(identity=IDENTITY), id="u1") == "allowed"


def decide_on(path: str, **rest: Any) -> Decision:  # noqa: ANN401  # JSON
    given = ask(f"GET {path}", allow({"enterprise_project": "e1"}, "*"), **rest)
    return decide(TABLE, given, "r1", Operator(identity=IDENTITY))


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/v1/things/t1", "allowed"),
        ("/v1/things/t2", "action_not_granted"),
        ("/v1/things/t3", "enterprise_project_required"),
        ("/v1/things/t1/keys/k1", "allowed"),
        ("/v1/things/t1/parts/q1", "allowed"),
        ("/v1/things/t1/parts/q2", "enterprise_project_required"),
        ("/v1/things/t2/parts/q1", "enterprise_project_required"),
    ],
)
def test_resources_of_the_path_tell_the_enterprise_project(path: str, reason: str) -> None:
    assert decide_on(path)["reason"] == reason
    assert decide_on(path, resource="e1")["reason"] == "allowed"


@pytest.mark.parametrize(
    ("method", "path", "listed"),
    [
        ("GET", "/healthz", True),
        ("GET", "/healthz?a=b", True),
        ("POST", "/healthz", False),
        ("GET", "/healthz/", False),
        ("GET", "/healthz//", False),
        ("OPTIONS", "/", True),
        ("OPTIONS", "/v1/things/t1", True),
        ("PUT", "/in", True),
        ("PUT", "/in/side", True),
        ("PUT", "/inside", False),
        ("GET", "/v1/things/t1", False),
        ("GET", "/v1/things/t1/", False),
        ("GET", "/v1/things/t1/x", True),
        ("HEAD", "/v1/things/t1", False),
        ("HEAD", "/v1/nothing/t1", True),
        ("GET", "/v1/Things/t1", False),
        ("GET", "/v1/things.json/t1/", False),
        ("GET", "/v1/%20things/t1", False),
        ("GET", "/v1/thing.s/t1", False),
        ("GET", "/v1/%20/things/t1", False),
        ("GET", "/v1/things/t1/.json", False),
        ("GET", "/v1/nothing/.json", True),
        ("GET", "/v1/thing/t1", True),
        ("GET", 1, False),
    ],
)
def test_the_operator_lets_through_what_is_documented_nowhere(
    method: str, path: str, *, listed: bool
) -> None:
    routes = [
        {"methods": ["GET"], "path": "/healthz"},
        {"methods": ["OPTIONS"], "prefix": "/"},
        {"methods": ["PUT"], "prefix": "/in/"},
        {"methods": ["GET", "HEAD"], "prefix": "/v1"},
    ]
    given: Given = {"request": {"method": method, "path": path}}
    decision = decide(TABLE, given, "r1", Operator(config={"routes": routes}))
    assert decision["allow"] is listed
    assert (decision["reason"] == "operator_route") is listed
