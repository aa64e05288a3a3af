"""Which rows of two editions are the same: known by what they say, not by their numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Final, TypeAlias

from scopegate.cells.endpoints import PARAMETER

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from scopegate.tables.model import Endpoint, Row

_MOST_PAIRS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row says of one of its endpoints; None where it has no endpoint.

    `number` is that of the row in its edition, from 0. Rows of both editions that say the same,
    whatever their endpoints are, have the same `saying`. `actions` are all that the row names.
    """

    number: int
    row: Row
    endpoint: Endpoint | None
    saying: int
    actions: frozenset[str]

    @property
    def shape(self) -> str:
        """The method and the path, whatever its parameters are called; "" without an endpoint."""
        if self.endpoint is None:
            return ""
        return f"{self.endpoint.method} {PARAMETER.sub('{}', self.endpoint.path)}"


@dataclass(frozen=True, slots=True)
class Pairing:
    """The entries of two editions: those that are the same, and those of one of them alone.

    `pairs` and `added` are in the order of the later edition, `removed` in that of the earlier.
    """

    earlier: tuple[Entry, ...]
    later: tuple[Entry, ...]
    pairs: tuple[tuple[Entry, Entry], ...]
    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]


_Key: TypeAlias = "Callable[[Entry], Hashable | None]"


def pair_rows(earlier: Iterable[Row], later: Iterable[Row]) -> Pairing:
    """Pair what two editions say of each endpoint.

    First what is equal, then by endpoint and cases, then by endpoint alone, then the same whatever
    parameters are called. Rows without an endpoint are paired by their sentence, or else by their
    actions, and so is one without that was not resolved with one that is. Where several can be a
    pair, those with the most actions in common are.
    """
    sayings: dict[Row, int] = {}
    entries = _list_entries(earlier, sayings), _list_entries(later, sayings)
    left, right = list(entries[0]), list(entries[1])
    pairs: list[tuple[Entry, Entry]] = []
    for key in _KEYS:
        _pair(left, right, key, key, pairs)
    _pair(left, right, _name_resolved, _name_unresolved, pairs)
    _pair(left, right, _name_unresolved, _name_resolved, pairs)
    places = {id(entry): place for place, entry in enumerate(entries[1])}
    pairs.sort(key=lambda pair: places[id(pair[1])])
    return Pairing(*entries, tuple(pairs), tuple(right), tuple(left))


def _list_entries(rows: Iterable[Row], sayings: dict[Row, int]) -> tuple[Entry, ...]:
    return tuple(
        Entry(number, row, endpoint, saying, actions)
        for number, row in enumerate(rows)
        for saying in [sayings.setdefault(replace(row, endpoints=()), len(sayings))]
        for actions in [frozenset(row.all_actions)]
        for endpoint in (row.endpoints or (None,))
    )


def _with_endpoint(key: Callable[[Entry, Endpoint], Hashable]) -> _Key:
    return lambda entry: None if entry.endpoint is None else key(entry, entry.endpoint)


def _without_endpoint(key: Callable[[Entry], Hashable | None]) -> _Key:
    return lambda entry: None if entry.endpoint is not None else key(entry)


_KEYS: Final[tuple[_Key, ...]] = (
    _with_endpoint(lambda entry, endpoint: (entry.saying, endpoint)),
    _with_endpoint(lambda entry, endpoint: (entry.row.cases, endpoint)),
    _with_endpoint(lambda _, endpoint: endpoint),
    _with_endpoint(lambda entry, endpoint: (entry.saying, entry.shape, endpoint.query)),
    _with_endpoint(lambda entry, endpoint: (entry.row.cases, entry.shape, endpoint.query)),
    _with_endpoint(lambda entry, _: entry.shape),
    _without_endpoint(lambda entry: entry.saying),
    _without_endpoint(lambda entry: entry.row.permission or None),
    _without_endpoint(lambda entry: entry.actions or None),
)


def _name_resolved(entry: Entry) -> Hashable | None:
    """Name what has a route by what else it says."""
    has_route = entry.endpoint is not None and entry.row.unresolved is None
    return (entry.row.permission, entry.actions) if has_route else None


def _name_unresolved(entry: Entry) -> Hashable | None:
    """Name what has neither a route nor an endpoint by what else it says."""
    return (entry.row.permission, entry.actions) if entry.endpoint is None else None


def _pair(
    left: list[Entry],
    right: list[Entry],
    left_key: _Key,
    right_key: _Key,
    pairs: list[tuple[Entry, Entry]],
) -> None:
    """Move the entries that are the same by their keys, where these are not None, to `pairs`."""
    groups: dict[Hashable, tuple[list[Entry], list[Entry]]] = {}
    for side, entries, key in ((0, left, left_key), (1, right, right_key)):
        for entry in entries:
            if (name := key(entry)) is not None:
                groups.setdefault(name, ([], []))[side].append(entry)
    found = [pair for group in groups.values() for pair in _match(*group)]
    paired = {id(entry) for pair in found for entry in pair}
    left[:] = [entry for entry in left if id(entry) not in paired]
    right[:] = [entry for entry in right if id(entry) not in paired]
    pairs.extend(found)


def _match(earlier: list[Entry], later: list[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Pair those with the most actions in common, then those with the same sentence."""
    number = len(earlier) * len(later)
    if number == 1 or number > _MOST_PAIRS:  # of no page; to rank them would take too long
        yield from zip(earlier, later, strict=False)
        return
    ranked = sorted(product(earlier, later), key=_rank, reverse=True)
    paired: set[int] = set()
    for first, second in ranked:
        if paired.isdisjoint((id(first), id(second))):
            paired.update((id(first), id(second)))
            yield first, second


def _rank(pair: tuple[Entry, Entry]) -> tuple[int, bool]:
    first, second = pair
    return len(first.actions & second.actions), first.row.permission == second.row.permission
