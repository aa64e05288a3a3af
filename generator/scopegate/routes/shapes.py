"""Many shapes, searched by the paths that they share with another."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from scopegate.routes.template import Shape

    _Trie: TypeAlias = dict[str | None, "_Trie"]
    _Choice: TypeAlias = Callable[[str | None, Collection[str | None]], Iterable[str | None]]


class ShapeIndex:
    """A set of shapes that keeps its order, and a trie of their segments for each length."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self._shapes: dict[Shape, None] = {}
        self._tries: dict[int, _Trie] = {}
        for shape in shapes:
            self.add(shape)

    def __iter__(self) -> Iterator[Shape]:
        return iter(self._shapes)

    def __len__(self) -> int:
        return len(self._shapes)

    def add(self, shape: Shape) -> bool:
        """Add a shape; tell whether it was new."""
        if shape in self._shapes:
            return False
        self._shapes[shape] = None
        node = self._tries.setdefault(len(shape), {})
        for segment in shape:
            node = node.setdefault(segment, {})
        return True

    def find_general(self, shape: Shape) -> list[Shape]:
        """Find the shapes that have every path of `shape`, itself included."""
        return self._find(shape, _choose_general)

    def find_special(self, shape: Shape) -> list[Shape]:
        """Find the shapes all of whose paths are paths of `shape`, itself included."""
        return self._find(shape, _choose_special)

    def find_overlapping(self, shape: Shape) -> list[Shape]:
        """Find the shapes that share a path with `shape`."""
        return self._find(
            shape,
            lambda segment, known: {
                *_choose_general(segment, known),
                *_choose_special(segment, known),
            },
        )

    def _find(self, shape: Shape, choose: _Choice) -> list[Shape]:
        found: list[tuple[Shape, _Trie]] = [((), self._tries.get(len(shape), {}))]
        for segment in shape:
            found = [
                ((*start, each), node[each])
                for start, node in found
                for each in choose(segment, node)
                if each in node
            ]
        return [each for each, _ in found]


def _choose_general(segment: str | None, _: Collection[str | None]) -> Iterable[str | None]:
    # A parameter matches any segment but the empty one.
    return {segment} if segment == "" else {segment, None}


def _choose_special(segment: str | None, known: Collection[str | None]) -> Iterable[str | None]:
    return [each for each in known if each != ""] if segment is None else {segment}
