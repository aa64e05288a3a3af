"""YAML text as plain data, with the place of every member beside it.

Only the plain kind of YAML is read: mappings with names as keys, lists, texts and whole numbers.
Anchors, aliases and tags are refused (no table needs them, and a small file with them can stand for
a huge one), and so are keys that stand twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

import yaml

from scopegate.errors import Fault, FaultsError, quote_text
from scopegate.location import Location

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node, ScalarNode

FieldPath: TypeAlias = tuple[str | int, ...]
Data: TypeAlias = "dict[str, Data] | list[Data] | str | int | Unquoted | None"

_DEEPEST: Final = 20
MOST_NODES: Final = 40_000
"""Names and values of a file: some 1,700 rows, where the largest published table has hundreds."""

_WHOLE_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_FIELD_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_TAG: Final = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Unquoted:
    """A scalar that YAML reads neither as text nor as a whole number: `yes`, `1.5`, a date."""

    text: str
    kind: str

    def __str__(self) -> str:
        """Spell it as the file does."""
        return self.text


@dataclass(slots=True)
class MarkedData:
    """The data of one file, and where its members and their names stand in it."""

    file: str
    value: Data = None
    values: dict[FieldPath, yaml.Mark] = field(default_factory=dict)
    keys: dict[FieldPath, yaml.Mark] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def locate_value(self, path: FieldPath) -> Location:
        """Give the place of a member, or of the nearest one around it."""
        known = path
        while known and known not in self.values:
            known = known[:-1]
        return _locate(self.file, self.values.get(known), path)

    def locate_key(self, path: FieldPath) -> Location:
        """Give the place of a member's name."""
        return _locate(self.file, self.keys.get(path), path)


def read_marked_data(text: str, file: str) -> MarkedData:
    """Read YAML text; `file` is the name that faults show.

    Raises `FaultsError` where the text is no YAML of the plain kind. Faults that leave something to
    go on with (a key that stands twice) are in the result's `faults`.
    """
    marked = MarkedData(file)
    try:
        root = _PlainLoader(text).get_single_node()
    except _TooLargeError as error:
        place = _locate(file, error.problem_mark, ())
        message = f"expected at most {MOST_NODES} names and values"
        raise FaultsError([Fault(place, "too-large", message)]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = ", ".join(part for part in (error.context, error.problem) if part)
        raise FaultsError([Fault(_locate(file, mark, ()), "bad-yaml", message)]) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        place = Location(file, line=line, column=column)
        message = f"expected printable characters, found {quote_text(text[error.position])}"
        raise FaultsError([Fault(place, "bad-yaml", message)]) from None
    except (ValueError, OverflowError):  # PyYAML lets these out for an escape beyond Unicode
        message = r"expected escapes of Unicode characters, at most \U0010ffff"
        raise FaultsError([Fault(Location(file), "bad-yaml", message)]) from None
    if root is not None:
        marked.value = _read_node(root, (), marked)
    return marked


def spell_field(path: FieldPath) -> str:
    """Spell the path of a member: `rows[2].actions[0]`; a name of another kind is quoted."""
    spelt = ""
    for part in path:
        if isinstance(part, str) and _FIELD_NAME.fullmatch(part):
            spelt += f".{part}"
        else:
            spelt += f"[{quote_text(part) if isinstance(part, str) else part}]"
    return spelt.removeprefix(".")


class _TooLargeError(yaml.composer.ComposerError):
    """There is more in the text than a table needs."""


class _PlainLoader(yaml.SafeLoader):
    """Composes nodes, and refuses what the plain kind of YAML does not have."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0
        self._nodes = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # missing in the stubs
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise yaml.composer.ComposerError(
                None, None, "expected no anchors (&name) or aliases (*name)", event.start_mark
            )
        if getattr(event, "tag", None) is not None:
            raise yaml.composer.ComposerError(
                None, None, "expected no tags (!name)", event.start_mark
            )
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise _TooLargeError(problem_mark=event.start_mark)
        if self._depth == _DEEPEST:
            problem = f"expected at most {_DEEPEST} levels"
            raise yaml.composer.ComposerError(None, None, problem, event.start_mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def _locate(file: str, mark: yaml.Mark | None, path: FieldPath) -> Location:
    named = spell_field(path) or None
    if mark is None:
        return Location(file, field=named)
    return Location(file, line=mark.line + 1, column=mark.column + 1, field=named)


def _read_node(node: Node, path: FieldPath, marked: MarkedData) -> Data:
    marked.values[path] = node.start_mark
    if isinstance(node, yaml.MappingNode):
        return _read_mapping(node, path, marked)
    if isinstance(node, yaml.SequenceNode):
        return [_read_node(item, (*path, i), marked) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        return _read_scalar(node)
    raise TypeError(node)  # YAML has no other kinds


def _read_mapping(node: MappingNode, path: FieldPath, marked: MarkedData) -> dict[str, Data]:
    members: dict[str, Data] = {}
    for key, value in node.value:
        name = _read_scalar(key) if isinstance(key, yaml.ScalarNode) else None
        if not isinstance(name, str):
            place = _locate(marked.file, key.start_mark, path)
            marked.faults.append(Fault(place, "bad-key", "expected the name of a member"))
        elif name in members:
            place = _locate(marked.file, key.start_mark, (*path, name))
            line = marked.keys[*path, name].line + 1
            message = f"expected each name once; it is also on line {line}"
            marked.faults.append(Fault(place, "duplicate-key", message))
        else:
            marked.keys[*path, name] = key.start_mark
            members[name] = _read_node(value, (*path, name), marked)
    return members


def _read_scalar(node: ScalarNode) -> Data:
    text: str = node.value
    kind = node.tag.removeprefix(_TAG)
    match kind:
        case "str":
            return text
        case "null":
            return None
        case "int" if _WHOLE_NUMBER.fullmatch(text):
            return int(text)
        case _:
            return Unquoted(text, kind)
