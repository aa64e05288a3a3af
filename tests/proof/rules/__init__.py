"""Mutation testing of the rules by hand: each is changed in many ways, and somebody must notice.

A mutant is one change, at a place that OPA's parser gives. It is killed where a unit test of the
rules fails, or a decision is no longer what the oracle says. Those that survive are explained in
`survivors.yaml`.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from scopegate.bundle import list_rules
from scopegate.live.opa import Opa
from scopegate.project import Project
from tests.proof.reports import Report, Tell
from tests.proof.rules import gateways
from tests.proof.rules.asking import Batch
from tests.proof.rules.mutants import Key, Mutant, find_mutants
from tests.proof.rules.questions import make_batches
from tests.proof.rules.survivors import read_survivors
from tests.proof.rules.trials import Bench, Outcome

__all__ = ["GOAL", "list_mutants", "prove", "report"]

GOAL: Final = 95.0
"""Percent of all mutants that OPA accepts: so many are killed. Of a few of them chance decides."""

_WORKERS: Final = 2


def prove(project: Project, opa: Opa, *, count: int | None, seed: int, tell: Tell) -> Report:
    """Try out all mutants of the rules, or `count` that the seed draws."""
    tell("finding mutants", 0)
    mutants = list_mutants(project, opa)
    if count is not None and count < len(mutants):
        tried = random.Random(seed).sample(mutants, count)  # noqa: S311  # no secret
    else:
        tried = mutants
    outcomes: dict[Mutant, Outcome] = {}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(_WORKERS) as workers:
        benches = [
            Bench.set_up(project, Path(folder, str(number)), opa) for number in range(_WORKERS)
        ]
        batches = make_batches(project, benches[0].revision, Path(folder, "operators"))
        batches.append(gateways.make_batch(Path(folder, "gateways")))
        unchanged = replace(mutants[0], replacement=mutants[0].replaced)
        if benches[0].try_out(unchanged, batches) is not Outcome.SURVIVED:
            return Report("rules", {}, ["the rules are at fault before anything is changed"])
        became = workers.map(_share(benches, batches), tried)
        for number, (mutant, outcome) in enumerate(zip(tried, became, strict=True), start=1):
            outcomes[mutant] = outcome
            tell(f"{number} of {len(tried)} mutants tried", number / len(tried))
    return report(mutants, outcomes, read_survivors(), seed=seed)


def _share(benches: Sequence[Bench], batches: Sequence[Batch]) -> Callable[[Mutant], Outcome]:
    """Try out a mutant on the bench that is free next: there are as many as workers."""
    free: SimpleQueue[Bench] = SimpleQueue()
    for bench in benches:
        free.put(bench)

    def try_out(mutant: Mutant) -> Outcome:
        bench = free.get()
        try:
            return bench.try_out(mutant, batches)
        finally:
            free.put(bench)

    return try_out


def list_mutants(project: Project, opa: Opa) -> list[Mutant]:
    """List every mutant of every file by hand."""
    return [
        mutant
        for file in list_rules(project.rego)
        for mutant in find_mutants(
            file.relative_to(project.folder).as_posix(), file.read_text(encoding="utf-8"), opa
        )
    ]


def report(
    mutants: Sequence[Mutant],
    outcomes: Mapping[Mutant, Outcome],
    explained: Mapping[Key, str],
    *,
    seed: int,
) -> Report:
    """Say what became of the mutants that were tried, of all that there are."""
    became = Counter(outcomes.values())
    survivors = [mutant for mutant, each in outcomes.items() if each is Outcome.SURVIVED]
    unexplained = [mutant for mutant in survivors if mutant.key not in explained]
    killed = became[Outcome.KILLED_BY_TESTS] + became[Outcome.KILLED_BY_HARNESS]
    alive = killed + len(survivors)
    score = round(100 * killed / alive, 1) if alive else 100.0
    is_whole = len(outcomes) == len(mutants)
    figures = {
        "files": len({mutant.file for mutant in mutants}),
        "places": len({(mutant.file, mutant.start, mutant.end) for mutant in mutants}),
        "mutants": len(mutants),
        "seed": seed,
        "tried": len(outcomes),
        "stillborn": became[Outcome.STILLBORN],
        "killed by unit tests": became[Outcome.KILLED_BY_TESTS],
        "killed by decisions": became[Outcome.KILLED_BY_HARNESS],
        "survivors explained": len(survivors) - len(unexplained),
        "survivors unexplained": len(unexplained),
        "killed %": score,
    }
    failures = [
        *(f"nobody notices {mutant}" for mutant in unexplained),
        *_find_stale(mutants, outcomes, explained),
        *([f"{score} % are killed: less than {GOAL} %"] if score < GOAL and is_whole else []),
    ]
    return Report("rules", figures, failures)


def _find_stale(
    mutants: Sequence[Mutant], outcomes: Mapping[Mutant, Outcome], explained: Mapping[Key, str]
) -> Iterator[str]:
    """Find explanations of what is no mutant, and of what does not survive."""
    known = {mutant.key for mutant in mutants}
    tried = {mutant.key for mutant in outcomes}
    alive = {mutant.key for mutant, each in outcomes.items() if each is Outcome.SURVIVED}
    for key in explained:
        named = f"{key.file}: {key.rule}: {key.before} → {key.after}"
        if key not in known:
            yield f"survivors.yaml explains what is no mutant: {named}"
        elif key in tried - alive:
            yield f"survivors.yaml explains what does not survive: {named}"
