"""Table files: read with all their faults at once, written in one canonical form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopegate.errors import Fault, FaultsError, spell_string
from scopegate.files import replace_file
from scopegate.tables.checks import check_place, check_table
from scopegate.tables.forms import read_text, settle
from scopegate.tables.model import TABLE_FORM
from scopegate.tables.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scopegate.tables.model import Alternative, Case, Endpoint, Row, Table

_HEADER: Final = """\
# yaml-language-server: $schema=../../schemas/table.json
# Written by `make import` from the page named below; docs/tables.md says what each field means.
"""
_WORD: Final = re.compile(r"[A-Z]+|[a-z]+")


def read_table(path: Path) -> Table:
    """Read the table file at `path`, which ends in `<provider>/<service>/<name>.yaml`.

    Raises `FaultsError` with everything that is wrong in the file, and `OSError` where it cannot
    be read.
    """
    return parse_table(read_text(path), path)


def read_loose_table(path: Path) -> Table:
    """Read the table file at `path`, which may stand anywhere and have any name.

    Raises as `read_table` does.
    """
    return _parse(read_text(path), path, is_placed=False)


def read_tables(folder: Path) -> tuple[Table, ...]:
    """Read every table file below `folder`, sorted by path.

    Raises `FaultsError` with everything that is wrong in any of them.
    """
    tables: list[Table] = []
    faults: list[Fault] = []
    for path in list_table_files(folder):
        try:
            tables.append(read_table(path))
        except FaultsError as error:
            faults.extend(error.faults)
    if faults:
        raise FaultsError(faults)
    return tuple(tables)


def list_table_files(folder: Path) -> list[Path]:
    """List the YAML files below `folder`, sorted by path; each but the lock's is a table's."""
    files = (path for path in folder.glob("**/*") if path.suffix in {".yaml", ".yml"})
    return sorted(path for path in files if path.name != SOURCES)


def parse_table(text: str, path: Path) -> Table:
    """Read the text of a table file; `path` is where the file stands, or will stand.

    Raises `FaultsError` with everything that is wrong in the text.
    """
    return _parse(text, path, is_placed=True)


def _parse(text: str, path: Path, *, is_placed: bool) -> Table:
    table, marked, faults = TABLE_FORM.read_text(text, path)
    if is_placed:
        faults.extend(check_place(marked, path))
    if table is not None:
        faults.extend(check_table(table, marked))
    return settle(table, faults)


def write_table(table: Table, path: Path) -> None:
    """Write the table to `path` in canonical form; the file is replaced whole or not at all.

    A file that has these bytes already is left alone. Raises `FaultsError`, and writes nothing,
    where the result would not be read as a table.
    """
    replace_file(path, spell_table(table, path).encode())


def spell_table(table: Table, path: Path) -> str:
    """Spell the table in canonical form, as its file at `path` will have it.

    Raises `FaultsError` where the result would not be read as a table.
    """
    text = format_table(table)
    parse_table(text, path)
    return text


def format_table(table: Table) -> str:
    """Spell the table in canonical form: each field in its place, all free text in quotes."""
    return _HEADER + "\n".join(_format_lines(table)) + "\n"


def _format_lines(table: Table) -> Iterator[str]:
    document = table.document
    yield f"provider: {spell_string(table.provider)}"
    yield f"service: {spell_string(table.service)}"
    yield f"table: {spell_string(table.table)}"
    yield "document:"
    yield f"  name: {spell_string(document.name)}"
    yield f"  sha256: {spell_string(document.sha256)}"
    yield f"  language: {_spell_word(document.language)}"
    yield f"  table: {document.table}"
    if table.mirrors:
        yield "mirrors:"
    for mirror in table.mirrors:
        yield f"  - from: {spell_string(mirror.from_segment)}"
        yield f"    to: {spell_string(mirror.to_segment)}"
        yield f"    statement: {spell_string(mirror.statement)}"
    yield "rows:"
    for row in table.rows:
        yield from _format_row(row)


def _format_row(row: Row) -> Iterator[str]:
    scopes = row.scopes
    yield f"  - permission: {spell_string(row.permission)}"
    yield f"    actions: {_spell_list(row.actions)}"
    if row.dependencies:
        yield f"    dependencies: {_spell_list(row.dependencies)}"
    if row.roles:
        yield f"    roles: {_spell_list(row.roles)}"
    yield from _format_alternatives(row.alternatives)
    if row.no_authorization is not None:
        yield f"    no_authorization: {spell_string(row.no_authorization)}"
    yield (
        f"    scopes: {{iam_project: {scopes.iam_project}, "
        f"enterprise_project: {scopes.enterprise_project}}}"
    )
    yield from _format_cases(row.cases, "    ")
    yield from _format_endpoints(row.endpoints)
    if row.unresolved is not None:
        yield f"    unresolved: {spell_string(row.unresolved)}"
    if row.notes:
        yield "    notes:"
    for note in row.notes:
        yield f"      - {spell_string(note)}"


def _format_alternatives(alternatives: tuple[Alternative, ...]) -> Iterator[str]:
    if alternatives:
        yield "    alternatives:"
    for alternative in alternatives:
        yield f"      - label: {spell_string(alternative.label)}"
        yield f"        actions: {_spell_list(alternative.actions)}"
        if alternative.dependencies:
            yield f"        dependencies: {_spell_list(alternative.dependencies)}"
        yield from _format_cases(alternative.cases, "        ")


def _format_endpoints(endpoints: tuple[Endpoint, ...]) -> Iterator[str]:
    if endpoints:
        yield "    endpoints:"
    for endpoint in endpoints:
        method, path = _spell_word(endpoint.method), spell_string(endpoint.path)
        query = "" if endpoint.query is None else f", query: {spell_string(endpoint.query)}"
        yield f"      - {{method: {method}, path: {path}{query}}}"


def _format_cases(cases: tuple[Case, ...], indent: str) -> Iterator[str]:
    if cases:
        yield f"{indent}cases:"
    for case in cases:
        members = (("body", case.body), ("query", case.query), ("equals", case.equals))
        spelt = ", ".join(f"{name}: {spell_string(text)}" for name, text in members if text)
        yield f"{indent}  - {{{spelt}}}"


def _spell_list(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(spell_string, texts))}]"


def _spell_word(word: str) -> str:
    """Spell a word of a closed list, which needs no quotes; what is no such word gets them."""
    return word if _WORD.fullmatch(word) else spell_string(word)
