"""Header cells: which role a column has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scopegate.cells.text import quote_lines, read_lines
from scopegate.cells.wordings import HEADERS, Role, normalise_wording
from scopegate.errors import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scopegate.sources.grid import Block


@dataclass(frozen=True, slots=True)
class Header:
    """The role of a column, the language of its wording, and the wording as printed."""

    role: Role
    language: str
    wording: str


def parse_header(blocks: Iterable[Block]) -> Header | Flaw:
    """Read a header cell; a wording that is not in the list is a flaw, never a guess."""
    lines = read_lines(blocks)
    if isinstance(lines, Flaw):
        return lines
    wording = " ".join(lines)
    known = HEADERS.get(normalise_wording(wording))
    if known is None:
        message = f"expected a header of the list in cells/wordings.py; found {quote_lines(lines)}"
        return Flaw("unknown-header", message)
    return Header(*known, wording)
