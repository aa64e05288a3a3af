"""Policies in files of their own."""

import json
from pathlib import Path
from typing import Any

import pytest

from scopegate.errors import FaultsError
from scopegate.json_files import policies
from scopegate.json_files.policies import PolicyDocument, read_policy_files
from tests.identity.made import EXPORTS, INPUT_SCHEMA, make_role, make_statement, write

POLICY: dict[str, Any] = make_role()["policy"]
NAMED = {"name": "custom_1", "catalog": "CUSTOMED", "display_name": "EVS", "policy": POLICY}
NAMES = ("custom_1", "CUSTOMED", "EVS")


def read(*paths: Path) -> list[PolicyDocument]:
    return read_policy_files(paths, INPUT_SCHEMA["definitions"])


def find_faults(folder: Path, value: object) -> list[str]:
    [path] = write(folder, {"p.json": value})
    try:
        read(path)
    except FaultsError as error:
        return [
            f"[{each.code}] {each.location}: {each.message}".replace(f"{folder}/", "")
            for each in error.faults
        ]
    return []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (POLICY, [((), (None, None, None))]),
        (POLICY | {"display_name": "EVS"}, [((), (None, None, "EVS"))]),
        (NAMED, [(("policy",), NAMES)]),
        ({"role": NAMED}, [(("role", "policy"), NAMES)]),
        (
            {"role": {"display_name": "EVS", "name": None, "policy": POLICY}},
            [(("role", "policy"), (None, None, "EVS"))],
        ),
        (
            {"roles": [NAMED, {"policy": POLICY}], "links": {}},
            [(("roles", 0, "policy"), NAMES), (("roles", 1, "policy"), (None, None, None))],
        ),
        ([POLICY, POLICY], [((0,), (None, None, None)), ((1,), (None, None, None))]),
        ([], []),
        ({"roles": []}, []),
    ],
)
def test_what_the_console_and_the_api_show_is_read(
    tmp_path: Path, value: object, expected: object
) -> None:
    [path] = write(tmp_path, {"p.json": value})
    found = read(path)
    names = [(each.keys, (each.name, each.catalog, each.display_name)) for each in found]
    assert names == expected
    assert all(each.document == POLICY for each in found)
    assert all(each.file == str(path) for each in found)


def test_a_document_is_as_the_vendor_has_it(tmp_path: Path) -> None:
    depends = [{"catalog": "BASE", "display_name": "Tenant Guest", "more": 1}]
    document = make_role(Version="1.0", Depends=depends)["policy"]
    [path] = write(tmp_path, {"p.json": {**document, "name": "x", "others": 1}})
    [found] = read(path)
    assert found.document == document


def test_exports_are_files_of_policies(tmp_path: Path) -> None:
    paths = [EXPORTS / "roles-custom.json", EXPORTS / "roles-custom.json"]
    write(tmp_path, {"a.json": POLICY})
    found = read(*paths, tmp_path)
    assert sorted(each.display_name or "" for each in found) == [
        "",
        "EVS disks",
        "EVS snapshots",
        "Nights",
    ]


def test_what_is_in_a_document_has_its_place(tmp_path: Path) -> None:
    text = json.dumps({"roles": [NAMED]}, indent=1)
    [path] = write(tmp_path, {"p.json": text})
    [found] = read(path)
    action = ("Statement", 0, "Action", 0)
    place = found.place(*action)
    assert place.file == str(path)
    assert place.field == "roles[0].policy.Statement[0].Action[0]"
    assert place.line
    assert text.split("\n")[place.line - 1].strip() == '"evs:*:get"'
    assert found.pointer(*action) == "/roles/0/policy/Statement/0/Action/0"
    assert found.pointer() == "/roles/0/policy"
    # What is not said is where it could be.
    assert found.place("Statement", 0, "Resource").line == found.place("Statement", 0).line


def with_statement(**members: object) -> dict[str, Any]:
    return {"Version": "1.1", "Statement": [make_statement(**members)]}


KINDS = (
    "expected a policy (Version, Statement), a role with its policy (policy),"
    " one as IAM answers (role), several (roles), or a list; found "
)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("{\n,}", "[not-json] p.json:2:1: expected JSON: Expecting property name"),
        ('"x"', f'[unknown-document] p.json:1:1: {KINDS}"x"'),
        ({"Statements": []}, f"[unknown-document] p.json:1:1: {KINDS}an object"),
        ({"roles": [], "role": {}}, f"[unknown-document] p.json:1:1: {KINDS}roles beside role"),
        (
            {**POLICY, "policy": POLICY},
            f"[unknown-document] p.json:1:1: {KINDS}policy beside Version and Statement",
        ),
        ([7], "[bad-value] p.json:1:2: [0]: expected an object; found 7"),
        ({"roles": {}}, "[bad-value] p.json:1:11: roles: expected a list; found an object"),
        ({"role": 1}, "[bad-value] p.json:1:10: role: expected an object; found 1"),
        ({"role": {}}, "[missing-member] p.json:1:10: role.policy: missing; expected an object"),
        (
            {"policy": POLICY, "name": 1},
            "[bad-value] p.json:1:101: name: expected a string; found 1",
        ),
        (POLICY | {"name": 1}, "[bad-value] p.json:1:89: name: expected a string; found 1"),
        (
            POLICY | {"Version": "5.0"},
            '[bad-value] p.json:1:13: Version: expected "1.0" or "1.1"; found "5.0"',
        ),
        ({"Version": "1.1"}, "[missing-member] p.json:1:1: Statement: missing"),
        (
            {"Version": "1.1", "Statement": []},
            "[bad-value] p.json:1:33: Statement: expected at least one; found none",
        ),
        (
            with_statement(NotAction=["a"]),
            "[bad-value] p.json:1:34: Statement[0]: expected either Action or NotAction; found",
        ),
        (
            with_statement(Action=[]),
            "[bad-value] p.json:1:64: Statement[0].Action: expected at least one; found none",
        ),
        (
            with_statement(Actions=[]),
            "[unknown-member] p.json:1:90: Statement[0].Actions: unknown; did you mean Action?",
        ),
        (
            with_statement(Action=["a b"]),
            "[bad-action] p.json:1:65: Statement[0].Action[0]: expected printable ASCII",
        ),
        (
            POLICY | {"Depends": [{"catalog": "BASE"}]},
            "[missing-member] p.json:1:93: Depends[0].display_name: missing; expected a string",
        ),
    ],
)
def test_what_is_no_policy_is_a_fault(tmp_path: Path, value: object, fault: str) -> None:
    [found] = find_faults(tmp_path, value)
    assert found.startswith(fault)


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    files = {
        "a.json": "{",
        "b.json": {"roles": [{"policy": POLICY | {"Version": 1}}, NAMED, {"policy": []}]},
        "c.json": 1,
    }
    with pytest.raises(FaultsError) as caught:
        read(*write(tmp_path, files))
    found = [f"{Path(each.location.file).name}: {each.code}" for each in caught.value.faults]
    assert found == [
        "a.json: not-json",
        "b.json: bad-value",
        "b.json: bad-value",
        "c.json: unknown-document",
    ]


def test_a_file_has_a_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert policies.MOST_BYTES == 1024 * 1024
    monkeypatch.setattr(policies, "MOST_BYTES", 10)
    [found] = find_faults(tmp_path, POLICY)
    assert found == "[too-large] p.json: expected at most 10 bytes"


def test_the_form_is_that_of_an_input(tmp_path: Path) -> None:
    [path] = write(tmp_path, {"p.json": POLICY})
    definitions = INPUT_SCHEMA["definitions"] | {"policy": {"maxProperties": 1}}
    with pytest.raises(FaultsError, match="asks for by maxProperties"):
        read_policy_files([path], definitions)
