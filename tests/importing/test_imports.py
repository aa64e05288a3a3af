"""A page is imported into the committed file; what would be lost is told first."""

from dataclasses import replace
from pathlib import Path

import pytest

from scopegate.errors import FaultsError, ScopegateError
from scopegate.importing.imports import (
    Counts,
    RemovalsError,
    find_document,
    find_table_name,
    import_document,
    save_table,
)
from scopegate.tables.differences import TableDifferences
from scopegate.tables.model import Alternative, Case, Document, Endpoint, Table
from scopegate.tables.names import TableName, parse_table_name
from scopegate.tables.sources import Sources, read_sources, write_sources
from scopegate.tables.store import read_table, write_table
from tests.importing.pages import GOOD_ROW, HEADERS, SCOPES, STATEMENT, make_row, make_table
from tests.tables.made import PLACE, TABLE, TEXT

NAME = TableName("made", "evs", "volumes")
FIRST, SECOND = TABLE.rows


def save(table: Table, folder: Path, **options: bool) -> TableDifferences | None:
    return save_table(table, folder, today="2026-11-28", **options)


def write_page(folder: Path, text: str) -> Path:
    page = folder / "volumes.md"
    page.write_text(text, encoding="utf-8")
    return page


def test_importing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    page = write_page(tmp_path, f"{STATEMENT}\n\n{make_table(GOOD_ROW)}")
    tables = tmp_path / "tables"

    path = tables / PLACE
    assert save(import_document(page, NAME).table, tables) is None
    first = path.read_bytes(), path.stat()

    assert not save(import_document(page, NAME).table, tables)
    assert (path.read_bytes(), path.stat()) == first
    assert read_table(path) == import_document(page, NAME).table


def test_a_page_with_faults_writes_nothing(tmp_path: Path) -> None:
    page = write_page(
        tmp_path,
        make_table(GOOD_ROW.replace("</tr>", "<td>√</td></tr>"), headers=(*HEADERS, "Grants")),
    )

    with pytest.raises(FaultsError, match=r"volumes\.md: .*unknown-header"):
        import_document(page, NAME)


def test_the_document_of_a_table_is_locked(tmp_path: Path) -> None:
    page = write_page(tmp_path, make_table(GOOD_ROW))
    tables = tmp_path / "tables"
    save(import_document(page, NAME).table, tables)
    [first] = read_sources(tables).documents
    assert (first.name, first.service, first.retrieved) == ("volumes.md", "evs", "2026-11-28")

    locked = replace(first, name="api/volumes.md", licence="Apache-2.0")
    write_sources(Sources((locked,)), tables)
    table = replace(
        read_table(tables / PLACE), document=Document("api/volumes.md", "0" * 64, "en", 1)
    )
    write_table(table, tables / PLACE)
    write_page(tmp_path, make_table(GOOD_ROW, GOOD_ROW.replace("POST", "PUT")))
    name = find_document(tables, NAME, page)
    again = import_document(page, NAME, document=name).table
    save_table(again, tables, today="2027-01-01")

    [second] = read_sources(tables).documents
    assert again.document.name == "api/volumes.md"
    assert second == replace(
        locked, sha256=again.document.sha256, language="zh", retrieved="2027-01-01"
    )
    assert find_document(tables, NAME, Path("other.md")) == "other.md"


def test_lost_rows_and_mirrors_are_told_and_refused(tmp_path: Path) -> None:
    save(TABLE, tmp_path)
    later = replace(TABLE, mirrors=(), rows=(FIRST,))

    with pytest.raises(RemovalsError) as raised:
        save(later, tmp_path)

    assert str(raised.value).splitlines()[1:] == [
        "made/evs/volumes: 版本: GET /",
        "made/evs/volumes: mirror v2 to v3: v3同v2。",
    ]
    assert (tmp_path / PLACE).read_text(encoding="utf-8") == TEXT


def test_lost_rows_are_no_matter_where_they_are_allowed(tmp_path: Path) -> None:
    save(TABLE, tmp_path)
    later = replace(TABLE, mirrors=(), rows=(FIRST,))

    save(later, tmp_path, allow_removals=True)

    assert read_table(tmp_path / PLACE) == later


def test_a_committed_table_with_faults_is_not_replaced(tmp_path: Path) -> None:
    save(TABLE, tmp_path)
    path = tmp_path / PLACE
    path.write_text(TEXT + "x: 1\n", encoding="utf-8")

    with pytest.raises(FaultsError, match="unknown-field"):
        save(TABLE, tmp_path)


def test_a_dry_run_writes_nothing_and_refuses_the_same(tmp_path: Path) -> None:
    assert save(TABLE, tmp_path, dry_run=True) is None
    assert list(tmp_path.iterdir()) == []

    save(TABLE, tmp_path)
    with pytest.raises(RemovalsError):
        save(replace(TABLE, rows=(FIRST,)), tmp_path, dry_run=True)


DEPENDENT = ("Permission", "API", "Action", "Dependencies")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            make_table(make_row("a", "GET /a", "b:c:d", "e:f:*"), headers=DEPENDENT),
            {"actions": ("b:c:d",), "dependencies": ("e:f:*",)},
        ),
        (
            make_table(
                make_row("a", "GET /a", "<p>X:</p>b:c:d<p>Y:</p>b:c:e", "-"), headers=DEPENDENT
            ),
            {"alternatives": (Alternative("X", ("b:c:d",)), Alternative("Y", ("b:c:e",)))},
        ),
        (
            make_table(GOOD_ROW.replace("</td></tr>", " action=b</td></tr>")),
            {"cases": (Case(body="b"),)},
        ),
        (
            make_table(GOOD_ROW.replace("/snapshots", "/snapshots?a=b")),
            {"endpoints": (Endpoint("POST", "/v2/{a}/snapshots", "a=b"),)},
        ),
        (
            make_table(GOOD_ROW.replace("/snapshots", "/{a}{b}")),
            {"endpoints": (Endpoint("POST", "/v2/{a}/{a}{b}"),), "unresolved": "odd_path"},
        ),
        (make_table(GOOD_ROW.replace("创建快照", "")), {"permission": ""}),
        (
            make_table(GOOD_ROW, make_row("a", "b:c:d", SCOPES, "-")),
            {"endpoints": (), "unresolved": "dash"},
        ),
        (make_table(GOOD_ROW.replace("POST", "COPY")), {"unresolved": "no_method"}),
    ],
)
def test_what_a_row_says_is_in_its_table(
    tmp_path: Path, text: str, read: dict[str, object]
) -> None:
    page = write_page(tmp_path, text)

    table = import_document(page, NAME).table

    row = table.rows[-1]
    assert {name: getattr(row, name) for name in read} == read
    save(table, tmp_path)
    assert read_table(tmp_path / PLACE) == table


def test_what_was_left_out_or_repaired_is_noted(tmp_path: Path) -> None:
    codes = make_table(make_row("a", "b"), headers=("错误码", "说明"))
    heading = make_row("<td colspan=4>卷</td>")
    text = f"{codes}{STATEMENT}\n\n{make_table(heading, GOOD_ROW.replace('POST /v2', 'Post /v1'))}"

    assembly = import_document(write_page(tmp_path, text), NAME)

    assert assembly.counts == Counts(tables=2, headings=1, rows=1, endpoints=1, mirrored=0)
    assert assembly.table.document.table == 2
    assert assembly.table.mirrors == ()
    *notes, repair = assembly.notes
    assert notes == [
        'volumes.md: table 1: not read: "错误码" | "说明"',
        'volumes.md: table 2, row 1: below the heading "卷"',
        f"volumes.md: no path has v2: {STATEMENT}",
    ]
    assert repair.endswith('expected the method POST; found "Post" [repaired-endpoint]')


def test_one_of_several_tables_is_chosen_by_its_number(tmp_path: Path) -> None:
    page = write_page(tmp_path, make_table(GOOD_ROW) + make_table(GOOD_ROW, GOOD_ROW))

    assert len(import_document(page, NAME, 2).table.rows) == 2
    with pytest.raises(FaultsError, match=r"tables: table 1, table 2 \[several-tables\]"):
        import_document(page, NAME)
    with pytest.raises(FaultsError, match=r"an authorization table 3; found table 1, table 2"):
        import_document(page, NAME, 3)


def test_a_page_without_an_authorization_table_is_told(tmp_path: Path) -> None:
    page = write_page(tmp_path, make_table(headers=HEADERS))

    with pytest.raises(FaultsError, match=r"expected an authorization table; found volumes\.md: "):
        import_document(page, NAME)


def test_the_table_of_a_page_is_found_by_the_name_of_its_file(tmp_path: Path) -> None:
    save(TABLE, tmp_path)
    other = replace(TABLE, table="evs/other", document=replace(TABLE.document, name="other.md"))
    save(other, tmp_path)

    assert find_table_name(tmp_path, Path("elsewhere/volumes.md")) == NAME


def test_a_page_that_no_table_or_more_than_one_comes_from_is_told(tmp_path: Path) -> None:
    save(TABLE, tmp_path)
    save(replace(TABLE, table="evs/copy"), tmp_path)

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
