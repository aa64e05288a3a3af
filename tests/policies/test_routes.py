"""The routes that a bundle says it has, and the requests that stand for them."""

from pathlib import Path
from typing import Any

import pytest

from scopegate.errors import ScopegateError
from scopegate.live.asking import BundleEngine, NoDecisionError, Server
from scopegate.live.opa import Opa
from scopegate.policies.routes import BundleRoute, Requests, read_routes


def make_subject(*actions: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions)}
    policy = {"Version": "1.1", "Statement": [statement]}
    scope = {"all_resources": True}
    return {"project_id": "p1", "grants": [{"scope": scope, "policies": [policy]}]}


def test_each_request_is_decided_by_its_route(server: Server, routes: list[BundleRoute]) -> None:
    requests = Requests(routes)
    questions = [
        {"request": requests.make(route, "p1"), "subject": make_subject(*route.actions or ["a"])}
        for route in routes
    ]

    assert len(routes) > 700
    assert sum(route.case is not None for route in routes) > 50
    for route, decision in zip(routes, server.decide_all(questions), strict=True):
        found = decision["route"]
        assert (found["method"], found["path"], found["case"], decision["required"]) == (
            *(route.method, route.path, route.case),
            sorted(route.actions),
        )
        assert decision["reason"] == ("allowed" if route.actions else "no_authorization_required")


def test_a_bundle_that_is_evaluated_answers_as_a_server_does(
    evaluating: BundleEngine, server: Server, routes: list[BundleRoute]
) -> None:
    requests = Requests(routes)
    questions = [
        {
            "request": requests.make(route, "p1"),
            "subject": make_subject("*:*:get*", "ecs:*"),
            "resource": {"enterprise_project_id": "e1"},
        }
        for route in routes
    ]
    told: list[int] = []

    assert read_routes(evaluating) == routes
    # More than are asked at once.
    evaluating.tell = told.append
    decisions = evaluating.decide_all(questions * 2)
    assert decisions == server.decide_all(questions) * 2
    assert decisions[5] == server.decide(questions[5])
    assert told == [1000, 2 * len(routes) - 1000]


def test_a_bundle_of_something_else_is_told(opa: Opa, tmp_path: Path) -> None:
    other = tmp_path / "other.tar.gz"
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x.rego").write_text("package x\n")
    opa.run(["build", "--output", str(other), str(tmp_path / "a")])
    engine = BundleEngine(other, opa=opa)

    with pytest.raises(NoDecisionError, match=r"gives no decision: is it a scopegate bundle"):
        read_routes(engine)
    with pytest.raises(ScopegateError, match=r"gives no decision: is it a scopegate bundle"):
        engine.decide({})
    with pytest.raises(NoDecisionError, match=r"gives no decision: is it a scopegate bundle"):
        engine.decide_all([{}])
