"""`scopegate import`."""

import json
from pathlib import Path

import pytest

from scopegate.tables.store import read_table
from tests.cli.conftest import Command
from tests.importing.pages import GOOD_ROW, HEADERS, SCOPES, STATEMENT, make_row, make_table

NAME = "huaweicloud/evs/volumes"
TABLE = Path(f"tables/{NAME}.yaml")
LIST_ROW = make_row("查询", "evs:snapshots:list", SCOPES, "GET /v2/{a}/snapshots")


def write_page(*rows: str) -> str:
    Path("volumes.md").write_text(f"{STATEMENT}\n\n{make_table(*rows)}", encoding="utf-8")
    return "volumes.md"


def test_a_new_page_becomes_a_table(scopegate: Command) -> None:
    said = scopegate("import", write_page(GOOD_ROW, LIST_ROW), "--table", NAME)
    assert said.code == 0
    assert said.err == ""
    assert said.out.splitlines() == [
        "✓ read volumes.md, table 1",
        "  2 rows · 2 routes and 2 mirrored · 3 actions",
        "  IAM project: 2 supported",
        "  enterprise project: 2 unsupported",
        f"  mirror v2 → v3: {STATEMENT}",
        f"✓ {TABLE}",
        "  new  2 rows",
        "  next: scopegate build",
    ]
    assert scopegate("routes", "--path", "/v3/p1/snapshots").code == 0


def test_the_table_of_a_known_page_needs_no_name(scopegate: Command) -> None:
    assert scopegate("import", write_page(GOOD_ROW), "--table", NAME).code == 0
    before = TABLE.read_bytes()
    said = scopegate("import", "volumes.md")
    assert said.code == 0
    assert "nothing has changed" in said.out
    assert TABLE.read_bytes() == before


def test_what_a_new_edition_changes_is_told(scopegate: Command) -> None:
    scopegate("import", write_page(GOOD_ROW), "--table", NAME)
    edition = write_page(LIST_ROW, GOOD_ROW.replace("evs:volumes:get", "evs:volumes:list"))
    said = scopegate("import", edition)
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[lines.index(f"✓ {TABLE}") + 1 : -5] == [
        "  route-added       GET /v2/{a}/snapshots: evs:snapshots:list",
        "  action-added      POST /v2/{a}/snapshots: needs also evs:volumes:list",
        "  action-removed    POST /v2/{a}/snapshots: needs no more evs:volumes:get",
    ]
    assert lines[-5].startswith("  document-changed  volumes.md: sha256 ")
    # The table that is shipped documents both routes: what it needs is needed still.
    assert lines[-4:] == [
        "  2 differences: 2 closed (scopegate diff shows how)",
        "    closed  POST /v2/{project_id}/snapshots",
        "    closed  POST /v3/{project_id}/snapshots",
        "  next: scopegate build",
    ]


def test_what_an_edition_opens_is_no_part_of_what_an_import_must_tell(
    scopegate: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    scopegate("import", write_page(GOOD_ROW), "--table", NAME)
    edition = write_page(GOOD_ROW.replace("evs:volumes:get", "evs:volumes:list"))
    monkeypatch.setenv("OPA", "/nowhere/opa")

    said = scopegate("import", edition)

    assert (said.code, said.err) == (0, "")
    assert "action-added" in said.out
    assert "differences" not in said.out
    assert said.out.endswith("\n  next: scopegate build\n")


def test_a_row_that_has_moved_has_not_changed(scopegate: Command) -> None:
    scopegate("import", write_page(GOOD_ROW), "--table", NAME)
    said = scopegate("import", write_page(LIST_ROW, GOOD_ROW))
    assert said.code == 0
    assert "  route-added       GET /v2/{a}/snapshots: evs:snapshots:list" in said.out
    assert "POST" not in said.out


def test_rows_are_removed_only_where_that_is_meant(scopegate: Command) -> None:
    scopegate("import", write_page(GOOD_ROW, LIST_ROW), "--table", NAME)
    before = TABLE.read_bytes()
    said = scopegate("import", write_page(GOOD_ROW))
    assert (said.code, said.out) == (1, "")
    assert "huaweicloud/evs/volumes: 查询: GET /v2/{a}/snapshots" in said.err
    assert "--allow-removals" in said.err
    assert TABLE.read_bytes() == before

    said = scopegate("import", "volumes.md", "--allow-removals")
    assert said.code == 0
    assert "  route-removed     GET /v2/{a}/snapshots: evs:snapshots:list\n" in said.out
    assert TABLE.read_bytes() != before


def test_what_new_editions_of_a_folder_change_is_told(scopegate: Command) -> None:
    Path("pages").mkdir()
    page = Path("pages/volumes.md")
    page.write_text(make_table(GOOD_ROW), encoding="utf-8")
    assert scopegate("import", "pages", "--provider", "huaweicloud").code == 0
    edition = GOOD_ROW.replace("创建快照", "创建")
    page.write_text(make_table(edition, LIST_ROW), encoding="utf-8")

    said = scopegate("import", "pages")

    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[1:3] == [
        "  changed  huaweicloud/evs/volumes",
        "    route-added       GET /v2/{a}/snapshots: evs:snapshots:list",
    ]
    assert lines[3].startswith("    document-changed  volumes.md: sha256 ")
    assert lines[4:] == [
        '    reworded          POST /v2/{a}/snapshots: "创建快照" → "创建"',
        "  the same is allowed as before",
        "  next: scopegate build",
    ]


def test_a_row_that_cannot_be_read_for_certain_is_kept_and_told(scopegate: Command) -> None:
    bad = GOOD_ROW.replace("POST", "COPY").replace("evs:volumes:get", "volumes")
    said = scopegate("import", write_page(LIST_ROW, bad), "--table", NAME)
    assert (said.code, said.err) == (0, "")
    assert "  2 rows · 1 route and 1 mirrored · 2 actions" in said.out
    assert "volumes.md: table 1, row 2, column 授权项: expected " in said.out
    assert read_table(TABLE).rows[1].unresolved == "bad-action"


def test_faults_are_shown_below_their_places(scopegate: Command) -> None:
    page = Path("volumes.md")
    odd = GOOD_ROW.replace("</tr>", "<td>√</td></tr>")
    page.write_text(make_table(odd, headers=(*HEADERS, "Grants")), encoding="utf-8")
    said = scopegate("import", "volumes.md", "--table", NAME)
    assert (said.code, said.out) == (1, "")
    lines = said.err.splitlines()
    assert lines[0] == "Error: 1 fault in volumes.md"
    assert lines[1] == "volumes.md: table 1, column Grants"
    assert lines[2].startswith("    expected ")
    assert lines[2].endswith("  [unknown-header]")
    assert not TABLE.exists()


def test_one_of_several_tables_is_chosen_by_its_number(scopegate: Command) -> None:
    page = Path("volumes.md")
    page.write_text(make_table(GOOD_ROW) + make_table(LIST_ROW), encoding="utf-8")
    said = scopegate("import", "volumes.md", "--table", NAME)
    assert said.code == 1
    assert "expected the number of one of its authorization tables" in said.err
    said = scopegate("import", "volumes.md", "--table", NAME, "--number", "2")
    assert said.code == 0
    assert said.out.startswith("✓ read volumes.md, table 2\n")


def test_a_dry_run_writes_nothing_and_exits_the_same(scopegate: Command) -> None:
    said = scopegate("import", write_page(GOOD_ROW), "--table", NAME, "--dry-run")
    assert said.code == 0
    assert f"✓ {TABLE} (not written: a dry run)" in said.out
    assert "next: " not in said.out
    assert not TABLE.exists()

    Path("volumes.md").write_text("nothing", encoding="utf-8")
    assert scopegate("import", "volumes.md", "--table", NAME, "--dry-run").code == 1


def test_a_check_accounts_for_every_row(scopegate: Command) -> None:
    Path("pages").mkdir()
    odd = make_row("a", "evs", "√", "GET /a")
    for name, rows in (("a", (GOOD_ROW, odd, odd, odd, odd)), ("b", (LIST_ROW,))):
        Path(f"pages/{name}.md").write_text(make_table(*rows), encoding="utf-8")
    before = {path: path.read_bytes() for path in Path("tables").rglob("*") if path.is_file()}

    said = scopegate("import", "--check", "pages")

    assert (said.code, said.err) == (1, "")
    place = "  a.md: table 1, row {}, column 授权项: "
    expected = 'expected actions as "evs:snapshots:create"; found "evs"'
    assert said.out.splitlines() == [
        "error bad-action: a cell has no action, 4 places",
        "  hold the row against the page",
        *(place.format(row) + expected for row in (2, 3, 4)),
        "  … and 1 more (all of them: --json)",
        "error odd-scopes: a cell does not say where grants count, 4 places",
        "  hold it against the page",
        *(
            f"  a.md: table 1, row {row}, column 授权范围: expected scopes such as "
            '"IAM项目(Project)" or "Project"; found "√"'
            for row in (2, 3, 4)
        ),
        "  … and 1 more (all of them: --json)",
        "✗ 2 pages · 2 tables · 6 rows",
        "  2 with routes · 0 of catalogues of actions · 4 unresolved",
        "    4 bad-action",
    ]
    assert before == {
        path: path.read_bytes() for path in Path("tables").rglob("*") if path.is_file()
    }


def test_a_clean_check_exits_with_0(scopegate: Command) -> None:
    said = scopegate("import", "--check", write_page(GOOD_ROW))
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0] == "✓ 1 page · 1 table · 1 row"


def test_rows_are_written_as_lines_of_json(scopegate: Command) -> None:
    page = write_page(GOOD_ROW, LIST_ROW)
    said = scopegate("import", "--check", page, "--rows", "rows.jsonl", "--json")
    lines = Path("rows.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["row"] for line in lines] == [1, 2]
    assert json.loads(said.out)["rows"] == 2
    assert json.loads(said.out)["diagnostics"] == []

    said = scopegate("import", page, "--rows", "-")
    assert said.code == 0
    assert said.out.splitlines() == lines
    assert "2 with routes" in said.err


def test_the_wordings_that_are_understood_are_listed(scopegate: Command) -> None:
    said = scopegate("import", "--wordings")
    assert said.code == 0
    assert "header of action (zh)\n  授权项" in said.out
    assert (
        "无需授权"
        in json.loads(scopegate("import", "--wordings", "--json").out)["no authorization"]
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "which document?"),
        (("--check",), "which document?"),
        (("tables", "--table", NAME), "of a folder all tables are read"),
        (("volumes.md", "--check", "--table", NAME), "with --check nothing is written"),
        (("volumes.md", "--rows", "a", "--allow-removals"), "with --check nothing is written"),
        (("nowhere.md",), "'nowhere.md' does not exist"),
        (("volumes.md",), "expected one table that comes from a page named"),
        (("volumes.md", "--table", "volumes"), "is no name of a table"),
        (("volumes.md", "--table", NAME, "--number", "0"), "--number"),
    ],
)
def test_wrong_usage_exits_with_2(scopegate: Command, args: tuple[str, ...], message: str) -> None:
    write_page(GOOD_ROW)
    said = scopegate("import", *args)
    assert said.code == 2
    assert message in " ".join(said.err.split())
    assert not TABLE.exists()
