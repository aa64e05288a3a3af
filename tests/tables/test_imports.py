"""A page is imported into the committed file; what would be lost is told first."""

from dataclasses import replace
from pathlib import Path

import pytest

from scopegate.errors import FaultsError, ScopegateError
from scopegate.tables.imports import (
    RemovalsError,
    find_removals,
    find_table_name,
    import_document,
    save_table,
)
from scopegate.tables.model import Endpoint
from scopegate.tables.names import TableName, parse_table_name
from scopegate.tables.store import read_table
from tests.tables.made import PLACE, TABLE, TEXT
from tests.tables.pages import GOOD_ROW, STATEMENT, make_table

NAME = TableName("made", "evs", "volumes")
FIRST, SECOND = TABLE.rows


def write_page(folder: Path, text: str) -> Path:
    page = folder / "volumes.md"
    page.write_text(text, encoding="utf-8")
    return page


def test_importing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    page = write_page(tmp_path, f"{STATEMENT}\n\n{make_table(GOOD_ROW)}")
    tables = tmp_path / "tables"

    path = save_table(import_document(page, NAME).table, tables)
    first = path.read_bytes(), path.stat()
    again = save_table(import_document(page, NAME).table, tables)

    assert path == again == tables / PLACE
    assert (path.read_bytes(), path.stat()) == first
    assert read_table(path) == import_document(page, NAME).table


def test_a_page_with_faults_writes_nothing(tmp_path: Path) -> None:
    page = write_page(tmp_path, make_table(GOOD_ROW.replace("POST", "Post")))

    with pytest.raises(FaultsError, match=r"volumes\.md: table 1, row 1, column 对应API接口: "):
        import_document(page, NAME)


def test_lost_rows_and_mirrors_are_told_and_refused(tmp_path: Path) -> None:
    save_table(TABLE, tmp_path)
    later = replace(TABLE, mirrors=(), rows=(FIRST,))

    with pytest.raises(RemovalsError) as raised:
        save_table(later, tmp_path)

    assert raised.value.removals.rows == (SECOND,)
    assert raised.value.removals.mirrors == TABLE.mirrors
    assert str(raised.value).splitlines()[1:] == [
        "row 2: 版本: GET /",
        "mirror v2 to v3: v3同v2。",
    ]
    assert (tmp_path / PLACE).read_text(encoding="utf-8") == TEXT


def test_lost_rows_are_no_matter_where_they_are_allowed(tmp_path: Path) -> None:
    save_table(TABLE, tmp_path)
    later = replace(TABLE, mirrors=(), rows=(FIRST,))

    save_table(later, tmp_path, allow_removals=True)

    assert read_table(tmp_path / PLACE) == later


def test_a_committed_table_with_faults_is_not_replaced(tmp_path: Path) -> None:
    path = save_table(TABLE, tmp_path)
    path.write_text(TEXT + "x: 1\n", encoding="utf-8")

    with pytest.raises(FaultsError, match="unknown-field"):
        save_table(TABLE, tmp_path)


def test_changed_moved_and_added_rows_are_not_lost() -> None:
    changed = replace(SECOND, row=1, permission="other", no_authorization="None")
    moved = replace(FIRST, row=2)
    added = replace(FIRST, row=3, endpoints=(Endpoint("GET", "/new"),))

    assert not find_removals(TABLE, replace(TABLE, rows=(changed, moved, added)))


def test_a_row_that_loses_an_endpoint_is_lost() -> None:
    later = replace(TABLE, rows=(replace(FIRST, endpoints=FIRST.endpoints[:1]), SECOND))

    assert find_removals(TABLE, later).rows == (FIRST,)


@pytest.mark.parametrize("kept", [0, 1])
def test_of_rows_with_one_endpoint_the_changed_one_is_lost(kept: int) -> None:
    twins = (
        replace(SECOND, row=1, permission="a"),
        replace(SECOND, row=2, permission="b"),
    )
    later = replace(TABLE, rows=(replace(twins[kept], row=1),))

    assert find_removals(replace(TABLE, rows=twins), later).rows == (twins[1 - kept],)


def test_the_table_of_a_page_is_found_by_the_name_of_its_file(tmp_path: Path) -> None:
    save_table(TABLE, tmp_path)
    other = replace(TABLE, table="evs/other", document=replace(TABLE.document, name="other.md"))
    save_table(other, tmp_path)

    assert find_table_name(tmp_path, Path("elsewhere/volumes.md")) == NAME


def test_a_page_that_no_table_or_more_than_one_comes_from_is_told(tmp_path: Path) -> None:
    save_table(TABLE, tmp_path)
    save_table(replace(TABLE, table="evs/copy"), tmp_path)

    with pytest.raises(ScopegateError, match=r'"new\.md"; found none: name the table, as in '):
        find_table_name(tmp_path, Path("new.md"))
    with pytest.raises(ScopegateError, match="found made/evs/copy, made/evs/volumes: name "):
        find_table_name(tmp_path, Path("volumes.md"))


def test_a_name_is_read_as_people_write_it() -> None:
    name = parse_table_name("huaweicloud/evs/cloud-snapshots2")

    assert name == TableName("huaweicloud", "evs", "cloud-snapshots2")
    assert str(name) == "huaweicloud/evs/cloud-snapshots2"
    assert name.table == "evs/cloud-snapshots2"
    assert str(name.path) == "huaweicloud/evs/cloud-snapshots2.yaml"


@pytest.mark.parametrize(
    "text", ["", "a/b", "a/b/c/d", "a/b/", "a/../c", "a/B/c", "a/b/c.yaml", "a/b/-c", "a/b/c\n"]
)
def test_what_is_no_name_is_told(text: str) -> None:
    with pytest.raises(ScopegateError, match="is no name of a table"):
        parse_table_name(text)
