"""The rows of the page, written out by hand: against a live OPA, the oracle, and the table file."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cases.cases import Case, read_cases, read_page
from tests.harness.client import ALLOW, Client
from tests.harness.confirmation import Tally
from tests.oracle import Decision, Documented, decide

FILE = Path(__file__).parent / "evs-snapshots.yaml"
PAGE = read_page(FILE)
CASES = list(read_cases(FILE))
EACH_CASE = pytest.mark.parametrize("case", CASES, ids=str)


def wanted_members(decision: Decision, want: dict[str, Any]) -> dict[str, Any]:
    """Those members of a decision, and of its route, that a case has something to say about."""
    found = {member: decision[member] for member in want}
    if found["route"]:
        found["route"] = {member: found["route"][member] for member in want["route"]}
    return found


def test_every_row_of_the_page_is_allowed_and_denied_in_both_versions() -> None:
    assert [row["row"] for row in PAGE["rows"]] == list(range(1, 20))
    for row in PAGE["rows"]:
        for version in ("v2", "v3"):
            answers = {
                case.want["allow"]
                for case in CASES
                if case.row == row["row"] and case.version == version
            }
            assert answers == {True, False}, f"row {row['row']}, {version}"


def test_the_scopes_that_a_row_names_are_those_of_its_cases() -> None:
    """A case is allowed by an enterprise project where they are supported, else told so."""
    for row in PAGE["rows"]:
        in_one = {
            case.want["reason"]
            for case in CASES
            if case.row == row["row"]
            and any(
                "enterprise_project" in each["scope"] for each in case.given["subject"]["grants"]
            )
        }
        supported = row["scopes"]["enterprise_project"] == "supported"
        assert ("allowed" in in_one, "scope_unsupported" in in_one) == (supported, not supported)


@EACH_CASE
def test_a_live_opa_decides_as_the_page_says(client: Client, tally: Tally, case: Case) -> None:
    decision = client.decide(case.given)
    assert wanted_members(decision, case.want) == case.want
    assert client.ask(ALLOW, case.given) is case.want["allow"]
    tally.decisions += 1


@EACH_CASE
def test_the_oracle_decides_as_the_page_says(tables: tuple[Documented, ...], case: Case) -> None:
    assert wanted_members(decide(tables, case.given, "r1"), case.want) == case.want


def test_the_table_file_says_what_the_page_says(project: Path) -> None:
    file = project / "tables" / "huaweicloud" / f"{PAGE['table']}.yaml"
    table = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert [
        {
            "row": number,
            "permission": row["permission"],
            "required": sorted(row["actions"]),
            "scopes": row["scopes"],
            "endpoints": row["endpoints"],
        }
        for number, row in enumerate(table["rows"], start=1)
    ] == [
        {
            "row": row["row"],
            "permission": row["permission"],
            "required": row["required"],
            "scopes": row["scopes"],
            "endpoints": [{"method": row["request"].split(" ")[0], "path": row["route"]}],
        }
        for row in PAGE["rows"]
    ]
