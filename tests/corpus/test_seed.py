"""The committed table is what the importer makes of the page itself."""

from pathlib import Path

import pytest

from scopegate.importing.imports import Counts, find_table_name, import_document, save_table
from scopegate.tables.names import TableName

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT.parent / "shared" / "corpus" / "seed" / "evs-snapshots.zh.md"

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the published pages are not here")


def test_the_committed_file_is_made_from_the_page(tmp_path: Path) -> None:
    committed = PROJECT / "tables" / "huaweicloud" / "evs" / "snapshots.yaml"
    name = find_table_name(PROJECT / "tables", PAGE)

    assembly = import_document(PAGE, name)
    save_table(assembly.table, tmp_path, today="2026-11-28")

    assert name == TableName("huaweicloud", "evs", "snapshots")
    assert (tmp_path / name.path).read_bytes() == committed.read_bytes()
    assert assembly.counts == Counts(tables=1, headings=0, rows=19, endpoints=19, mirrored=19)
    assert assembly.notes == ()
