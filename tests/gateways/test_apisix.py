"""APISIX's plugin opa, by the inputs that its documentation gives."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from tests.gateways.junk import EXAMPLES, junk
from tests.gateways.served import CASES, Case, Gateway


def make_input(case: Case) -> dict[str, Any]:
    labels = dict(case.scope) | ({"subject_id": case.subject} if case.subject else {})
    made: dict[str, Any] = {
        "type": "http",
        "request": {
            "scheme": "http",
            "method": case.method,
            "host": "evs.example.com",
            "port": 9080,
            "path": case.path,
            "headers": {"host": "evs.example.com", "accept": "*/*", **case.headers},
            "query": dict(case.query),
        },
        "var": {
            "server_addr": "127.0.0.1",
            "server_port": "9080",
            "remote_addr": "127.0.0.1",
            "remote_port": "1",
            "timestamp": 1701234567,
        },
        "route": {"id": "1", "name": "snapshots", "uri": "/*", "plugins": {"opa": {}}},
        "service": {"id": "2"},
    }
    if case.subject:
        made["consumer"] = {"username": "consumer", "plugins": {}, "labels": labels}
    return made


@pytest.fixture(scope="module")
def gateway(gateway_url: str) -> Iterator[Gateway]:
    with Gateway(gateway_url, "apisix/answer") as asked:
        yield asked


@pytest.mark.parametrize("case", CASES, ids=str)
def test_reasons(gateway: Gateway, case: Case) -> None:
    answer = gateway.ask(make_input(case))
    assert answer["decision"]["reason"] == case.reason
    assert answer["allow"] is (case.status == 0)
    if answer["allow"]:
        assert answer.keys() == {"allow", "headers", "decision"}
        assert answer["headers"] == {}
        return
    assert answer["status_code"] == case.status
    assert answer["headers"] == {
        "content-type": "application/json",
        "x-scopegate-reason": case.reason,
    }
    assert json.loads(answer["reason"])["error"]["code"] == case.code


def test_the_message_names_the_missing_action(gateway: Gateway) -> None:
    case = Case("action_not_granted", method="POST", path="/v2/p1/snapshots")
    said = json.loads(gateway.ask(make_input(case))["reason"])
    assert said["error"]["message"] == "Policy doesn't allow evs:volumes:get to be performed."


@pytest.mark.parametrize("case", CASES, ids=str)
def test_shadow(shadow_url: str, case: Case) -> None:
    with Gateway(shadow_url, "apisix/answer") as gateway:
        answer = gateway.ask(make_input(case))
    assert answer["allow"] is True
    assert answer["headers"] == {}
    reason = "allowed" if case.reason == "filter_required" else case.reason
    assert answer["decision"]["reason"] == reason
    assert answer["decision"]["allow"] is (case.status == 0 or reason == "allowed")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_faulty_configuration_closes(faulty_url: str, case: Case) -> None:
    with Gateway(faulty_url, "apisix/answer") as gateway:
        answer = gateway.ask(make_input(case))
    assert answer["allow"] is False
    assert answer["status_code"] == 500
    assert answer["headers"]["x-scopegate-reason"] == "invalid_configuration"


@given(sent=junk(make_input(Case("allowed"))))
@EXAMPLES
def test_junk_is_answered(gateway: Gateway, sent: Any) -> None:  # noqa: ANN401  # any JSON
    answer = gateway.ask(sent)
    assert isinstance(answer["allow"], bool)
    assert answer["allow"] or (answer["status_code"] >= 400 and json.loads(answer["reason"]))


def test_no_vendor_code_is_invented(gateway: Gateway) -> None:
    sent = make_input(Case(""))
    sent["request"]["path"] = "/v2/%/x"
    answer = gateway.ask(sent)
    assert json.loads(answer["reason"])["error"]["code"] == "scopegate.malformed_request"
