"""How long a paragraph may be, whatever format it is written in."""

from __future__ import annotations

from typing import Final

LONGEST_PARAGRAPH: Final = 16 * 1024
"""In characters: parsers of markup inside text take the square of its length."""


class TooLongError(Exception):
    """There is a paragraph that would take its parser minutes; the message is for people."""


def check_paragraph(text: str, place: str) -> None:
    """Raise `TooLongError` where a paragraph is too long; `place` says which one it is."""
    if len(text) > LONGEST_PARAGRAPH:
        raise TooLongError(
            f"expected paragraphs of at most {LONGEST_PARAGRAPH} characters; {place} has more"
        )
