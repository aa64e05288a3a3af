"""All pages of a folder: every row is accounted for, and nothing that is odd ends the reading."""

import json
from pathlib import Path

import pytest

from scopegate.importing.diagnostics import CODES, Severity
from scopegate.importing.survey import list_pages, survey_pages
from scopegate.sources.grid import MOST_ROWS
from tests.importing.pages import GOOD_ROW, make_row, make_table
from tests.importing.rendering import RENDERERS, Cell

ENGLISH = ("Permission", "API", "Action")
RST = """\
+------------+-----------------+------------+
| Permission | API             | Action     |
+============+=================+============+
| Query      | GET /v2/{a}     | evs:a:get  |
+------------+-----------------+------------+
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "a.md": make_table(GOOD_ROW, make_row("a", "evs", "-", "GET /a")),
        "b/c.rst": RST,
        "b/d.html": make_table(make_row("Query", "x", "evs:a:get"), headers=ENGLISH),
        "b/e.markdown": make_table(make_row("a", "evs:a:get"), headers=("权限", "授权项")),
        "b/notes.txt": make_table(GOOD_ROW),
        "empty.md": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_pages_of_all_formats_are_read_in_order(folder: Path) -> None:
    names = [path.relative_to(folder).as_posix() for path in list_pages(folder)]

    assert names == ["a.md", "b/c.rst", "b/d.html", "b/e.markdown", "empty.md"]
    assert [reading.name for reading in survey_pages(folder).readings] == names


def test_the_counts_add_up(folder: Path) -> None:
    assert survey_pages(folder).count() == {
        "pages": 5,
        "tables": 4,
        "rows": 5,
        "with_routes": 2,
        "catalogue": 1,
        "unresolved": {"bad-action": 1, "cross": 1},
    }


def test_a_row_is_a_line_of_json(folder: Path) -> None:
    lines = list(survey_pages(folder / "b" / "c.rst").lines)

    assert [json.loads(json.dumps(line)) for line in lines] == [
        {
            "path": "c.rst",
            "table": 1,
            "row": 1,
            "title": "Query",
            "endpoints": [{"method": "GET", "path": "/v2/{a}", "query": None}],
            "actions": ["evs:a:get"],
            "dependencies": [],
            "alternatives": [],
            "discriminator": None,
            "no_authorization": False,
            "scopes": {"iam_project": "undocumented", "enterprise_project": "undocumented"},
            "no_endpoint_reason": None,
        }
    ]


def test_a_page_that_can_t_be_read_does_not_end_the_reading(folder: Path) -> None:
    (folder / "a.md").write_bytes(b"\xff")
    (folder / "b" / "c.rst").unlink()
    (folder / "b" / "c.rst").symlink_to(folder / "nowhere.rst")
    (folder / "b" / "d.html").write_text("<div>" * 9_999, encoding="utf-8")

    survey = survey_pages(folder)

    assert [(each.code, each.fault.location.file) for each in survey.diagnostics] == [
        ("bad-encoding", "a.md"),
        ("unreadable", "b/c.rst"),
        ("bad-document", "b/d.html"),
    ]
    assert survey.has_errors
    assert [reading.name for reading in survey.readings] == ["b/e.markdown", "empty.md"]


def test_a_folder_without_pages_is_told(tmp_path: Path) -> None:
    survey = survey_pages(tmp_path)

    ending = "expected pages: files that end in .md, .markdown, .rst, .html, .htm [no-pages]"
    assert [str(each.fault) for each in survey.diagnostics] == [f"{tmp_path}: {ending}"]
    assert survey.has_errors


# Of these, so many rows have more lines than are read.
@pytest.mark.parametrize("name", sorted(RENDERERS.keys() - {"grid", "list-table"}))
def test_a_table_beyond_the_limit_is_read_up_to_it_and_told(tmp_path: Path, name: str) -> None:
    suffix, render = RENDERERS[name]
    rows: list[list[Cell]] = [
        [["a"], [f"GET /v1/{number}"], ["evs:a:get"]] for number in range(MOST_ROWS)
    ]
    page = tmp_path / f"page.{suffix}"
    page.write_text(render([[header] for header in ENGLISH], rows), encoding="utf-8")

    survey = survey_pages(page)

    assert [each.code for each in survey.diagnostics] == ["too-large"]
    assert survey.has_errors
    assert survey.count()["rows"] == MOST_ROWS - 1
    assert survey.count()["unresolved"] == {"too-large": MOST_ROWS - 1}


@pytest.mark.parametrize(
    "cell", ["GET /v1/" + "a/" * 4_000, "GET " * 1_500, "GET /v1/a " * 800, "{a " * 3_000]
)
def test_a_cell_beyond_the_limit_costs_its_row(tmp_path: Path, cell: str) -> None:
    page = tmp_path / "page.md"
    good, odd = (make_row("a", endpoint, "evs:a:get") for endpoint in ("GET /v1/b", cell))
    page.write_text(make_table(good, odd, headers=ENGLISH), encoding="utf-8")

    survey = survey_pages(page)

    assert [row.error for row in survey.rows] == [None, "odd-cell"]


def test_a_diagnostic_is_data(folder: Path) -> None:
    (first, *_) = survey_pages(folder).diagnostics

    assert first.spell() == {
        "code": "bad-action",
        "severity": "error",
        "document": "a.md",
        "line": None,
        "table": 1,
        "row": 2,
        "column": "授权项",
        "text": 'expected actions as "evs:snapshots:create"; found "evs"',
        "hint": CODES["bad-action"].hint,
    }


def test_rows_that_the_page_leaves_without_a_route_are_no_error(folder: Path) -> None:
    survey = survey_pages(folder / "b" / "d.html")

    assert [(each.code, each.severity) for each in survey.diagnostics] == [
        ("no-endpoint", Severity.NOTE)
    ]
    assert not survey.has_errors
