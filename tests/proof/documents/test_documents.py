"""The proof of documents in small, and that it finds what is wrong."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from scopegate.errors import Flaw
from scopegate.importing.model import PageReading, RowReading
from scopegate.importing.reading import read_authorization
from scopegate.sources import page as pages
from scopegate.sources.grid import Content, Grid
from tests.importing.rendering import RENDERERS
from tests.proof.documents import judging
from tests.proof.documents.documents import Document, Wanted, make_document
from tests.proof.documents.judging import judge
from tests.proof.documents.proof import KINDS, prove, run_chunk
from tests.proof.documents.shrinking import shrink_document, shrink_items

COUNT = 300
SEED = 1  # another one than a whole run has

PAGE = """\
| Permission | API | Action |
|---|---|---|
| Title0 a | GET /v2/row0 | evs:row0:get |
| Title1 b | PUT /v2/row1 | evs:row1:get |
| Title2 c | GET /v2/row2 | evs:row2:get |
"""
ROWS = tuple(
    Wanted(f"Title{number}", (f"{method} /v2/row{number}",), (f"evs:row{number}:get",))
    for number, method in enumerate(("GET", "PUT", "GET"))
)
DOCUMENT = Document("damaged", "pipes", ".md", PAGE, wanted=ROWS)


def test_documents_are_read_as_they_are() -> None:
    steps: list[float] = []

    report = prove(count=COUNT, seed=SEED, tell=lambda _, done: steps.append(done))

    assert list(report.failures) == []
    assert report.part == "documents"
    assert [report.figures[name] for name in KINDS.values()] == [0] * len(KINDS)
    assert report.figures["documents"] == COUNT
    assert all(report.figures[f"documents: {name}"] for name in RENDERERS)
    assert steps[-1] == 1


def test_a_document_is_made_again_from_its_seed_and_number() -> None:
    assert [make_document(SEED, 7)] * 2 == [make_document(SEED, 7), make_document(SEED, 7)]
    assert make_document(SEED, 7) != make_document(SEED, 8)
    assert make_document(SEED, 7) != make_document(SEED + 1, 7)


def test_a_page_without_faults_has_no_findings(tmp_path: Path) -> None:
    verdict = judge(DOCUMENT, tmp_path)

    assert verdict.findings == []
    assert (verdict.rows, verdict.unresolved, dict(verdict.codes)) == (3, 0, {})


Fault: TypeAlias = Callable[[PageReading], PageReading]


def change_rows(
    reading: PageReading, change: Callable[[tuple[RowReading, ...]], Iterable[RowReading]]
) -> PageReading:
    """Change the rows of each table."""
    tables = (replace(table, rows=tuple(change(table.rows))) for table in reading.tables)
    return replace(reading, tables=tuple(tables))


def drop_a_row(reading: PageReading) -> PageReading:
    """Lose the last row of tables that have several, as if it were not there."""
    return change_rows(reading, lambda rows: rows[:-1] or rows)


def invent_an_action(reading: PageReading) -> PageReading:
    return change_rows(
        reading, lambda rows: (replace(row, actions=("evs:row0:delete",)) for row in rows)
    )


def shorten_paths(reading: PageReading) -> PageReading:
    def shorten(row: RowReading) -> RowReading:
        endpoints = (
            each._replace(path=each.path.rpartition("/")[0] or "/") for each in row.endpoints
        )
        return replace(row, endpoints=tuple(endpoints))

    return change_rows(reading, lambda rows: map(shorten, rows))


def need_nothing(reading: PageReading) -> PageReading:
    return change_rows(
        reading, lambda rows: (replace(row, no_authorization="None", actions=()) for row in rows)
    )


def fail(_: PageReading) -> PageReading:
    raise KeyError("Title1")


FAULTS: dict[str, tuple[str, Fault]] = {
    "a row is dropped": ("counts", drop_a_row),
    "an action is invented": ("invented", invent_an_action),
    "a path loses a segment": ("invented", shorten_paths),
    "the reader fails": ("crash", fail),
}


def plant(monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    monkeypatch.setattr(judging, "read_authorization", lambda page: fault(read_authorization(page)))


@pytest.mark.parametrize(("kind", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_reader_is_found_and_shrunk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, fault: Fault
) -> None:
    plant(monkeypatch, fault)

    assert kind in {each.kind for each in judge(DOCUMENT, tmp_path).findings}
    small = shrink_document(DOCUMENT, kind, tmp_path)

    assert kind in {each.kind for each in judge(small, tmp_path).findings}
    assert len(small.text) < len(PAGE) / 2


def test_a_row_that_the_format_loses_is_found_and_shrunk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = pages.READERS[".md"]

    def drop(grid: Grid) -> Grid:
        rows = (row for row in grid.rows if "Title1" not in str(row[0].blocks))
        return replace(grid, rows=tuple(rows))

    def read(text: str) -> Content:
        content = real(text)
        assert not isinstance(content, Flaw)
        return content._replace(grids=tuple(map(drop, content.grids)))

    monkeypatch.setattr(pages, "READERS", {**pages.READERS, ".md": read})

    (finding,) = judge(DOCUMENT, tmp_path).findings
    assert finding.kind == "lost"
    assert "Title1" in finding.message
    small = shrink_document(DOCUMENT, "lost", tmp_path)

    assert small.wanted == (ROWS[1],)
    assert all(text in small.text for text in ROWS[1].texts)
    assert "row0" not in small.text


def test_a_finding_is_told_as_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, fail)

    tally = run_chunk(SEED, 0, 2)

    assert tally.found["crash"] == 2
    assert tally.failures[0].startswith("# crash: KeyError: 'Title1'\ndef test_document_1_0(")
    names: dict[str, Any] = {"Document": Document, "Wanted": Wanted, "Path": Path, "judge": judge}
    exec(tally.failures[0], names)  # noqa: S102  that it is a test is what is tested


def test_a_made_page_that_is_misread_is_shrunk_by_rows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    document = next(
        each
        for number in range(100)
        if (each := make_document(SEED, number)).kind == "made" and len(each.lines or ()) > 2
    )
    plant(monkeypatch, need_nothing)

    small = shrink_document(document, "misread", tmp_path)

    assert len(small.lines or ()) == 1
    assert small.text != document.text
    assert "misread" in {each.kind for each in judge(small, tmp_path).findings}


def test_what_is_shrunk_has_nothing_to_spare() -> None:
    def fails(items: object) -> bool:
        return {3, 7} <= set(items)  # type: ignore[call-overload,no-any-return]

    assert list(shrink_items(range(10), fails)) == [3, 7]
