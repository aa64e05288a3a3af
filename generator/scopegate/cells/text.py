"""Plain text in cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopegate.errors import Flaw, quote_text
from scopegate.sources.grid import Foreign, ItemList, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scopegate.sources.grid import Block

# One line without blanks at its ends, control or unseen characters.
TEXT: Final = re.compile(
    r"(?! )[^\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    r"\ud800-\udfff\ufeff\ufffd-\uffff]+(?<! )"
)


def read_lines(blocks: Iterable[Block]) -> tuple[str, ...] | Flaw:
    """Read the lines of a cell in reading order, those of lists included."""
    lines: list[str] = []
    for part in _list_parts(blocks):
        if isinstance(part, Foreign):
            return Flaw("odd-cell", f"expected text; found {part.name}")
        lines.append(part)
    return tuple(lines)


def parse_text(blocks: Iterable[Block]) -> str | Flaw:
    """Read a cell that holds one line of text."""
    lines = read_lines(blocks)
    if isinstance(lines, Flaw):
        return lines
    if len(lines) != 1 or not TEXT.fullmatch(lines[0]):
        return Flaw("odd-cell", f"expected one line of text; found {quote_lines(lines)}")
    return lines[0]


def quote_lines(lines: Iterable[str]) -> str:
    """Quote lines for a message."""
    return ", ".join(map(quote_text, lines)) or "nothing"


def spell_blocks(blocks: Iterable[Block]) -> str:
    """Spell what a cell holds for a message."""
    parts = _list_parts(blocks)
    spelt = (part.name if isinstance(part, Foreign) else quote_text(part) for part in parts)
    return ", ".join(spelt) or "nothing"


def _list_parts(blocks: Iterable[Block]) -> Iterator[str | Foreign]:
    for block in blocks:
        match block:
            case Paragraph():
                yield from block.lines
            case ItemList():
                for item in block.items:
                    yield from _list_parts(item.blocks)
            case Foreign():
                yield block
