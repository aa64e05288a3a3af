"""Inputs that no gateway sends: real ones with something else in one or two of their places."""

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = settings(
    max_examples=200,
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

_anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 200)
    | st.sampled_from(["", "p1", "evs", "GET", "/", "%", "é", "project_id:p1", "x-original-url"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@st.composite
def junk(draw: st.DrawFn, given: Any) -> Any:  # noqa: ANN401  # any JSON
    """The input `given` with a few of its places replaced by anything, or left out."""
    for _ in range(draw(st.integers(1, 3))):
        given = _damage(draw, given)
    return given


def _damage(draw: st.DrawFn, value: Any) -> Any:  # noqa: ANN401  # any JSON
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 5)) == 0:
        return draw(_anything)
    if isinstance(value, list):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], _damage(draw, value[place]), *value[place + 1 :]]
    key = draw(st.sampled_from(sorted(value)))
    rest = {name: item for name, item in value.items() if name != key}
    return rest if draw(st.integers(0, 3)) == 0 else rest | {key: _damage(draw, value[key])}
