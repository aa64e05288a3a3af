"""The time at which exports were taken."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

_RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_UNITS: Final = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)


def parse_time(text: str) -> datetime:
    """Read a time in RFC 3339, with capital T and Z; raises ValueError where it is none."""
    if not _RFC_3339.fullmatch(text):
        raise ValueError(f"{text!r} is no time in RFC 3339, as in 2026-11-23T10:00:00Z")
    return datetime.fromisoformat(text)


def describe_age(taken: datetime, now: datetime) -> str:
    """Say how long ago a time was: `3 hours ago`."""
    age = now - taken
    if age < timedelta(0):
        return "in the future"
    for unit, name in _UNITS:
        if age >= unit:
            number = age // unit
            return f"{number:,} {name}{'' if number == 1 else 's'} ago"
    return "just now"
