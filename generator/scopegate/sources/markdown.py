"""Markdown: CommonMark with tables of pipes, and with HTML where its author wrote HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from scopegate.errors import Flaw
from scopegate.sources.html import UNDERSCORED, make_lost_table, read_html
from scopegate.sources.limits import MOST_LINES_OF_MARKDOWN, ParagraphLimit, check_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from markdown_it.rules_core import StateCore

    from scopegate.sources.grid import Content

_DEEPEST: Final = 50
# In the parser's environment: the line before the one that is parsed by itself.
_FIRST_LINE: Final = "first line"

# Lines of a table of pipes, where it is no table for Markdown.
_TABLE_LINE: Final = re.compile(
    r"^\s*+(?:\|.+\||\|?(?:\s*+:?-{2,}+:?\s*+\|)+(?:\s*+:?-{2,}+:?)?)\s*$", re.MULTILINE
)

_LINE_END: Final = re.compile(r"\r\n?")

# What stands before a row in a quote or a list, and what tells a row that lost its pipes.
_PREFIX: Final = re.compile(r"^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)?")
_TELLING: Final = re.compile(r"\w:[\w*]|(?<!\w)/\w", re.ASCII)


def read_markdown(text: str) -> Content | Flaw:
    """Read the blocks of a page and its tables, as `read_html` does.

    The page is turned into HTML first: what is code, what is escaped and where a table begins is
    then decided once, by the rules of Markdown. Only what is fenced is code, since pages have
    tables that are indented by chance. Raises `TooLargeError`.
    """
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST})
    parser.enable("table").disable("code")
    parser.core.ruler.before("inline", "limit", _make_limit())
    text = _LINE_END.sub("\n", text)  # as the parser counts lines
    check_lines(text, MOST_LINES_OF_MARKDOWN)
    tokens = parser.parse(text)
    for token in tokens:
        # Beyond `maxNesting` the parser drops content without a word.
        if token.level >= _DEEPEST - 1:
            return Flaw("bad-document", "expected fewer lists and quotes inside each other")
    whole = list(_mend_tables(tokens, text.split("\n"), parser))
    for inline in (child for token in whole for child in token.children or ()):
        if inline.type in {"em_open", "strong_open"} and inline.markup.startswith("_"):
            inline.attrSet(UNDERSCORED, "")
    return read_html(parser.renderer.render(whole, parser.options, {}))


def _make_limit() -> Callable[[StateCore], None]:
    limit = ParagraphLimit()

    def check(state: StateCore) -> None:
        for token in state.tokens:
            if token.type == "inline":
                first = state.env.get(_FIRST_LINE, 0)
                place = f"line {first + token.map[0] + 1}" if token.map else "one"
                limit.check(token.content, place)

    return check


def _mend_tables(
    tokens: Sequence[Token], lines: Sequence[str], parser: MarkdownIt
) -> Iterator[Token]:
    """Give each row of a table of pipes the cells that it has, and tell of tables that are none.

    Markdown makes all rows as long as the header, whatever is in them, and takes the lines below a
    table for rows, up to a blank one; those without a pipe go below the table.
    """
    row: list[Token] = []
    below: list[Token] = []
    for token in tokens:
        if token.type == "tr_open":
            row = [token]
        elif token.type == "tr_close" and row[0].map:
            place = {_FIRST_LINE: row[0].map[0]}
            line = _PREFIX.sub("", lines[row[0].map[0]])
            if "|" in line or _TELLING.search(line):
                yield from (*_mend_row(row, _split_row(line), parser, place), token)
            else:
                below.append(Token("html_block", "", 0, content="<p>"))
                below += parser.parseInline(line, place)
                below.append(Token("html_block", "", 0, content="</p>"))
            row = []
        elif row:
            row.append(token)
        elif token.type == "table_close":
            yield from (token, *below)
            below = []
        else:
            if token.type in {"inline", "html_block"} and _has_row(token.content):
                line_number = token.map[0] + 1 if token.map else None
                reason = "Markdown sees rows on a line each, below a header and as many dashes"
                yield Token("html_block", "", 0, content=make_lost_table(reason, line_number))
            yield token


def _has_row(text: str) -> bool:
    """Whether a text has a line of a table of pipes, which may lack its first one."""
    return _TABLE_LINE.search(text) is not None or any(
        line.endswith("|") and line.count("|") > 1 for line in map(str.rstrip, text.split("\n"))
    )


def _mend_row(
    row: list[Token], cells: list[str], parser: MarkdownIt, place: dict[str, int]
) -> Iterator[Token]:
    """Drop the cells that a row has not, and add those that it has beyond the header's."""
    found = 0
    for token in row:
        found += token.type in {"td_open", "th_open"}
        if found <= len(cells):
            yield token
    for text in cells[found:]:
        yield Token("td_open", "td", 1)
        yield from parser.parseInline(text.strip(), place)
        yield Token("td_close", "td", -1)


def _split_row(line: str) -> list[str]:
    """Split a row of a table at its pipes, as Markdown does."""
    cells = escapedSplit(line.strip())
    if cells and not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return cells
