"""Editions: pages, table files and folders of them, and what differs between two."""

from pathlib import Path

import pytest

from scopegate.errors import FaultsError, ScopegateError
from scopegate.importing.editions import compare_editions, read_edition
from scopegate.tables.store import write_table
from tests.importing.pages import GOOD_ROW, STATEMENT, make_row, make_table
from tests.tables.made import PLACE, TABLE

OTHER_ROW = make_row("查询", "evs:a:get", "-", "GET /v2/{a}/a")


def write_page(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_all_tables_of_a_page_are_one_edition(tmp_path: Path) -> None:
    page = write_page(tmp_path / "a.md", STATEMENT + make_table(GOOD_ROW) + make_table(OTHER_ROW))

    edition = read_edition(page)

    assert [table.document.table for table in edition.tables] == [1, 2]
    assert [row.permission for row in edition.rows] == ["创建快照", "查询"]
    assert [mirror.statement for mirror in edition.mirrors] == [STATEMENT, STATEMENT]


def test_pages_and_table_files_of_a_folder_are_one_edition(tmp_path: Path) -> None:
    write_page(tmp_path / "a.md", make_table(GOOD_ROW))
    write_table(TABLE, tmp_path / PLACE)

    assert len(read_edition(tmp_path).rows) == 1 + len(TABLE.rows)
    assert read_edition(tmp_path / PLACE).rows == TABLE.rows


def test_two_editions_differ_in_rows_and_mirrors(tmp_path: Path) -> None:
    earlier = read_edition(write_page(tmp_path / "a.md", STATEMENT + make_table(GOOD_ROW)))
    later = read_edition(write_page(tmp_path / "b.md", make_table(GOOD_ROW, OTHER_ROW)))

    assert compare_editions(earlier, earlier) == ()
    assert [str(change.kind) for change in compare_editions(earlier, later)] == [
        "route-added",
        "mirror-removed",
    ]
    assert [str(change.kind) for change in compare_editions(later, earlier)] == [
        "route-removed",
        "mirror-added",
    ]


def test_what_keeps_a_table_from_being_read_keeps_an_edition(tmp_path: Path) -> None:
    page = write_page(tmp_path / "a.md", make_table(GOOD_ROW).removesuffix("</table>\n\n"))

    with pytest.raises(FaultsError, match=r"a\.md.*\[cut-off\]"):
        read_edition(page)


def test_an_edition_without_tables_is_told(tmp_path: Path) -> None:
    page = write_page(tmp_path / "a.md", "text")

    with pytest.raises(ScopegateError, match=r"expected authorization tables at .*a\.md"):
        read_edition(page)
