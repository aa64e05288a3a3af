"""Scope cells: in which scopes a grant counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopegate.cells.text import quote_lines, read_lines
from scopegate.cells.wordings import SCOPES, SUPPORT, Scope, normalise_wording
from scopegate.errors import Flaw, quote_text
from scopegate.sources.grid import ItemList, Paragraph

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scopegate.sources.grid import Block, Item


def parse_scopes(blocks: Sequence[Block]) -> Mapping[Scope, bool] | Flaw:
    """Read a cell that lists scopes under "supported" and "not supported".

    The cell is a list; each item begins with one of these labels, and what it holds besides are the
    scopes, each a line of its own. A scope that is not named is not in the result.
    """
    found: dict[Scope, bool] = {}
    for block in blocks:
        if not isinstance(block, ItemList):
            shown = quote_lines(block.lines) if isinstance(block, Paragraph) else block.name
            return Flaw("odd-scopes", f"expected a list of scopes; found {shown}")
        for item in block.items:
            flaw = _read_item(item, found)
            if flaw is not None:
                return flaw
    if not found:
        return Flaw("odd-scopes", "expected a list of scopes; found nothing")
    return found


def _read_item(item: Item, found: dict[Scope, bool]) -> Flaw | None:
    """Add the scopes of one item to those found, or say what is odd about it."""
    match item.blocks:
        case (Paragraph(lines=(label,)), *inner):
            supported = SUPPORT.get(normalise_wording(label).removesuffix(":"))
        case _:
            return Flaw("odd-scopes", "expected one line that says whether scopes are supported")
    if supported is None:
        message = f"expected a label of the list in cells/wordings.py; found {quote_text(label)}"
        return Flaw("odd-scopes", message)
    names = read_lines(inner)
    if isinstance(names, Flaw):
        return names
    if not names:
        return Flaw("odd-scopes", f"expected scopes below {quote_text(label)}; found nothing")
    for name in names:
        scope = SCOPES.get(normalise_wording(name))
        if scope is None:
            message = f"expected a scope of the list in cells/wordings.py; found {quote_text(name)}"
            return Flaw("odd-scopes", message)
        if scope in found:
            return Flaw("odd-scopes", f"expected each scope once; found {quote_text(name)} again")
        found[scope] = supported
    return None
