"""Inputs with every member missing, of every wrong kind, and with members that do not belong."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from tests.decisions.inputs.parts import EVERYTHING, Json, path_of
from tests.oracle import ABSENT, Documented

Place: TypeAlias = tuple[str | int, ...]
"""Where a member stands: ("subject", "grants", 0, "scope")."""

# fmt: off
WRONG: Final[tuple[Any, ...]] = (
    None, True, False, 0, 1, -1.5, "", " ", "x", "*", "é", "a b", "a\tb", "a\nb", "true", "1.1",
    "1.0", "1.2",
    "Allow", "allow", "Deny", "DENY", 1.1, 10**30,
    [], [None], [0], [""], ["x"], ["*"], ["*", "*"], ["a b"], ["\x7f"], ["é"], [" "], ["x\n"],
    [[]], [{}],
    [{"x": 1}], ["x", 1], ["x", ""], ["x", None],
    {}, {"x": 1}, {"x": ["y"]}, {"x": "y"}, {"uri": "x"}, {"uri": [1]}, {"uri": ["x"], "x": 1},
    {"uri": None},
    {"iam_project": "p1"}, {"iam_project": ""}, {"iam_project": ["p1"]}, {"IAM_project": "p1"},
    {"all_resources": True}, {"all_resources": False}, {"all_resources": 1},
    {"all_resources": "true"},
    {"domain": None}, {"domain": "d1", "x": 1}, {"enterprise_project": {}}, {"project": "p1"},
    {"iam_project": "p1", "all_resources": True}, {"iam_project": "p1", "domain": "d1"},
)
"""Wrong in most places of an input; where one is right, the oracle knows."""

ADDED: Final[tuple[tuple[str, Any], ...]] = (
    ("x", 1), ("", None), ("Action", ["x"]), ("NotAction", ["x"]), ("Condition", {}), ("Resource",
    ["*"]),
    ("Depends", []), ("Sid", "s"), ("Principal", "*"), ("effect", "Deny"), ("Version", "1.0"),
    ("version", 2),
    ("project_id", "p1"), ("domain_id", "d1"), ("domain_id", None), ("domain", "d1"), ("id", 7),
    ("name", None),
    ("enterprise_project", "e1"), ("account_owner", True), ("account_owner", None), ("grants",
    None),
    ("query", None), ("resource", {"id": 1}), ("body", None), ("host", None), ("service", None),
    ("a;b", ["c"]),
)
"""Members that most objects of an input do not know, or that are one too many there."""
# fmt: on


def malformed(given: Json) -> Iterator[Any]:
    """No input, other JSON, and the input with each member of it removed, replaced and joined."""
    yield from (ABSENT, None, True, 0, "", "input", [], {}, [given], {"input": given})
    yield given
    for place in places(given):
        yield without(given, place)
        for wrong in WRONG:
            yield replaced(given, place, wrong)
    for place in ((), *places(given)):
        if isinstance(value_at(given, place), dict):
            for name, value in ADDED:
                yield replaced(given, (*place, name), value)


def full_input(route: Documented) -> Json:
    """An input that has every known member, and members that are ignored."""
    actions = list(route.actions) or ["*"]
    condition = {"StringEquals": {"g:UserName": ["u"]}}
    writer = [
        {"Effect": "Allow", "Action": actions, "Resource": ["*"]},
        {"Effect": "Deny", "NotAction": ["*:*:*"], "Resource": {"uri": ["/iam/agencies/a"]}},
    ]
    role = {
        "Version": "1.0",
        "Depends": [{"catalog": "BASE", "display_name": "Tenant Guest"}],
        "Statement": [{"Effect": "Allow", "Action": ["x:*"], "Condition": condition}],
    }
    plain = {"Version": "1.1", "Statement": [EVERYTHING], "type": "AX"}
    return {
        "request": {
            "method": route.method,
            "path": path_of(route),
            "service": route.service,
            "host": "evs.example.com",
            "query": {"limit": ["10"], "enterprise_project_id": ["e1"]},
            "body": {"snapshot": {"force": None}},
            "headers": {"accept": "*/*"},
        },
        "subject": {
            "id": "u1",
            "account_owner": False,
            "project_id": "p1",
            "grants": [
                {
                    "scope": {"iam_project": "p1"},
                    "policies": [{"name": "w", "Version": "1.1", "Statement": writer}, role],
                },
                {"scope": {"all_resources": True}, "policies": [], "since": None},
                {"scope": {"domain": "d1"}, "policies": [plain]},
                {"scope": {"enterprise_project": "e1"}, "policies": []},
            ],
        },
        "resource": {"enterprise_project_id": "e1", "id": 1},
    }


def lean_input(route: Documented) -> Json:
    """An input that has what is required and no more, for the account itself and of a domain."""
    return {
        "request": {"method": route.method, "path": path_of(route)},
        "subject": {"account_owner": True, "domain_id": "d1"},
    }


def places(value: object, at: Place = ()) -> Iterator[Place]:
    """Where the members and elements of a value stand, at every depth."""
    inside: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    for name, each in inside:
        yield (*at, name)
        yield from places(each, (*at, name))


def value_at(value: Any, place: Place) -> Any:  # noqa: ANN401  # JSON
    """What stands at a place."""
    for name in place:
        value = value[name]
    return value


def replaced(given: Json, place: Place, value: object) -> Json:
    """A copy with another value at a place."""
    copy: Json = json.loads(json.dumps(given))
    value_at(copy, place[:-1])[place[-1]] = value
    return copy


def without(given: Json, place: Place) -> Json:
    """A copy without what stands at a place."""
    copy: Json = json.loads(json.dumps(given))
    del value_at(copy, place[:-1])[place[-1]]
    return copy
