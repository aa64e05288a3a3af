"""Scope cells: in which scopes a grant counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopegate.cells.text import read_lines, spell_blocks
from scopegate.cells.wordings import (
    DASHES,
    NOT_APPLICABLE,
    SCOPE_WORDS,
    SUPPORT,
    Scope,
    normalise_wording,
)
from scopegate.errors import Flaw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scopegate.sources.grid import Block

_NOTE: Final = re.compile(r"(?:note|说明|注)[:：]?")
_NOTE_BEHIND: Final = re.compile(r"(?<=.)(?:note|说明|注)[:：].*")
_SUPPORT_IN_BRACKETS: Final = re.compile(
    r"[(（]([^()（）]*(?:support|支持)[^()（）]*)[)）]", re.IGNORECASE
)
_MARK_BEHIND: Final = re.compile(r"\s*[:：]\s*([√✓✔×✕✗xXyY是否])(?![A-Za-z])")
_EXCEPTION: Final = re.compile(r"\b(?:except|unless|not|no|n't)\b|n't\b|非|除|仅当", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.。;；\n]")


def parse_support(blocks: Sequence[Block]) -> bool | Flaw | None:
    """Read a cell below the name of a scope: whether grants there count, None where it is silent.

    A cell that says the same thing on several lines says it once. A note below or behind the mark
    is not read.
    """
    lines = [normalise_wording(line.text).strip(".。") for line in read_lines(blocks)]
    notes = [bool(lines[:index]) and _NOTE.match(line) for index, line in enumerate(lines)]
    marks = {
        _NOTE_BEHIND.sub("", line) for line, note in zip(lines, notes, strict=True) if not note
    }
    known = {SUPPORT[mark] for mark in marks if mark in SUPPORT}
    if len(known) == 1 and marks <= SUPPORT.keys():
        return known.pop()
    if not known and all(mark in DASHES or mark in NOT_APPLICABLE for mark in marks):
        return None
    return _make_flaw('one of "√", "×", "-" or the like', spell_blocks(blocks))


def parse_scopes(blocks: Sequence[Block]) -> Mapping[Scope, bool] | Flaw:
    """Read a cell that names scopes, and says which are supported and which not.

    A word for support counts for the scopes behind it (`Supported: IAM projects`), or for those
    before it in its sentence (`Projects are supported.`). A scope that is named without such a
    word is supported; one that is not named is not in the result.
    """
    text = "\n".join(_set_apart(line.text) for line in read_lines(blocks))
    if normalise_wording(text) in DASHES or normalise_wording(text) in NOT_APPLICABLE:
        return {}
    if _EXCEPTION.search(SCOPE_WORDS.sub(" ", text)):
        return _make_flaw("scopes without exceptions", spell_blocks(blocks))
    found: dict[Scope, bool] = {}
    waiting: list[Scope] = []
    supported: bool | None = None
    end = 0
    for match in SCOPE_WORDS.finditer(text):
        if _SENTENCE_END.search(text[end : match.start()]) and waiting:
            found.update(dict.fromkeys(waiting, True))
            waiting = []
        end = match.end()
        if match["yes"] or match["no"]:
            supported = bool(match["yes"])
            if waiting:
                found.update(dict.fromkeys(waiting, supported))
                waiting, supported = [], None
            continue
        scope = Scope.ENTERPRISE_PROJECT if match["enterprise_project"] else Scope.IAM_PROJECT
        # `IAM项目(Project)` names one scope twice.
        if text[: match.start()].rstrip().endswith(("(", "（")):
            continue
        if supported is None:
            waiting.append(scope)
        elif found.setdefault(scope, supported) != supported:
            return _make_flaw("each scope once", spell_blocks(blocks))
    found.update(dict.fromkeys(waiting, True))
    return found or _make_flaw(
        'scopes such as "IAM项目(Project)" or "Project"', spell_blocks(blocks)
    )


def _set_apart(text: str) -> str:
    """Make what stands in brackets a sentence of its own, where it says whether it is supported.

    Marks behind a name (`IAM project: √`) become the words for them.
    """
    apart = _SUPPORT_IN_BRACKETS.sub(r". \1.", text)
    return _MARK_BEHIND.sub(
        lambda match: f" {'supported' if SUPPORT[match[1].casefold()] else 'unsupported'}.", apart
    )


def _make_flaw(expected: str, found: str) -> Flaw:
    return Flaw("odd-scopes", f"expected {expected}; found {found}")
