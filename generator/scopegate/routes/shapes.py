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

    def find_overlapping(self, shape: Shape) -> list[Shape]:
        """Find the shapes that share a path with `shape`, itself included."""
        return self._find(shape, _choose_overlapping)

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


# A parameter matches any segment but the empty one. The order in which segments are chosen is that
# of the result, so they stand in no set: its order differs from one run of Python to the next.


def _choose_general(segment: str | None, _: Collection[str | None]) -> Iterable[str | None]:
    return (segment, None) if segment else (segment,)


def _choose_overlapping(segment: str | None, known: Collection[str | None]) -> Iterable[str | None]:
    if segment is None:
        return [each for each in known if each != ""]
    return _choose_general(segment, known)
