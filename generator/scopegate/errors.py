"""What goes wrong, told to people: one error type, and faults that are collected before it."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scopegate.location import Location

_LONGEST: Final = 80
_TARGETS: Final = {"build": "bundle"}  # of make's, where they are not called as the command is
# What JSON leaves as it is, and yet moves a cursor, hides or turns text, or cannot be encoded.
_UNSEEN: Final = re.compile(
    r"[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]",
)


class ScopegateError(Exception):
    """An error whose message is for the person who runs the program."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong at one place.

    `code` is a short stable name for the kind of fault (`bad-action`); `message` says what was
    expected and what was found.
    """

    location: Location
    code: str
    message: str

    def __str__(self) -> str:
        """Spell the fault on one line."""
        return f"{self.location}: {self.message} [{self.code}]"


@dataclass(frozen=True, slots=True)
class Flaw:
    """A fault found by code that sees a value and not its place; the caller knows the place."""

    code: str
    message: str

    def locate(self, location: Location) -> Fault:
        """Make the flaw a fault of the place."""
        return Fault(location, self.code, self.message)


class FaultsError(ScopegateError):
    """Everything that is wrong, at once: the message has one line for each fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults in the order given."""
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def quote_text(text: str) -> str:
    """Quote text of unknown origin for a message: as `spell_string` does, and not too long."""
    return spell_string(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def spell_string(text: str) -> str:
    """Spell any text as a JSON (and so YAML) string: one line, Unicode as it is, unseen escaped."""
    spelt = json.dumps(text, ensure_ascii=False)
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", spelt)


def spell_command(name: str, options: str = "") -> str:
    """Spell a command for a hint as the person would type it: to make, where make runs us."""
    if os.environ.get("SCOPEGATE_RUN_BY") == "make":
        command = f"make {_TARGETS.get(name, name)}"
        return f"{command} ARGS='{options}'" if options else command
    return f"scopegate {name} {options}".rstrip()
