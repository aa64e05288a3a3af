"""What one edition of a table says otherwise than another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from scopegate.tables.changes import (
    Change,
    ChangeKind,
    describe_endpoints,
    describe_rows,
    spell_endpoint,
    spell_requirement,
    tell_words,
)
from scopegate.tables.pairing import pair_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scopegate.tables.model import Document, Endpoint, Mirror, Row, Table
    from scopegate.tables.pairing import Entry, Pairing

_HASH_SHOWN: Final = 12
_Place: TypeAlias = tuple[int, int, int]
"""Where a change is told: its rank; 0, or 1 of what was removed, or 2 of no row; a number."""


@dataclass(frozen=True, slots=True)
class TableDifferences:
    """How a later table differs from an earlier one; it is false where it does not.

    `changes` begin with what opens or closes something; within that they are in the order of the
    later table, what it lacks at the end. Of the earlier table, `lost_rows` have an endpoint that
    the later one has not at all, or in fewer rows: a row whose endpoints are still there is not
    lost, whatever else about it has changed. `lost_mirrors` are those between versions that the
    later one has no mirror between.
    """

    changes: tuple[Change, ...]
    lost_rows: tuple[Row, ...]
    lost_mirrors: tuple[Mirror, ...]

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return bool(self.changes)


class _Found(NamedTuple):
    """A change of what an entry says."""

    place: _Place
    kind: ChangeKind
    text: str
    entry: Entry


def compare_tables(earlier: Table, later: Table) -> TableDifferences:
    """Compare two editions of a table.

    A row that has only moved has not changed, nor have rows that were put together or apart.
    """
    stated = {_name_mirror(mirror) for mirror in later.mirrors}
    return TableDifferences(
        changes=_sort(
            (
                *_compare_statements(earlier.rows, later.rows, earlier.mirrors, later.mirrors),
                *_compare_documents(earlier.document, later.document),
            )
        ),
        lost_rows=_find_lost_rows(earlier.rows, later.rows),
        lost_mirrors=tuple(
            mirror for mirror in earlier.mirrors if _name_mirror(mirror) not in stated
        ),
    )


def compare_statements(
    earlier: Iterable[Row],
    later: Iterable[Row],
    earlier_mirrors: Iterable[Mirror] = (),
    later_mirrors: Iterable[Mirror] = (),
) -> tuple[Change, ...]:
    """Compare rows and mirrors of any number of tables with those of others, as tables are."""
    return _sort(_compare_statements(earlier, later, earlier_mirrors, later_mirrors))


def _compare_statements(
    earlier: Iterable[Row],
    later: Iterable[Row],
    earlier_mirrors: Iterable[Mirror],
    later_mirrors: Iterable[Mirror],
) -> Iterator[tuple[_Place, Change]]:
    yield from _put_together(_compare_rows(pair_rows(earlier, later)))
    for change in _compare_mirrors(earlier_mirrors, later_mirrors):
        yield (change.kind.rank, 2, 0), change


def _sort(changes: Iterable[tuple[_Place, Change]]) -> tuple[Change, ...]:
    return tuple(change for _, change in sorted(changes, key=lambda placed: placed[0]))


def _rank(kind: ChangeKind, *entries: Entry) -> int:
    """Rank a change of entries: where none of them is of a route, nothing is opened or closed."""
    return kind.rank if any(map(_has_route, entries)) else max(1, kind.rank)


def _compare_rows(pairing: Pairing) -> Iterator[_Found]:
    described: dict[tuple[int, int], tuple[tuple[ChangeKind, str], ...]] = {}
    for earlier, later in pairing.pairs:
        rows = earlier.number, later.number
        if rows not in described:
            is_same = earlier.saying == later.saying
            described[rows] = () if is_same else (*describe_rows(earlier.row, later.row),)
        changes = described[rows]
        if earlier.endpoint is not None and later.endpoint is not None:
            changes = (*changes, *describe_endpoints(earlier.endpoint, later.endpoint))
        entry = earlier if later.endpoint is None else later
        for kind, text in changes:
            place = _rank(kind, earlier, later), 0, later.number
            yield _Found(place, kind, text, entry)
    yield from _find_single(pairing.added, pairing.earlier, is_later=True)
    yield from _find_single(pairing.removed, pairing.later, is_later=False)


def _find_single(
    entries: Iterable[Entry], others: Iterable[Entry], *, is_later: bool
) -> Iterator[_Found]:
    """Find what one edition alone says, and whether `others` have the route as well."""
    route, row, words = (
        (ChangeKind.ROUTE_ADDED, ChangeKind.ROW_ADDED, "one row more")
        if is_later
        else (ChangeKind.ROUTE_REMOVED, ChangeKind.ROW_REMOVED, "one row less")
    )
    known = {entry.shape for entry in others if _has_route(entry)}
    requirements: dict[int, str] = {}
    for entry in entries:
        if entry.number not in requirements:
            requirements[entry.number] = spell_requirement(entry.row)
        text = requirements[entry.number]
        kind = route if _has_route(entry) else row
        place = kind.rank, 0 if is_later else 1, entry.number
        yield _Found(place, kind, f"{words}, {text}" if entry.shape in known else text, entry)


def _has_route(entry: Entry) -> bool:
    return entry.endpoint is not None and entry.row.unresolved is None


def _put_together(found: Iterable[_Found]) -> Iterator[tuple[_Place, Change]]:
    """Make one change of what has changed alike at several endpoints of a row."""
    entries: dict[tuple[_Place, ChangeKind, str], list[Entry]] = {}
    for place, kind, text, entry in found:
        entries.setdefault((place, kind, text), []).append(entry)
    for (place, kind, text), alike in entries.items():
        yield place, Change(kind, _spell_subject(alike), text)


def _spell_subject(entries: Sequence[Entry]) -> str:
    endpoints = [entry.endpoint for entry in entries if entry.endpoint is not None]
    if endpoints:
        return ", ".join(dict.fromkeys(map(spell_endpoint, endpoints)))
    entry = entries[0]
    return entry.row.permission or ", ".join(entry.row.all_actions) or f"row {entry.number + 1}"


def _name_mirror(mirror: Mirror) -> tuple[str, str]:
    return mirror.from_segment, mirror.to_segment


def _compare_mirrors(earlier: Iterable[Mirror], later: Iterable[Mirror]) -> Iterator[Change]:
    before = {_name_mirror(mirror): mirror.statement for mirror in earlier}
    after = {_name_mirror(mirror): mirror.statement for mirror in later}
    for name in (*after, *(name for name in before if name not in after)):
        subject = f"mirror {name[0]} → {name[1]}"
        if name not in before:
            yield Change(ChangeKind.MIRROR_ADDED, subject, after[name])
        elif name not in after:
            yield Change(ChangeKind.MIRROR_REMOVED, subject, before[name])
        elif before[name] != after[name]:
            yield Change(ChangeKind.REWORDED, subject, tell_words(before[name], after[name]))


def _compare_documents(earlier: Document, later: Document) -> Iterator[tuple[_Place, Change]]:
    members = (
        ("name", earlier.name, later.name),
        ("sha256", earlier.sha256[:_HASH_SHOWN], later.sha256[:_HASH_SHOWN]),
        ("language", earlier.language, later.language),
        ("table", earlier.table, later.table),
    )
    told = ", ".join(f"{name} {old} → {new}" for name, old, new in members if old != new)
    if earlier != later:
        change = Change(ChangeKind.DOCUMENT_CHANGED, later.name, told)
        yield (change.kind.rank, 2, 0), change


def _find_lost_rows(earlier: Sequence[Row], later: Sequence[Row]) -> tuple[Row, ...]:
    """Find the rows that are lost; of rows with the same endpoints, those that have changed."""
    left: Counter[Endpoint] = Counter(each for row in later for each in row.endpoints)
    unchanged = set(later)
    rows = dict.fromkeys(earlier)
    lost: set[Row] = set()
    for row in sorted(rows, key=lambda row: row not in unchanged):
        if any(left[endpoint] <= 0 for endpoint in row.endpoints):
            lost.add(row)
        left.subtract(row.endpoints)
    return tuple(row for row in rows if row in lost)
