"""What goes wrong, told to people: one error type, and faults that are collected before it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scopegate.location import Location

_LONGEST: Final = 80
_TARGETS: Final = {
    "build": "bundle",
    "build --all-profiles": "bundles",
}  # of make's, where they are not called as the command is
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""The categories of what moves a cursor, ends a line, hides or turns text, or cannot be encoded."""


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
    """Quote text of unknown origin for a message: as JSON, on one line, seen, and not too long."""
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return escape_unseen(json.dumps(text, ensure_ascii=False))


def spell_string(text: str) -> str:
    """Spell any text as a string of YAML: one line, Unicode as it is, unseen escaped.

    It is one of JSON, too, unless there is something unseen in it that JSON escapes as a pair.
    """
    return _replace_unseen(json.dumps(text, ensure_ascii=False), _escape_for_yaml)


def escape_unseen(text: str) -> str:
    """Escape, as JSON does, what would not be seen in a line of text; all else stays."""
    return _replace_unseen(text, lambda character: json.dumps(character)[1:-1])


def _replace_unseen(text: str, escape: Callable[[str], str]) -> str:
    if text.isprintable():
        return text  # as almost all is
    return "".join(escape(each) if _is_unseen(each) else each for each in text)


def _is_unseen(character: str) -> bool:
    # The last two of each plane are no characters, and YAML refuses some of them.
    return category(character) in _UNSEEN or ord(character) & 0xFFFE == 0xFFFE  # noqa: PLR2004


def _escape_for_yaml(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


def spell_command(name: str, options: str = "") -> str:
    """Spell a command for a hint as the person would type it: to make, where make runs us."""
    if os.environ.get("SCOPEGATE_RUN_BY") == "make":
        command = f"make {_TARGETS.get(name, name)}"
        return f"{command} ARGS='{options}'" if options else command
    return f"scopegate {name} {options}".rstrip()
