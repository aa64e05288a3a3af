"""`scopegate policy lint`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

ODD = """\
{
  "Version": "1.1",
  "Statement": [
    {"Effect": "Allow", "Action": ["evs:snapshots:lst", "ims:images:get"]}
  ]
}
"""
GOOD = '{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["evs:snapshots:get"]}]}'


@pytest.fixture
def lint(scopegate: Command, bundle: Path) -> Command:
    Path("odd.json").write_text(ODD, encoding="utf-8")
    Path("good.json").write_text(GOOD, encoding="utf-8")

    def run(*args: str) -> Any:  # noqa: ANN401
        return scopegate("policy", "lint", *args, "--bundle", str(bundle))

    return run


def test_findings_are_told_with_their_places(lint: Command) -> None:
    said = lint("odd.json")

    assert (said.code, said.err) == (1, "")
    assert said.out.splitlines() == [
        (
            "odd.json:4:36: Statement[0].Action[0]: warning: no documented route requires"
            " evs:snapshots:lst  [unknown-action]"
        ),
        "    did you mean evs:snapshots:list?",
        (
            "odd.json:4:57: Statement[0].Action[1]: note: ims:images:get: the bundle documents no"
            " service ims  [unknown-service]"
        ),
        "1 warning · 1 note · 1 document",
    ]


def test_nothing_and_notes_alone_are_no_failure(lint: Command) -> None:
    assert lint("good.json").out == "nothing found · 1 document\n"
    said = lint("odd.json", "good.json", "--ignore", "unknown-action")
    assert (said.code, said.out.splitlines()[-1]) == (0, "1 note · 2 documents")
    quiet = lint("odd.json", "--ignore", "unknown-action,unknown-service")
    assert quiet.out == "nothing found · 1 document\n"


def test_json_has_lines_and_pointers(lint: Command) -> None:
    said = lint("odd.json", "--json")

    assert said.code == 1
    assert json.loads(said.out)[0] == {
        "code": "unknown-action",
        "severity": "warning",
        "file": "odd.json",
        "line": 4,
        "column": 36,
        "pointer": "/Statement/0/Action/0",
        "message": "no documented route requires evs:snapshots:lst",
        "hint": "did you mean evs:snapshots:list?",
    }


def test_sarif_is_for_code_review(lint: Command) -> None:
    said = lint("odd.json", "--sarif")

    [run] = json.loads(said.out)["runs"]
    assert [each["ruleId"] for each in run["results"]] == ["unknown-action", "unknown-service"]
    assert said.code == 1


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["odd.json", "--json", "--sarif"], "expected one of --json and --sarif"),
        (["odd.json", "--ignore", "typo"], "typo: expected some of unknown-action"),
        ([], "Missing argument 'FILES'"),
    ],
)
def test_wrong_usage_exits_with_2(lint: Command, args: list[str], expected: str) -> None:
    said = lint(*args)
    assert (said.code, expected in said.err) == (2, True), said.err


def test_what_is_no_policy_exits_with_2(lint: Command) -> None:
    Path("bad.json").write_text(GOOD.replace("Allow", "allow"), encoding="utf-8")
    said = lint("odd.json", "bad.json")
    assert (said.code, said.out) == (2, "")
    assert "bad.json:1:45: Statement[0].Effect" in said.err
