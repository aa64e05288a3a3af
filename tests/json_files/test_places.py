"""Where the values of a JSON file stand."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopegate.json_files.places import Keys, Places, spell_path, spell_pointer

TEXT = """\
{
  "roles": [
    {"policy": {"Version": "1.1", "a \\" b": [ 7,
      "x"], "Depends": {}}},
    []
  ]
}
"""


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ((), "f.json:1:1"),
        (("roles",), "f.json:2:12: roles"),
        (("roles", 0), "f.json:3:5: roles[0]"),
        (("roles", 0, "policy", "Version"), "f.json:3:28: roles[0].policy.Version"),
        (("roles", 0, "policy", 'a " b', 0), 'f.json:3:47: roles[0].policy["a \\" b"][0]'),
        (("roles", 0, "policy", 'a " b', 1), 'f.json:4:7: roles[0].policy["a \\" b"][1]'),
        # What is not there is where what it could be in is.
        (("roles", 0, "policy", "Statement", 3), "f.json:3:16: roles[0].policy.Statement[3]"),
        (("roles", 0, "policy", "Version", 0), "f.json:3:28: roles[0].policy.Version[0]"),
        (("roles", 0, "policy", "Depends", "x"), "f.json:4:24: roles[0].policy.Depends.x"),
        (("roles", 1, 0), "f.json:5:5: roles[1][0]"),
        (("roles", 2), "f.json:2:12: roles[2]"),
        (("roles", "name"), "f.json:2:12: roles.name"),
        ((0,), "f.json:1:1: [0]"),
    ],
)
def test_a_value_has_its_line_and_column(keys: Keys, place: str) -> None:
    assert str(Places("f.json", TEXT).locate(keys)) == place


def test_blanks_come_before_a_document() -> None:
    assert str(Places("f.json", '\n\t "x"').locate(())) == "f.json:2:3"


def test_of_a_member_that_stands_twice_the_last_is_read() -> None:
    assert str(Places("f.json", '{"a": 1, "a": 2}').locate(("a",))) == "f.json:1:15: a"


def test_a_file_without_text_has_no_lines() -> None:
    assert str(Places("x.tar.gz").locate(("a", 0))) == "x.tar.gz: a[0]"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def list_values(value: object, keys: Keys = ()) -> list[tuple[Keys, Any]]:
    inside: Any = []
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    return [(keys, value), *(each for k, v in inside for each in list_values(v, (*keys, k)))]


@given(value=JSON, indent=st.none() | st.integers(0, 3), spelling=st.sampled_from([ascii, str]))
def test_each_value_is_read_again_from_its_place(
    value: object, indent: int | None, spelling: object
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=spelling is ascii)
    places = Places("f.json", text)
    for keys, expected in list_values(value):
        place = places.locate(keys)
        assert place.line
        assert place.column
        rest = "\n".join(text.split("\n")[place.line - 1 :])[place.column - 1 :]
        assert json.JSONDecoder().raw_decode(rest)[0] == expected


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        ({"roles": [{"id": n, "policy": {"x": ["a" * 100]}} for n in range(90_000)]}, ()),
        ("[" * 30 + "1," * 4_000_000 + "1" + "]" * 30, (0,) * 29),
    ],
)
def test_a_thousand_places_in_a_large_file_take_seconds(value: object, keys: Keys) -> None:
    text = value if isinstance(value, str) else json.dumps(value)
    places = Places("f.json", text)
    start = time.perf_counter()
    for number in range(1000):
        inner = (number,) if keys else ("roles", 80 * number, "policy", "x", 0)
        place = places.locate((*keys, *inner))
        assert place.line == 1
        assert place.column
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize(
    ("keys", "pointer"),
    [
        ((), ""),
        (("roles", 3, "policy"), "/roles/3/policy"),
        (("",), "/"),
        (("a/b", "m~n", "~1", " ", '"'), '/a~1b/m~0n/~01/ /"'),
    ],
)
def test_keys_are_spelt_as_a_json_pointer(keys: Keys, pointer: str) -> None:
    assert spell_pointer(keys) == pointer


def test_keys_are_spelt_as_a_path() -> None:
    assert spell_path(("roles", 3, "a b", "c")) == 'roles[3]["a b"].c'
    assert spell_path((0,), "Statement") == "Statement[0]"
