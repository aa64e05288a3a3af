"""JSON files of unknown origin: strictly read, with all that is odd about them at once."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NoReturn

from scopegate.errors import Fault, FaultsError, ScopegateError, escape_unseen, quote_text
from scopegate.identity.nodes import Node
from scopegate.location import Location, show_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MOST_BYTES: Final = 16 * 1024 * 1024
"""Of one file: many times the largest page that the vendor's calls answer with."""

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


def read_document(path: Path) -> Any:  # noqa: ANN401  any JSON
    """Read a JSON file.

    Raises FaultsError with all that is wrong about its JSON, and OSError where it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    name = name_file(path)
    if len(data) > MOST_BYTES:
        raise FaultsError(
            [Fault(Location(name), "too-large", f"expected at most {MOST_BYTES} bytes")]
        )
    return parse_document(data, name)


def parse_document(data: bytes, name: str) -> Any:  # noqa: ANN401  any JSON
    """Parse JSON; `name` is what messages call it.

    No object has a member twice, all text can be encoded, numbers are finite, and nothing is nested
    deeper than 32 levels. Raises FaultsError otherwise.
    """
    try:
        value = json.loads(
            data,
            object_pairs_hook=_Members,
            parse_constant=_refuse_number,
            parse_float=_parse_number,
        )
    except json.JSONDecodeError as error:
        place = Location(name, line=error.lineno, column=error.colno)
        fault = Fault(place, "not-json", f"expected JSON: {error.msg}")
    except UnicodeDecodeError:
        fault = Fault(Location(name), "bad-encoding", "expected JSON in UTF-8")
    except ValueError as error:
        fault = Fault(Location(name), "not-json", f"expected JSON: {error}")
    except RecursionError:
        fault = Fault(Location(name), "too-deep", _describe_depth())
    else:
        faults: list[Fault] = []
        _check(Node(name, value, faults))
        if faults:
            raise FaultsError(faults)
        return value
    raise FaultsError([fault])


class _Members(dict[str, Any]):
    """An object, and the names that it has more than once: Python would keep the last alone."""

    __slots__ = ("repeated",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counted = Counter(name for name, _ in pairs) if len(self) < len(pairs) else {}
        self.repeated = tuple(name for name, number in counted.items() if number > 1)


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _parse_number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        _refuse_number(quote_text(text))
    return number


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
        elif not isinstance(node.value, dict | list):
            continue
        elif len(stack) > _MOST_LEVELS:
            node.report("too-deep", _describe_depth())
        else:
            stack.append(_check_inside(node))


def _check_inside(node: Node) -> Iterator[Node]:
    """Check the names of members, and yield what is inside of an object or a list."""
    match node.value:
        case _Members():
            for name in node.value.repeated:
                node.take(name, None).report("duplicate-member", "expected each member once")
            for name, value in node.value.items():
                _check_text(node, name)
                yield node.take(name, value)
        case listed:
            for index, value in enumerate(listed):
                yield node.take(index, value)


def _check_text(node: Node, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        node.report("bad-text", f"expected Unicode; found half a character in {quote_text(text)}")


def _describe_depth() -> str:
    return f"expected at most {_MOST_LEVELS} levels of nesting"
