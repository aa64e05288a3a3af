"""Ten routes of Open Telekom Cloud, read from the pages by hand: on a live OPA with all tables."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.harness.client import Client
from tests.harness.confirmation import Tally

FILE = Path(__file__).parent / "opentelekomcloud.yaml"
CASES = yaml.safe_load(FILE.read_text(encoding="utf-8"))
EACH_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
PROJECT, ENTERPRISE_PROJECT = {"iam_project": "p1"}, {"enterprise_project": "e1"}


def ask(case: dict[str, Any], scope: dict[str, str], actions: list[str]) -> dict[str, Any]:
    """The request of a case by a caller who was granted these actions."""
    method, path = case["request"].split(" ")
    request = {"method": method, "path": path, "service": case["service"]}
    if "body" in case:
        request["body"] = case["body"]
    statement = {"Effect": "Allow", "Action": actions or ["nothing:at:all"]}
    grants = [{"scope": scope, "policies": [{"Version": "1.1", "Statement": [statement]}]}]
    return {
        "request": {**request, "provider": "opentelekomcloud"},
        "subject": {"project_id": "p1", "grants": grants},
        "resource": {"enterprise_project_id": "e1"},
    }


def test_there_are_ten_routes_of_five_services() -> None:
    assert len(CASES) == 10
    assert len({case["service"] for case in CASES}) >= 5
    assert len({case["case"] for case in CASES if case["case"]}) == 2


@EACH_CASE
def test_all_that_is_required_is_enough(
    everything: Client, tally: Tally, case: dict[str, Any]
) -> None:
    decision = everything.decide(ask(case, PROJECT, case["required"]))

    assert decision["allow"] is True
    assert decision["reason"] == ("allowed" if case["required"] else "no_authorization_required")
    assert decision["required"] == case["required"]
    route = decision["route"]
    assert f"{route['method']} {route['path']}" == case["route"]
    assert (route["provider"], route["service"]) == ("opentelekomcloud", case["service"])
    assert route["case"] == case["case"]
    tally.decisions += 1


@EACH_CASE
def test_nothing_less_is(everything: Client, tally: Tally, case: dict[str, Any]) -> None:
    for left_out in case["required"]:
        fewer = [action for action in case["required"] if action != left_out]
        decision = everything.decide(ask(case, PROJECT, fewer))
        assert (decision["reason"], decision["missing"]) == ("action_not_granted", [left_out])
        tally.decisions += 1


@EACH_CASE
def test_a_grant_in_an_enterprise_project_counts_where_the_page_says_so(
    everything: Client, tally: Tally, case: dict[str, Any]
) -> None:
    decision = everything.decide(ask(case, ENTERPRISE_PROJECT, case["required"]))

    if not case["required"]:
        assert decision["reason"] == "no_authorization_required"
    else:
        wanted = "allowed" if case["enterprise_project"] else "scope_unsupported"
        assert decision["reason"] == wanted
    tally.decisions += 1


@EACH_CASE
def test_a_case_by_the_body_needs_it(
    everything: Client, tally: Tally, case: dict[str, Any]
) -> None:
    if "body" in case:
        asked = ask(case, PROJECT, ["*"])
        del asked["request"]["body"]
        assert everything.decide(asked)["reason"] == "body_required"
        tally.decisions += 1
