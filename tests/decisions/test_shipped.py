"""Every route of every shipped table, and each of its cases, on a live OPA with all of them."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from tests.decisions.inputs.parts import Json, allow_everything, ask, path_of
from tests.decisions.inputs.shipped import questions_about
from tests.harness.client import Client
from tests.harness.confirmation import Confirmer, Tally
from tests.oracle import Documented, decide, read_tables

TABLES = Path(__file__).parents[2] / "tables"
ROWS = read_tables(sorted(TABLES.glob("*/*/*.yaml")), TABLES.parent / "corrections")


def key_of(row: Documented) -> tuple[str, str, str, tuple[str, ...]]:
    """What all rows of one route have in common."""
    shape = tuple("{}" if part.startswith("{") else part for part in row.segments)
    return row.provider, row.service, row.method, shape


ROUTES = {key: list(rows) for key, rows in itertools.groupby(sorted(ROWS, key=key_of), key=key_of)}
APIS = sorted({key[:2] for key in ROUTES})


@pytest.fixture(scope="module")
def confirm_all(everything: Client, tally: Tally) -> Confirmer:
    """Confirms decisions of a server that has the tables of all providers."""
    return Confirmer(everything, ROWS, everything.decide({})["revision"], tally)


def test_there_are_tables_of_all_services() -> None:
    assert len(APIS) > 10
    assert sum(any(row.cases for row in rows) for rows in ROUTES.values()) > 10


@pytest.mark.parametrize("api", APIS, ids="/".join)
def test_every_route_of_an_api(confirm_all: Confirmer, api: tuple[str, str]) -> None:
    # The oracle looks at every row for each question: those of the one API are enough for it.
    own = [row for row in ROWS if (row.provider, row.service) == api]

    def decide_here(given: Json) -> Json:
        return decide(own, given, "")

    asked: list[Json] = []
    for key, rows in ROUTES.items():
        if key[:2] == api:
            questions = list(
                questions_about(rows, lambda given: list(decide_here(given)["required"]))
            )
            reasons = {decide_here(given)["reason"] for given in questions}
            assert reasons & {"allowed", "no_authorization_required"}
            assert "no_matching_route" not in reasons
            asked += questions
    replace(confirm_all, tables=own)(asked)


def test_every_route_where_nobody_says_whose_it_is(confirm_all: Confirmer) -> None:
    """By neither service nor provider; and by one of them, where two providers have the service."""
    asked = [
        ask(rows[0].method, path_of(rows[0]), allow_everything(), **named)
        for (provider, service, *_), rows in ROUTES.items()
        for named in (
            {},
            *([{"service": service}, {"provider": provider}] if service == "evs" else []),
        )
    ]
    confirm_all(asked)
    reasons = {decide(ROWS, given, "")["reason"] for given in asked}
    assert {"ambiguous_service", "allowed", "body_required"} <= reasons
