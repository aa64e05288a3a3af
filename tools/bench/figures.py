"""What was measured, as figures, and the goals that they are held against."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from scopegate.live.measuring import Quantiles, find_quantiles
from tools.bench.rounds import DECISION, Series, Timer
from tools.bench.servers import TRIVIAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.bench.compared.run import Compared
    from tools.bench.compared.traps import Trap
    from tools.bench.explored import Explored
    from tools.bench.large import Large
    from tools.bench.load import Load
    from tools.bench.machine import Machine
    from tools.bench.subjects import Subjects

MIX: Final = "the mix (mean)"
"""Stands for all questions: the mean of a round, so that each weighs what it takes."""

MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Limit:
    """A goal: what should not be more than `most`."""

    key: str
    goal: str
    most: float


GROWTH: Final = Limit("growth", "evaluation with the most routes : with the fewest", 1.08)
OVERHEAD: Final = Limit("overhead", "HTTP with requests, the decision : a trivial rule", 1.25)
MEMORY: Final = Limit("memory", "memory over an empty OPA's, MB for a thousand routes", 14.0)
MANY: Final = Limit("many", "evaluation with 100 policies : with one", 4.5)
ENVOY: Final = Limit("envoy", "evaluation of Envoy's entry point : asked directly", 1.5)
LARGE: Final = Limit("large", "evaluation of the slowest large input, in seconds", 2.0)
PAINT: Final = Limit("paint", "explorer, first paint, in seconds", 1.0)
TASK: Final = Limit("task", "explorer, the longest task while somebody types, in ms", 50.0)
FIRST: Final = Limit("first", "explorer, the first answer to what a policy opens, in seconds", 0.3)
OPENS: Final = Limit("opens", "explorer, all answers to what a policy opens, in seconds", 5.0)
COSTS: Final = {
    probe: Limit("cost", "evaluation : a trivial rule", most)
    for probe, most in (
        ("allowed, 1 policy", 9.5),
        ("allowed by wildcards", 16.0),
        ("action_not_granted", 20.0),
        ("no_matching_route", 12.0),
        ("list of all_granted_eps", 35.0),
    )
}
"""By the name of the question; a trivial rule takes what OPA takes for anything."""


@dataclass(frozen=True, slots=True)
class Size:
    """The bundle and server of one number of routes; memory is in bytes, over an empty OPA's."""

    routes: int
    rules: int
    bundle_bytes: int
    build_seconds: float
    ready_seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal for one question, MIX, or (memory) none, and what was found."""

    limit: Limit
    probe: str | None
    figure: float

    @property
    def met(self) -> bool:
        """Whether the figure is within the limit."""
        return self.figure <= self.limit.most


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that a run has found. `quantiles` has MIX among the questions.

    `seconds` is how long it took. `explored` are the explorer's pages, and none where `left_out`
    says why they are left out; so are `compared` and `traps`, where `not_compared` says why.
    `console` is what `scopegate bench` prints of the server with the fewest routes.
    """

    machine: Machine
    opa: str
    seconds: float
    rounds: int
    empty_memory: int
    sizes: tuple[Size, ...]
    probes: tuple[str, ...]
    quantiles: Mapping[Series, Quantiles]
    subjects: tuple[Subjects, ...]
    large: tuple[Large, ...]
    explored: tuple[Explored, ...]
    left_out: str | None
    loads: tuple[Load, ...]
    compared: tuple[Compared, ...]
    traps: tuple[Trap, ...]
    not_compared: str | None
    console: str

    def find(self, routes: int, probe: str, timer: Timer, rule: str = DECISION) -> Quantiles:
        """Return the quantiles of one series."""
        return self.quantiles[Series(routes, probe, rule, timer)]

    def compute_growth(self, probe: str, timer: Timer) -> float:
        """Return the ratio of the medians with the most routes and with the fewest."""
        fewest, most = self.sizes[0].routes, self.sizes[-1].routes
        return self.find(most, probe, timer).median / self.find(fewest, probe, timer).median

    def compute_overhead(self, routes: int, probe: str, timer: Timer) -> float:
        """Return the ratio of the medians of the decision and of the trivial rule."""
        trivial = self.find(routes, probe, timer, TRIVIAL)
        return self.find(routes, probe, timer).median / trivial.median

    def find_load(self, routes: int, connections: int, rule: str = DECISION) -> Load:
        """Return what a server answered over so many connections."""
        (found,) = (
            each
            for each in self.loads
            if (each.routes, each.connections, each.rule) == (routes, connections, rule)
        )
        return found

    def list_goals(self) -> list[Goal]:
        """Hold the figures against the goals; for HTTP those of the server with fewest routes."""
        fewest, largest = self.sizes[0].routes, self.sizes[-1]
        return [
            *(
                Goal(GROWTH, each, self.compute_growth(each, Timer.EVALUATION))
                for each in self.probes
            ),
            *(
                Goal(OVERHEAD, each, self.compute_overhead(fewest, each, Timer.REQUESTS))
                for each in self.probes
            ),
            *(
                Goal(limit, probe, self.compute_overhead(fewest, probe, Timer.EVALUATION))
                for probe, limit in COSTS.items()
            ),
            Goal(MANY, None, self._compute_many(fewest)),
            *(Goal(ENVOY, None, each.gateways["Envoy"]) for each in self.subjects[-1:]),
            Goal(MEMORY, None, largest.memory / MEGABYTE / (largest.routes / 1000)),
            Goal(LARGE, None, max(each.slowest for each in self.large) / 1000),
            *self._list_goals_of_explorer(),
        ]

    def list_told_goals(self) -> list[Goal]:
        """List the goals that people are told: of those that all questions have, two stand."""
        told = (None, MIX, self.probes[0])
        return [
            goal for goal in self.list_goals() if goal.probe in told or goal.limit in COSTS.values()
        ]

    def _list_goals_of_explorer(self) -> list[Goal]:
        if not self.explored:
            return []
        pages = self.explored
        return [
            Goal(PAINT, None, max(page.paint for page in pages) / 1000),
            Goal(TASK, None, max(page.task for page in pages)),
            Goal(FIRST, None, max(page.first for page in pages) / 1000),
            Goal(OPENS, None, max(max(page.opens, page.closed) for page in pages) / 1000),
        ]

    def _compute_many(self, routes: int) -> float:
        one, many = (
            self.find(routes, f"allowed, {number}", Timer.EVALUATION).median
            for number in ("1 policy", "100 policies")
        )
        return many / one

    def to_json(self) -> dict[str, Any]:
        """Spell all figures as JSON: times in microseconds, memory in bytes."""
        return {
            "machine": asdict(self.machine),
            "opa": self.opa,
            "seconds": self.seconds,
            "rounds": self.rounds,
            "empty_memory": self.empty_memory,
            "sizes": [asdict(size) for size in self.sizes],
            "times": [
                {**series._asdict(), **asdict(found)} for series, found in self.quantiles.items()
            ],
            "subjects": [asdict(each) for each in self.subjects],
            "large": [asdict(each) for each in self.large],
            "explorer": [asdict(each) for each in self.explored],
            "loads": [asdict(each) for each in self.loads],
            "compared": [asdict(each) for each in self.compared],
            "traps": [asdict(each) for each in self.traps],
            "goals": [
                {
                    "goal": goal.limit.key,
                    "question": goal.probe,
                    "most": goal.limit.most,
                    "figure": goal.figure,
                    "met": goal.met,
                }
                for goal in self.list_goals()
            ],
        }


def compute_quantiles(measured: Mapping[Series, Sequence[float]]) -> dict[Series, Quantiles]:
    """Return the quantiles of each series, and for MIX those of the mean of each round."""
    together: dict[Series, list[Sequence[float]]] = {}
    for series, found in measured.items():
        together.setdefault(series._replace(probe=MIX), []).append(found)
    means = {
        series: [statistics.fmean(one) for one in zip(*rounds, strict=True)]
        for series, rounds in together.items()
    }
    return {series: find_quantiles(found) for series, found in {**measured, **means}.items()}
