"""The lock of documents: read with all its faults, written in one form."""

from dataclasses import replace
from pathlib import Path

import pytest

from scopegate.errors import FaultsError
from scopegate.tables.sources import (
    SOURCES,
    SourceDocument,
    Sources,
    read_sources,
    write_sources,
)
from scopegate.tables.store import read_tables

FIRST = SourceDocument(
    name="api-ref/tags.rst",
    provider="made",
    service="evs",
    sha256="0" * 64,
    language="en",
    retrieved="2026-11-28",
    repository="https://example.com/docs",
    licence="Apache-2.0",
)
SECOND = SourceDocument(
    name="seiten/卷.md",
    provider="made",
    service="evs",
    sha256="1" * 64,
    language="zh",
    retrieved="2026-11-28",
    edition_of="api-ref/tags.rst",
)

TEXT = """\
# yaml-language-server: $schema=schemas/sources.json
# The documents that tables come from; `make import` keeps it, and docs/importing.md explains it.
documents:
  - name: "api-ref/tags.rst"
    provider: "made"
    service: "evs"
    sha256: "0000000000000000000000000000000000000000000000000000000000000000"
    language: en
    retrieved: "2026-11-28"
    repository: "https://example.com/docs"
    licence: "Apache-2.0"
  - name: "seiten/卷.md"
    provider: "made"
    service: "evs"
    sha256: "1111111111111111111111111111111111111111111111111111111111111111"
    language: zh
    retrieved: "2026-11-28"
    edition_of: "api-ref/tags.rst"
"""


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    sources = Sources().put(SECOND).put(replace(FIRST, sha256="2" * 64)).put(FIRST)

    assert write_sources(sources, tmp_path)
    assert not write_sources(sources, tmp_path)

    assert (tmp_path / SOURCES).read_text(encoding="utf-8") == TEXT
    assert read_sources(tmp_path) == sources


def test_there_may_be_none(tmp_path: Path) -> None:
    assert read_sources(tmp_path) == Sources()
    write_sources(Sources(), tmp_path)
    assert read_sources(tmp_path) == Sources()


def test_a_page_is_found_whatever_folders_are_around_it() -> None:
    sources = Sources((FIRST, SECOND))

    assert sources.find("api-ref/tags.rst") == FIRST
    assert sources.find("checkout/made/api-ref/tags.rst") == FIRST
    assert sources.find("seiten/卷.md") == SECOND
    for other in ("tags.rst", "other-api-ref/tags.rst", "api-ref/tags.rst/x", "卷.md"):
        assert sources.find(other) is None


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            '"seiten/卷.md"',
            '"api-ref/tags.rst"',
            "12:11: documents[1].name: expected each document",
        ),
        (
            'edition_of: "api-ref/tags.rst"',
            'edition_of: "nowhere.md"',
            "18:17: documents[1].edition_of: expected a document of this list",
        ),
        (
            '"api-ref/tags.rst"\n    provider',
            '"../tags.rst"\n    provider',
            "4:11: documents[0].name",
        ),
        ("language: zh", "language: fr", "16:15: documents[1].language: expected the language"),
        ('"2026-11-28"', '"today"', "9:16: documents[0].retrieved: expected the day"),
        ("    service", "    servise", "documents[0].service: missing; expected a name"),
    ],
)
def test_a_fault_has_its_place(tmp_path: Path, old: str, new: str, fault: str) -> None:
    (tmp_path / SOURCES).write_text(TEXT.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(FaultsError) as raised:
        read_sources(tmp_path)

    assert any(fault in str(each) for each in raised.value.faults)


def test_every_committed_table_is_of_a_document_of_the_lock(project: Path) -> None:
    documents = {each.name: each for each in read_sources(project / "tables").documents}
    for table in read_tables(project / "tables"):
        document = documents[table.document.name]
        assert (document.sha256, document.language) == (
            table.document.sha256,
            table.document.language,
        )
        assert (document.provider, document.service) == (table.provider, table.service)
        assert document.edition_of is None


def test_the_committed_lock_is_in_its_one_form(project: Path, tmp_path: Path) -> None:
    write_sources(read_sources(project / "tables"), tmp_path)

    written = (tmp_path / SOURCES).read_bytes()
    assert written == (project / "tables" / SOURCES).read_bytes()
