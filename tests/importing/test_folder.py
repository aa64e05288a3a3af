"""All pages of a folder into the tables that come from them, or none of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from scopegate.errors import FaultsError
from scopegate.importing.folder import FolderImport, Origin, assemble_folder, save_folder
from scopegate.importing.imports import RemovalsError
from scopegate.importing.survey import survey_pages
from scopegate.tables.sources import Sources, read_sources, write_sources
from scopegate.tables.store import read_tables
from tests.importing.pages import GOOD_ROW, HEADERS, SCOPES, make_row, make_table

DAY = "2026-11-28"
ORIGIN = Origin("made", "https://example.com/docs", "Apache-2.0")
OTHER_ROW = make_row("查询", "evs:snapshots:list", SCOPES, "GET /v2/{a}/snapshots")
ODD = make_table(GOOD_ROW.replace("</tr>", "<td>√</td></tr>"), headers=(*HEADERS, "Grants"))


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with two pages of a service, of which one has two tables, and one of none."""
    folder = tmp_path / "pages"
    (folder / "api").mkdir(parents=True)
    write(folder / "api/Cloud_Disks.md", make_table(GOOD_ROW) + make_table(OTHER_ROW))
    write(folder / "snapshots.md", make_table(OTHER_ROW))
    write(folder / "index.md", "# Nothing")
    return folder


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def read(
    pages: Path, tables: Path, *, day: str = DAY, origin: Origin | None = ORIGIN
) -> FolderImport:
    return assemble_folder(survey_pages(pages), tables, today=day, origin=origin)


def test_pages_that_are_not_listed_are_told_and_not_read(pages: Path, tmp_path: Path) -> None:
    made = read(pages, tmp_path / "tables", origin=None)

    assert made.unknown == ("api/Cloud_Disks.md", "snapshots.md")
    assert (made.tables, made.sources) == ((), Sources())


def test_pages_are_taken_in_and_their_tables_named(pages: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"

    made = read(pages, tables)
    save_folder(made, tables)

    assert [str(each.name) for each in made.tables] == [
        "made/evs/cloud-disks-1",
        "made/evs/cloud-disks-2",
        "made/evs/snapshots",
    ]
    assert [each.table for each in read_tables(tables)] == [
        "evs/cloud-disks-1",
        "evs/cloud-disks-2",
        "evs/snapshots",
    ]
    assert [
        (each.name, each.service, each.retrieved) for each in read_sources(tables).documents
    ] == [
        ("api/Cloud_Disks.md", "evs", DAY),
        ("snapshots.md", "evs", DAY),
    ]


def test_a_second_import_changes_nothing(pages: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    save_folder(read(pages, tables), tables)
    before = {path: path.stat().st_mtime_ns for path in tables.rglob("*.yaml")}

    again = read(pages.parent, tables, day="2027-01-01", origin=None)
    save_folder(again, tables)

    assert not any(each.differences for each in again.tables)
    assert {path: path.stat().st_mtime_ns for path in tables.rglob("*.yaml")} == before


def test_a_new_edition_is_told_and_locked(pages: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    save_folder(read(pages, tables), tables)
    write(pages / "snapshots.md", make_table(OTHER_ROW.replace("snapshots:list", "snapshots:get")))

    made = read(pages, tables, day="2027-01-01")
    save_folder(made, tables)

    assert [str(each.name) for each in made.tables if each.differences] == ["made/evs/snapshots"]
    assert [each.retrieved for each in read_sources(tables).documents] == [DAY, "2027-01-01"]
    assert read_tables(tables)[2].rows[0].actions == ("evs:snapshots:get",)


def test_another_edition_of_a_document_makes_no_table(pages: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    save_folder(read(pages, tables), tables)
    write(pages / "older.md", make_table(OTHER_ROW))
    first = read_sources(tables).documents[1]
    older = replace(first, name="older.md", sha256="0" * 64, edition_of="snapshots.md")
    write_sources(read_sources(tables).put(older), tables)

    made = read(pages, tables)
    save_folder(made, tables)

    assert made.editions == ("older.md",)
    assert len(read_tables(tables)) == 3
    [locked] = [each for each in read_sources(tables).documents if each.name == "older.md"]
    assert (locked.sha256, locked.edition_of) != ("0" * 64, None)


def test_what_would_be_lost_is_told_first(pages: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    save_folder(read(pages, tables), tables)
    write(pages / "api/Cloud_Disks.md", make_table(OTHER_ROW))
    before = {path: path.read_bytes() for path in tables.rglob("*.yaml")}

    made = read(pages, tables)
    with pytest.raises(RemovalsError, match="made/evs/cloud-disks-2: all of it"):
        save_folder(made, tables)
    save_folder(made, tables, allow_removals=True, dry_run=True)
    assert {path: path.read_bytes() for path in tables.rglob("*.yaml")} == before

    save_folder(made, tables, allow_removals=True)
    assert [each.table for each in read_tables(tables)] == ["evs/cloud-disks-1", "evs/snapshots"]


def test_a_table_that_cannot_be_read_as_a_whole_stops_all(pages: Path, tmp_path: Path) -> None:
    write(pages / "odd.md", ODD)
    write(pages / "api/odd.md", ODD)

    with pytest.raises(FaultsError) as raised:
        read(pages, tmp_path / "tables")

    assert [fault.location.file for fault in raised.value.faults] == ["api/odd.md", "odd.md"]


def test_a_page_that_no_table_comes_from_stops_nothing(pages: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    save_folder(read(pages, tables), tables)
    write(pages / "odd.md", ODD)
    assert len(read(pages, tables, origin=None).tables) == 3

    write(pages / "snapshots.md", ODD)
    with pytest.raises(FaultsError, match=r"^snapshots\.md: "):
        read(pages, tables, origin=None)


def test_two_pages_do_not_make_one_table(pages: Path, tmp_path: Path) -> None:
    write(pages / "api/snapshots.rst", "")
    write(pages / "api/snapshots.md", make_table(GOOD_ROW))

    with pytest.raises(FaultsError, match=r"made/evs/snapshots comes from api/snapshots\.md"):
        read(pages, tmp_path / "tables")


def test_one_document_is_not_read_twice(pages: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    save_folder(read(pages, tables), tables)
    (pages / "copy").mkdir()
    write(pages / "copy/snapshots.md", make_table(OTHER_ROW))

    with pytest.raises(FaultsError, match=r"copy/snapshots\.md is the same"):
        read(pages, tables)
