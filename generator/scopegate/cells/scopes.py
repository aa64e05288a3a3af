"""Scope cells: in which scopes a grant counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopegate.cells.text import quote_lines, read_lines, spell_blocks
from scopegate.cells.wordings import SCOPES, SUPPORT, Scope, normalise_wording
from scopegate.errors import Flaw
from scopegate.sources.grid import ItemList, Paragraph

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scopegate.sources.grid import Block, Item


def parse_scopes(blocks: Sequence[Block]) -> Mapping[Scope, bool] | Flaw:
    """Read a cell that lists scopes under "supported" and "not supported".

    The cell is a list; each item begins with one of these labels, and what it holds besides are
    the scopes, each on a line of its own. A scope that is not named is not in the result.
    """
    found: dict[Scope, bool] = {}
    for block in blocks:
        if not isinstance(block, ItemList):
            return _make_flaw("a list of scopes", spell_blocks([block]))
        for item in block.items:
            parsed = _parse_item(item)
            if isinstance(parsed, Flaw):
                return parsed
            supported, scopes = parsed
            for scope in scopes:
                if scope in found:
                    return _make_flaw("each scope once", spell_blocks(blocks))
                found[scope] = supported
    return found or _make_flaw("a list of scopes", "nothing")


def _parse_item(item: Item) -> tuple[bool, list[Scope]] | Flaw:
    match item.blocks:
        case (Paragraph(lines=(label,)), *inner):
            supported = SUPPORT.get(normalise_wording(label).removesuffix(":"))
        case _:
            supported, inner = None, []
    if supported is None:
        return _make_flaw('a label such as "支持" or "Supported"', spell_blocks(item.blocks))
    names = read_lines(inner)
    if isinstance(names, Flaw):
        return names
    scopes = [SCOPES.get(normalise_wording(name)) for name in names]
    known = [scope for scope in scopes if scope is not None]
    if not names or len(known) != len(names):
        odd = [name for name, scope in zip(names, scopes, strict=True) if scope is None]
        return _make_flaw('scopes such as "IAM项目(Project)" or "Project"', quote_lines(odd))
    return supported, known


def _make_flaw(expected: str, found: str) -> Flaw:
    return Flaw("odd-scopes", f"expected {expected}; found {found}")
