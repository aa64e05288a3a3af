"""Kong's plugin opa, by the inputs that its documentation gives."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from tests.gateways.junk import EXAMPLES, junk
from tests.gateways.served import CASES, Case, Gateway


def make_input(case: Case) -> dict[str, Any]:
    made: dict[str, Any] = {
        "client_ip": "127.0.0.1",
        "request": {
            "http": {
                "host": "evs.example.com",
                "port": "8000",
                "tls": {},
                "method": case.method,
                "scheme": "http",
                "path": case.path,
                "querystring": dict(case.query),
                "headers": {"host": "evs.example.com", "accept": "*/*", **case.headers},
            },
        },
        "route": {"id": "1", "name": "snapshots"},
        "service": {"id": "2", "name": "upstream"},
    }
    if case.subject:
        tags = [f"{name}:{value}" for name, value in case.scope.items()]
        made["consumer"] = {"id": "3", "username": "consumer", "custom_id": case.subject}
        made["consumer"]["tags"] = ["team", *tags]
    return made


@pytest.fixture(scope="module")
def gateway(gateway_url: str) -> Iterator[Gateway]:
    with Gateway(gateway_url, "kong/answer") as asked:
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
    assert answer["status"] == case.status
    assert answer["headers"] == {"x-scopegate-reason": case.reason}
    assert answer["message"]["error"]["code"] == case.code


def test_the_message_names_the_missing_action(gateway: Gateway) -> None:
    case = Case("action_not_granted", method="POST", path="/v2/p1/snapshots")
    said = gateway.ask(make_input(case))["message"]
    assert said["error"]["message"] == "Policy doesn't allow evs:volumes:get to be performed."


@pytest.mark.parametrize("case", CASES, ids=str)
def test_shadow(shadow_url: str, case: Case) -> None:
    with Gateway(shadow_url, "kong/answer") as gateway:
        answer = gateway.ask(make_input(case))
    assert answer["allow"] is True
    assert answer["headers"] == {}
    reason = "allowed" if case.reason == "filter_required" else case.reason
    assert answer["decision"]["reason"] == reason
    assert answer["decision"]["allow"] is (case.status == 0 or reason == "allowed")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_faulty_configuration_closes(faulty_url: str, case: Case) -> None:
    with Gateway(faulty_url, "kong/answer") as gateway:
        answer = gateway.ask(make_input(case))
    assert answer["allow"] is False
    assert answer["status"] == 500
    assert answer["headers"]["x-scopegate-reason"] == "invalid_configuration"


@given(sent=junk(make_input(Case("allowed"))))
@EXAMPLES
def test_junk_is_answered(gateway: Gateway, sent: Any) -> None:  # noqa: ANN401  # any JSON
    answer = gateway.ask(sent)
    assert isinstance(answer["allow"], bool)
    assert answer["allow"] or (answer["status"] >= 400 and answer["message"])
