"""The matrix: every route of the committed tables × every kind of question, object by object."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.decisions.inputs import questions
from tests.decisions.inputs.malformed import full_input, lean_input, malformed
from tests.decisions.inputs.parts import Json
from tests.harness.confirmation import Confirmer
from tests.oracle import Documented, read_tables

TABLES = Path(__file__).parents[2] / "tables"
ROUTES = read_tables(sorted(TABLES.glob("huaweicloud/*/*.yaml")))


def test_the_matrix_has_every_route_of_the_snapshots() -> None:
    snapshots = [route for route in ROUTES if route.table == "evs/snapshots"]
    assert len(snapshots) == 38
    assert len({(route.method, route.path) for route in snapshots}) == 38
    assert {route.row for route in snapshots} == set(range(1, 20))


@pytest.mark.parametrize(
    "route", [pytest.param(route, id=f"{route.method} {route.path}") for route in ROUTES]
)
def test_every_question_about_a_route(confirm: Confirmer, route: Documented) -> None:
    confirm(questions(route))


@pytest.mark.parametrize("input_for", [full_input, lean_input])
def test_malformed_inputs(confirm: Confirmer, input_for: Callable[[Documented], Json]) -> None:
    confirm(malformed(input_for(ROUTES[0])))
