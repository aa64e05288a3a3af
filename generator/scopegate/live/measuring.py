"""How long a running OPA takes for questions: by its own timer, and there and back."""

from __future__ import annotations

import http.client
import json
import ssl
import statistics
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from scopegate.errors import ScopegateError
from scopegate.live.asking import DECISION_PATH
from scopegate.live.load import Askers, locate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scopegate.live.load import Asked
    from scopegate.live.questions import Question

FLOOR_PATH: Final = "/v1/data/scopegate/bundle/revision"
"""What costs nothing to evaluate: a string of the bundle's data."""

EVALUATION_TIMER: Final = "timer_rego_query_eval_ns"
"""OPA's own, among the metrics of an answer: of the evaluation alone, in nanoseconds."""

_OK: Final = 200
_TURNS: Final = 5
"""How often it is each question's turn, so that all share what else the machines do."""


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Of some times, in microseconds."""

    median: float
    p99: float


@dataclass(frozen=True, slots=True)
class Times:
    """What one question takes: in the server, None where it does not tell, and there and back."""

    evaluation: Quantiles | None
    round_trip: Quantiles


@dataclass(frozen=True, slots=True)
class Measured:
    """What a server takes for each question, by its name, and for the floor, if it may be asked.

    `load` are all questions in turns over all connections at once.
    """

    questions: Mapping[str, Times]
    floor: Times | None
    load: Asked


def measure_server(
    url: str,
    questions: Mapping[str, Sequence[Question]],
    *,
    token: str | None,
    requests: int,
    connections: int,
) -> Measured:
    """Ask a server for decisions, of each kind of question so often; and then all at once.

    Raises ScopegateError where an answer is an error.
    """
    bodies = {
        name: [json.dumps({"input": question}).encode() for question in asked]
        for name, asked in questions.items()
    }
    with ExitStack() as stack:
        askers = stack.enter_context(Askers(connections, url, token=token))
        series = {
            name: stack.enter_context(_Series(url, DECISION_PATH, own, token))
            for name, own in bodies.items()
        }
        floor = stack.enter_context(_Series(url, FLOOR_PATH, [b"{}"], token))
        has_floor = floor.is_answered()
        for turn in range(_TURNS):
            number = requests // _TURNS + (turn < requests % _TURNS)
            for each in (*series.values(), *([floor] if has_floor else [])):
                each.ask(askers, number)
        together = [body for own in bodies.values() for body in own]
        share = -(-requests * len(bodies) // connections)
        load = askers.ask(DECISION_PATH, together, connections=connections, answers=share)
    return Measured(
        questions={name: each.sum_up() for name, each in series.items()},
        floor=floor.sum_up() if has_floor else None,
        load=load,
    )


class _Series:
    """The times of one path and the bodies that are sent there in turns; a context manager."""

    def __init__(self, url: str, path: str, bodies: Sequence[bytes], token: str | None) -> None:
        host, port, authorities = locate(url)
        self._connection = (
            http.client.HTTPSConnection(
                host, port, context=ssl.create_default_context(cafile=authorities)
            )
            if authorities
            else http.client.HTTPConnection(host, port)
        )
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._path = path
        self._bodies = bodies
        self._evaluations: list[float] = []
        self._round_trips: list[float] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def is_answered(self) -> bool:
        """Tell whether the server answers who asks for this."""
        status, answer = self._post("", self._bodies[0])
        return status == _OK and "result" in answer

    def ask(self, askers: Askers, number: int) -> None:
        """Ask so often, once for the timer and once for the clock."""
        if not number:
            return
        self._round_trips += askers.ask(self._path, self._bodies, answers=number).taken
        for each in range(number):
            status, answer = self._post("?metrics", self._bodies[each % len(self._bodies)])
            # A hardened server refuses it, and one without timers has none in its answer.
            if status != _OK or EVALUATION_TIMER not in answer.get("metrics", {}):
                return
            self._evaluations.append(answer["metrics"][EVALUATION_TIMER] / 1000)

    def sum_up(self) -> Times:
        """Return the quantiles of what was found."""
        return Times(
            evaluation=find_quantiles(self._evaluations) if self._evaluations else None,
            round_trip=find_quantiles(self._round_trips),
        )

    def _post(self, parameters: str, body: bytes) -> tuple[int, dict[str, Any]]:
        try:
            self._connection.request("POST", f"{self._path}{parameters}", body, self._headers)
            response = self._connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise ScopegateError(f"{self._path}: {error}") from None
        return response.status, answer if isinstance(answer, dict) else {}


def find_quantiles(times: Sequence[float]) -> Quantiles:
    """Find those of some times, of which there is one at least."""
    return Quantiles(statistics.median(times), sorted(times)[len(times) * 99 // 100])
