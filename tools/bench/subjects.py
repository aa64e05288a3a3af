"""How decisions and memory grow with the subjects of an identity bundle."""

from __future__ import annotations

import json
import random
import statistics
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scopegate.errors import ScopegateError
from tools.bench.gateways import CONFIGURATION, GATEWAYS, Caller, Gateway
from tools.bench.rounds import DECISION, Connection, Timer
from tools.bench.servers import start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scopegate.live.opa import Opa
    from scopegate.live.questions import Question

_SEED: Final = 38
_MEMBERS: Final = 20
"""How many subjects a group has."""

_POLICIES: Final = 100
_PROJECT: Final = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
_REQUEST: Final = {"method": "POST", "path": f"/v2/{_PROJECT}/snapshots", "service": "evs"}
_ACTIONS: Final = ("evs:snapshots:create", "evs:volumes:get")


@dataclass(frozen=True, slots=True)
class Subjects:
    """What an identity bundle of so many subjects costs.

    `memory` is in bytes over a server without one. `median` is that of the evaluation, in
    microseconds; `ratio` is it to that of the same grants in the input, of the same server, and
    `gateways` those of the same request through the entry point of each of GATEWAYS to it.
    """

    subjects: int
    data_bytes: int
    memory: int
    median: float
    ratio: float
    gateways: Mapping[str, float]


def measure_subjects(
    numbers: Sequence[int], *, bundle: Path, folder: Path, opa: Opa, rounds: int
) -> tuple[Subjects, ...]:
    """Measure servers with the bundle and identities of so many subjects, asked in turns.

    Raises ScopegateError where a server does not come up or does not allow what it should.
    """
    chance = random.Random(_SEED)  # noqa: S311  nothing secret
    with ExitStack() as stack:
        empty = stack.enter_context(start(opa, [bundle], folder=folder)).read_memory()
        folders = {number: _write_identities(number, folder) for number in numbers}
        servers = {
            number: stack.enter_context(start(opa, [bundle, identities], folder=folder))
            for number, identities in folders.items()
        }
        connections = {
            number: stack.enter_context(Connection(server.url))
            for number, server in servers.items()
        }
        known: dict[int, list[float]] = {number: [] for number in numbers}
        given: dict[int, list[float]] = {number: [] for number in numbers}
        through: dict[int, dict[str, list[float]]] = {
            number: {name: [] for name in GATEWAYS} for number in numbers
        }
        for _ in range(rounds):
            for number, connection in connections.items():
                subject = {"id": _name(chance.randrange(number)), "project_id": _PROJECT}
                known[number].append(_ask(connection, subject))
                given[number].append(_ask(connection, {**subject, "grants": [_make_grant()]}))
                for name, gateway in GATEWAYS.items():
                    through[number][name].append(_ask_through(gateway, connection, subject["id"]))
        return tuple(
            Subjects(
                subjects=number,
                data_bytes=(folders[number] / "data.json").stat().st_size,
                memory=servers[number].read_memory() - empty,
                median=statistics.median(known[number]),
                ratio=statistics.median(known[number]) / statistics.median(given[number]),
                gateways={
                    name: statistics.median(found) / statistics.median(known[number])
                    for name, found in through[number].items()
                },
            )
            for number in numbers
        )


def make_identities(number: int) -> dict[str, Any]:
    """Make the data of so many subjects, each in one group that is granted two policies."""
    groups = range(-(-number // _MEMBERS))
    return {
        "subjects": {_name(each): {"groups": [f"g{each % len(groups)}"]} for each in range(number)},
        "groups": {
            f"g{each}": {
                "grants": [
                    {
                        "scope": {"iam_project": _PROJECT},
                        "policies": [f"r{each % _POLICIES}", f"r{(each + 1) % _POLICIES}"],
                    }
                ]
            }
            for each in groups
        },
        "policies": {f"r{each}": _POLICY for each in range(_POLICIES)},
        "resource_parameters": [],
        "enterprise_projects": {},
    }


_POLICY: Final = {
    "name": "made",
    "Version": "1.1",
    "Statement": [{"Effect": "Allow", "Action": [*_ACTIONS]}],
}


def _make_grant() -> Mapping[str, Any]:
    return {"scope": {"iam_project": _PROJECT}, "policies": [_POLICY, _POLICY]}


def _name(number: int) -> str:
    """As long as the ids of IAM."""
    return f"{number:032x}"


def _write_identities(number: int, folder: Path) -> Path:
    bundle = folder / f"identities-{number}"
    bundle.mkdir()
    data = {"scopegate_identity": make_identities(number), "scopegate_config": CONFIGURATION}
    (bundle / "data.json").write_text(json.dumps(data))
    (bundle / ".manifest").write_text(json.dumps({"roots": [*data]}))
    return bundle


def _ask(connection: Connection, subject: Mapping[str, Any]) -> float:
    question: Question = {"request": _REQUEST, "subject": subject}
    return _measure(connection, DECISION, question, subject["id"])


def _ask_through(gateway: Gateway, connection: Connection, subject: str) -> float:
    told = gateway.tell(Caller(subject, _PROJECT, **_REQUEST))
    return _measure(connection, gateway.rule, told, subject, member=gateway.decision)


def _measure(
    connection: Connection,
    rule: str,
    asked: Mapping[str, Any],
    subject: str,
    *,
    member: str | None = None,
) -> float:
    """Return the microseconds of an evaluation; a gateway's answer has the reason in a member."""
    answer = connection.ask(rule, json.dumps({"input": asked}).encode())
    decision = answer["result"] if member is None else answer["result"][member]
    if decision["reason"] != "allowed":
        raise ScopegateError(f"{subject}: expected allowed, found {decision}")
    microseconds: float = answer["metrics"][Timer.EVALUATION] / 1000
    return microseconds
