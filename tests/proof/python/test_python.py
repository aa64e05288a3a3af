"""The proof of the Python rooms, but for mutmut itself: what it leaves is read and counted."""

import json
import sys
from pathlib import Path

import pytest

from tests.proof.python.mutants import ROOMS, Fate, Mutant, MutationError, Workshop, read_mutants
from tests.proof.python.proof import LEAST, draw, is_left, make_report

PROJECT = Path(__file__).parents[3]


def test_what_mutmut_leaves_is_read(tmp_path: Path) -> None:
    codes = {"a": 0, "b": 1, "c": 36, "d": 33, "e": -11, "f": None, "g": -24, "h": 3}
    file = tmp_path / "scopegate/cells/actions.py.meta"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"exit_code_by_key": codes}), encoding="utf-8")

    assert {each.name: each.fate for each in read_mutants(tmp_path)} == {
        "a": Fate.SURVIVED,
        "b": Fate.KILLED,
        "c": Fate.TIMEOUT,
        "d": Fate.UNTESTED,
        "e": Fate.BROKEN,
        "f": None,
        "g": Fate.TIMEOUT,
        "h": Fate.KILLED,
    }


def test_only_what_a_test_failed_for_or_that_never_ends_is_not_left() -> None:
    assert {fate for fate in Fate if not is_left(Mutant("a", fate))} == {Fate.KILLED, Fate.TIMEOUT}


def make_tried(killed: int, survived: int) -> list[Mutant]:
    return [
        *(Mutant(f"scopegate.cells.a{number}", Fate.KILLED) for number in range(killed)),
        *(Mutant(f"scopegate.tables.b{number}", Fate.SURVIVED) for number in range(survived)),
    ]


@pytest.mark.parametrize(("killed", "survived", "failures"), [(9, 1, 0), (89, 11, 1)])
def test_survivors_are_failures_where_too_many_are(
    killed: int, survived: int, failures: int
) -> None:
    report = make_report(500, make_tried(killed, survived), {"b": "- x + y"})

    assert report.part == "python"
    assert report.figures["mutants made"] == 500
    assert report.figures["mutants tried"] == killed + survived
    assert report.figures[Fate.KILLED] == killed
    assert report.figures[Fate.SURVIVED] == survived
    assert report.figures["score"] == round(100 * killed / (killed + survived), 1)
    assert (report.figures["score: cells"], report.figures["score: tables"]) == (100, 0)
    assert report.figures["left: b"] == "- x + y"
    assert list(report.failures) == ["b: - x + y"] * failures


def test_a_score_of_nine_of_ten_is_enough() -> None:
    assert LEAST == 90


def test_a_seed_draws_the_same_mutants_again() -> None:
    names = [f"a{number}" for number in range(100)]

    assert draw(names, 10, seed=1) == draw(names, 10, seed=1) != draw(names, 10, seed=2)
    assert len(set(draw(names, 10, seed=1))) == 10
    assert draw(names, None, seed=1) == draw(names, 100, seed=1) == names


def test_every_room_has_tests() -> None:
    for room in ROOMS:
        assert (PROJECT / "generator/scopegate" / room).is_dir()
        assert list((PROJECT / "tests" / room).glob("test_*.py"))


def test_without_mutmut_the_message_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    with pytest.raises(MutationError, match=r"requirements/mutation\.txt"):
        Workshop(PROJECT, tmp_path)
