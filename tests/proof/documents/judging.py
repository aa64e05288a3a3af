"""What is held against each document: what it says, and what was read of it.

Nothing here reads cells as the importer does. Two steps hold what was read to the document: each
cell's words stand in its text, and all that a row requires stands in the row's cells.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from scopegate.cells.headers import parse_header
from scopegate.errors import FaultsError, ScopegateError
from scopegate.importing.diagnostics import CODES, Diagnostic, Severity
from scopegate.importing.imports import assemble_table
from scopegate.importing.lines import list_lines
from scopegate.importing.model import PageReading, RowReading, TableReading
from scopegate.importing.reading import read_authorization
from scopegate.importing.survey import Survey
from scopegate.sources.grid import Block, Cell, Grid, ItemList, Paragraph
from scopegate.sources.page import Page, read_page
from scopegate.tables.names import TableName
from tests.proof.documents.documents import Document, Wanted

NAME: Final = "page"
"""What every document is called."""

_TABLE: Final = TableName("made", "evs", "table")
# What is told of cells that were not read.
_HIDES: Final = frozenset({"odd-cell", "ragged-table"})

# What is told where actions stand together with something else.
_APART: Final = frozenset({"repaired-action", "bad-action", "unread-text"})

# What a format does to a text before anybody sees it.
_BREAK_HINTS: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
# A tag ends behind the values of its attributes, whatever is in them.
_TAG: Final = re.compile(
    r"""</[^>]*>|<[A-Za-z](?:[^>=]|=\s*+(?:"[^"]*"|'[^']*')?)*+>|<[A-Za-z][^<>]*>|</"""
)
_PLAIN_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_NO_TAG: Final = re.compile(r"(?!)")
_AUTOLINK: Final = re.compile(r"<([A-Za-z][\w+.-]+:[^\s<>]*)>", re.ASCII)
_RST_COMMENT: Final = re.compile(
    r"""(?:^|["|+-])\s*\.\.(?!\s+[\w-]+::(?:\s|$))(?=\s|$)""", re.MULTILINE
)
_EMPHASIS: Final = re.compile(r"</?(?:em|strong)\b", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);")
_ESCAPE: Final = re.compile(r"\\([^\w\s])|\\[ \n]|\\")
_BACKSLASH: Final = re.compile(r"\\([_\W])")  # in a cell, where HTML around it has kept it
_MARKS: Final = re.compile(r"[*_`]")
# What pages dress parameters in: `{{a}}`, `${a}`, `<a>`, `:a`.
_DRESSED: Final = re.compile(r"\$?\{+([\w-]+)\}+|<([\w-]+)>|(?<=/):([A-Za-z][\w-]*)", re.ASCII)
# What a path can't go on with; marks of a sentence may stand behind it.
_BEHIND_PATH: Final = r"(?=[,;:.'\" ]*(?:$|[^!#-&*-;=?@A-\[\]^-~{<]|[?{<\s]))"


@dataclass(frozen=True)
class Finding:
    """A way in which a document was not read as it has to be."""

    kind: str
    message: str


@dataclass
class Verdict:
    """What was found of a document, and counts of what was read."""

    findings: list[Finding] = field(default_factory=list)
    rows: int = 0
    unresolved: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    traces: dict[str, int] = field(default_factory=dict)
    """Where a row was lost: in how many cells of tables each wanted text stands."""

    def tell(self, kind: str, message: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(kind, message))


def judge(document: Document, folder: Path) -> Verdict:
    """Read a document from a file in the folder, and hold what was read against it."""
    verdict = Verdict()
    path = folder / f"{NAME}{document.suffix}"
    path.write_bytes(document.data)
    try:
        page = read_page(path, NAME)
        reading = read_authorization(page)
    except FaultsError as error:
        told = tuple(map(Diagnostic, error.faults))
        _check_diagnostics(told, verdict)
        if document.lines is not None:
            verdict.tell("misread", f"expected to read it; {error}")
        return verdict
    except Exception as error:  # noqa: BLE001  whatever it is, it is what is looked for
        verdict.tell("crash", f"{type(error).__name__}: {error}")
        return verdict
    told = (
        *reading.diagnostics,
        *(each for table in reading.tables for each in table.diagnostics),
    )
    _check_diagnostics(told, verdict)
    _count(reading, told, verdict)
    rows = list(_pair(page, reading, verdict))
    _check_unresolved(reading, told, verdict)
    _check_tables(reading, verdict)
    source = _Source(document)
    for row in rows:
        for message in _find_invented(row, source):
            verdict.tell("invented", message)
    lost = list(_find_lost(document, source, page, told, rows))
    for message in lost:
        verdict.tell("lost", message)
    if lost:
        verdict.traces = _trace(document, page)
    if document.lines is not None:
        for message in _find_misread(document, reading, told):
            verdict.tell("misread", message)
    return verdict


@dataclass(frozen=True)
class _Read:
    """A row as it was read, and the cells that it was read from."""

    table: int
    row: RowReading
    cells: tuple[Cell, ...]
    told: frozenset[str]
    """The codes of what was odd about it."""

    @cached_property
    def text(self) -> str:
        """The text of its cells, as people see it."""
        lines = (line for cell in dict.fromkeys(self.cells) for line in _list_lines(cell.blocks))
        return "\n".join(unicodedata.normalize("NFKC", line) for line in lines)

    @property
    def actions(self) -> tuple[str, ...]:
        """All actions of the row."""
        own = (*self.row.actions, *self.row.dependencies)
        ways = (each for way in self.row.alternatives for each in (*way.actions, *way.dependencies))
        return tuple(dict.fromkeys((*own, *ways)))


class _Source:
    """A document's text, as its format decodes it, and no further."""

    def __init__(self, document: Document) -> None:
        self._text = document.text.translate(_BREAK_HINTS)
        self._is_rst = document.suffix.lower() == ".rst"
        self._has_comment = self._is_rst and _RST_COMMENT.search(document.text) is not None

    @cached_property
    def shown(self) -> str:
        """Its text, where each tag parts what is beside it; nothing where some may be a comment."""
        return "" if self._has_comment else self._decode(_TAG, " ")

    @cached_property
    def _readings(self) -> tuple[str, ...]:
        """Its text without tags, without plain ones alone, with what may be none, and as it is."""
        decoded = (self._decode(tag, "") for tag in (_TAG, _PLAIN_TAG, _NO_TAG))
        return *decoded, unicodedata.normalize("NFKC", self._text)

    @cached_property
    def _unmarked(self) -> tuple[str, ...]:
        """The same, without marks of emphasis and code."""
        return tuple(_MARKS.sub("", text) for text in self._readings)

    def _decode(self, tag: re.Pattern[str], parting: str) -> str:
        text = self._text
        if not self._is_rst:
            text = _AUTOLINK.sub(r"\1", text)
            # A tag inside another is none, and parts nothing.
            text = tag.sub(lambda match: "" if "<" in match[0][1:] else parting, text)
            text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
        return unicodedata.normalize("NFKC", _ESCAPE.sub(r"\1", text)).translate(_BREAK_HINTS)

    def has(self, word: str) -> bool:
        """Whether a word stands in it, with its stars, or with the tags that are read as some."""
        if any(word in text for text in self._readings):
            return True
        if "*" in word and not _EMPHASIS.search(self._text):
            return False
        bare = _MARKS.sub("", word)
        return any(bare in text for text in self._unmarked)


def _list_lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.lines
        elif isinstance(block, ItemList):
            for item in block.items:
                yield from _list_lines(item.blocks)


def _list_words(cells: Iterable[Cell]) -> list[list[str]]:
    return [[*_list_lines(cell.blocks)] for cell in cells]


def _check_diagnostics(told: Iterable[Diagnostic], verdict: Verdict) -> None:
    """Check that all that is told has a code of the list, and a place in the document."""
    for each in told:
        verdict.codes[each.code] += 1
        if each.code not in CODES or each.fault.location.file != NAME or not each.fault.message:
            verdict.tell("crash", f"told without a code or a place: {each.fault}")


def _count(reading: PageReading, told: Sequence[Diagnostic], verdict: Verdict) -> None:
    """Check that the counts of a survey add up."""
    counts = Survey(1, (reading,), tuple(told)).count()
    verdict.rows = counts["rows"]
    verdict.unresolved = sum(counts["unresolved"].values())
    lines = len(list(list_lines(reading)))
    whole = counts["with_routes"] + counts["catalogue"] + verdict.unresolved
    if not verdict.rows == lines == whole:
        verdict.tell("counts", f"expected sums; found {counts}, {lines} lines")


def _pair(page: Page, reading: PageReading, verdict: Verdict) -> Iterator[_Read]:
    """Pair each row that was read with the cells that it stands in; tell where none is left."""
    for table in reading.tables:
        grid = page.grids[table.number - 1]
        first = _find_body(grid, table)
        header, body = grid.rows[:first], grid.rows[first:]
        rows = [cells for cells in body if not _is_heading(cells, header)]
        if len(rows) > len(table.rows):  # below a header without words, they repeat it
            rows = [cells for cells in rows if any(_list_words(cells))]
        if len(rows) != len(table.rows) or len(body) - len(rows) != len(table.headings):
            verdict.tell(
                "counts",
                f"table {table.number}: {len(body)} rows seen; {len(table.rows)} read, "
                f"{len(table.headings)} headings",
            )
            continue
        if [row.row for row in table.rows] != list(range(1, len(rows) + 1)):
            verdict.tell("counts", f"table {table.number}: rows are not numbered one by one")
        told: dict[int | None, set[str]] = {}
        for each in table.diagnostics:
            told.setdefault(each.fault.location.row, set()).add(each.code)
        for row, cells in zip(table.rows, rows, strict=True):
            yield _Read(table.number, row, cells, frozenset(told.get(row.row, ())))


def _find_body(grid: Grid, table: TableReading) -> int:
    """Find the first row below the header, whose rows have nothing but its wordings."""
    first = max(grid.header_rows, 1)
    while first < len(grid.rows):
        cells = dict.fromkeys(grid.rows[first])
        if not _is_title(grid.rows[first - 1]) and not (
            len(cells) > 1 and all(parse_header(cell.blocks).role for cell in cells)
        ):
            break
        first += 1
    # What the format calls header may have actions.
    return min(first, len(grid.rows) - len(table.rows) - len(table.headings))


def _is_title(cells: Sequence[Cell]) -> bool:
    return len(cells) > 1 and cells[0] is cells[-1]


def _is_heading(cells: Sequence[Cell], header: Iterable[Sequence[Cell]]) -> bool:
    """Whether a row is one cell, or has the words of the header again."""
    return _is_title(cells) or _list_words(cells) in map(_list_words, header)


def _check_unresolved(reading: PageReading, told: Sequence[Diagnostic], verdict: Verdict) -> None:
    """Check that each row of which no route comes is told, with its place or its table's."""
    places = {(each.fault.location.table, each.fault.location.row) for each in told}
    for table in reading.tables:
        for row in table.rows:
            if row.unresolved is not None and not places & {
                (table.number, row.row),
                (table.number, None),
            }:
                verdict.tell("counts", f"row {row.row}: {row.unresolved}, and nothing says where")


def _check_tables(reading: PageReading, verdict: Verdict) -> None:
    """Check that a table that would be written has all rows, or says why it is none."""
    for table in reading.tables:
        try:
            made = assemble_table(reading, _TABLE, table.number)
        except FaultsError:
            continue
        except ScopegateError as error:
            verdict.tell("crash", f"told without a place: {error}")
            continue
        if not len(made.table.rows) == made.counts.rows == len(table.rows):
            verdict.tell("counts", f"{len(made.table.rows)} rows written of {len(table.rows)}")


def _find_invented(read: _Read, source: _Source) -> Iterator[str]:
    """Find what a row requires that its cells do not say, or that the document does not."""
    place = f"table {read.table}, row {read.row.row}"
    words = read.text.split()
    joined = "".join(words)
    for action in read.actions:
        if not _says_action(action, read.text) and not (read.told & _APART and action in joined):
            yield f"{place}: its cells do not say {action}"
        elif not source.has(action) and not all(map(source.has, _find_parts(action, words))):
            yield f"{place}: the document does not say {action}"
    for method, path, _ in read.row.endpoints if "odd-path" not in read.told else ():
        spelt = f"{place}: its cells do not say {method} {path}"
        if method not in read.text.upper():
            yield spelt
        elif not _says_path(path, read.text):
            if "repaired-endpoint" not in read.told or not _has_pieces(path, _undress(joined)):
                yield spelt
        elif not source.has(path) and not all(map(source.has, _find_parts(path, words))):
            yield f"{place}: the document does not say {path}"


def _says_action(action: str, text: str) -> bool:
    """Tell whether an action stands in a text: by itself, as a heading, or before a bullet."""
    behind = r"(?![:-]*[\w*])"
    text = _BACKSLASH.sub(r"\1", text)
    return re.search(rf"(?<![\w*-]){re.escape(action)}{behind}", text, re.ASCII) is not None


def _says_path(path: str, text: str) -> bool:
    text = _BACKSLASH.sub(r"\1", text)
    found = re.search(rf"(?<![\w{{}}/-]){re.escape(path)}{_BEHIND_PATH}", text, re.MULTILINE)
    return found is not None


def _has_pieces(path: str, text: str) -> bool:
    """Whether a path that was repaired stands in a text, whole or in two pieces."""
    plain = _undress(path).strip("/")
    return any(plain[:cut] in text and plain[cut:] in text for cut in range(len(plain) + 1))


def _undress(text: str) -> str:
    """Take parameters out of what pages dress them in, and blanks and escapes out of a text."""
    text = "".join(_BACKSLASH.sub(r"\1", text).split())
    return _DRESSED.sub(lambda match: f"{{{next(filter(None, match.groups()))}}}", text)


def _find_parts(whole: str, words: Iterable[str]) -> list[str]:
    """Find the words that a joined text was joined from, or that have it inside."""
    return [word for word in words if word in whole or whole in word]


def _find_lost(
    document: Document, source: _Source, page: Page, told: Sequence[Diagnostic], rows: list[_Read]
) -> Iterator[str]:
    """Find the rows that are still in a document, and were neither read nor told of.

    A mere note tells of nothing but a row of which no route comes. What is told of one row tells
    of no other, unless nobody knows what was in its cells. What the format puts below a table is
    none of a row.
    """
    telling = [each for each in told if each.severity is not Severity.NOTE]
    if any(each.fault.location.row is None or each.code in _HIDES for each in telling):
        return
    places = {(each.fault.location.table, each.fault.location.row) for each in telling}
    prose = "\n".join(unicodedata.normalize("NFKC", line) for line in _list_lines(page.blocks))
    for wanted in document.wanted:
        if not all(_stands(text, source.shown) for text in wanted.texts):
            continue
        holding = [read for read in rows if any(text in read.text for text in wanted.texts)]
        if not (holding or wanted.is_told_alone):
            continue  # below headers that are none any more, nothing tells of a row
        if any(
            (read.table, read.row.row) in places or read.row.unresolved is not None
            for read in holding
        ):
            continue
        missing = [text for text in _list_missing(wanted, holding) if text not in prose]
        if missing or not holding:
            yield f"{wanted.title} is neither read nor told of: {missing or wanted.texts}"


def _list_missing(wanted: Wanted, rows: Sequence[_Read]) -> Iterator[str]:
    """List what is wanted and rows have not: a row may be two, its title in another column."""
    endpoints = [f"{each.method} {each.path}" for read in rows for each in read.row.endpoints]
    if not any(wanted.title in read.text for read in rows):
        yield wanted.title
    for text in wanted.endpoints:
        if not any(each.endswith(text) for each in endpoints):
            yield text
    yield from set(wanted.actions) - {each for read in rows for each in read.actions}


def _trace(document: Document, page: Page) -> dict[str, int]:
    cells = {cell for grid in page.grids for row in grid.rows for cell in row}
    texts = [" ".join(_list_lines(cell.blocks)) for cell in cells]
    return {
        text: sum(text in each for each in texts)
        for wanted in document.wanted
        for text in wanted.texts
    }


def _stands(text: str, shown: str) -> bool:
    """Whether a text stands in another, where it neither goes on nor is the end of one."""
    found = rf"(?<![\w*:-]){re.escape(text)}(?![\w/{{}}.~:*=&+%@$-])"
    return re.search(found, shown, re.ASCII) is not None


def _find_misread(
    document: Document, reading: PageReading, told: Sequence[Diagnostic]
) -> Iterator[str]:
    """Find what was not read as it was written."""
    found = list(list_lines(reading))
    wanted = list(document.lines or ())
    if len(found) != len(wanted):
        yield f"expected {len(wanted)} rows; found {len(found)}"
    for line, right in zip(found, wanted, strict=False):
        for name, value in right.items():
            if line[name] != value:
                place = f"table {right['table']}, row {right['row']}, {name}"
                yield f"{place}: expected {value!r}; found {line[name]!r}"
    # The one error that is written on purpose: a path without a method.
    without = {
        (line["table"], line["row"]) for line in wanted if line["no_endpoint_reason"] == "no_method"
    }
    for each in told:
        place_of = (each.fault.location.table, each.fault.location.row)
        if each.severity is not Severity.NOTE and place_of not in without:
            yield f"expected nothing odd; {each.fault}"
