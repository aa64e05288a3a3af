"""What one edition of a table says otherwise than another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from scopegate.tables.model import Document, Endpoint, Mirror, Row, Table


class RowChange(NamedTuple):
    """A row in both editions, which differ; None where it is in one of them only."""

    earlier: Row | None
    later: Row | None


@dataclass(frozen=True, slots=True)
class TableDifferences:
    """How a later table differs from an earlier one; it is false where it does not.

    `rows` are in the order of the later table, removed ones at the end. Of the earlier table,
    `lost_rows` have an endpoint that the later one has not at all, or in fewer rows: a row whose
    endpoints are still there is not lost, whatever else about it has changed. `lost_mirrors` are
    those between versions that the later one has no mirror between. `mirrors` and `document` are
    those of the later table where they are other ones.
    """

    rows: tuple[RowChange, ...]
    lost_rows: tuple[Row, ...]
    lost_mirrors: tuple[Mirror, ...]
    mirrors: tuple[Mirror, ...] | None
    document: Document | None

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return bool(self.rows) or self.mirrors is not None or self.document is not None


def compare_tables(earlier: Table, later: Table) -> TableDifferences:
    """Compare two editions of a table. A row that has only moved has not changed."""
    unchanged = _pair(earlier.rows, later.rows, lambda row: row)
    left = [row for row in earlier.rows if row not in unchanged]
    kept = set(unchanged.values())
    new = [row for row in later.rows if row not in kept]
    changed = _pair(left, new, lambda row: row.endpoints)
    by_later = {after: before for before, after in changed.items()}
    stated = {(mirror.from_segment, mirror.to_segment) for mirror in later.mirrors}
    return TableDifferences(
        rows=(
            *(RowChange(by_later.get(row), row) for row in new),
            *(RowChange(row, None) for row in left if row not in changed),
        ),
        lost_rows=_find_lost_rows([*unchanged, *left], later),
        lost_mirrors=tuple(
            mirror
            for mirror in earlier.mirrors
            if (mirror.from_segment, mirror.to_segment) not in stated
        ),
        mirrors=None if earlier.mirrors == later.mirrors else later.mirrors,
        document=None if earlier.document == later.document else later.document,
    )


def _pair(
    earlier: tuple[Row, ...] | list[Row],
    later: tuple[Row, ...] | list[Row],
    key: Callable[[Row], Hashable],
) -> dict[Row, Row]:
    """Pair the rows that are the same by `key`, in order."""
    waiting: dict[Hashable, list[Row]] = {}
    for row in later:
        waiting.setdefault(key(row), []).append(row)
    return {row: rows.pop(0) for row in earlier if (rows := waiting.get(key(row)))}


def _find_lost_rows(earlier: list[Row], later: Table) -> tuple[Row, ...]:
    """Find the rows that are lost; of rows with the same endpoints, the last ones given."""
    left: Counter[Endpoint] = Counter(each for row in later.rows for each in row.endpoints)
    lost: list[Row] = []
    for row in earlier:
        if any(left[endpoint] <= 0 for endpoint in row.endpoints):
            lost.append(row)
        left.subtract(row.endpoints)
    return tuple(row for row in earlier if row in lost)
