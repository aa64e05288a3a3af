"""The forms of records: what is read, what is passed over, and what is a fault."""

from typing import Any

import pytest

from scopegate.forms import Form
from scopegate.identity.answers import ASSIGNMENT, MEMBER, RESOURCE, ROLE, SNAPSHOT
from scopegate.json_files.forms import read_record
from scopegate.json_files.nodes import Node
from scopegate.json_files.places import Places
from tests.identity.made import make_assignment, make_resource, make_role

ODD: list[Any] = [None, True, 0, 1.5, "", "x", [], ["x"], {}, {"id": None}, {"id": ["x"]}]
RECORDS: list[tuple[Form[Any], dict[str, Any]]] = [
    (ASSIGNMENT, make_assignment(is_inherited=False)),
    (ASSIGNMENT, make_assignment("group=g1", "domain=d1", is_inherited=True)),
    (MEMBER, {"id": "u1"}),
    (ROLE, make_role()),
    (RESOURCE, make_resource()),
    (SNAPSHOT, {"id": "n1", "volume_id": "v1"}),
]


def read(form: Form[Any], value: object) -> tuple[Any, list[str]]:
    faults: list[Any] = []
    read = read_record(form, Node(Places("a.json"), value, faults, ("list", 0)))
    return read, [str(fault) for fault in faults]


@pytest.mark.parametrize(("form", "record"), RECORDS)
def test_members_that_no_form_has_are_passed_over(form: Form[Any], record: dict[str, Any]) -> None:
    value, faults = read(form, record)
    assert value is not None
    assert read(form, {"links": {}, **record, "ID": 1, "": None}) == (value, faults)
    assert faults == []


@pytest.mark.parametrize(("form", "record"), RECORDS)
def test_a_record_is_read_or_has_faults(form: Form[Any], record: dict[str, Any]) -> None:
    for odd in ODD:
        for name in record:
            value, faults = read(form, record | {name: odd})
            assert (value is None) == bool(faults)
            assert all(fault.startswith(f"a.json: list[0].{name}") for fault in faults)
            assert all("expected " in fault for fault in faults)


@pytest.mark.parametrize(("form", "record"), RECORDS)
def test_what_is_missing_is_told_by_its_name(form: Form[Any], record: dict[str, Any]) -> None:
    required = {"scope", "role"} if form is ASSIGNMENT else {*record}
    value, faults = read(form, {})
    assert value is None
    assert {fault.split(": ")[1] for fault in faults} == {f"list[0].{name}" for name in required}
    assert all("missing; expected " in fault for fault in faults)


def test_all_that_is_wrong_with_the_members_of_a_record_is_told() -> None:
    record = {"scope": {"system": 1, "project": "p1"}, "user": {}, "is_inherited": 1}
    assert read(ASSIGNMENT, record)[1] == [
        'a.json: list[0].scope.project: expected an object with an id; found "p1" [bad-value]',
        (
            "a.json: list[0].scope.system: unknown; expected one of project, domain,"
            " enterprise_project [unknown-member]"
        ),
        "a.json: list[0].role: missing; expected an object with an id [missing-member]",
        "a.json: list[0].user.id: missing; expected a string that is not empty [missing-member]",
        "a.json: list[0].is_inherited: expected true, false or null; found 1 [bad-value]",
    ]


def test_null_is_absence_of_holders_and_scopes() -> None:
    record = make_assignment()
    nulls = {"group": None, "agency": None, "is_inherited": None}
    scope = {**record["scope"], "domain": None, "system": None}
    assert read(ASSIGNMENT, {**record, **nulls, "scope": scope}) == read(ASSIGNMENT, record)
