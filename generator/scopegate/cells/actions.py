"""Action cells: what a caller needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.cells.text import quote_lines, read_lines
from scopegate.cells.wordings import NO_AUTHORIZATION, normalise_wording
from scopegate.errors import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scopegate.sources.grid import Block

# Two or more segments. Their number and the service's name in the first are the vendor's affair.
ACTION: Final = re.compile(r"[A-Za-z0-9_-]+(?::[A-Za-z0-9_-]+)+")


@dataclass(frozen=True, slots=True)
class Requirement:
    """The actions that are all required, or the wording that says that none is."""

    actions: tuple[str, ...]
    no_authorization: str | None = None


def parse_actions(blocks: Iterable[Block]) -> Requirement | Flaw:
    """Read a cell with one action on each line, or with a wording for no authorization.

    An action that stands twice is one.
    """
    lines = read_lines(blocks)
    if isinstance(lines, Flaw):
        return lines
    if len(lines) == 1 and normalise_wording(lines[0]) in NO_AUTHORIZATION:
        return Requirement((), lines[0])
    odd = [line for line in lines if not ACTION.fullmatch(line)]
    if odd or not lines:
        message = (
            f'expected actions as "evs:snapshots:create", one a line; found {quote_lines(odd)}'
        )
        return Flaw("bad-action", message)
    return Requirement(tuple(dict.fromkeys(lines)))
