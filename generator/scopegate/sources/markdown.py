"""Markdown: CommonMark, with HTML where its author wrote HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

from scopegate.errors import Flaw
from scopegate.sources.html import UNREAD, read_html

if TYPE_CHECKING:
    from scopegate.sources.grid import Block, Grid

_DEEPEST: Final = 50


def read_markdown(text: str) -> tuple[tuple[Block, ...], tuple[Grid, ...]] | Flaw:
    """Read the blocks of a page and its tables, as `read_html` does.

    The page is turned into HTML first: what is code, what is escaped and where a table begins is
    then decided once, by the rules of Markdown. Tables of pipes are counted, and not read yet:
    Markdown drops the cells that a row has too many.
    """
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}).enable("table")
    tokens = parser.parse(text)
    for token in tokens:
        # Beyond `maxNesting` the parser drops content without a word.
        if token.level >= _DEEPEST - 1:
            return Flaw("bad-document", "expected fewer lists and quotes inside each other")
        if token.type == "table_open":
            token.attrSet(UNREAD, "a table of pipes")
    return read_html(parser.renderer.render(tokens, parser.options, {}))
