"""Values as Rego: any text stays inside its quotes, and comes back as it was."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from scopegate.render.environment import make_environment, spell_block, spell_literal

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_a_literal_is_one_line_of_what_is_seen_and_the_same_value(value: object) -> None:
    spelt = spell_literal(value)

    assert spelt.isprintable()
    assert json.loads(spelt) == value


@given(VALUES)
def test_a_block_is_the_same_value(value: object) -> None:
    spelt = spell_block(value)

    assert all(line.lstrip("\t").isprintable() for line in spelt.split("\n"))
    # JSON but for the comma after the last member; a newline in a text is no newline here.
    assert json.loads(re.sub(r",(\n\t*[}\]])", r"\1", spelt)) == value


@pytest.mark.parametrize(
    ("value", "spelt"),
    [
        ([], "[]"),
        ({}, "{}"),
        ("a", '"a"'),
        ([1, {}], "[\n\t1,\n\t{},\n]"),
        ({"a": {"b": [True]}}, '{\n\t"a": {\n\t\t"b": [\n\t\t\ttrue,\n\t\t],\n\t},\n}'),
    ],
)
def test_a_block_has_a_line_for_each_member(value: object, spelt: str) -> None:
    assert spell_block(value) == spelt


def test_a_template_that_names_what_is_not_there_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        make_environment().from_string("{{ missing }}").render()
