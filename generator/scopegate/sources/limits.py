"""How much a document may have, so that it is read or refused in seconds.

Parsers of markup go over some of it again and again. Each limit is far above what published pages
have: in 72 of them at most 339 lines, 488 paragraphs of up to 476 characters, and 1,343 elements.
"""

from __future__ import annotations

import re
from typing import Final

MOST_LINES_OF_MARKDOWN: Final = 20_000
MOST_LINES_OF_RST: Final = 6_000
"""Parsers of these formats go through blocks by line; docutils through targets by target, too.

Where lists begin inside each other on one line, it counts as often as the square of their number.
"""

MOST_BORDERS: Final = 30_000
"""Of the cells of a page in one of these formats, as far as characters tell: `|`, `+`, `= =`.

Below a line of `= =`, which draws the columns of a table, all lines have its borders.
"""

MOST_BORDERS_OF_LINE: Final = 500

LONGEST_PARAGRAPH: Final = 16 * 1024
"""In characters."""

MOST_MARKED: Final = 8 * 1024 * 1024
"""The length of a paragraph times the marks in it, summed up over a page.

A parser that takes a mark for the beginning of something looks for its end in all that follows.
"""

MOST_COMPLAINTS: Final = 5_000
"""Of docutils about a page: each costs more than what it is about."""

MOST_ELEMENTS: Final = 50_000
"""Of a page as HTML, whatever format it is written in."""

MOST_SLOTS: Final = 50_000
"""Of all tables: each cell counts in every row and column that it spans."""

_BORDER: Final = re.compile(r"[|+]")
_COLUMN: Final = re.compile(r"= +(?==)")
_LISTS: Final = re.compile(
    r"^[ \t]*((?:>[ \t]*+|(?:[-*+•‣\u2043]|\w{1,9}[.)])[ \t]+){3,})", re.MULTILINE
)
_LIST: Final = re.compile(r">|[^>\s]+")
_MARK: Final = re.compile(r"[^\w\s]|_")


class TooLargeError(Exception):
    """There is something that would take its parser minutes; the message is for people."""


def check_lines(text: str, most: int) -> None:
    """Raise `TooLargeError` where Markdown or reStructuredText has too many lines, or cells."""
    nested = sum(len(_LIST.findall(lists[1])) ** 2 for lists in _LISTS.finditer(text))
    if text.count("\n") + nested > most:
        raise TooLargeError(f"expected at most {most} lines, more so where lists are nested")
    borders = 0
    columns = 0
    for number, line in enumerate(text.split("\n"), start=1):
        drawn = len(_COLUMN.findall(line))
        # Whatever else is on the line, it may stand in a table that is wider.
        columns = drawn if drawn and not line.strip("= ") else max(columns, drawn)
        found = len(_BORDER.findall(line)) + columns
        if found > MOST_BORDERS_OF_LINE:
            message = f"expected at most {MOST_BORDERS_OF_LINE} borders of cells on a line"
            raise TooLargeError(f"{message}; line {number} has {found}")
        borders += found
    if borders > MOST_BORDERS:
        raise TooLargeError(f"expected at most {MOST_BORDERS} borders of cells; found {borders}")


class ParagraphLimit:
    """What the paragraphs of one page have left of its limits."""

    def __init__(self) -> None:
        """Begin a page."""
        self._marked = 0

    def check(self, text: str, place: str) -> None:
        """Raise `TooLargeError` where a paragraph is too much; `place` says which one it is."""
        if len(text) > LONGEST_PARAGRAPH:
            raise TooLargeError(
                f"expected paragraphs of at most {LONGEST_PARAGRAPH} characters; {place} has more"
            )
        self._marked += len(text) * len(_MARK.findall(text))
        if self._marked > MOST_MARKED:
            raise TooLargeError(
                f"expected fewer marks in long paragraphs; with {place} it is more than "
                f"{MOST_MARKED} characters times marks"
            )
