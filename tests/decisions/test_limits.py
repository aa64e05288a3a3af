"""Large inputs are decided, or refused for what they have too much of."""

import json
import re
from collections.abc import Iterable
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.decisions.inputs.malformed import (
    Place,
    full_input,
    places,
    replaced,
    value_at,
)
from tests.decisions.inputs.parts import PLACES, Json, about, ask, path_of
from tests.decisions.test_properties import EXAMPLES, ROUTES
from tests.harness.client import Client
from tests.harness.confirmation import Confirmer

LIST = next(route for route in ROUTES if route.path == "/v2/{project_id}/cloudsnapshots/detail")
VERSION: Place = ("subject", "grants", 0, "policies", 0, "Version")
PROJECT = PLACES["the token's project"]
READER = about("Allow", LIST.actions)


def enterprise_project(number: int) -> Json:
    return {"enterprise_project": f"e{number}"}


def policy(statements: list[Json] = READER, **more: Any) -> Json:  # noqa: ANN401  # JSON
    return {"Version": "1.1", "Statement": statements, **more}


def role(number: int, named: Iterable[int] = (), statements: list[Json] = READER) -> Json:
    depends = [{"catalog": "BASE", "display_name": f"r{other}"} for other in named]
    name = {"catalog": "BASE", "display_name": f"r{number}"}
    return policy(statements, **name, Depends=depends)


def of_roles(roles: Iterable[Json]) -> list[Json]:
    return [{"scope": PROJECT, "policies": list(roles)}]


def at_each(policies: list[Json], number: int) -> list[Json]:
    return [{"scope": enterprise_project(i), "policies": policies} for i in range(number)]


def of_patterns(patterns: list[Any]) -> list[Json]:
    return of_roles([policy(about("Allow", patterns))])


TEN_TIMES_THE_VENDORS = {
    "statements": of_roles([policy([*about("Allow", ["x"]) * 79, *READER])]),
    "actions": of_patterns([*(f"evs:x{i}:*" for i in range(999)), *LIST.actions]),
    "dependencies": of_roles([role(0, range(1, 201)), *(role(i) for i in range(1, 201))]),
    "policies": of_roles([policy() for _ in range(2000)]),
    "grants": [{"scope": PROJECT, "policies": [policy()]} for _ in range(2000)],
    "enterprise projects": at_each([policy()], 2000),
    "long actions": of_patterns([f"evs:{'x' * 1276}{i}" for i in range(100)]),
}

AS_MUCH_AS_IS_DECIDED = {
    "roles, each on the next 30": of_roles(
        role(i, range(i + 1, min(i + 31, 600))) for i in range(600)
    ),
    "a circle of roles": of_roles(
        role(i, ((i + k) % 2000 for k in range(1, 9))) for i in range(2000)
    ),
    "a role at each of many places": [
        *at_each([role(0, [1])], 900),
        {"scope": PLACES["all resources"], "policies": [role(i, [i + 1]) for i in range(9)]},
    ],
    "patterns with many wildcards": of_patterns([f"evs*{i}*s*l*" for i in range(10_000)]),
    "such patterns at many places": at_each(
        [policy(about("Allow", [f"evs*{i}*s*l*" for i in range(4)]))], 2000
    ),
    "patterns that are nearly there": of_patterns(
        [f"*e*v*s*:*s*n*a*p*s*:*z*{i:04x}" for i in range(10_000)]
    ),
    "conditions at many places": at_each(
        [policy([{**statement, "Condition": {}} for statement in READER * 2])], 2000
    ),
}

REFUSED = {
    "a chain of roles": ("policies", of_roles(role(i, [i + 1]) for i in range(3000))),
    "a role at too many places": ("grants", at_each([role(0, [1])], 4000)),
    "empty grants": ("grants", [{}] * 330_000),
    "numbers as grants": ("grants", [0] * 500_000),
    "empty policies": ("policies", of_roles([{}] * 330_000)),
    "empty statements": ("statements", of_roles([policy([{}] * 330_000)])),
    "empty patterns": ("patterns", of_patterns([""] * 250_000)),
    "numbers as patterns": ("patterns", of_patterns([1] * 330_000)),
    "patterns": ("patterns", of_patterns([f"evs*{i}*s*l*" for i in range(60_000)])),
    "numbers as resources": (
        "patterns",
        of_roles([policy([{**READER[0], "Resource": [1] * 330_000}])]),
    ),
    "dependencies": ("dependencies", of_roles([policy(Depends=[{}] * 200)] * 1200)),
    "dependencies of one": (
        "dependencies of one",
        of_roles([policy(Depends=[{}] * 201, name="x" * 32_768)]),
    ),
    # To OPA numbers between two whole ones are alike until it looks twice.
    "numbers in a scope": (
        "members",
        [{"scope": [n / 100_000 for n in range(1, 50_000)], "policies": []}],
    ),
    "numbers as names of roles": (
        "dependencies of one",
        of_roles([policy(Depends=[{"catalog": n / 100_000} for n in range(1, 10_000)])]),
    ),
    "members": ("members", of_roles([policy([{f"m{i}": 0 for i in range(80_000)}])])),
}

NUMBERS = {"digits": "1" * 900_000, "exponents": f"[{','.join(['1e9999'] * 110_000)}]"}
GROWN = {
    "a string": "x" * 500_000,
    "escapes": "%41" * 150_000,
    "quotes": '"' * 250_000,
    "wildcards": "evs*" * 100_000,
    "strings": [""] * 150_000,
    "numbers": [0] * 200_000,
    "nulls": [None] * 100_000,
    "lists": [[]] * 150_000,
    "objects": [{}] * 150_000,
    "members": {f"m{i}": 0 for i in range(40_000)},
    "members with lists": {f"m{i}": ["x"] for i in range(40_000)},
    "a deep list": json.loads("[" * 900 + "]" * 900),
}


def ask_for_list(grants: list[Json]) -> Json:
    return ask("GET", path_of(LIST), grants)


@pytest.mark.parametrize("grants", TEN_TIMES_THE_VENDORS.values(), ids=TEN_TIMES_THE_VENDORS)
def test_ten_times_what_the_vendor_allows(confirm: Confirmer, grants: list[Json]) -> None:
    confirm.one(ask_for_list(grants))


@pytest.mark.parametrize("grants", AS_MUCH_AS_IS_DECIDED.values(), ids=AS_MUCH_AS_IS_DECIDED)
def test_as_much_as_is_decided(client: Client, grants: list[Json]) -> None:
    assert client.decide(ask_for_list(grants))["reason"] != "malformed_request"


@pytest.mark.parametrize(("noun", "grants"), REFUSED.values(), ids=REFUSED)
def test_too_much(client: Client, noun: str, grants: list[Json]) -> None:
    decision = client.decide(ask_for_list(grants))
    assert decision["reason"] == "malformed_request"
    assert re.search(rf"more than \d+ {noun}\b", decision["message"])


def test_all_enterprise_projects_of_many(client: Client) -> None:
    question = ask_for_list(at_each([policy()], 2000))
    question["request"]["path"] += "?enterprise_project_id=all_granted_eps"
    assert len(client.decide(question)["enterprise_projects"]) == 2000


@pytest.mark.parametrize("parts", [10_000, 10_001])
def test_a_query_of_many_parts(confirm: Confirmer, parts: int) -> None:
    """OPA decodes no more than 10,000."""
    question = ask_for_list(at_each([policy()], 2))
    question["request"]["path"] += "?enterprise_project_id=e1" + "&" * (parts - 1)
    confirm.one(question)


def test_a_number_that_is_none_to_its_reader(opa_url: str) -> None:
    given = full_input(LIST)
    for place in places(given):
        # OPA panics where it compares it with others of a schema.
        assert "reason" in decide_with_number(opa_url, given, place, "1e309"), place


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("place", [("request", "body"), ("subject", "id"), VERSION], ids=str)
def test_long_numbers(opa_url: str, place: Place, number: str) -> None:
    decision = decide_with_number(opa_url, full_input(LIST), place, number)
    assert decision["message"] == "the input is malformed: more than 100 digits of a number"


@settings(EXAMPLES, max_examples=60)
@given(
    place=st.sampled_from([*places(full_input(LIST))]),
    grown=st.sampled_from(sorted(GROWN)),
    copies=st.booleans(),
)
def test_whatever_grows_there_is_a_decision(
    client: Client, place: Place, grown: str, *, copies: bool
) -> None:
    given = full_input(LIST)
    whole = value_at(given, place)
    large = [whole] * (400_000 // len(json.dumps(whole))) if copies else GROWN[grown]
    decision = client.decide(replaced(given, place, large))
    assert "reason" in decision


def decide_with_number(url: str, given: Json, place: Place, number: str) -> Json:
    """The decision where a number stands that Python would not spell so."""
    body = json.dumps({"input": replaced(given, place, "@")}).replace('"@"', number)
    answer = requests.post(f"{url}/v1/data/scopegate/decision", data=body.encode(), timeout=30)
    decision: Json = answer.json()["result"]
    return decision
