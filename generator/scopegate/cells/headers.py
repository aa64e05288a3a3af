"""Header cells: which role a column has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.cells.text import read_text
from scopegate.cells.wordings import HEADERS, Role, normalise_wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scopegate.sources.grid import Block

_BRACKETS: Final = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Header:
    """The wording of a header cell, and the role and language that it has in the list.

    Both are None where it is not in the list.
    """

    wording: str
    role: Role | None = None
    language: str | None = None


def parse_header(blocks: Iterable[Block]) -> Header:
    """Read a header cell; what stands in brackets at its end makes no difference."""
    wording = read_text(blocks)
    normal = normalise_wording(wording).strip(":*")
    role, language = HEADERS.get(normal) or HEADERS.get(_BRACKETS.sub("", normal)) or (None, None)
    return Header(wording, role, language)
