"""What Envoy answers is what the rules decide, and only what they allow reaches the upstream."""

import json
from pathlib import Path

import pytest

from tests.gateways.envoy.judging import Judge
from tests.gateways.envoy.made import CALLERS
from tests.gateways.envoy.running import Gateway, Programs, run_gateway
from tests.oracle import Documented

STATUSES = {"malformed_request": 400, "project_mismatch": 400}
"""Of refusals; all others are answered with 403."""


def test_each_caller_on_each_route(
    gateway: Gateway, judge: Judge, tables: tuple[Documented, ...]
) -> None:
    reasons = set()
    for route in tables:
        for project in ("p1", "p2"):
            path = route.path.format(project_id=project, snapshot_id="s1", key="k1")
            for caller in CALLERS:
                decision = judge.decide(caller, route.method, path)
                answer = gateway.call(route.method, path, caller)
                reason, seen = decision["reason"], gateway.upstream.take()
                if decision["allow"]:
                    assert (answer.status, answer.reason) == (200, None), (caller, path)
                    (request,) = seen
                    assert (request.method, request.target) == (
                        route.method.encode(),
                        path.encode(),
                    )
                else:
                    assert (answer.status, answer.reason) == (STATUSES.get(reason, 403), reason)
                    assert not seen
                reasons.add(reason)
    assert reasons == {
        *("allowed", "account_owner", "project_mismatch", "explicitly_denied"),
        *("action_not_granted", "enterprise_project_required", "scope_unsupported"),
    }


@pytest.mark.parametrize(
    ("caller", "request_line", "said", "code"),
    [
        (None, "GET /v2/p1/snapshots", (401, "unauthenticated"), "EVS.5401"),
        ("lister", "GET /v2/p1/snapshots;a", (400, "malformed_request"), None),
        ("lister", "GET /v2/p1/volumes", (403, "no_matching_route"), None),
        ("lister", "PATCH /v2/p1/snapshots", (403, "no_matching_route"), None),
        ("root", "GET /v2/p2/snapshots", (400, "project_mismatch"), "Common.0018"),
        ("denied", "GET /v2/p1/snapshots", (403, "explicitly_denied"), "EVS.2056"),
        (
            "tester",
            "GET /v2/p1/cloudsnapshots/s1",
            (403, "enterprise_project_required"),
            "EVS.5403",
        ),
        ("tester", "GET /v2/p1/snapshots/s1", (403, "scope_unsupported"), "EVS.5403"),
        ("nobody", "GET /v2/p1/snapshots", (403, "action_not_granted"), "EVS.5403"),
        ("stranger", "GET /v2/p1/snapshots", (403, "action_not_granted"), "EVS.5403"),
    ],
)
def test_a_refusal_is_in_the_services_own_words(
    hardened: Gateway,
    caller: str | None,
    request_line: str,
    said: tuple[int, str],
    code: str | None,
) -> None:
    hardened.upstream.take()
    method, path = request_line.split()
    answer = hardened.call(method, path, caller)
    assert (answer.status, answer.reason) == said
    assert answer.headers["content-type"] == "application/json"
    error = json.loads(answer.body)["error"]
    assert error["code"] == (code or f"scopegate.{answer.reason}")
    assert error["message"]
    assert not hardened.upstream.take()


ALL_GRANTED = "/v2/p1/cloudsnapshots/detail?enterprise_project_id=all_granted_eps"


def test_a_list_of_one_enterprise_project(hardened: Gateway) -> None:
    path = "/v2/p1/cloudsnapshots/detail?enterprise_project_id="
    assert hardened.call("GET", path + "e1", "tester").status == 200
    assert hardened.call("GET", path + "e2", "tester").reason == "action_not_granted"


def test_a_list_of_all_enterprise_projects_passes_where_it_is_filtered(
    hardened: Gateway, programs: Programs, tmp_path: Path
) -> None:
    assert hardened.call("GET", ALL_GRANTED, "tester").reason == "filter_required"
    assert hardened.call("GET", ALL_GRANTED, "lister").status == 200
    with run_gateway(programs, tmp_path, config={"gateways": {"filtered_lists": True}}) as filtered:
        answer = filtered.call("GET", ALL_GRANTED, "tester")
        assert answer.status == 200
        assert answer.headers["x-scopegate-enterprise-projects"] == "e1"
        assert (
            "x-scopegate-enterprise-projects"
            not in filtered.call("GET", ALL_GRANTED, "lister").headers
        )


def test_the_shadow_lets_through_and_tells(programs: Programs, tmp_path: Path) -> None:
    with run_gateway(programs, tmp_path, config={"gateways": {"shadow": True}}) as shadow:
        for caller, path, reason in (
            ("nobody", "/v2/p1/snapshots", "action_not_granted"),
            ("lister", "/v2/p2/snapshots", "project_mismatch"),
            (None, "/v2/p1/snapshots", "unauthenticated"),
        ):
            answer = shadow.call("GET", path, caller)
            assert (answer.status, answer.reason) == (200, reason)
            assert answer.headers["x-scopegate-shadow"] == "deny"
        answer = shadow.call("GET", "/v2/p1/snapshots", "lister")
        assert (answer.status, answer.reason) == (200, None)
        assert "x-scopegate-shadow" not in answer.headers
        assert len(shadow.upstream.take()) == 4
        # This is refused before any rule is asked.
        assert shadow.call("GET", "/v2/p1/snapshots?a;b", "lister").status == 400


def test_the_operators_routes_are_for_everyone(hardened: Gateway) -> None:
    hardened.upstream.take()
    assert hardened.call("GET", "/health").status == 200
    assert hardened.call("OPTIONS", "/v2/p1/snapshots").status == 200
    assert hardened.call("OPTIONS", "/v2/p1/snapshots/s1", "nobody").status == 200
    assert len(hardened.upstream.take()) == 3
    assert hardened.call("POST", "/health").status == 401
    assert hardened.call("GET", "/health/x").status == 401
    assert not hardened.upstream.take()


def test_a_configuration_at_fault_closes_all(programs: Programs, tmp_path: Path) -> None:
    with run_gateway(programs, tmp_path, config={"gateways": {"shadow": "no"}}) as closed:
        for caller, path in (("root", "/v2/p1/snapshots"), (None, "/health")):
            answer = closed.call("GET", path, caller)
            assert (answer.status, answer.reason) == (500, "invalid_configuration")
        assert not closed.upstream.take()
