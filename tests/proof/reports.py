"""What every part of the proof finds, and how it says so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Tell: TypeAlias = Callable[[str, float], object]
"""Told what is being done, and how much of it is done, from 0 to 1."""

Figure: TypeAlias = int | float | str


@dataclass(frozen=True)
class Report:
    """What one part found: figures by their names, and in words each way in which it fails.

    It holds where there is no failure.
    """

    part: str
    figures: Mapping[str, Figure]
    failures: Sequence[str]
