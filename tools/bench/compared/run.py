"""Engines asked in turns: whether all answer alike, and how long each takes."""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from scopegate.errors import ScopegateError
from scopegate.live.measuring import find_quantiles
from tools.bench.compared.asked import make_setting
from tools.bench.compared.traps import set_traps
from tools.bench.compared.with_opa import PLAIN, AskedOpa
from tools.bench.rounds import DECISION, Connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scopegate.tables.model import Table
    from tools.bench.compared.asked import Setting
    from tools.bench.compared.engines import Engine, Way
    from tools.bench.compared.traps import Trap

SCOPEGATE: Final = "scopegate"

_NEEDED: Final = ("casbin", "cedarpy", "oslo_policy")
_SEED: Final = 38
_SECONDS: Final = 40.0
"""How long the engines are asked with one number of routes, but _FEWEST rounds at least."""

_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Compared:
    """One engine with one number of routes: times in microseconds of all requests.

    `slowest` is the median of the request that takes longest, `seconds` what it takes to give the
    engine all routes and grants (0 where `tools.bench.servers` measures it), and `answers` how many
    were measured.
    """

    routes: int
    engine: str
    held: str
    way: Way
    seconds: float
    answers: int
    median: float
    slowest: float
    p99: float


def find_missing_packages() -> str | None:
    """Say which packages are missing for a comparison; None where all are there."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    return f"no {', '.join(missing)}: `make bench` installs them" if missing else None


def compare(
    tables: Sequence[Table], *, own: Connection, plain: Connection, rounds: int
) -> tuple[Compared, ...]:
    """Ask all engines the same, of which two are servers: `own` with the bundle, and `plain`.

    Raises ScopegateError where one answers otherwise than it has to.
    """
    setting = make_setting(tables)
    made = list(_make_engines(setting, own, plain))
    for engine, _ in made:
        engine.prepare(setting.asked)
        _check(engine, setting)
    measured = _measure([engine for engine, _ in made], len(setting.asked), rounds)
    return tuple(
        _sum_up(len(setting.routes), engine, seconds, way, found)
        for engine, seconds in made
        for way, found in measured[engine.name].items()
    )


def try_traps(tables: Sequence[Table], *, own: Connection, plain: Connection) -> tuple[Trap, ...]:
    """Ask the engines that match paths what they are easily misled by."""
    return set_traps(
        tables,
        lambda setting: [
            *_make_servers(setting, own, plain),
            *(make() for make in _list_makers(setting)[:1]),
        ],
    )


def _make_engines(
    setting: Setting, own: Connection, plain: Connection
) -> Iterator[tuple[Engine, float]]:
    for server in _make_servers(setting, own, plain):
        yield server, 0.0
    for make in _list_makers(setting):
        started = time.perf_counter()
        engine = make()
        yield engine, time.perf_counter() - started


def _make_servers(setting: Setting, own: Connection, plain: Connection) -> Iterator[Engine]:
    held = f"{len(setting.routes):,} routes"
    yield AskedOpa(own, name=SCOPEGATE, rule=DECISION, held=held)
    yield AskedOpa(plain, name="plain Rego", rule=PLAIN, held=held)


def _list_makers(setting: Setting) -> Sequence[Callable[[], Engine]]:
    """List what makes the libraries' engines, those that match paths first."""
    # Not in the environment that the tests run in.
    from tools.bench.compared.with_casbin import Casbin  # noqa: PLC0415
    from tools.bench.compared.with_cedar import Cedar  # noqa: PLC0415
    from tools.bench.compared.with_oslo import OsloPolicy  # noqa: PLC0415

    return (
        lambda: Casbin(setting, is_fast=False),
        lambda: Casbin(setting, is_fast=True),
        lambda: Cedar(setting),
        lambda: OsloPolicy(setting),
    )


def _check(engine: Engine, setting: Setting) -> None:
    for number, asked in enumerate(setting.asked):
        found, _ = engine.answer(number)
        if found is not asked.is_allowed:
            raise ScopegateError(
                f"{engine.name}, {len(setting.routes):,} routes: {asked.route.method} {asked.path}"
                f" of {asked.role.name}: expected {asked.is_allowed}, found {found}"
            )


def _measure(
    engines: Sequence[Engine], requests: int, rounds: int
) -> dict[str, dict[Way, list[list[float]]]]:
    """Return the times by engine, way and request.

    All are asked equally often: were the slow ones left out after a while, the others would find
    their memory warmer.
    """
    found: dict[str, dict[Way, list[list[float]]]] = {engine.name: {} for engine in engines}
    chance = random.Random(_SEED)  # noqa: S311  nothing secret
    order = [(engine, number) for engine in engines for number in range(requests)]
    started = time.perf_counter()
    for done in range(rounds):
        if done >= _FEWEST and time.perf_counter() - started > _SECONDS:
            break
        chance.shuffle(order)
        for engine, number in order:
            _, times = engine.answer(number)
            for way, microseconds in times.items():
                by_request = found[engine.name].setdefault(way, [[] for _ in range(requests)])
                by_request[number].append(microseconds)
    return found


def _sum_up(
    routes: int, engine: Engine, seconds: float, way: Way, found: Sequence[Sequence[float]]
) -> Compared:
    together = [time for times in found for time in times]
    quantiles = find_quantiles(together)
    return Compared(
        routes=routes,
        engine=engine.name,
        held=engine.held,
        way=way,
        seconds=seconds,
        answers=len(together),
        median=quantiles.median,
        slowest=max(statistics.median(times) for times in found),
        p99=quantiles.p99,
    )
