"""Rounds of requests: each asks every question of every server, so that all see the same noise."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self
from urllib.parse import urlsplit

import requests

from scopegate.errors import ScopegateError
from scopegate.live.measuring import EVALUATION_TIMER
from tools.bench.servers import TRIVIAL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scopegate.live.questions import Question
    from tools.bench.probes import Probe
    from tools.bench.servers import Built

DECISION: Final = "scopegate/decision"
RULES: Final = (DECISION, TRIVIAL)

_OK: Final = 200
_SEED: Final = 38


class Timer(StrEnum):
    """What is measured: by the server's own timers, or by a client until it has the answer."""

    EVALUATION = EVALUATION_TIMER
    HANDLER = "timer_server_handler_ns"
    REQUESTS = "requests"
    HTTP_CLIENT = "http.client"


class Series(NamedTuple):
    """What one list of measurements is of: `routes` says which server, `rule` is one of RULES."""

    routes: int
    probe: str
    rule: str
    timer: Timer


class Connection:
    """Connections to one server that are kept: of requests' session, and of http.client."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/v1/data/"
        self._session = requests.Session()
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()
        self._connection.close()

    def ask(self, rule: str, body: bytes) -> dict[str, Any]:
        """Ask for the rule's value, with the timers of the server."""
        answer: dict[str, Any] = json.loads(self.post(f"{rule}?metrics", body))
        return answer

    def measure(self, rule: str, question: Question, body: bytes) -> dict[Timer, float]:
        """Ask for the rule's value in each way, and return the microseconds of each timer.

        requests spells the question and reads the answer, as opa-python-client has it do;
        http.client gets the question as `body`, already spelt, and leaves the answer as it is.
        """
        metrics = self.ask(rule, body)["metrics"]
        started = time.perf_counter_ns()
        self._session.post(self._url + rule, json={"input": question}).json()
        read = time.perf_counter_ns()
        self.post(rule, body)
        sent = time.perf_counter_ns()
        return {
            Timer.EVALUATION: metrics[Timer.EVALUATION] / 1000,
            Timer.HANDLER: metrics[Timer.HANDLER] / 1000,
            Timer.REQUESTS: (read - started) / 1000,
            Timer.HTTP_CLIENT: (sent - read) / 1000,
        }

    def post(self, rule: str, body: bytes) -> bytes:
        """Ask for the rule's value, and return the answer as it comes."""
        headers = {"Content-Type": "application/json"}
        self._connection.request("POST", f"/v1/data/{rule}", body, headers)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status != _OK:
            raise ScopegateError(f"{rule}: OPA answers {response.status}:\n{answer.decode()}")
        return answer


def check_answers(connection: Connection, probes: Sequence[Probe], bundle: Built) -> None:
    """Check that a server answers as is expected, by this bundle.

    Raises ScopegateError where it does not.
    """
    for probe in probes:
        found = connection.ask(DECISION, _spell(probe)).get("result", {})
        if (found.get("reason"), found.get("revision")) != (probe.reason, bundle.revision):
            raise ScopegateError(
                f"{bundle.routes} routes, {probe.name}: expected {probe.reason} of revision"
                f" {bundle.revision}, found {json.dumps(found, ensure_ascii=False)}"
            )


def run_rounds(
    connections: Mapping[int, Connection],
    probes: Sequence[Probe],
    rounds: int,
    *,
    starting: Callable[[int], object] = lambda _: None,
) -> dict[Series, list[float]]:
    """Return the microseconds of `rounds` rounds; `starting` is told the number of each, from 0.

    `connections` has one for each server, by its number of routes. Each round has an order of its
    own, so that what one question leaves to the next (garbage, a cold cache) falls on all alike.
    """
    measured: dict[Series, list[float]] = defaultdict(list)
    asked = [
        (probe, _spell(probe), routes, rule)
        for probe in probes
        for routes in connections
        for rule in RULES
    ]
    chance = random.Random(_SEED)  # noqa: S311  nothing secret
    for number in range(rounds):
        starting(number)
        chance.shuffle(asked)
        for probe, body, routes, rule in asked:
            found = connections[routes].measure(rule, probe.question, body)
            for timer, microseconds in found.items():
                measured[Series(routes, probe.name, rule, timer)].append(microseconds)
    return measured


def _spell(probe: Probe) -> bytes:
    return json.dumps({"input": probe.question}).encode()
