"""How many questions a second a server answers, over several connections at once."""

from __future__ import annotations

import json
import random
import statistics
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from scopegate.live.load import Asked, Askers
from scopegate.live.measuring import find_quantiles
from tools.bench.rounds import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scopegate.live.questions import Question
    from tools.bench.servers import Running

CONNECTIONS: Final = (1, 2, 8)
_REPEATS: Final = 3
_SEED: Final = 38


@dataclass(frozen=True, slots=True)
class Load:
    """What one server answers of one rule over so many connections: times in microseconds.

    `rate` is in answers a second, the median of several windows of time. `server` is the
    processors' time that the server spends for an answer, None where the system does not tell, and
    `client` that of the clients, which share the machine with it.
    """

    routes: int
    rule: str
    connections: int
    rate: float
    median: float
    p99: float
    server: float | None
    client: float


class _Window(NamedTuple):
    asked: Asked
    server: float | None


def measure_load(
    servers: Mapping[int, Running], question: Question, *, seconds: float
) -> tuple[Load, ...]:
    """Have each server asked for both rules over CONNECTIONS, one server at a time, in turns.

    Each window of time is `seconds` long. Raises ScopegateError where an answer is an error.
    """
    body = json.dumps({"input": question}).encode()
    order = [
        (routes, rule, number) for routes in servers for rule in RULES for number in CONNECTIONS
    ]
    found: dict[tuple[int, str, int], list[_Window]] = {each: [] for each in order}
    chance = random.Random(_SEED)  # noqa: S311  nothing secret
    with ExitStack() as stack:
        askers = {
            routes: stack.enter_context(Askers(max(CONNECTIONS), server.url))
            for routes, server in servers.items()
        }
        for _ in range(_REPEATS):
            chance.shuffle(order)
            for routes, rule, number in order:
                before = servers[routes].read_processor_seconds()
                asked = askers[routes].ask(
                    f"/v1/data/{rule}", [body], connections=number, seconds=seconds
                )
                after = servers[routes].read_processor_seconds()
                spent = None if before is None or after is None else after - before
                server = None if spent is None else spent / len(asked.taken) * 1e6
                found[routes, rule, number].append(_Window(asked, server))
    return tuple(_sum_up(*key, windows) for key, windows in found.items())


def _sum_up(routes: int, rule: str, connections: int, windows: Sequence[_Window]) -> Load:
    taken = find_quantiles([time for window in windows for time in window.asked.taken])
    told = [window.server for window in windows if window.server is not None]
    return Load(
        routes=routes,
        rule=rule,
        connections=connections,
        rate=statistics.median(window.asked.rate for window in windows),
        median=taken.median,
        p99=taken.p99,
        server=statistics.fmean(told) if told else None,
        client=statistics.fmean(window.asked.client for window in windows),
    )
