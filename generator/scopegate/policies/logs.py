"""What was really called, as OPA's decision log tells it; nothing is decided again."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final, TypeAlias

from scopegate.errors import ScopegateError, escape_unseen
from scopegate.json_files.reading import name_file
from scopegate.policies.calls import STANDARD_INPUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scopegate.policies.routes import BundleRoute

_MOST_BYTES: Final = 1024 * 1024
"""Of a line: a decision has some thousand, and a question that was not masked 200,000."""

_MOST_BROKEN: Final = 10
_MOST_UNKNOWN: Final = 20
_LONGEST: Final = 300

_DECISION: Final = "scopegate/decision"
_GATEWAYS: Final = {
    "scopegate/gateways/apisix/answer": "allow",
    "scopegate/gateways/envoy/answer": "allowed",
    "scopegate/gateways/kong/answer": "allow",
}
"""The member by which each gateway is told whether a request may pass."""

_AUTHZEN: Final = "scopegate/gateways/authzen/"

_Place: TypeAlias = tuple[str, str, str, str, str | None]
"""A provider, a service, a method, a path and a case."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are of each.

    Each decision is one of allowed, denied, without a route, masked, or of an unknown route. Each
    line is an event with decisions, broken, or something else that OPA logs.
    """

    decisions: int
    allowed: int
    denied: int
    without_route: int
    masked: int
    of_unknown_routes: int
    lines: int
    events: int
    broken_lines: int
    other_lines: int


@dataclass(frozen=True, slots=True)
class LoggedCalls:
    """The routes that were called, in the order of the bundle's, and what else the log has.

    `unknown` names routes that the bundle does not have, up to twenty; `broken` are the numbers of
    the first ten lines that cannot be read.
    """

    routes: tuple[BundleRoute, ...]
    counts: Counts
    unknown: tuple[str, ...]
    broken: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Logged:
    """A decision; the place is that of its route, None where it has none."""

    allow: bool
    place: _Place | None


class _BrokenError(Exception):
    """A line is not what OPA logs."""


_MASKED: Final = None
"""A decision of which the log does not tell the route."""


def read_log(file: Path, routes: Iterable[BundleRoute], *, include_denied: bool) -> LoggedCalls:
    """Read OPA's decision log: an event on each line, as its console has them.

    `-` is standard input. A file whose name ends in `.gz` is unpacked. What was allowed is what the
    log says: of a gateway in shadow mode what was decided, whoever passed. Denied calls count with
    `include_denied` alone: an attacker's are among them. Raises ScopegateError where the file has
    no decision or cannot be unpacked, and OSError where it cannot be read.
    """
    listed = list(routes)
    known = {(r.provider, r.service, r.method, r.path, r.case): r for r in listed}
    reading = _Reading(known, include_denied=include_denied)
    name = "standard input" if file == STANDARD_INPUT else name_file(file)
    try:
        with _open(file) as stream:
            for line in _list_lines(stream):
                reading.add(line)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        after = f"after line {reading.counted['lines']:,}"
        raise ScopegateError(f"{name} cannot be unpacked {after}: {error}") from None
    counts = reading.count()
    if not counts.decisions:
        broken = f", of which {counts.broken_lines:,} are broken" if counts.broken_lines else ""
        raise ScopegateError(
            f"{name} has no decision: expected OPA's decision log, a line of JSON for each, with a"
            f" decision_id and a path such as {_DECISION}; found {counts.lines:,} lines{broken}"
        )
    return LoggedCalls(
        tuple(route for route in listed if route.key in reading.called),
        counts,
        tuple(reading.unknown),
        tuple(reading.broken),
    )


class _Reading:
    """What the lines have so far: no more than the bundle has routes, however many there are."""

    def __init__(self, known: dict[_Place, BundleRoute], *, include_denied: bool) -> None:
        self._known = known
        self._include_denied = include_denied
        self.counted: Counter[str] = Counter()
        self.called: set[str] = set()
        self.unknown: dict[str, None] = {}
        self.broken: list[int] = []

    def add(self, line: bytes | None) -> None:
        """Add a line; None is one that is too long."""
        self.counted["lines"] += 1
        try:
            decisions = _read_line(line)
        except _BrokenError:
            self.counted["broken_lines"] += 1
            if len(self.broken) < _MOST_BROKEN:
                self.broken.append(self.counted["lines"])
            return
        self.counted["events" if decisions else "other_lines"] += 1
        for each in decisions:
            self.counted["decisions"] += 1
            self.counted[self._count_as(each)] += 1

    def count(self) -> Counts:
        """Give the numbers."""
        return Counts(**{name: self.counted[name] for name in Counts.__slots__})

    def _count_as(self, decision: _Logged | None) -> str:
        if decision is _MASKED:
            return "masked"
        if decision.place is None:
            return "without_route"
        route = self._known.get(decision.place)
        if route is None:
            if len(self.unknown) < _MOST_UNKNOWN:
                self.unknown[_spell_place(decision.place)] = None
            return "of_unknown_routes"
        if decision.allow or self._include_denied:
            self.called.add(route.key)
        return "allowed" if decision.allow else "denied"


@contextmanager
def _open(file: Path) -> Iterator[IO[bytes] | gzip.GzipFile]:
    if file == STANDARD_INPUT:
        yield sys.stdin.buffer
    elif file.suffix == ".gz":
        with gzip.open(file) as unpacked:
            yield unpacked
    else:
        with file.open("rb") as opened:
            yield opened


def _list_lines(stream: IO[bytes] | gzip.GzipFile) -> Iterator[bytes | None]:
    """Yield each line; None for one that is too long, of which never more is kept than that."""
    while line := stream.readline(_MOST_BYTES + 1):
        if len(line) <= _MOST_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(_MOST_BYTES)
        yield None


def _read_line(line: bytes | None) -> list[_Logged | None]:
    """Read the decisions of a line, of which most have one; none of a line that is something else.

    Raises _BrokenError.
    """
    if line is None:
        raise _BrokenError
    if not line.strip():
        return []
    try:
        event = json.loads(line.decode())
    except (ValueError, RecursionError):
        raise _BrokenError from None
    match _take_dict(event):
        case {"decision_id": str(), "path": str(path), **more}:
            return _read_event(path.strip("/"), more.get("result"))
        # Of a query, `query` stands in the place of the path.
        case {"decision_id": str(), **more} if "path" not in more:
            return []
        case {"decision_id": _}:
            raise _BrokenError
        case _:
            return []


def _read_event(path: str, result: object) -> list[_Logged | None]:
    """Read a result; what OPA decided by other rules than ours is none of our decisions."""
    if path != "scopegate" and not path.startswith("scopegate/"):
        return []
    if result is None:
        return [_MASKED]
    if path == _DECISION:
        return [_read_decision(_take_dict(result))]
    if member := _GATEWAYS.get(path):
        return [_read_answer(_take_dict(result), member)]
    if path.startswith(_AUTHZEN):
        return _read_evaluations(_take_dict(result))
    # `scopegate/allow`; and of some other part of the rules whatever it may be.
    return [_Logged(result, None)] if isinstance(result, bool) else []


def _read_evaluations(answer: dict[str, Any]) -> list[_Logged | None]:
    """Read what AuthZEN is answered: several evaluations, or one."""
    if "evaluations" not in answer:
        return [_read_evaluation(answer)]
    match answer["evaluations"]:
        case [_, *_] as listed:
            return [_read_evaluation(_take_dict(each)) for each in listed]
        case None:
            return [_MASKED]
        case _:
            raise _BrokenError


def _read_answer(answer: dict[str, Any], member: str) -> _Logged | None:
    """Read what a gateway was told: with what was decided, which says less in shadow mode."""
    told = _take_bool(answer, member)
    if answer.get("decision") is None:
        return _MASKED
    logged = _read_decision(_take_dict(answer["decision"]))
    if logged and logged.allow and told is False:
        raise _BrokenError
    return logged


def _read_evaluation(evaluation: dict[str, Any]) -> _Logged | None:
    """Read an evaluation of AuthZEN: its context is the decision, less its `allow`."""
    allow = _take_bool(evaluation, "decision")
    if evaluation.get("context") is None:
        return _MASKED
    return _read_decision({**_take_dict(evaluation["context"]), "allow": allow})


def _read_decision(decision: dict[str, Any]) -> _Logged | None:
    allow = _take_bool(decision, "allow")
    # A batch that is refused as a whole has no more than a reason.
    if "route" not in decision and decision.get("reason") == "malformed_request":
        return _Logged(allow=False, place=None)
    if allow is None or "route" not in decision:
        return _MASKED
    match decision["route"]:
        case None:
            return _Logged(allow, None)
        case {
            "provider": str(provider),
            "service": str(service),
            "method": str(method),
            "path": str(path),
            "case": str() | None as case,
        }:
            return _Logged(allow, (provider, service, method, path, case))
        case _:
            raise _BrokenError


def _take_dict(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise _BrokenError


def _take_bool(told: dict[str, Any], member: str) -> bool | None:
    """Take a boolean, which may be masked."""
    match told.get(member):
        case bool() | None as value:
            return value
        case _:
            raise _BrokenError


def _spell_place(place: _Place) -> str:
    """Spell a route as its key is; what the log says need not be one."""
    provider, service, method, path, case = place
    spelt = f"{provider}/{service} {method} {path}{f' {case}' if case else ''}"
    return escape_unseen(spelt if len(spelt) <= _LONGEST else f"{spelt[: _LONGEST - 1]}…")
