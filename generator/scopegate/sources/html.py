"""Tables and text of HTML: the one reader that lays out the tables of every format."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Final

from lxml import etree, html

from scopegate.errors import Flaw, quote_text
from scopegate.sources.grid import (
    Block,
    Content,
    Foreign,
    Grid,
    GridFlaw,
    Item,
    ItemList,
    Paragraph,
    SourceCell,
    lay_out_grid,
)
from scopegate.sources.limits import LONGEST_PARAGRAPH, MOST_ELEMENTS, MOST_SLOTS, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Elements that only dress the text they stand in.
_INLINE: Final = frozenset(
    {"a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "label"}
    | {"mark", "nobr", "q", "samp", "small", "span", "strong", "sub", "sup", "tt"}
    | {"u", "var", "wbr"}
)
# What is printed of an action, where Markdown and reStructuredText see emphasis: `vpc:*:get*`.
_EMPHASIS: Final = {"em": "*", "strong": "**"}
# Elements that only set their content apart from what is around it.
_CONTAINERS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "details", "div", "dl", "dt"}
    | {"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"}
    | {"html", "main", "nav", "p", "pre", "section", "summary"}
)
_LISTS: Final = frozenset({"ul", "ol", "menu", "dir"})
_SILENT: Final = frozenset({"head", "hr", "style", "title"})
_ROW_GROUPS: Final = frozenset({"thead", "tbody", "tfoot"})
_CELLS: Final = frozenset({"td", "th"})
# What may stand in a table, level by level; captions and columns have no cells.
_CHILDREN: Final = {
    "table": _ROW_GROUPS | {"tr", "caption", "colgroup", "col"},
    **dict.fromkeys(_ROW_GROUPS, frozenset({"tr"})),
    "tr": _CELLS,
}
# On an element of emphasis: it is written with underscores.
UNDERSCORED: Final = "data-underscored"
# On a table without rows: why what stood there could not be read, and its line in the document.
_LOST: Final = "data-lost"
_LINE: Final = "data-line"

_SPAN: Final = re.compile(r"\s*([0-9]{1,5})\s*", re.ASCII)
_FOOTNOTE: Final = re.compile(r"\s*[\[(（]?(?:[0-9]{1,2}|[a-z*†‡]|注[0-9]?)[\])）]?\s*")
_LONGEST_ACTION: Final = 256
_ACTION_SO_FAR: Final = re.compile(r"[A-Za-z0-9_*-]+:[A-Za-z0-9_*:-]*\Z")
# The `&region=` of a query, which HTML reads as `&reg;` and `ion=`.
_BARE_AMPERSAND: Final = re.compile(r"&(?!#[0-9]+;|#[xX][0-9A-Fa-f]+;|[A-Za-z][A-Za-z0-9]*;)")
_LONGEST_TAG: Final = 16 * 1024  # the parser takes the square of the number of attributes
# A tag up to its end, which is none in the value of an attribute.
_TAG: Final = re.compile(r"""<[A-Za-z](?:[^>=]|=\s*+(?:"[^"]*"|'[^']*')?)*+""")
_MOST_IN_TAGS: Final = 16 * 1024 * 1024
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_TABLE_TAG: Final = re.compile(r"<(/?)table\b", re.IGNORECASE)

# Characters that only tell where a line may break.
_BREAK_HINTS: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def read_html(text: str) -> Content | Flaw:
    """Read the blocks of a page and its outermost tables.

    Among the blocks, each table is `Foreign`. The parser reads nothing but the text: no entities
    of the document's own, no network. Raises `TooLargeError`.
    """
    shown = _COMMENT.sub("", text)
    _check_tags(text)
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = html.document_fromstring(_BARE_AMPERSAND.sub("&amp;", text).encode(), parser=parser)
    except etree.ParserError:  # nothing in it but blanks
        return Content((), ())
    if "<!--" in shown:
        return Flaw("bad-document", "expected -->: a comment goes on to the end of the document")
    for entry in parser.error_log:
        # The parser repairs all else as a browser does; here it has given up, and dropped the rest.
        if entry.level == etree.ErrorLevels.FATAL:
            return Flaw(
                "bad-document", f"expected HTML; its parser gave up: {entry.message.strip()}"
            )
    if next(islice(root.iter(), MOST_ELEMENTS, None), None) is not None:
        raise TooLargeError(f"expected at most {MOST_ELEMENTS} elements")
    grids = _read_tables(root)
    if grids and (unclosed := _count_open(shown)):
        odd = Flaw("cut-off", "expected </table>: the document ends inside its last table")
        if unclosed < 0:
            odd = Flaw("lost-table", "expected <table> before each </table>")
        grids[-1] = replace(grids[-1], flaws=(*grids[-1].flaws, GridFlaw(None, None, odd)))
    if any(next(row.iterancestors("table"), None) is None for row in root.iter("tr", *_CELLS)):
        message = "expected <table> before rows and cells; found some in no table"
        flaw = GridFlaw(None, None, Flaw("lost-table", message))
        grids.append(Grid(len(grids) + 1, (), 0, (flaw,)))
    return Content(_read_blocks(root), tuple(grids))


def make_lost_table(reason: str, line: int | None) -> str:
    """Make a table without rows, which `read_html` reads as one with a flaw."""
    place = "" if line is None else f' {_LINE}="{line}"'
    return f'<table {_LOST}="{escape(reason)}"{place}></table>'


def _check_tags(text: str) -> None:
    """Raise `TooLargeError` where a tag is too long.

    Whatever looks like the beginning of one is tried, also inside another: which of them are tags
    depends on the comments, scripts and more of them around.
    """
    start = tried = 0
    while tag := _TAG.search(text, start):
        tried += len(tag[0])
        if len(tag[0]) > _LONGEST_TAG:
            raise TooLargeError(f"expected tags of at most {_LONGEST_TAG} characters")
        if tried > _MOST_IN_TAGS:
            raise TooLargeError("expected fewer tags that begin inside another")
        start = tag.start() + 1


def _count_open(shown: str) -> int:
    """Count the tables that are opened and not closed, of which the parser says no word."""
    slashes = _TABLE_TAG.findall(shown)
    return slashes.count("") - slashes.count("/")


def _read_tables(root: html.HtmlElement) -> list[Grid]:
    tables = [
        table for table in root.iter("table") if next(table.iterancestors("table"), None) is None
    ]
    grids: list[Grid] = []
    slots = 0
    for number, table in enumerate(tables, start=1):
        grid = _read_table(table, number)
        grids.append(grid)
        slots += sum(map(len, grid.rows))
        if slots > MOST_SLOTS:
            message = f"expected at most {MOST_SLOTS} cells, each in every row and column it spans"
            raise TooLargeError(f"{message}; table {number} goes beyond")
    return grids


def _read_table(table: html.HtmlElement, number: int) -> Grid:
    header: list[list[SourceCell]] = []
    groups: list[list[list[SourceCell]]] = []
    loose: list[list[SourceCell]] | None = None  # rows without a group are one together
    for child in table.iterchildren("tr", *_ROW_GROUPS):
        if child.tag == "tr":
            if loose is None:
                groups.append(loose := [])
            loose.append(_read_row(child))
            continue
        loose = None
        rows = [_read_row(row) for row in child.iterchildren("tr")]
        if child.tag == "thead" and not header and not groups:
            header = rows
        else:
            groups.append(rows)
    line = table.get(_LINE, "")
    grid = lay_out_grid(number, header, groups)
    flaws = list(_find_odd_parts(table))
    if _LOST in table.attrib:
        flaws.append(Flaw("lost-table", f"expected a table; {table.get(_LOST)}"))
    cells = [cell for cell in table.iter(*_CELLS) if next(cell.iterancestors("table")) is table]
    stray = len(cells) - sum(len(row) for rows in (header, *groups) for row in rows)
    if stray:
        flaws.append(Flaw("lost-table", f"expected cells in rows; found {stray} in none"))
    odd = (GridFlaw(None, None, flaw) for flaw in flaws)
    return replace(
        grid, flaws=(*odd, *grid.flaws), line=int(line) if _SPAN.fullmatch(line) else None
    )


def _read_row(row: html.HtmlElement) -> list[SourceCell]:
    return [
        SourceCell(
            _read_blocks(cell), _read_span(cell, "rowspan") or 0, _read_span(cell, "colspan") or 1
        )
        for cell in row.iterchildren(*_CELLS)
    ]


def _read_span(cell: html.HtmlElement, attribute: str) -> int | None:
    match = _SPAN.fullmatch(cell.get(attribute, "1"))
    return int(match[1]) if match else None


def _find_odd_parts(element: html.HtmlElement) -> Iterator[Flaw]:
    """Find what stands in a table beside its cells, and spans that are no numbers."""
    if element.text and element.text.strip():
        yield _make_odd(f"text in cells only; found {quote_text(element.text.strip())}")
    for child in element:
        if child.tag in _CELLS:
            yield from _find_odd_spans(child)
        elif child.tag == "table":  # nothing of it is read
            yield Flaw("lost-table", f"expected no <table> in <{element.tag}>")
        elif child.tag in _CHILDREN:
            yield from _find_odd_parts(child)
        if child.tag not in _CHILDREN[element.tag] | {"table"} and (
            len(child) or child.text_content().strip()
        ):
            yield _make_odd(f"no <{child.tag}> in <{element.tag}>")
        if child.tail and child.tail.strip():
            yield _make_odd(f"text in cells only; found {quote_text(child.tail.strip())}")


def _find_odd_spans(cell: html.HtmlElement) -> Iterator[Flaw]:
    for attribute, least in (("rowspan", 0), ("colspan", 1)):
        span = _read_span(cell, attribute)
        if span is None or span < least:
            found = quote_text(cell.get(attribute, ""))
            yield _make_odd(f"{attribute} to be a number, at least {least}; found {found}")


def _make_odd(expected: str) -> Flaw:
    return Flaw("odd-table", f"expected {expected}")


def _read_blocks(element: html.HtmlElement) -> tuple[Block, ...]:
    reader = _BlockReader()
    reader.read(element)
    reader.end_paragraph()
    return tuple(reader.blocks)


class _BlockReader:
    """Goes through an element in reading order; what is empty leaves nothing behind."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._lines = [""]

    def read(self, element: html.HtmlElement) -> None:
        self._add(element.text, element)
        for child in element:
            if child.tag in _INLINE:
                self._read_inline(child)
            elif child.tag == "br":
                self._lines.append("")
            elif child.tag not in _SILENT:
                self.end_paragraph()
                self._read_block(child)
                self.end_paragraph()
            self._add(child.tail, element)

    def end_paragraph(self) -> None:
        lines = tuple(filter(None, map(_clean_line, self._lines)))
        if sum(map(len, lines)) > LONGEST_PARAGRAPH:
            self.blocks.append(Foreign(f"more than {LONGEST_PARAGRAPH} characters"))
        elif lines:
            self.blocks.append(Paragraph(lines))
        self._lines = [""]

    def _add(self, text: str | None, parent: html.HtmlElement) -> None:
        first, *more = (text or "").split("\n") if parent.tag == "pre" else [text or ""]
        self._lines[-1] += first
        self._lines.extend(more)

    def _read_inline(self, element: html.HtmlElement) -> None:
        if element.tag == "sup" and _FOOTNOTE.fullmatch(element.text_content()):
            return  # a mark that points to a note below the table
        mark = _EMPHASIS.get(element.tag, "")
        if UNDERSCORED in element.attrib:
            mark = mark.replace("*", "_")
        inside = element.text or ""
        before_it = self._lines[-1][-_LONGEST_ACTION:]
        if mark and (_ACTION_SO_FAR.search(before_it) or inside.startswith(":")):
            self._read_marked(element, mark)
        else:
            self.read(element)

    def _read_marked(self, element: html.HtmlElement, mark: str) -> None:
        """Read an element between marks; what is empty, or ends the paragraph, has none."""
        lines = self._lines
        index, before = len(lines) - 1, len(lines[-1])
        self.read(element)
        if self._lines is lines and "".join(lines[index:])[before:].strip():
            lines[-1] += mark
            lines[index] = f"{lines[index][:before]}{mark}{lines[index][before:]}"

    def _read_block(self, element: html.HtmlElement) -> None:
        if element.tag in _CONTAINERS:
            self.read(element)
        elif element.tag in {"dd", "li"}:  # below its term, or in no list
            blocks = _read_blocks(element)
            if blocks:
                self.blocks.append(ItemList((Item(blocks),)))
        elif element.tag in _LISTS:
            items = tuple(_read_items(element))
            if items:
                self.blocks.append(ItemList(items))
        else:
            self.blocks.append(Foreign(f"<{element.tag}>"))


def _read_items(element: html.HtmlElement) -> Iterator[Item]:
    """Read the items of a list; text between them is an item of its own."""
    yield from _read_text_item(element.text)
    for child in element:
        if child.tag in _SILENT:
            blocks: tuple[Block, ...] = ()
        elif child.tag == "li" or child.tag in _CONTAINERS or child.tag in _INLINE:
            blocks = _read_blocks(child)
        elif child.tag in _LISTS:
            blocks = (ItemList(tuple(_read_items(child))),)
        else:
            blocks = (Foreign(f"<{child.tag}>"),)
        if blocks:
            yield Item(blocks)
        yield from _read_text_item(child.tail)


def _read_text_item(text: str | None) -> Iterator[Item]:
    line = _clean_line(text or "")
    if line:
        yield Item((Paragraph((line,)),))


def _clean_line(text: str) -> str:
    return " ".join(text.translate(_BREAK_HINTS).split())
