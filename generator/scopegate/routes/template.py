"""Path templates: their segments, and what it means that one fits a path or another template."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Shape: TypeAlias = tuple[str | None, ...]
"""The segments of a template: the text of a literal, None for a parameter.

Templates that differ in the names of their parameters alone have one shape. The last segment of a
template that ends in `/` is the literal `""`.
"""

_PARAMETER: Final = re.compile(r"\{([^{}]+)\}")

# Compared without case, `_` and `-`. docs/decisions.md lists the spellings in use.
_PROJECT_PARAMETERS: Final = frozenset({"projectid", "tenantid"})


def split_template(path: str) -> tuple[str, ...]:
    """Split a path template at its slashes: `/v2/{project_id}` has two segments."""
    return tuple(path.removeprefix("/").split("/"))


def parse_shape(path: str) -> Shape:
    """Return the shape of a path template that `scopegate.tables` has accepted."""
    return tuple(
        None if _PARAMETER.fullmatch(segment) else segment for segment in split_template(path)
    )


def find_project_positions(path: str) -> tuple[int, ...]:
    """Return the positions, from 0, of the segments that name the caller's project."""
    return tuple(
        position
        for position, segment in enumerate(split_template(path))
        if (parameter := _PARAMETER.fullmatch(segment))
        and re.sub("[_-]", "", parameter[1]).lower() in _PROJECT_PARAMETERS
    )


def fits(general: Shape, special: Shape) -> bool:
    """Tell whether every path of `special` is a path of `general`."""
    return len(general) == len(special) and all(map(_segment_fits, general, special))


def meet(one: Shape, other: Shape) -> Shape | None:
    """Return the shape of the paths that fit both; None where there is none."""
    if len(one) != len(other):
        return None
    shared: list[str | None] = []
    for a, b in zip(one, other, strict=True):
        if not (_segment_fits(a, b) or _segment_fits(b, a)):
            return None
        shared.append(b if a is None else a)
    return tuple(shared)


def _segment_fits(general: str | None, special: str | None) -> bool:
    """Tell whether `general` matches `special`; a parameter matches all but the empty segment."""
    return general == special or (general is None and special != "")
