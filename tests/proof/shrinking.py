"""The least that still shows what was found."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from tests.decisions.inputs.malformed import places, replaced, value_at, without

_PLAIN: Final[tuple[Any, ...]] = (None, "", "x", "p1", [], {})
"""Tried in the place of what can't be left out, plainest first."""


def shrink(given: Any, is_shown: Callable[[Any], bool]) -> Any:  # noqa: ANN401  any JSON
    """Leave out and replace what does not matter, for as long as the rest still shows it.

    `is_shown` says whether an input does; of `given` it is true.
    """
    shrunk = True
    while shrunk:
        shrunk = False
        for simpler in simplify(given):
            if is_shown(simpler):
                given, shrunk = simpler, True
                break
    return given


def simplify(given: Any) -> Iterator[Any]:  # noqa: ANN401  any JSON
    """What is simpler by one step: a part left out, or something plain in its place."""
    # As a member, so that the whole is replaced as its parts are.
    wrapped = {"given": given}
    found = sorted(places(wrapped), key=len)
    for place in found[1:]:
        yield without(wrapped, place)["given"]
    for place in found:
        for simpler in simplify_value(value_at(wrapped, place)):
            yield replaced(wrapped, place, simpler)["given"]


def simplify_value(value: Any) -> Iterator[Any]:  # noqa: ANN401  any JSON
    """What may stand in the place of a value, and is plainer."""
    parts: Iterable[Any] = ()
    if isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, list):
        parts = value
    elif isinstance(value, str):
        half = len(value) // 2
        parts = (value[:half], value[half:], value[1:], value[:-1])
    yield from (each for each in (*_PLAIN, *parts) if size(each) < size(value))


def size(value: Any) -> tuple[int, int]:  # noqa: ANN401  any JSON
    """How much there is of a value; less is plainer, so that shrinking comes to an end."""
    text = repr(value)
    return (len(text), len(text) - text.count("x"))
