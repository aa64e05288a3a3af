"""Damaged pages: none makes the importer fail, and no row that is still there is lost silently."""

from pathlib import Path

from scopegate.importing.survey import survey_pages
from tests.importing.mutations import find_lost, make_originals, run

COUNT = 600
SEED = 1  # another one than `make damage` has


def test_undamaged_pages_are_read_whole(tmp_path: Path) -> None:
    for original in make_originals():
        page = tmp_path / f"page.{original.suffix}"
        page.write_text(original.text, encoding="utf-8")

        survey = survey_pages(page)

        assert survey.diagnostics == ()
        assert len(list(survey.rows)) == len(original.texts)


def test_damaged_pages_lose_no_row_silently(tmp_path: Path) -> None:
    lost = {
        number: found
        for number, original, text, survey in run(COUNT, SEED, tmp_path)
        if (found := find_lost(original, text, survey))
    }

    assert lost == {}
