"""Editions of a vendor's tables, held against each other: pages, table files, folders of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.errors import FaultsError, ScopegateError
from scopegate.importing.imports import assemble_table
from scopegate.importing.survey import list_pages, survey_pages
from scopegate.tables.differences import compare_statements
from scopegate.tables.names import TableName
from scopegate.tables.store import list_table_files, read_loose_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scopegate.tables.changes import Change
    from scopegate.tables.model import Mirror, Row, Table

_SUFFIXES: Final = frozenset({".yaml", ".yml"})
_UNNAMED: Final = TableName("page", "page", "page")


@dataclass(frozen=True, slots=True)
class Edition:
    """What the authorization tables of a page, a table file or a folder of such files say."""

    tables: tuple[Table, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all tables."""
        return tuple(row for table in self.tables for row in table.rows)

    @property
    def mirrors(self) -> tuple[Mirror, ...]:
        """The mirrors of all tables."""
        return tuple(mirror for table in self.tables for mirror in table.mirrors)


def read_edition(path: Path) -> Edition:
    """Read all authorization tables at `path`: a page, a table file, or a folder of such.

    A row with an error is unresolved. Raises `FaultsError` with all that keeps any of the tables
    from being read as a whole, and `ScopegateError` where there is none.
    """
    is_folder = path.is_dir()
    files = list_table_files(path) if is_folder else [path] if path.suffix in _SUFFIXES else []
    has_pages = bool(list_pages(path)) if is_folder else not files
    tables = [read_loose_table(file) for file in files]
    if has_pages:
        tables.extend(_read_pages(path))
    if not tables:
        raise ScopegateError(f"expected authorization tables at {path}; found none")
    return Edition(tuple(tables))


def compare_editions(earlier: Edition, later: Edition) -> tuple[Change, ...]:
    """Compare the rows and mirrors of all tables of two editions, whichever table they are in."""
    return compare_statements(earlier.rows, later.rows, earlier.mirrors, later.mirrors)


def _read_pages(path: Path) -> Iterator[Table]:
    survey = survey_pages(path)
    faults = [each.fault for each in survey.diagnostics if each.is_of_table]
    if faults:
        raise FaultsError(faults)
    for reading in survey.readings:
        for table in reading.tables:
            yield assemble_table(reading, _UNNAMED, table.number).table
