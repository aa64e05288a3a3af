"""JSON files of unknown origin: strictly read, with all that is odd about them at once."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from scopegate.errors import Fault, ScopegateError, escape_unseen, quote_text
from scopegate.json_files.nodes import Node
from scopegate.json_files.places import Places
from scopegate.location import Location, show_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_MOST_LEVELS: Final = 32
"""Of nesting: a condition in a list of roles, the deepest that there is, has eight."""


def list_files(paths: Iterable[Path]) -> list[Path]:
    """List files, and the JSON files below folders, each once; sorted by what messages call them.

    Raises ScopegateError where a folder has none.
    """
    found: list[Path] = []
    for path in paths:
        files = list(path.glob("**/*.json")) if path.is_dir() else [path]
        if not files:
            raise ScopegateError(f"{name_file(path)} has no file whose name ends in .json")
        found.extend(files)
    once: dict[Path, Path] = {}
    for file in sorted(found, key=name_file):
        once.setdefault(file.resolve(), file)
    return list(once.values())


def name_file(path: Path) -> str:
    """Give what messages call a file; whoever made a folder of exports chose names in it."""
    return escape_unseen(show_path(path))


def read_document(path: Path, faults: list[Fault], *, most_bytes: int) -> Node | None:
    """Read a JSON file; what is wrong about its JSON is added to `faults`, and there is no value.

    Raises OSError where it cannot be read, and FaultsError where there are too many faults.
    """
    with path.open("rb") as file:
        data = file.read(most_bytes + 1)
    name = name_file(path)
    if len(data) > most_bytes:
        Node(Places(name), None, faults).report(
            "too-large", f"expected at most {most_bytes:,} bytes"
        )
        return None
    return parse_document(data, name, faults)


def parse_document(data: bytes, name: str, faults: list[Fault]) -> Node | None:
    """Parse JSON; `name` is what messages call it.

    No object has a member twice, all text can be encoded, numbers are finite, and nothing is nested
    deeper than 32 levels. What is otherwise is added to `faults`, and there is no value. Raises
    FaultsError where there are too many faults.
    """
    whole = Node(Places(name), None, faults)
    try:
        # What a pair of its escapes is half of is found later, with its place.
        text = data.decode(json.detect_encoding(data), "surrogatepass")
        value = json.loads(text, object_pairs_hook=_Members, parse_int=_parse_integer)
    except json.JSONDecodeError as error:
        place = Location(name, line=error.lineno, column=error.colno)
        faults.append(Fault(place, "not-json", f"expected JSON: {error.msg}"))
    except UnicodeDecodeError as error:
        line, column = _count_lines(data[: error.start])
        place = Location(name, line=line, column=column)
        faults.append(Fault(place, "bad-encoding", "expected JSON in UTF-8"))
    except RecursionError:
        whole.report("too-deep", _describe_depth())
    else:
        node = Node(Places(name, text), value, faults)
        before = len(faults)
        _check(node)
        return node if len(faults) == before else None
    return None


def _count_lines(data: bytes) -> tuple[int, int]:
    """Count the lines up to the end of something, and the characters in the last of them."""
    *before, last = data.split(b"\n")
    return len(before) + 1, len(last.decode(errors="replace")) + 1


class _Members(dict[str, Any]):
    """An object, and the names that it has more than once: Python would keep the last alone."""

    __slots__ = ("repeated",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counted = Counter(name for name, _ in pairs) if len(self) < len(pairs) else {}
        self.repeated = tuple(name for name, number in counted.items() if number > 1)


def _parse_integer(text: str) -> float:
    """Parse a whole number; one that Python refuses for its length is as good as infinite."""
    try:
        return int(text)
    except ValueError:
        return math.inf


def _check(start: Node) -> None:
    """Report what JSON allows and we do not. No recursion: the nesting is the file's to choose."""
    stack = [iter([start])]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
            continue
        if isinstance(node.value, str):
            _check_text(node, node.value)
        elif isinstance(node.value, float):
            if not math.isfinite(node.value):
                node.report("not-json", "expected JSON: a number that is finite, and not too long")
        elif not isinstance(node.value, dict | list):
            continue
        elif len(stack) > _MOST_LEVELS:
            node.report("too-deep", _describe_depth())
        else:
            stack.append(_check_inside(node))


def _check_inside(node: Node) -> Iterator[Node]:
    """Check the names of members, and yield what else is inside of an object or a list."""
    match node.value:
        case _Members():
            for name in node.value.repeated:
                node.take(name, None).report("duplicate-member", "expected each member once")
            for name, value in node.value.items():
                _check_text(node, name)
                if not _is_plain(value):
                    yield node.take(name, value)
        case listed:
            for index, value in enumerate(listed):
                if not _is_plain(value):
                    yield node.take(index, value)


def _is_plain(value: object) -> bool:
    """Tell whether nothing can be wrong with a value, as with most: a place takes time to make."""
    return value.isascii() if isinstance(value, str) else value is None or isinstance(value, int)


def _check_text(node: Node, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        node.report("bad-text", f"expected Unicode; found half a character in {quote_text(text)}")


def _describe_depth() -> str:
    return f"expected at most {_MOST_LEVELS} levels of nesting"
