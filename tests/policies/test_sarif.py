"""Findings for code review: SARIF as its published schema has it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from scopegate.json_files.policies import read_policy_files
from scopegate.live.asking import BundleEngine
from scopegate.policies.callers import MADE_PROJECT
from scopegate.policies.findings import RULES, find_findings
from scopegate.policies.routes import BundleRoute
from scopegate.policies.sarif import describe_findings
from tests.policies.made import allow, make_policy
from tests.policies.test_findings import EXAMPLES

# The one of https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/, as it is.
SCHEMA = Path(__file__).parent / "schemas/sarif-schema-2.1.0.json"


def test_the_findings_of_all_codes_are_sarif(
    made: BundleEngine, made_routes: list[BundleRoute], project: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a policy.json"
    documents = [policy for _, _, policy, *_ in EXAMPLES]
    file.write_text(json.dumps(documents, indent=1), encoding="utf-8")
    schema = json.loads((project / "rego/schemas/input.json").read_bytes())
    policies = read_policy_files([file], schema["definitions"])
    findings = find_findings(made, made_routes, [each.to_json() for each in policies], MADE_PROJECT)

    sarif = describe_findings(findings, policies, version="1.2.3")

    validator = Draft4Validator(json.loads(SCHEMA.read_bytes()))
    assert [error.message for error in validator.iter_errors(sarif)] == []
    assert list(validator.iter_errors({**sarif, "version": "2.0.0"})) != []
    results: list[dict[str, Any]] = sarif["runs"][0]["results"]
    rules = [rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"]]
    assert rules == list(RULES)
    assert len(results) == len(findings) > 10
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in results)
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == file.as_uri()


def test_a_result_says_where_and_what(
    made: BundleEngine,
    made_routes: list[BundleRoute],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    policy = make_policy(allow("x:a:get", "x:a:gte"))
    Path("a b.json").write_text(json.dumps(policy, indent=2), encoding="utf-8")
    schema: dict[str, Any] = {"policy": True}
    policies = read_policy_files([Path("a b.json")], schema)

    found = find_findings(made, made_routes, [policies[0].to_json()], MADE_PROJECT)
    [result] = describe_findings(found, policies, version="1")["runs"][0]["results"]

    assert result == {
        "ruleId": "unknown-action",
        "ruleIndex": 0,
        "level": "warning",
        "message": {"text": "no documented route requires x:a:gte; did you mean x:a:get?"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a%20b.json"},
                    "region": {"startLine": 8, "startColumn": 9},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": "/Statement/0/Action/1", "kind": "member"}
                ],
            }
        ],
    }
