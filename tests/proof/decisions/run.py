"""Random decisions of a live OPA held against the oracle, and some of them of other engines too."""

import math
import pprint
import random
import tempfile
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from scopegate.explorer.policy import compile_policy
from scopegate.live.opa import BIN, Opa
from scopegate.live.serving import serve_bundle
from scopegate.packing import pack_bundle, read_revision
from scopegate.project import Project, compose_project
from tests.harness.alike import normalize
from tests.harness.confirmation import find_differences, show
from tests.harness.made import write_data_bundle
from tests.oracle import REASONS, Given, decide, read_tables
from tests.proof.chunks import CHUNK, run_chunks
from tests.proof.decisions.engines import Answer, Engine, Server, start_wasm
from tests.proof.decisions.inputs import Rows, make_inputs
from tests.proof.decisions.operators import Asked, list_operators
from tests.proof.decisions.regorus import start_regorus
from tests.proof.reports import Figure, Report, Tell
from tests.proof.shrinking import shrink

PROFILE: Final = "all"
"""The tables of everything that is shipped."""

LEAST_SHARE: Final = 0.02
"""Of all decisions, that each reason has."""

WASM: Final = "WebAssembly"
REGORUS: Final = "Regorus"

_SHOWN: Final = 5
_ENOUGH: Final = 100
"""Of disagreements, to give up: each is shrunk, and that takes time."""


@dataclass(frozen=True)
class Plan:
    """What every process of a run knows."""

    project: Path
    bundle: Path
    module: Path
    policy_data: Mapping[str, Any]
    revision: str
    urls: Mapping[str, str]
    """The servers, by what their operator says."""
    regorus: Path | None
    seed: int
    share: float
    """Of all inputs, that the other engines are asked about."""


@dataclass
class Found:
    """What was found in one chunk."""

    decisions: int = 0
    confirmed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    engines: Counter[str] = field(default_factory=Counter)
    disagreements: int = 0
    told: list[str] = field(default_factory=list)
    """The first of the disagreements of each chunk, as a test: many have one cause."""

    def add(self, other: "Found") -> None:
        """Add what was found in another chunk."""
        self.decisions += other.decisions
        self.confirmed += other.confirmed
        self.reasons += other.reasons
        self.engines += other.engines
        self.disagreements += other.disagreements
        self.told += other.told


def prove(  # noqa: PLR0913  one for each thing to choose
    project: Project, opa: Opa, *, count: int, others: int, seed: int, tell: Tell
) -> Report:
    """Hold `count` random decisions of a server against the oracle, `others` on each engine.

    Regorus is left out where it was not brought.
    """
    total = Found()
    with tempfile.TemporaryDirectory(prefix="scopegate-proof-") as name, ExitStack() as stack:
        share = min(others / count, 1)
        plan = start_servers(project, opa, Path(name), stack, seed=seed, share=share)
        for found in run_chunks(count, run_chunk, begin=begin, plan=plan):
            total.add(found)
            tell(f"{total.decisions:,} decisions", total.decisions / count)
            if total.disagreements >= _ENOUGH:
                break
    return report(total, seed)


def report(total: Found, seed: int) -> Report:
    """Say what was found: the share of each reason, and the first few disagreements as tests."""
    shares = {reason: total.reasons[reason] / total.decisions for reason in REASONS}
    figures: dict[str, Figure] = {
        "seed": seed,
        "decisions of the server": total.decisions,
        "of them confirmed by the oracle": total.confirmed,
        **{f"of them the same on {name}": total.engines[name] for name in (WASM, REGORUS)},
        "disagreements": total.disagreements,
        **{f"reason {reason}": f"{share:.1%}" for reason, share in shares.items()},
    }
    rare = [reason for reason, share in shares.items() if share < LEAST_SHARE]
    failures = total.told[:_SHOWN]
    if rare:
        failures = [*failures, f"less than {LEAST_SHARE:.0%} each: {', '.join(rare)}"]
    return Report("decisions", figures, failures)


def start_servers(  # noqa: PLR0913  each is a fact of a run
    project: Project, opa: Opa, folder: Path, stack: ExitStack, *, seed: int, share: float
) -> Plan:
    """Build the bundle of all tables, and serve it once for each operator."""
    bundle = build_everything(project, opa, folder)
    revision = read_revision(bundle)
    urls = {}
    for number, (name, asked) in enumerate(list_operators(read_rows(project.folder)).items()):
        beside = (
            [write_data_bundle(folder / f"operator-{number}", asked.data)] if asked.data else []
        )
        log = folder / f"opa-{number}.log"
        urls[name] = stack.enter_context(
            serve_bundle(opa, bundle, beside=beside, revision=revision, log=log)
        )
    policy = compile_policy(bundle, opa)
    module = folder / "policy.wasm"
    module.write_bytes(policy.module)
    regorus = project.folder / BIN / "regorus"
    return Plan(
        project=project.folder,
        bundle=bundle,
        module=module,
        policy_data=policy.data,
        revision=revision,
        urls=urls,
        regorus=regorus if regorus.exists() else None,
        seed=seed,
        share=share,
    )


def build_everything(project: Project, opa: Opa, folder: Path) -> Path:
    """Build the bundle of all tables in `folder`."""
    bundle = folder / f"{PROFILE}.tar.gz"
    bundle.write_bytes(pack_bundle(compose_project(project, PROFILE).package, opa=opa))
    return bundle


@lru_cache(maxsize=1)
def read_rows(project: Path) -> Rows:
    """What all tables document, as the oracle reads them."""
    return read_tables(sorted((project / "tables").glob("*/*/*.yaml")), project / "corrections")


class Process:
    """What one process of a run has: its connections, and engines that it starts when asked."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rows = read_rows(plan.project)
        self.operators = list_operators(self.rows)
        self.servers = {name: Server(url) for name, url in plan.urls.items()}
        self._others: dict[str, dict[str, Engine]] = {}
        self._stack = ExitStack()

    def others(self, operator: str) -> dict[str, Engine]:
        """The other engines, with what an operator says."""
        if operator not in self._others:
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
            data = {**self.plan.policy_data, **self.operators[operator].data}
            wasm = self._stack.enter_context(start_wasm(self.plan.module, data, folder))
            engines: dict[str, Engine] = {WASM: wasm}
            if regorus := self.plan.regorus:
                started = start_regorus(regorus, self.plan.bundle, data, folder)
                engines[REGORUS] = self._stack.enter_context(started)
            self._others[operator] = engines
        return self._others[operator]


_process: Process


def begin(plan: Plan) -> None:
    """Prepare a process."""
    global _process  # noqa: PLW0603  what a process of a pool is given
    _process = Process(plan)


def run_chunk(first: int, size: int) -> Found:
    """Ask about the inputs from the number `first` on, each once."""
    process, number = _process, first // CHUNK
    name = list(process.operators)[number % len(process.operators)]
    asked = process.operators[name]
    chance = random.Random(f"{process.plan.seed}/{first}")  # noqa: S311  nothing secret about it
    inputs = list(make_inputs(asked.known, chance, size))
    answers = process.servers[name].decide_all(inputs)
    found = Found(decisions=len(inputs))
    checker = Checker(process.rows, asked, process.plan.revision)
    for given, answer in zip(inputs, answers, strict=True):
        differences, reason = checker.compare(given, answer)
        found.reasons[reason] += 1
        if not differences:
            found.confirmed += 1
        else:
            found.disagreements += 1
            if not found.told:
                found.told.append(explain(name, given, checker, process.servers[name]))
    # Of each chunk some, so that all that is asked is asked of them, too.
    few = inputs[: math.ceil(size * process.plan.share)]
    if few:
        for engine_name, engine in process.others(name).items():
            theirs = engine.decide_all(few)
            for given, ours, their in zip(few, answers[: len(few)], theirs, strict=True):
                if are_alike(engine_name, ours, their):
                    found.engines[engine_name] += 1
                else:
                    found.disagreements += 1
                    if not found.told:
                        server = process.servers[name]
                        found.told.append(explain_engines(name, given, server, engine_name, engine))
    return found


@dataclass(frozen=True)
class Checker:
    """Holds answers against the oracle."""

    rows: Rows
    asked: Asked
    revision: str

    def compare(self, given: Given, answer: Answer) -> tuple[list[str], str]:
        """The differences, member by member, and the reason that is expected."""
        expected = decide(self.rows, given, self.revision, self.asked.operator)
        return list(find_differences(given, expected, answer, self.asked.operator)), expected[
            "reason"
        ]


def explain(operator: str, given: Given, checker: Checker, server: Engine) -> str:
    """A disagreement of the server and the oracle as a test, about the least input."""

    def differs(simpler: Given) -> bool:
        return bool(checker.compare(simpler, server.decide_all([simpler])[0])[0])

    least = shrink(given, differs)
    differences, _ = checker.compare(least, server.decide_all([least])[0])
    return spell_test(operator, least, differences)


def explain_engines(operator: str, given: Given, server: Engine, name: str, engine: Engine) -> str:
    """A disagreement of two engines as a test, about the least input."""

    def ask(simpler: Given) -> list[Answer]:
        return [each.decide_all([simpler])[0] for each in (server, engine)]

    def differs(simpler: Given) -> bool:
        return not are_alike(name, *ask(simpler))

    least = shrink(given, differs)
    ours, theirs = ask(least)
    return spell_test(operator, least, [f"OPA {show(ours)}", f"{name} {show(theirs)}"])


def spell_test(operator: str, given: Given, differences: Sequence[str]) -> str:
    """A test that fails, for a file of tests/decisions."""
    spelt = textwrap.indent(pprint.pformat(given, width=92, sort_dicts=False), " " * 8).strip()
    lines = [f"    # {line}" for each in differences for line in each.splitlines()]
    return "\n".join(
        [
            "def test_what_was_found(confirm: Confirmer) -> None:",
            f"    # Where the operator says: {operator}; tables of all services.",
            *lines,
            f"    confirm.one(\n        {spelt}\n    )",
        ]
    )


def are_alike(engine: str, ours: Answer, theirs: Answer) -> bool:
    """Whether OPA and another engine say the same, as far as that one has OPA's built-ins."""
    return normalize(without_own_words(engine, ours)) == normalize(
        without_own_words(engine, theirs)
    )


def without_own_words(engine: str, answer: Answer) -> Answer:
    """An answer without the words that an engine has for what OPA's built-ins say otherwise."""
    if (
        engine == REGORUS
        and isinstance(answer, dict)
        and answer.get("reason") == "malformed_request"
    ):
        return {**answer, "message": ""}
    return answer
