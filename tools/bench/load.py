"""How many questions a second a server answers, over several connections at once."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from scopegate.errors import ScopegateError
from tools.bench.rounds import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scopegate.live.questions import Question
    from tools.bench.servers import Running

CONNECTIONS: Final = (1, 2, 8)
_REPEATS: Final = 3
_SEED: Final = 38
_CLIENT: Final = Path(__file__).with_name("load_client.py")


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
    taken: Sequence[float]
    rate: float
    server: float | None
    client: float


class _Client(NamedTuple):
    told: IO[str]
    tells: IO[str]

    def tell(self, line: str) -> None:
        self.told.write(f"{line}\n")
        self.told.flush()

    def hear(self) -> str:
        """Return its next line; it ends, and has said why, where it can't go on."""
        line = self.tells.readline()
        if not line:
            raise ScopegateError("a client of the load has ended")
        return line


def measure_load(
    servers: Mapping[int, Running], question: Question, *, seconds: float
) -> tuple[Load, ...]:
    """Have each server asked for both rules over CONNECTIONS, one server at a time, in turns.

    Each window of time is `seconds` long. Raises ScopegateError where a client ends early.
    """
    body = json.dumps({"input": question})
    order = [
        (routes, rule, number) for routes in servers for rule in RULES for number in CONNECTIONS
    ]
    found: dict[tuple[int, str, int], list[_Window]] = {each: [] for each in order}
    chance = random.Random(_SEED)  # noqa: S311  nothing secret
    with ExitStack() as stack:
        clients = [stack.enter_context(_start_client()) for _ in range(max(CONNECTIONS))]
        for _ in range(_REPEATS):
            chance.shuffle(order)
            for routes, rule, number in order:
                window = _ask(servers[routes], rule, body, clients[:number], seconds)
                found[routes, rule, number].append(window)
    return tuple(_sum_up(*key, windows) for key, windows in found.items())


@contextmanager
def _start_client() -> Iterator[_Client]:
    with subprocess.Popen(
        [sys.executable, str(_CLIENT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError
        yield _Client(process.stdin, process.stdout)
        process.stdin.close()


def _ask(
    server: Running, rule: str, body: str, clients: Sequence[_Client], seconds: float
) -> _Window:
    parts = urlsplit(server.url)
    told = {
        "host": parts.hostname,
        "port": parts.port,
        "path": f"/v1/data/{rule}",
        "body": body,
        "seconds": seconds,
    }
    for client in clients:
        client.tell(json.dumps(told))
    for client in clients:
        client.hear()
    before = server.read_processor_seconds()
    for client in clients:
        client.tell("go")
    heard: list[dict[str, Any]] = [json.loads(client.hear()) for client in clients]
    after = server.read_processor_seconds()
    answers = sum(len(each["taken"]) for each in heard)
    return _Window(
        taken=[nanoseconds / 1000 for each in heard for nanoseconds in each["taken"]],
        rate=sum(len(each["taken"]) / each["seconds"] for each in heard),
        server=None if before is None or after is None else (after - before) / answers * 1e6,
        client=sum(each["spent"] for each in heard) / answers * 1e6,
    )


def _sum_up(routes: int, rule: str, connections: int, windows: Sequence[_Window]) -> Load:
    taken = sorted(time for window in windows for time in window.taken)
    told = [window.server for window in windows if window.server is not None]
    return Load(
        routes=routes,
        rule=rule,
        connections=connections,
        rate=statistics.median(window.rate for window in windows),
        median=statistics.median(taken),
        p99=taken[len(taken) * 99 // 100],
        server=statistics.fmean(told) if told else None,
        client=statistics.fmean(window.client for window in windows),
    )
