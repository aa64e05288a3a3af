"""Tables and text of HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lxml import etree, html

from scopegate.errors import Flaw, quote_text
from scopegate.sources.grid import (
    Block,
    Foreign,
    Grid,
    GridFlaw,
    Item,
    ItemList,
    Paragraph,
    SourceCell,
    lay_out_grid,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# Elements that only dress the text they stand in.
_INLINE: Final = frozenset(
    {"a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "kbd", "label", "mark", "q"}
    | {"samp", "small", "span", "strong", "sub", "sup", "tt", "u", "var", "wbr"}
)
# Elements that only set their content apart from what is around it.
_CONTAINERS: Final = frozenset(
    {"article", "aside", "blockquote", "body", "center", "div", "footer", "header", "main"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "p", "section"}
)
_LISTS: Final = frozenset({"ul", "ol"})
_ROW_GROUPS: Final = frozenset({"thead", "tbody", "tfoot"})
_CELLS: Final = frozenset({"td", "th"})
# What may stand in a table, level by level; captions and columns have no cells.
_CHILDREN: Final = {
    "table": _ROW_GROUPS | {"tr", "caption", "colgroup", "col"},
    **dict.fromkeys(_ROW_GROUPS, frozenset({"tr"})),
    "tr": _CELLS,
}
# On a table: what it is, if it is of a kind that is not read yet.
UNREAD: Final = "data-unread"

_SPAN: Final = re.compile(r"\s*([0-9]{1,5})\s*", re.ASCII)

# Characters that only tell where a line may break.
_BREAK_HINTS: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def read_html(text: str) -> tuple[tuple[Block, ...], tuple[Grid, ...]] | Flaw:
    """Read the blocks of a page and its outermost tables.

    Among the blocks, each table is `Foreign`. The parser reads nothing but the text: no entities
    of the document's own, no network.
    """
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = html.document_fromstring(text.encode(), parser=parser)
    except etree.ParserError:  # nothing in it but blanks
        return (), ()
    for entry in parser.error_log:
        # The parser repairs all else as a browser does; here it has given up, and dropped the rest.
        if entry.level == etree.ErrorLevels.FATAL:
            return Flaw(
                "bad-document", f"expected HTML; its parser gave up: {entry.message.strip()}"
            )
    tables = [
        table for table in root.iter("table") if next(table.iterancestors("table"), None) is None
    ]
    grids = tuple(_read_table(table, number) for number, table in enumerate(tables, start=1))
    return _read_blocks(root), grids


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
    grid = lay_out_grid(number, header, groups)
    messages = list(_find_odd_parts(table))
    if UNREAD in table.attrib:
        messages.append(f"expected a table of HTML; {table.get(UNREAD)} is not read yet")
    odd = (GridFlaw(None, None, Flaw("odd-table", message)) for message in messages)
    return replace(grid, flaws=(*odd, *grid.flaws))


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


def _find_odd_parts(element: html.HtmlElement) -> Iterator[str]:
    """Find what stands in a table beside its cells, and spans that are no numbers."""
    if element.text and element.text.strip():
        yield f"expected text in cells only; found {quote_text(element.text.strip())}"
    for child in element:
        if child.tag in _CELLS:
            yield from _find_odd_spans(child)
        elif child.tag in _CHILDREN:
            yield from _find_odd_parts(child)
        if child.tag not in _CHILDREN[element.tag]:
            yield f"expected no <{child.tag}> in <{element.tag}>"
        if child.tail and child.tail.strip():
            yield f"expected text in cells only; found {quote_text(child.tail.strip())}"


def _find_odd_spans(cell: html.HtmlElement) -> Iterator[str]:
    for attribute, least in (("rowspan", 0), ("colspan", 1)):
        span = _read_span(cell, attribute)
        if span is None or span < least:
            found = quote_text(cell.get(attribute, ""))
            yield f"expected {attribute} to be a number, at least {least}; found {found}"


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
        self._lines[-1] += element.text or ""
        for child in element:
            if child.tag in _INLINE:
                self.read(child)
            elif child.tag == "br":
                self._lines.append("")
            else:
                self.end_paragraph()
                self._read_block(child)
                self.end_paragraph()
            self._lines[-1] += child.tail or ""

    def end_paragraph(self) -> None:
        lines = tuple(filter(None, map(_clean_line, self._lines)))
        if lines:
            self.blocks.append(Paragraph(lines))
        self._lines = [""]

    def _read_block(self, element: html.HtmlElement) -> None:
        if element.tag in _CONTAINERS:
            self.read(element)
        elif element.tag in _LISTS:
            items = tuple(_read_items(element))
            if items:
                self.blocks.append(ItemList(items))
        else:
            self.blocks.append(Foreign(f"<{element.tag}>"))


def _read_items(element: html.HtmlElement) -> Iterator[Item]:
    if element.text and element.text.strip():
        yield Item((Foreign("text between items"),))
    for child in element:
        blocks = _read_blocks(child) if child.tag == "li" else (Foreign(f"<{child.tag}>"),)
        if blocks:
            yield Item(blocks)
        if child.tail and child.tail.strip():
            yield Item((Foreign("text between items"),))


def _clean_line(text: str) -> str:
    return " ".join(text.translate(_BREAK_HINTS).split())
