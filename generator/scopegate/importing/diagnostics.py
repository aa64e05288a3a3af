"""What an import has to say of a document, as data: a closed list of codes with severities."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scopegate.errors import Fault


class Severity(StrEnum):
    """How grave a diagnostic is: an error keeps its table from being written."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(NamedTuple):
    """What a code of diagnostics says, and what a person can do about it."""

    severity: Severity
    meaning: str
    hint: str


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

CODES: Final[Mapping[str, Code]] = {
    "no-pages": Code(_E, "the folder has no page", "name a folder with .md, .rst or .html files"),
    "unreadable": Code(_E, "the file can't be opened", "mend its permissions, or its link"),
    "bad-encoding": Code(_E, "the file is not UTF-8", "save it as UTF-8"),
    "bad-document": Code(
        _E, "the markup can't be read to its end", "mend the markup where the parser gave up"
    ),
    "too-large": Code(_E, "the file or a table is beyond the limits", "split it"),
    "cut-off": Code(_E, "the document ends inside a table", "get the whole document"),
    "lost-table": Code(
        _E,
        "something looks like a table, and is none in its format",
        "write each row on lines of its own, between borders in line",
    ),
    "odd-table": Code(_E, "a table has text beside its cells, or odd spans", "mend the markup"),
    "ragged-table": Code(
        _E, "a row has more or fewer cells than the header", "give it as many cells as the header"
    ),
    "empty-table": Code(_E, "an authorization table has no rows", "hold it against the page"),
    "unknown-header": Code(
        _E,
        "a header is not listed, and its cells do not tell what they hold",
        "add the wording to generator/scopegate/cells/wordings.py; `scopegate import --wordings` "
        "lists those that are there",
    ),
    "guessed-header": Code(
        _W,
        "a header is not listed, and its cells leave one role",
        "add the wording to generator/scopegate/cells/wordings.py",
    ),
    "unread-table": Code(
        _E,
        "a table has two of routes, actions and headers of both, and is not read as authorization",
        "hold its headers against generator/scopegate/cells/wordings.py, and its cells",
    ),
    "unread-action": Code(
        _E,
        "an action or a route stands where none is read: in a title, a heading, another column",
        "hold it against the page: the row may need it too",
    ),
    "grouped-action": Code(
        _W, "a row has actions in two columns", "hold it against the page: the last column counts"
    ),
    "odd-cell": Code(_E, "a cell has something that is no text", "hold the row against the page"),
    "bad-action": Code(_E, "a cell has no action", "hold the row against the page"),
    "no-action": Code(
        _E,
        "a cell has no action where one belongs: it is blank, or has a dash or a role",
        "ask the vendor what the row requires",
    ),
    "odd-action": Code(
        _W,
        "an action lacks its service, or begins with a dash",
        "hold the row against the page; it is kept as printed",
    ),
    "unread-text": Code(
        _W, "a cell has words beside what is read of it", "hold the row against the page"
    ),
    "repaired-action": Code(_N, "actions were put together or apart", "hold it against the page"),
    "bad-endpoint": Code(
        _E, "a path has no method, or a method no path", "hold the row against the page"
    ),
    "odd-path": Code(
        _W, "a path is no template of a route", "it is kept as printed; no route is made of it"
    ),
    "repaired-endpoint": Code(_N, "an endpoint was repaired", "hold it against the page"),
    "odd-discriminator": Code(
        _E, "a cell names more than one action of the body", "hold the row against the page"
    ),
    "odd-scopes": Code(_E, "a cell does not say where grants count", "hold it against the page"),
    "loose-row": Code(
        _W,
        "a sentence or an item of a list, in no table, has a route and an action",
        "hold it against the page: it may be what is left of a row",
    ),
    "other-table": Code(
        _N,
        "a table has actions, and its headers do not say that it authorizes anything",
        "if it does, add its headers to generator/scopegate/cells/wordings.py",
    ),
    "no-endpoint": Code(
        _N, "the page itself gives the row no route", "nothing: the row is kept without one"
    ),
}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A fault of a document, with how grave it is and what to do."""

    fault: Fault

    @property
    def code(self) -> str:
        """What kind of fault it is: one of `CODES`."""
        return self.fault.code

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return CODES[self.code].severity

    @property
    def is_of_table(self) -> bool:
        """Whether it keeps a whole table from being read; an error of a row costs the row alone."""
        return self.severity is Severity.ERROR and self.fault.location.row is None

    @property
    def hint(self) -> str:
        """What a person can do about it."""
        return CODES[self.code].hint

    def spell(self) -> dict[str, Any]:
        """Spell it as the members of a JSON object."""
        location = self.fault.location
        return {
            "code": self.code,
            "severity": self.severity,
            "document": location.file,
            "line": location.line,
            "table": location.table,
            "row": location.row,
            "column": location.header,
            "text": self.fault.message,
            "hint": self.hint,
        }
