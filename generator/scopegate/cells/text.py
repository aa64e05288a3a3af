"""Plain text in cells."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.errors import Flaw, quote_text
from scopegate.sources.grid import Foreign, ItemList, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scopegate.sources.grid import Block

LONGEST_LINE: Final = 4096
"""Of a cell, in characters; longer ones are not read."""

UNSEEN: Final = (
    r"\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    r"\ud800-\udfff\ufeff\ufffd-\uffff"
)
"""Control and unseen characters, as a set in an expression has them."""

# One line without blanks at its ends, control or unseen characters.
TEXT: Final = re.compile(rf"(?! )[^{UNSEEN}]+(?<! )")


_ESCAPE: Final = re.compile(r"\\([_\W])")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cell; `depth` counts the items of lists that it stands in."""

    text: str
    depth: int = 0
    begins_item: bool = False


def read_lines(blocks: Iterable[Block]) -> tuple[Line, ...]:
    """Read the lines of a cell in reading order; what is no text is left out."""
    return tuple(part for part in _list_parts(blocks, 0) if isinstance(part, Line))


def find_foreign(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Find what a cell holds that is no text, by name."""
    return tuple(part.name for part in _list_parts(blocks, 0) if isinstance(part, Foreign))


def check_text(blocks: Iterable[Block]) -> list[Flaw]:
    """Tell of all that a cell holds and that is no text."""
    return [Flaw("odd-cell", f"expected text; found {name}") for name in find_foreign(blocks)]


def read_text(blocks: Iterable[Block]) -> str:
    """Read a cell as one line; no blank comes between Chinese characters."""
    text = ""
    for line in read_lines(blocks):
        is_apart = text and not (_is_wide(text[-1]) and _is_wide(line.text[0]))
        text += f" {line.text}" if is_apart else line.text
    return text


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def drop_escapes(text: str) -> str:
    r"""Drop the backslashes that Markdown needs, and that HTML in it keeps: `os\_type`."""
    return _ESCAPE.sub(r"\1", text)


def quote_lines(lines: Iterable[str]) -> str:
    """Quote lines for a message."""
    return ", ".join(map(quote_text, lines)) or "nothing"


def spell_blocks(blocks: Iterable[Block]) -> str:
    """Spell what a cell holds for a message."""
    parts = _list_parts(blocks, 0)
    spelt = (part.name if isinstance(part, Foreign) else quote_text(part.text) for part in parts)
    return ", ".join(spelt) or "nothing"


def _list_parts(blocks: Iterable[Block], depth: int) -> Iterator[Line | Foreign]:
    for block in blocks:
        match block:
            case Paragraph():
                for line in block.lines:
                    if len(line) > LONGEST_LINE:
                        yield Foreign(f"a line of more than {LONGEST_LINE} characters")
                    else:
                        yield Line(line, depth)
            case ItemList():
                for item in block.items:
                    yield from _list_item(item.blocks, depth + 1)
            case Foreign():
                yield block


def _list_item(blocks: Iterable[Block], depth: int) -> Iterator[Line | Foreign]:
    parts = _list_parts(blocks, depth)
    for first in parts:
        if isinstance(first, Line):
            yield Line(first.text, first.depth, begins_item=True)
        else:
            yield first
        break
    yield from parts
