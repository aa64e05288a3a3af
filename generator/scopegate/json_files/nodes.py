"""JSON values with their places: what is wrong with one is a fault that names where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scopegate.errors import Fault, FaultsError, quote_text

if TYPE_CHECKING:
    from scopegate.json_files.places import Keys, Places
    from scopegate.location import Location

MOST_FAULTS: Final = 1000
"""Nobody reads more, and a file can have millions."""


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value, and the keys that lead to it in its file: `("roles", 3, "policy")`.

    All nodes of one run share the list `faults`, to which whatever is wrong is added.
    """

    places: Places
    value: Any
    faults: list[Fault]
    keys: Keys = ()

    def __str__(self) -> str:
        """Spell the place."""
        return str(self.location)

    @property
    def file(self) -> str:
        """What messages call the file."""
        return self.places.file

    @property
    def location(self) -> Location:
        """The place."""
        return self.places.locate(self.keys)

    def report(self, code: str, message: str) -> None:
        """Add a fault of this place; raises FaultsError where there are too many to go on."""
        self.faults.append(Fault(self.location, code, message))
        if len(self.faults) >= MOST_FAULTS:
            last = Fault(self.location, "too-many", "the rest of the faults are not looked for")
            raise FaultsError([*self.faults, last])

    def report_value(self, expected: str) -> None:
        """Add the fault that the value is not what was expected."""
        self.report("bad-value", f"expected {expected}; found {show_value(self.value)}")

    def take(self, key: str | int, value: object) -> Node:
        """Return the value at a member or an index, which need not be there."""
        return Node(self.places, value, self.faults, (*self.keys, key))

    def inside(self, *keys: str | int) -> Node:
        """Return the place that `keys` lead to from here; its value is not looked up."""
        return Node(self.places, None, self.faults, (*self.keys, *keys))

    def find(self, name: str) -> Node | None:
        """Return the member of an object; None where there is none, or null."""
        value = self.value.get(name) if isinstance(self.value, dict) else None
        return None if value is None else self.take(name, value)

    def read_object(self, name: str) -> Node | None:
        """Return the member, which has to be an object; else a fault."""
        return self._require(name, dict, "an object")

    def read_list(self, name: str) -> list[Node]:
        """Return the objects in the member, which has to be a list of them; else faults."""
        listed = self._require(name, list, "a list")
        return listed.list_objects() if listed else []

    def list_objects(self) -> list[Node]:
        """Return the items of a list, which have to be objects; else faults."""
        found = [self.take(index, item) for index, item in enumerate(self.value)]
        for node in found:
            if not isinstance(node.value, dict):
                node.report_value("an object")
        return [node for node in found if isinstance(node.value, dict)]

    def read_text(self, name: str) -> str | None:
        """Return the member, which has to be a string with something in it; else a fault."""
        expected = "a string that is not empty"
        member = self._require(name, str, expected)
        if member is None:
            return None
        if not member.value:
            member.report_value(expected)
            return None
        return str(member.value)

    def _require(self, name: str, kind: type, expected: str) -> Node | None:
        if name not in self.value:
            self.take(name, None).report("missing-member", f"missing; expected {expected}")
            return None
        member = self.take(name, self.value[name])
        if not isinstance(member.value, kind):
            member.report_value(expected)
            return None
        return member


def show_value(value: object) -> str:
    """Spell a JSON value of unknown origin for a message, and not too long."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return quote_text(value)
        case list():
            return f"a list of {len(value)}"
        case dict():
            return "an object"
        case _:
            return str(value)[:40]
