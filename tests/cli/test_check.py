"""`scopegate check`."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.test_build import RULES, TABLE, edit

RULE_FILE = Path("rego/scopegate/decision.rego")
RULE = """\
package scopegate

default allow := false

allow if input.request.method == "GET"
"""
TEST = """\
package scopegate_test

import data.scopegate

test_allow if scopegate.allow with input as {"request": {"method": "GET"}}

test_deny if not scopegate.allow with input as {}
"""


@pytest.fixture
def small(scopegate: Command) -> Command:
    """Runs commands where two lines are all the rules by hand: OPA tries the real ones for long."""
    for path in RULE_FILE.parent.iterdir():
        if path.is_file():
            path.unlink()
        elif path.name not in {"routes", "schemas"}:
            shutil.rmtree(path)
    RULE_FILE.write_text(RULE)
    RULE_FILE.with_name("decision_test.rego").write_text(TEST)
    assert scopegate("build").code == 0
    return scopegate


def test_all_in_order(built: Command) -> None:
    said = built("check")
    assert said.code == 0, said.err
    assert said.err == ""
    assert [line[:2] for line in said.out.splitlines()] == ["✓ "] * 4


def test_generated_files_out_of_date_are_shown_with_the_command_to_run(small: Command) -> None:
    edit(RULES, '"evs:snapshots:rollback"', '"evs:snapshots:anything"')
    said = small("check")
    assert said.code == 1
    assert "✗ generated files are out of date: run `scopegate build --all-profiles`" in said.err
    assert f"--- {RULES} (as it is)" in said.err
    lines = [line.split() for line in said.err.splitlines()]
    assert ["-", '["evs:snapshots:anything"],'] in lines
    assert ["+", '["evs:snapshots:rollback"],'] in lines
    assert "evs:snapshots:anything" in RULES.read_text(), "it is for make bundle to write"


def test_an_edited_table_is_seen_in_rules_and_inventory(small: Command) -> None:
    edit(TABLE, "evs:snapshots:rollback", "evs:snapshots:revert")
    said = small("check")
    assert said.code == 1
    assert "--- bundle/inventory.yaml (as it is)" in said.err
    assert "unit tests of the rules passed" in said.out, "all is looked at"


def test_a_long_diff_is_cut(small: Command) -> None:
    RULES.write_text(RULES.read_text() + "# more\n" * 200)
    said = small("check")
    assert said.code == 1
    assert len(said.err.splitlines()) < 80
    assert "more lines" in said.err


def test_faults_of_tables_are_shown_with_their_places(small: Command) -> None:
    edit(TABLE, "method: PUT", "method: put")
    said = small("check")
    assert said.code == 1
    assert f"\n{TABLE}:45:18: rows[5].endpoints[0].method\n" in said.err
    assert "unit tests of the rules passed" in said.out, "all is looked at"


def test_code_that_no_test_tries_is_named(small: Command) -> None:
    rule = "\nnever := reason if {\n\tsome reason in []\n\treason != allow\n}\n"
    line = len(RULE_FILE.read_text().splitlines()) + 2
    RULE_FILE.write_text(RULE_FILE.read_text() + rule)
    assert small("build").code == 0
    said = small("check")
    assert said.code == 1
    assert "✗ no unit test tries 2 lines of the rules by hand" in said.err
    assert f"{RULE_FILE}:{line}: never := reason\n" in said.err
    assert f"{RULE_FILE}:{line + 2}: reason != allow" in said.err


def test_without_tests_nothing_is_tried(small: Command) -> None:
    for path in Path("rego/scopegate").glob("**/*_test.rego"):
        path.unlink()
    said = small("check")
    assert said.code == 1
    assert "no unit tests of the rules passed" in said.out
    assert "rego/scopegate/decision.rego:" in said.err
    assert "rego/scopegate/routes" not in said.err, "what is generated is not gated"


def test_failed_tests_are_named(small: Command) -> None:
    Path("rego/scopegate/more_test.rego").write_text(
        "package scopegate_test\n\nimport data.scopegate\n\n"
        "test_fails if scopegate.allow with input as {}\n\n"
        "test_breaks if f(1) == 1\n\nf(_) := 1\n\nf(x) := 2 if x\n\n"
        "todo_test_later if true\n"
    )
    said = small("check")
    assert said.code == 1
    lines = [line.strip() for line in said.err.splitlines()]
    assert lines[0] == "✗ 3 unit tests of the rules failed"
    assert "rego/scopegate/more_test.rego:5: test_fails" in lines
    assert any("more_test.rego:7: test_breaks function data.scopegate_test.f" in i for i in lines)
    assert "rego/scopegate/more_test.rego:13: todo_test_later is skipped" in lines


def test_rules_that_do_not_load_cannot_be_checked(small: Command) -> None:
    Path("rego/scopegate/new.rego").write_text("package scopegate\n\nimport data.\n")
    said = small("check")
    assert said.code == 2
    assert "rego/scopegate/new.rego:4: rego_parse_error" in said.err
