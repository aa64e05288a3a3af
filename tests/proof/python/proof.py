"""The rooms that read documents mutated: tests fail for nine of ten mutants at least."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Final

from tests.proof.python.mutants import ROOMS, Fate, Mutant, Workshop
from tests.proof.reports import Figure, Report, Tell

LEAST: Final = 90.0
"""The score, in hundredths, below which every survivor is a failure."""


def prove(project: Path, *, count: int | None, seed: int, tell: Tell) -> Report:
    """Try `count` mutants, drawn by the seed, or all; raises `MutationError`.

    They are made in a copy of the project, in a temporary folder.
    """
    with tempfile.TemporaryDirectory() as folder:
        tell("making mutants", 0)
        workshop = Workshop(project, Path(folder))
        names = [mutant.name for mutant in workshop.list_mutants()]
        chosen = draw(names, count, seed)
        tried = workshop.try_mutants(chosen, tell)
        left = {each.name: workshop.show(each.name) for each in tried if is_left(each)}
    return make_report(len(names), tried, left)


def draw(names: Sequence[str], count: int | None, seed: int) -> Sequence[str]:
    """Draw names by a seed; all where there are no more than are wanted."""
    if count is None or count >= len(names):
        return names
    return sorted(Random(seed).sample(names, count))  # noqa: S311  nothing secret about it


def is_left(mutant: Mutant) -> bool:
    """Whether no test has failed for a mutant."""
    return mutant.fate not in {Fate.KILLED, Fate.TIMEOUT}


def make_report(made: int, tried: Sequence[Mutant], left: Mapping[str, str]) -> Report:
    """Report what became of mutants; `left` has what those change that no test failed for."""
    score = _measure(tried)
    figures = dict(_list_figures(made, tried, score))
    changes = {f"left: {name}": change for name, change in left.items()}
    failures = [f"{name}: {change}" for name, change in left.items()] if score < LEAST else []
    return Report("python", figures | changes, failures)


def _measure(tried: Sequence[Mutant]) -> float:
    return round(100 * sum(not is_left(each) for each in tried) / len(tried), 1) if tried else 100.0


def _list_figures(made: int, tried: Sequence[Mutant], score: float) -> Iterator[tuple[str, Figure]]:
    yield "mutants made", made
    yield "mutants tried", len(tried)
    fates = Counter(each.fate for each in tried)
    for fate in Fate:
        yield fate, fates[fate]
    yield "score", score
    for room in ROOMS:
        of_room = [each for each in tried if each.name.startswith(f"scopegate.{room}.")]
        yield f"tried: {room}", len(of_room)
        yield f"score: {room}", _measure(of_room)
