"""`scopegate compare`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.importing.pages import GOOD_ROW, HEADERS, SCOPES, make_row, make_table

LIST_ROW = make_row("查询", "evs:snapshots:list", SCOPES, "GET /v2/{a}/snapshots")


def write(path: str, text: str) -> str:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return path


def test_what_two_pages_say_differently_is_told(scopegate: Command) -> None:
    earlier = write("old.md", make_table(GOOD_ROW))
    named = GOOD_ROW.replace("{a}", "{project_id}").replace("创建快照", "创建")
    later = write("new.md", make_table(LIST_ROW) + make_table(named))

    said = scopegate("compare", earlier, later)

    assert (said.code, said.err) == (1, "")
    assert said.out.splitlines() == [
        "earlier  old.md  1 table · 1 row",
        "later    new.md  2 tables · 2 rows",
        "  route-added        GET /v2/{a}/snapshots: evs:snapshots:list",
        '  reworded           POST /v2/{project_id}/snapshots: "创建快照" → "创建"',
        "  parameter-renamed  POST /v2/{project_id}/snapshots: {a} → {project_id}",
        "✗ 3 differences: 1 route-added · 1 reworded · 1 parameter-renamed",
    ]


def test_pages_and_folders_that_say_the_same_do_not_differ(scopegate: Command) -> None:
    both = write("both.md", make_table(GOOD_ROW, LIST_ROW))
    write("each/a.md", make_table(LIST_ROW))
    write("each/more/b.md", make_table(GOOD_ROW))

    said = scopegate("compare", both, "each")

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "earlier  both.md  1 table · 2 rows",
        "later    each     2 tables · 2 rows",
        "✓ no differences",
    ]


def test_a_table_file_can_stand_anywhere(scopegate: Command) -> None:
    committed = Path("tables/huaweicloud/evs/snapshots.yaml")
    text = committed.read_text(encoding="utf-8")
    other = write("old/tables.yml", text.replace("evs:snapshots:list", "evs:snapshots:find"))

    assert scopegate("compare", str(committed), "tables").code == 0
    for earlier in ("old", other):
        said = scopegate("compare", earlier, str(committed))
        assert said.code == 1
        assert "needs also evs:snapshots:list" in said.out


def test_a_program_is_answered_with_json(scopegate: Command) -> None:
    earlier = write("old.md", make_table(GOOD_ROW))
    later = write("new.md", make_table(GOOD_ROW, LIST_ROW))

    said = scopegate("compare", earlier, later, "--json")

    assert said.code == 1
    assert json.loads(said.out) == {
        "earlier": {"tables": 1, "rows": 1},
        "later": {"tables": 1, "rows": 2},
        "counts": {"route-added": 1},
        "changes": [
            {
                "kind": "route-added",
                "subject": "GET /v2/{a}/snapshots",
                "text": "evs:snapshots:list",
            }
        ],
    }
    same = scopegate("compare", later, later, "--json")
    assert (same.code, json.loads(same.out)["changes"]) == (0, [])


def test_a_table_that_cannot_be_read_is_not_compared(scopegate: Command) -> None:
    page = write("old.md", make_table(GOOD_ROW))
    row = GOOD_ROW.replace("</tr>", "<td>√</td></tr>")
    odd = write("odd.md", make_table(row, headers=(*HEADERS, "Grants")))

    said = scopegate("compare", page, odd)

    assert (said.code, said.out) == (1, "")
    assert "[unknown-header]" in said.err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("old.md",), "Missing argument 'LATER'"),
        (("nowhere.md", "old.md"), "'nowhere.md' does not exist"),
        (("old.md", "empty.md"), "expected authorization tables at empty.md; found none"),
        (("rego", "old.md"), "expected authorization tables at rego; found none"),
    ],
)
def test_wrong_usage_exits_with_2(scopegate: Command, args: tuple[str, ...], message: str) -> None:
    write("old.md", make_table(GOOD_ROW))
    write("empty.md", "nothing")

    said = scopegate("compare", *args)

    assert (said.code, said.out) == (2, "")
    assert message in " ".join(said.err.split())
