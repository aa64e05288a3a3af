"""Where the values of a JSON file stand: by line and column, by path, and by JSON Pointer."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from contextlib import suppress
from functools import cached_property
from json import JSONDecoder
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from scopegate.errors import quote_text
from scopegate.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterable

Keys: TypeAlias = tuple[str | int, ...]
"""The names of members and the indexes, from 0, that lead to a value inside of another."""

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,79}")
_BLANKS: Final = " \t\n\r"

_STRICT: Final = True

# What numbers are plays no part. Stubs do not tell of a decoder's parts.
_DECODER: Final[Any] = JSONDecoder(parse_int=len, parse_float=len, parse_constant=len)


class Places:
    """The places of the values in one file; `file` is what messages call it.

    `text` is JSON that can be parsed, or None where there is none to look into. Nothing is looked
    at before a place is asked for, and then the objects and lists alone that are on its path.
    """

    def __init__(self, file: str, text: str | None = None) -> None:
        self.file = file
        self._text = text
        self._inside: dict[int, dict[str, int] | list[int]] = {}

    def locate(self, keys: Keys) -> Location:
        """Give the place of a value, or of the nearest one around it that is there."""
        field = spell_path(keys) or None
        if self._text is None:
            return Location(self.file, field=field)
        begin = len(self._text) - len(self._text.lstrip(_BLANKS))
        for key in keys:
            match self._look_inside(self._text, begin), key:
                case dict() as members, str() if key in members:
                    begin = members[key]
                case list() as items, int() if key < len(items):
                    begin = items[key]
                case _:
                    break
        line = bisect_right(self._lines, begin)
        column = begin - self._lines[line - 1] + 1
        return Location(self.file, line=line, column=column, field=field)

    def _look_inside(self, text: str, begin: int) -> dict[str, int] | list[int]:
        """Give where the values inside of an object or a list begin; of any other there is none.

        The library's parser of one object or list is given a scanner that tells, in the place of
        each value, where it is.
        """

        def scan(text: str, begin: int) -> tuple[int, int]:
            _, end = _DECODER.scan_once(text, begin)
            return begin, end

        if begin not in self._inside:
            inside: dict[str, int] | list[int] = []
            # What was just not too deep for the library may be so from here.
            with suppress(RecursionError):
                if text[begin] == "{":
                    inside, _ = _DECODER.parse_object((text, begin + 1), _STRICT, scan, None, None)
                elif text[begin] == "[":
                    inside, _ = _DECODER.parse_array((text, begin + 1), scan)
            self._inside[begin] = inside
        return self._inside[begin]

    @cached_property
    def _lines(self) -> array[int]:
        """Where lines begin."""
        return array("L", [0, *(each.end() for each in re.finditer("\n", self._text or ""))])


def spell_path(keys: Iterable[str | int], start: str = "") -> str:
    """Spell members and indexes, as in `roles[3].policy`; what is no plain name gets quotes."""
    for key in keys:
        if isinstance(key, int):
            start += f"[{key}]"
        elif _NAME.fullmatch(key):
            start += f".{key}" if start else key
        else:
            start += f"[{quote_text(key)}]"
    return start


def spell_pointer(keys: Iterable[str | int]) -> str:
    """Spell members and indexes as a JSON Pointer (RFC 6901): `/roles/3/policy`."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)
