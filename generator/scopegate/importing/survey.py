"""All pages of a folder, read: their rows, and what was odd about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scopegate.errors import Fault, FaultsError
from scopegate.importing.diagnostics import Diagnostic, Severity
from scopegate.importing.lines import list_lines
from scopegate.importing.reading import read_authorization
from scopegate.location import Location
from scopegate.sources.page import READERS, read_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from scopegate.importing.model import PageReading, RowReading


@dataclass(frozen=True, slots=True)
class Survey:
    """What pages hold: the `readings` of those that could be read, and all that was odd.

    `pages` counts all of them.
    """

    pages: int
    readings: tuple[PageReading, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def rows(self) -> Iterator[RowReading]:
        """The rows of all authorization tables."""
        for reading in self.readings:
            for table in reading.tables:
                yield from table.rows

    @property
    def lines(self) -> Iterator[dict[str, Any]]:
        """The rows of all authorization tables, as `list_lines` spells them."""
        for reading in self.readings:
            yield from list_lines(reading)

    @property
    def has_errors(self) -> bool:
        """Whether anything could not be read for certain."""
        return any(each.severity is Severity.ERROR for each in self.diagnostics)

    def count(self) -> dict[str, Any]:
        """Count what was read: `rows` are those `with_routes`, `catalogue` and `unresolved`."""
        rows = list(self.rows)
        resolved = [row for row in rows if row.unresolved is None]
        unresolved = Counter(str(row.unresolved) for row in rows if row.unresolved)
        return {
            "pages": self.pages,
            "tables": sum(len(reading.tables) for reading in self.readings),
            "rows": len(rows),
            "with_routes": sum(bool(row.endpoints) for row in resolved),
            "catalogue": sum(row.is_catalogue for row in resolved),
            "unresolved": dict(sorted(unresolved.items())),
        }


def list_pages(path: Path) -> list[Path]:
    """List the pages below the folder `path`, sorted; a file is the one page."""
    if not path.is_dir():
        return [path]
    return sorted(
        file for file in path.rglob("*") if file.suffix.lower() in READERS and not file.is_dir()
    )


def survey_pages(path: Path, track: Callable[[list[Path]], Iterable[Path]] = iter) -> Survey:
    """Read the page at `path`, or every page below it; what can't be read is a diagnostic.

    A page is called by its path below `path`. `track` goes through the files, and may show how far
    it is.
    """
    folder = path if path.is_dir() else path.parent
    files = list_pages(path)
    readings: list[PageReading] = []
    diagnostics: list[Diagnostic] = []
    if not files:
        message = f"expected pages: files that end in {', '.join(READERS)}"
        diagnostics.append(Diagnostic(Fault(Location(str(path)), "no-pages", message)))
    for file in track(files):
        name = file.relative_to(folder).as_posix()
        try:
            reading = read_authorization(read_page(file, name))
        except FaultsError as error:
            diagnostics.extend(map(Diagnostic, error.faults))
        except OSError as error:
            message = f"expected a file that can be read; {error.strerror}"
            diagnostics.append(Diagnostic(Fault(Location(name), "unreadable", message)))
        else:
            readings.append(reading)
            diagnostics.extend(reading.diagnostics)
            diagnostics.extend(each for table in reading.tables for each in table.diagnostics)
    return Survey(len(files), tuple(readings), tuple(diagnostics))
