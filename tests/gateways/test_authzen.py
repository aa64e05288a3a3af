"""AuthZEN over HTTP on a stock OPA: the body is the request, and the answer the evaluation."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from hypothesis import given

from tests.gateways.junk import EXAMPLES, junk
from tests.gateways.served import CASES, Case, Gateway

ENTRY_POINTS = ["evaluation", "evaluations", "template"]

# There are no headers to look at, and no status or code.
EVALUATED = [case for case in CASES if case.reason != "overridden_request"]


def make_input(case: Case) -> dict[str, Any]:
    query = f"?{urlencode(case.query)}" if case.query else ""
    made: dict[str, Any] = {
        "subject": {"type": "user", "properties": dict(case.scope)},
        "action": {"name": case.method},
        "resource": {
            "type": "route",
            "id": f"{case.path}{query}",
            "properties": {"service": "evs"},
        },
        "context": {"time": "2026-11-23T10:00:00Z"},
    }
    if case.subject:
        made["subject"]["id"] = case.subject
    return made


def post(url: str, entry_point: str, given: Any) -> Any:  # noqa: ANN401  # any JSON
    answer = requests.post(
        f"{url}/v0/data/scopegate/gateways/authzen/{entry_point}", json=given, timeout=30
    )
    assert answer.status_code == requests.codes.ok, answer.text
    return answer.json()


@pytest.mark.parametrize("case", EVALUATED, ids=str)
def test_reasons(gateway_url: str, case: Case) -> None:
    answer = post(gateway_url, "evaluation", make_input(case))
    assert answer["decision"] is (case.status == 0)
    assert answer["context"]["reason"] == case.reason
    assert answer.keys() == {"decision", "context"}


# Whoever asks for a decision is not a gateway that lets pass: it is told what was decided.
@pytest.mark.parametrize("case", EVALUATED, ids=str)
def test_shadow_changes_no_decision(shadow_url: str, case: Case) -> None:
    answer = post(shadow_url, "evaluation", make_input(case))
    assert answer["decision"] is (case.status == 0 or case.reason == "filter_required")


def test_a_faulty_configuration_closes(faulty_url: str) -> None:
    answer = post(faulty_url, "evaluation", make_input(Case("allowed")))
    assert answer["decision"] is False
    assert answer["context"]["reason"] == "invalid_configuration"


@pytest.mark.parametrize(
    ("path", "decision"),
    [
        ("/v2/{project_id}/cloudsnapshots/{snapshot_id}", True),
        ("/v2/{tenantId}/cloudsnapshots/{snapshot_id}", True),
        ("/v2/p1/cloudsnapshots/s1", True),
        ("/v2/p2/cloudsnapshots/s1", False),
        ("/v2/{domain_id}/cloudsnapshots/s1", False),
        ("/v2/{project_id}/nothing", False),
    ],
)
def test_templates(gateway_url: str, path: str, decision: bool) -> None:  # noqa: FBT001
    answer = post(gateway_url, "template", make_input(Case("", path=path)))
    assert answer["decision"] is decision


@pytest.mark.parametrize(
    ("semantic", "decisions"),
    [
        (None, [True, False, True]),
        ("execute_all", [True, False, True]),
        ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ],
)
def test_batches(gateway_url: str, semantic: str | None, decisions: Sequence[bool]) -> None:
    default = make_input(Case("allowed"))
    given = default | {"evaluations": [{}, {"action": {"name": "PATCH"}}, {"context": {}}]}
    if semantic:
        given["options"] = {"evaluations_semantic": semantic}
    answer = post(gateway_url, "evaluations", given)
    assert [each["decision"] for each in answer["evaluations"]] == decisions
    assert answer.keys() == {"evaluations"}


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
@given(sent=junk({**make_input(Case("")), "evaluations": [{}], "options": {}}))
@EXAMPLES
def test_junk_is_answered(gateway_url: str, entry_point: str, sent: Any) -> None:  # noqa: ANN401
    with Gateway(gateway_url, f"authzen/{entry_point}") as gateway:
        answer = gateway.ask(sent)
    several = answer.get("evaluations", [answer])
    assert all(isinstance(each["decision"], bool) for each in several)


def test_the_configuration_names_entry_points_that_answer(project: Path, gateway_url: str) -> None:
    document = project / "examples" / "authzen" / "authzen-configuration.json"
    endpoints = json.loads(document.read_text(encoding="utf-8"))
    issuer = endpoints.pop("policy_decision_point")
    assert len(endpoints) == 2
    for url in endpoints.values():
        assert url.startswith(f"{issuer}/")
        answer = requests.post(f"{gateway_url}{urlsplit(url).path}", json={}, timeout=30)
        assert answer.json()["decision"] is False
