"""Actions that may be meant where another one is written."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEAR: Final = 0.6
"""How alike two parts are at least."""


def find_near(text: str, actions: Iterable[str]) -> str | None:
    """Find what is spelt alike: the same but for one part, and that one as in some action.

    A wildcard part is like any. Another service is meant only where all else is named.
    """
    parts = text.lower().split(":")
    found: dict[str, float] = {}
    for action in sorted(actions):
        others = action.split(":")
        differing = [
            index
            for index, (part, other) in enumerate(zip(parts, others, strict=False))
            if part not in ("*", other.lower())
        ]
        if len(parts) == len(others) and len(differing) == 1:
            [index] = differing
            if index == 0 and "*" in text:
                continue
            spelt = ":".join(
                [*text.split(":")[:index], others[index], *text.split(":")[index + 1 :]]
            )
            found[spelt] = max(found.get(spelt, 0), _compare(parts[index], others[index].lower()))
    best = max(found, key=lambda spelt: found[spelt], default=None)
    return best if best and found[best] >= _NEAR else None


def _compare(part: str, other: str) -> float:
    """Tell how alike two parts are: up to 1, and above where one begins with the other."""
    if "*" in part:
        return 0.0
    begins = other.startswith(part) or part.startswith(other)
    return begins + SequenceMatcher(None, part, other).ratio()
