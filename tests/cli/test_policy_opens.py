"""`scopegate policy opens`."""

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

READER = {
    "Version": "1.1",
    "Statement": [{"Effect": "Allow", "Action": ["evs:snapshots:get", "evs:snapshots:create"]}],
}


@pytest.fixture
def opens(built: Command) -> Command:
    write("reader.json", READER)

    def run(*args: str, **more: Any) -> Any:  # noqa: ANN401
        return built("policy", "opens", *args, **more)

    return run


def write(name: str, value: object) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(json.dumps(value), encoding="utf-8")


def test_routes_are_counted_and_then_listed(opens: Command) -> None:
    said = opens("reader.json")

    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].startswith("reader.json, granted in an IAM project  revision ")
    assert [line.split()[:2] for line in lines[2:8]] == [
        ["10", "opened"],
        ["16", "partly"],
        ["0", "in"],
        ["0", "denied"],
        ["12", "closed"],
        ["0", "needs"],
    ]
    assert "  allow        1      8  evs:snapshots:get" in lines
    assert "huaweicloud/evs/snapshots  10 of 38 routes opened" in lines
    at = lines.index("  partly  POST    /v2/{project_id}/snapshots")
    assert lines[at + 1] == "                  lacks evs:volumes:get"
    assert not any("closed  " in line for line in lines[10:])
    assert opens("reader.json", "--all").out.count("\n  closed  ") == 12


def test_json_says_it_all(opens: Command) -> None:
    told = json.loads(opens("reader.json", "--at", "enterprise_project=e9", "--json").out)

    assert told["at"] == {"enterprise_project": "e9"}
    assert told["counts"]["in vain"] > 0
    route = next(
        each
        for each in told["routes"]
        if (each["method"], each["path"]) == ("POST", "/v2/{project_id}/snapshots")
    )
    assert (route["class"], route["missing"]) == (
        "in vain",
        ["evs:snapshots:create", "evs:volumes:get"],
    )
    assert route["ineffective"] == [
        {"action": "evs:snapshots:create", "scope": {"enterprise_project": "e9"}}
    ]
    assert [each["pointer"] for each in told["patterns"]] == [
        "/Statement/0/Action/0",
        "/Statement/0/Action/1",
    ]


def test_csv_has_a_line_for_each_route(opens: Command) -> None:
    rows = list(csv.DictReader(io.StringIO(opens("reader.json", "--csv").out)))

    assert len(rows) == 38
    assert rows[0]["class"] == "partly"
    assert rows[0]["missing"] == "evs:volumes:get"


def test_what_is_not_evaluated_is_noted(opens: Command) -> None:
    statement = {"Effect": "Allow", "Action": ["evs:*:*"], "Condition": {"Bool": {}}}
    write("odd.json", {"Version": "1.1", "Statement": [statement]})

    said = opens("odd.json")

    assert "note  odd.json:1:34: Statement[0]: Condition: not evaluated" in said.out
    assert "\n   0  opened" in said.out


def test_a_subject_has_what_it_was_granted(opens: Command, project: Path) -> None:
    shutil.copytree(project / "tests/identity/exports", "exports")
    Path("exports/users-auditors.json").unlink()

    said = opens("--subject", "carol", "--identities", "exports", "--at", "iam_project=p1")

    assert said.code == 0, said.err
    assert said.out.startswith("subject carol, with a token of IAM project p1")
    assert "\n  38  opened" in said.out
    assert "\n   0  opened" in opens("--subject", "nobody", "--identities", "exports").out
    refused = opens("--subject", "carol", "--identities", "exports", "--at", "all_resources")
    assert (refused.code, "expected iam_project=ID or domain=ID" in refused.err) == (2, True)


def test_a_subject_with_a_token_of_a_domain_calls_no_project(opens: Command, project: Path) -> None:
    shutil.copytree(project / "tests/identity/exports", "exports")
    Path("exports/users-auditors.json").unlink()
    said = opens("--subject", "carol", "--identities", "exports", "--at", "domain=d1")
    assert "\n   0  opened" in said.out


def test_who_is_not_known_is_told_and_the_account_may_everything(opens: Command) -> None:
    role = {"id": "r", "name": "r", "catalog": "CUSTOMED", "display_name": "R", "policy": READER}
    write("exports/roles.json", {"roles": [role]})
    said = opens("--subject", "u9", "--identities", "exports")
    assert 'Warning: no subject "u9" is known here: it was granted nothing\n' in said.err
    assert opens("reader.json", "--identities", "exports").code == 2


def test_a_running_opa_answers_as_the_bundle_does(opens: Command, opa_url: str) -> None:
    asked = json.loads(opens("reader.json", "--opa-url", opa_url, "--json").out)

    assert asked == json.loads(opens("reader.json", "--json").out)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", "bad.json:1:2\n    expected JSON"),
        ('{"Version": "2", "Statement": []}', "bad.json:1:13: Version\n"),
        ('{"Version": "1.1", "Statement": [{"Effect": "allow", "Action": [""]}]}', "2 faults in"),
        ("[]", "Error: no policy in "),
        (" " * 10_000_000, "expected at most 1,048,576 bytes"),
    ],
)
def test_bad_input_is_told_with_its_place(opens: Command, content: str, expected: str) -> None:
    Path("bad.json").write_text(content, encoding="utf-8")

    said = opens("bad.json")

    assert said.code == 2
    assert expected in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], "expected FILES with policies, or --subject"),
        (["reader.json", "--subject", "u1"], "expected FILES with policies, or --subject"),
        (["reader.json", "--json", "--csv"], "expected one of --json and --csv"),
        (["reader.json", "--at", "nowhere"], "'nowhere' is no scope"),
        (["reader.json", "--enterprise-project", "e1"], "nobody to look up without --subject"),
        (["reader.json", "--opa-url", "http://x", "--bundle", "b"], "a running OPA has its own"),
    ],
)
def test_options_that_do_not_go_together(opens: Command, args: list[str], expected: str) -> None:
    said = opens(*args)

    assert (said.code, expected in said.err) == (2, True), said.err
