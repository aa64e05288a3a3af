"""What one edition of a table says otherwise than another."""

from dataclasses import replace

import pytest

from scopegate.tables.differences import RowChange, compare_tables
from scopegate.tables.model import Document, Endpoint
from tests.tables.made import TABLE

FIRST, SECOND = TABLE.rows


def test_a_table_does_not_differ_from_itself() -> None:
    assert not compare_tables(TABLE, TABLE)


def test_changed_moved_and_added_rows_are_not_lost() -> None:
    changed = replace(SECOND, permission="other", no_authorization="None")
    moved = FIRST
    added = replace(FIRST, endpoints=(Endpoint("GET", "/new"),))

    differences = compare_tables(TABLE, replace(TABLE, rows=(changed, moved, added)))

    assert differences.rows == (RowChange(SECOND, changed), RowChange(None, added))
    assert (differences.lost_rows, differences.lost_mirrors) == ((), ())


def test_a_row_that_loses_an_endpoint_is_lost() -> None:
    later = replace(FIRST, endpoints=FIRST.endpoints[:1])

    differences = compare_tables(TABLE, replace(TABLE, rows=(later, SECOND)))

    assert differences.lost_rows == (FIRST,)
    assert differences.rows == (RowChange(None, later), RowChange(FIRST, None))


@pytest.mark.parametrize("kept", [0, 1])
def test_of_rows_with_one_endpoint_the_changed_one_is_lost(kept: int) -> None:
    twins = (
        replace(SECOND, permission="a"),
        replace(SECOND, permission="b"),
    )
    later = replace(TABLE, rows=(twins[kept],))

    differences = compare_tables(replace(TABLE, rows=twins), later)

    assert differences.lost_rows == (twins[1 - kept],)
    assert differences.rows == (RowChange(twins[1 - kept], None),)


def test_mirrors_and_documents_are_compared_too() -> None:
    document = Document("volumes.md", "1" * 64, "zh", 2)

    differences = compare_tables(TABLE, replace(TABLE, mirrors=(), document=document))

    assert differences.lost_mirrors == TABLE.mirrors
    assert differences.mirrors == ()
    assert differences.document == document
    assert differences.rows == ()
