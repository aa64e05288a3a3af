"""The proof finds what differs, and tells it by the least input; a small run finds nothing."""

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from scopegate.live.asking import Server as Asking
from scopegate.live.opa import Opa
from scopegate.live.serving import run_server
from scopegate.project import Project
from tests.examples.sidecar import wait_for
from tests.harness.alike import normalize
from tests.oracle import REASONS, Given, Operator, decide
from tests.proof.decisions import prove
from tests.proof.decisions.engines import Answer, Server, start_program
from tests.proof.decisions.inputs import Known, Rows, make_inputs
from tests.proof.decisions.operators import Asked, list_operators
from tests.proof.decisions.run import (
    Checker,
    Found,
    explain,
    explain_engines,
    read_rows,
    report,
)
from tests.proof.shrinking import shrink


@pytest.fixture(scope="module")
def rows(project: Path) -> Rows:
    return read_rows(project)


class Planted:
    """An engine that decides as the oracle does, but for what is planted."""

    def __init__(self, rows: Rows, plant: Callable[[Any, dict[str, Any]], Answer]) -> None:
        self._rows = rows
        self._plant = plant

    def decide_all(self, inputs: Sequence[Given]) -> list[Answer]:
        return [self._plant(each, decide(self._rows, each, "r")) for each in inputs]


def test_a_small_run(project: Path, opa: Opa) -> None:
    told: list[float] = []
    found = prove(
        Project(project),
        opa,
        count=2000,
        others=500,
        seed=random.randrange(10**6),  # noqa: S311  nothing secret about it
        tell=lambda _, done: told.append(done),
    )
    assert [each for each in found.failures if "less than" not in each] == []
    assert found.figures["of them confirmed by the oracle"] == 2000
    assert found.figures["of them the same on WebAssembly"] == 500
    assert told[-1] == 1


def test_inputs_get_every_reason(rows: Rows) -> None:
    reasons = {
        decide(rows, given, "r", asked.operator)["reason"]
        for asked in list_operators(rows).values()
        for given in make_inputs(asked.known, random.Random(1), 1000)  # noqa: S311  as above
    }
    assert reasons == set(REASONS)


def test_the_same_seed_makes_the_same_inputs(rows: Rows) -> None:
    one, other = (
        list(make_inputs(Known(rows), random.Random("1/7"), 100))  # noqa: S311  as above
        for _ in range(2)
    )
    assert one == other


def test_a_disagreement_is_told_by_the_least_input(rows: Rows) -> None:
    def plant(given: Any, decision: dict[str, Any]) -> Answer:  # noqa: ANN401  any JSON
        is_planted = "P2" in json.dumps(given) and decision["reason"] == "malformed_request"
        return {**decision, "allow": True} if is_planted else decision

    given: Given = {
        "request": {"method": "GET", "path": "/v2/p1/snapshots", "service": ["P2", "evs"]},
        "subject": {"project_id": "p1", "grants": []},
    }
    checker = Checker(rows, Asked(Operator(), Known(rows)), "r")
    told = explain("nothing configured", given, checker, Planted(rows, plant))
    assert "allow: expected false" in told
    assert told.endswith("confirm.one(\n        'P2'\n    )")


def test_engines_that_differ_are_told(rows: Rows) -> None:
    ours = Planted(rows, lambda _, decision: decision)
    theirs = Planted(
        rows, lambda given, decision: "undefined" if isinstance(given, dict) else decision
    )
    told = explain_engines("x", {"request": {"method": "GET"}}, ours, "theirs", theirs)
    assert '# theirs "undefined"' in told
    assert told.endswith("confirm.one(\n        {}\n    )")


def test_the_order_of_lists_is_no_difference_and_the_rest_is() -> None:
    assert normalize({"a": ["x", {"b": 1}]}) == normalize({"a": [{"b": 1}, "x"]})
    assert normalize({"a": ["x"]}) != normalize({"a": ["x", "x"]})
    assert normalize({"a": 1}) != normalize({"a": True})
    assert normalize("undefined") != normalize({"a": "undefined"})


def test_a_rare_reason_is_a_failure() -> None:
    even = Found(1300)
    even.reasons.update(dict.fromkeys(REASONS, 100))
    assert report(even, 1).failures == []
    even.reasons["allowed"] = 1
    assert report(even, 1).failures == ["less than 2% each: allowed"]


def test_shrinking_ends_at_what_is_shown() -> None:
    given = {"a": [1, {"b": "xyz", "c": [True]}], "d": {"e": "long"}}
    assert shrink(given, lambda each: "y" in json.dumps(each)) == "y"
    assert shrink(given, lambda each: isinstance(each, dict) and "e" in json.dumps(each)) == {
        "e": ""
    }
    assert shrink(given, lambda _: True) in (None, {}, [])


def test_a_program_that_ends_is_told(tmp_path: Path) -> None:
    with (
        start_program(["ls", "--nothing"], tmp_path / "log") as program,
        pytest.raises(RuntimeError, match=r"(?s)'ls'.* has ended: .*nothing"),
    ):
        program.decide_all([{}])


def test_an_engine_that_answers_too_little_is_told(tmp_path: Path) -> None:
    script = "while read line; do echo '[{}]'; done"
    with start_program(["sh", "-c", script], tmp_path / "log") as program:
        assert program.decide_all([1]) == [{}]
        with pytest.raises(RuntimeError, match="1 answers to 2 inputs"):
            program.decide_all([1, 2])


UNEVEN = """\
package scopegate

decision := {"reason": "x"} if input != 1

decision := {"reason": each} if {
	some each in ["x", "y"]
	input == "two"
}
"""


def test_what_has_no_decision_is_asked_for_alone(opa: Opa, tmp_path: Path) -> None:
    rules = tmp_path / "uneven.rego"
    rules.write_text(UNEVEN)
    with run_server(opa, [str(rules)], log=tmp_path / "opa.log") as (url, _):
        with Asking(url) as asking:
            wait_for(asking.is_healthy)
        server = Server(url)
        decided = {"reason": "x"}
        assert server.decide_all([0, 2]) == [decided, decided]
        assert server.decide_all([0, 1, 2]) == [decided, "undefined", decided]
        *_, conflict = server.decide_all([0, "two"])
        assert "eval_conflict_error" in conflict
