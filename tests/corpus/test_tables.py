"""The committed tables are what the published pages say, byte for byte."""

from pathlib import Path

import pytest

from scopegate.importing.folder import assemble_folder
from scopegate.tables.sources import read_sources
from scopegate.tables.store import format_table
from tests.corpus.test_corpus import CORPUS, survey

TABLES = Path(__file__).parents[2] / "tables"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the published pages are not here")


def test_an_import_of_all_pages_changes_nothing() -> None:
    made = assemble_folder(survey(), TABLES, today="2100-01-01")

    assert made.sources == read_sources(TABLES)
    assert (made.removed, made.unknown) == ((), ())
    written = {TABLES / each.name.path: format_table(each.assembly.table) for each in made.tables}
    assert written.keys() == set(TABLES.glob("*/*/*.yaml"))
    for path, text in written.items():
        assert path.read_text(encoding="utf-8") == text


def test_every_row_of_the_pages_is_in_a_table_or_of_another_edition() -> None:
    made = assemble_folder(survey(), TABLES, today="2100-01-01")

    in_tables = sum(len(each.assembly.table.rows) for each in made.tables)
    sources = read_sources(TABLES)
    of_editions = sum(
        len(table.rows)
        for reading in survey().readings
        for table in reading.tables
        if (document := sources.find(reading.name)) and document.name in made.editions
    )
    assert in_tables + of_editions == survey().count()["rows"]
