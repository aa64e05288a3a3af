"""Table files: read with all their faults at once, written in one canonical form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from scopegate.errors import Fault, FaultsError, spell_string
from scopegate.files import replace_file
from scopegate.location import Location, show_path
from scopegate.tables.checks import find_faults
from scopegate.tables.marks import read_marked_data
from scopegate.tables.model import Document, Endpoint, Mirror, Row, Scopes, Support, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES: Final = 2 * 1024 * 1024

_HEADER: Final = """\
# yaml-language-server: $schema=../../../generator/scopegate/tables/table.schema.json
# Written by `make import` from the page named below; docs/tables.md says what each field means.
"""
_WORD: Final = re.compile(r"[A-Z]+|[a-z]+")


def read_table(path: Path) -> Table:
    """Read the table file at `path`, which ends in `<provider>/<service>/<name>.yaml`.

    Raises `FaultsError` with everything that is wrong in the file, and `OSError` where it cannot
    be read.
    """
    return parse_table(_read_text(path), path)


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
    """List the YAML files below `folder`, sorted by path; each has to be a table's."""
    return sorted(path for path in folder.glob("**/*") if path.suffix in {".yaml", ".yml"})


def parse_table(text: str, path: Path) -> Table:
    """Read the text of a table file; `path` is where the file stands, or will stand.

    Raises `FaultsError` with everything that is wrong in the text.
    """
    marked = read_marked_data(text, show_path(path))
    faults = find_faults(marked, path)
    if faults:
        raise FaultsError(faults)
    return _build_table(marked.value)


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
    yield f"  - row: {row.row}"
    yield f"    permission: {spell_string(row.permission)}"
    yield f"    actions: [{', '.join(map(spell_string, row.actions))}]"
    if row.no_authorization is not None:
        yield f"    no_authorization: {spell_string(row.no_authorization)}"
    yield (
        f"    scopes: {{iam_project: {scopes.iam_project}, "
        f"enterprise_project: {scopes.enterprise_project}}}"
    )
    yield "    endpoints:"
    for endpoint in row.endpoints:
        method, path = _spell_word(endpoint.method), spell_string(endpoint.path)
        yield f"      - {{method: {method}, path: {path}}}"


def _spell_word(word: str) -> str:
    """Spell a word of a closed list, which needs no quotes; what is no such word gets them."""
    return word if _WORD.fullmatch(word) else spell_string(word)


def _build_table(data: Any) -> Table:  # noqa: ANN401  the schema has said what it is
    return Table(
        provider=data["provider"],
        service=data["service"],
        table=data["table"],
        document=Document(**data["document"]),
        mirrors=tuple(
            Mirror(mirror["from"], mirror["to"], mirror["statement"])
            for mirror in data.get("mirrors", ())
        ),
        rows=tuple(map(_build_row, data["rows"])),
    )


def _build_row(data: Any) -> Row:  # noqa: ANN401  the schema has said what it is
    return Row(
        row=data["row"],
        permission=data["permission"],
        actions=tuple(data["actions"]),
        scopes=Scopes(**{name: Support(value) for name, value in data["scopes"].items()}),
        endpoints=tuple(Endpoint(**endpoint) for endpoint in data["endpoints"]),
        no_authorization=data.get("no_authorization"),
    )


def _read_text(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    shown = show_path(path)
    if len(data) > MOST_BYTES:
        message = f"expected at most {MOST_BYTES} bytes"
        raise FaultsError([Fault(Location(shown), "too-large", message)])
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"expected UTF-8; byte {data[error.start]:#04x} is not"
        raise FaultsError([Fault(Location(shown, line=line), "bad-encoding", message)]) from None
