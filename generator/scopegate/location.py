"""Where something stands: in a file by line, or in a published document by table and row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file, as exact as it is known.

    `line` and `column` count characters of the file, from 1. `field` names a member of the
    data (`rows[2].actions[0]`). `table` is the number of a table in a document and `row` the
    number of its body row, both from 1; `header` is the wording of the column's header cell
    (`授权项`), or the number of the column where there is no wording.

    `str()` gives `tables/huaweicloud/evs/snapshots.yaml:12:5: rows[2].actions[0]` or
    `page.md: table 1, row 3, column 授权项`.
    """

    file: str
    line: int | None = None
    column: int | None = None
    field: str | None = None
    table: int | None = None
    row: int | None = None
    header: str | None = None

    def __str__(self) -> str:
        """Spell the place for people; editors and terminals can follow `file:line:column`."""
        numbers = [n for n in (self.line, self.column) if n is not None]
        file = ":".join([self.file, *map(str, numbers)])
        cell = [
            f"{name} {value}"
            for name, value in (("table", self.table), ("row", self.row), ("column", self.header))
            if value is not None
        ]
        parts = [file, self.field, ", ".join(cell)]
        return ": ".join(part for part in parts if part)


def show_path(path: Path) -> str:
    """Spell a path as short as it is understood: relative to the working directory if below it."""
    whole = path.absolute()
    here = Path.cwd()
    return str(whole.relative_to(here) if whole.is_relative_to(here) else whole)
