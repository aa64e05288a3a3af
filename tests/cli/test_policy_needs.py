"""`scopegate policy needs`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

SNAPSHOTS = "/v2/{project_id}/snapshots"


@pytest.fixture
def needs(scopegate: Command, bundle: Path) -> Command:
    def run(*args: str, stdin: str | None = None) -> Any:  # noqa: ANN401
        return scopegate("policy", "needs", *args, "--bundle", str(bundle), stdin=stdin)

    return run


def list_actions(document: str) -> list[str]:
    [statement] = json.loads(document)["Statement"]
    actions: list[str] = statement["Action"]
    return actions


def test_the_policy_is_printed_and_what_it_does_is_told(needs: Command) -> None:
    said = needs("POST /v2/p7/snapshots", "GET /v2/{project}/snapshots/detail")

    assert said.code == 0
    assert list_actions(said.out) == [
        "evs:snapshots:create",
        "evs:snapshots:list",
        "evs:volumes:get",
    ]
    lines = said.err.splitlines()
    assert lines[0] == (
        "✓ 2 routes opened by 3 actions granted in an IAM project; without any one of these some"
        " route is closed"
    )
    assert lines[1] == "opened by the same actions, too: 8 routes"
    assert "    POST /v3/{project_id}/snapshots" in lines


def test_calls_come_from_a_file_and_a_table(needs: Command) -> None:
    Path("calls.txt").write_text("# snapshots\nPOST /v2/p1/snapshots\n", encoding="utf-8")
    expected = needs("POST /v2/p1/snapshots").out
    assert needs("--routes", "calls.txt").out == expected
    assert needs("--routes", "-", stdin="POST /v3/p1/snapshots").out == expected
    said = needs("--table", "evs/snapshots", "--only-reading", "-o", "reader.json")
    assert (said.code, said.out) == (0, "")
    assert list_actions(Path("reader.json").read_text(encoding="utf-8")) == [
        "evs:snapshots:get",
        "evs:snapshots:list",
    ]


def test_what_was_allowed_is_made_a_policy_of(needs: Command) -> None:
    route = {"provider": "huaweicloud", "service": "evs", "path": SNAPSHOTS, "case": None}
    results: list[Any] = [
        {"allow": True, "route": route | {"method": "GET"}},
        {"allow": False, "route": route | {"method": "POST"}},
        {"allow": True, "route": route | {"method": "DELETE"}},
        {"allow": False, "route": None},
        None,
    ]
    lines = [
        json.dumps({"decision_id": "d", "path": "scopegate/decision", "result": each})
        for each in results
    ]
    Path("log").write_text("\n".join([*lines, '{"broken', ""]), encoding="utf-8")

    said = needs("--log", "log")

    assert (said.code, list_actions(said.out)) == (0, ["evs:snapshots:list"])
    assert said.err.splitlines()[:4] == [
        (
            "5 decisions logged: 1 allowed, 1 denied, 1 without a route, 1 masked, 1 of routes that"
            " the bundle does not have"
        ),
        f"  unknown  huaweicloud/evs DELETE {SNAPSHOTS}",
        "  broken   1 line broken: 6",
        (
            "✓ 1 route opened by 1 action granted in an IAM project; without any one of these some"
            " route is closed"
        ),
    ]
    more = needs("--log", "log", "--include-denied")
    assert "evs:snapshots:create" in list_actions(more.out)
    assert json.loads(needs("--log", "log", "--json").out)["logs"][0]["allowed"] == 1


def test_what_cannot_be_granted_there_is_named(needs: Command) -> None:
    said = needs(
        "POST /v2/p1/snapshots", "POST /v2/p1/cloudsnapshots", "--at", "enterprise-project"
    )

    assert (said.code, list_actions(said.out)) == (1, ["evs:snapshots:create"])
    assert (
        f"✗ no grant in an enterprise project counts for POST {SNAPSHOTS}:"
        " grant it in an IAM project" in said.err.splitlines()
    )


def test_json_says_it_all(needs: Command) -> None:
    told = json.loads(needs("POST /v2/p1/snapshots", "--at", "enterprise_project=e7", "--json").out)

    assert told["at"] == {"enterprise_project": "e7"}
    assert (told["policies"], told["opened"]) == ([], [])
    assert told["ungrantable"] == [
        {"route": f"huaweicloud/evs POST {SNAPSHOTS}", "instead": {"iam_project": "p1"}}
    ]


def test_all_that_is_wrong_about_calls_is_told_at_once(needs: Command) -> None:
    Path("calls.txt").write_text("GET\nGET /v2/p1/snapshots\nPOST /v2/p1/snapshot x y\n")
    said = needs("nothing", "--routes", "calls.txt")
    assert (said.code, said.out) == (2, "")
    assert [line for line in said.err.splitlines() if not line.startswith(" ")] == [
        "Error: 3 faults in argument 1, calls.txt",
        "argument 1",
        "calls.txt:1",
        "calls.txt:3",
    ]
    unknown = needs("POST /v2/p1/snapshots", "DELETE /v2/p1/snapshots", "GET /v2/p1/snapshot")
    assert unknown.code == 2
    assert unknown.err.count("[unknown-route]") == 2


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], "expected calls, or --routes, --table or --log"),
        (["GET /a", "--only-reading"], "of what? expected --table"),
        (["GET /a", "--include-denied"], "of what? expected --log"),
        (["--table", "evs/snapshot"], "the nearest is evs/snapshots"),
        (["--log", "missing"], "missing: No such file"),
        (["GET /v2/p1/snapshots", "-o", "."], "expected a file in a folder that is there"),
        (["GET /v2/p1/snapshots", "-o", "no/x.json"], "expected a file in a folder that is there"),
    ],
)
def test_wrong_usage_exits_with_2(needs: Command, args: list[str], expected: str) -> None:
    said = needs(*args)
    assert (said.code, expected in said.err) == (2, True), said.err
