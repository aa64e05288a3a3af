"""Schemas as expressions: what one matches satisfies its schema, and most of that matches."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from scopegate.render.plain import spell_plain_form

NAMES = ("a", "ab", "abc", "b", "ba", "c")
TEXTS = st.text("ab ,:{}[]\"'é*", max_size=4)
PLAIN_TEXTS = st.text("ab ,:{}[]'é*", max_size=4)


def write(value: object) -> str:
    """As OPA writes the list of one value."""
    return json.dumps([value], sort_keys=True, ensure_ascii=False)


def matches(schema: dict[str, Any], value: object) -> bool:
    return re.search(spell_plain_form(schema), write(value)) is not None


@st.composite
def make_schemas(  # noqa: PLR0911  one for each kind
    draw: st.DrawFn, depth: int = 3
) -> dict[str, Any]:
    kinds = [
        "string",
        "id",
        "boolean",
        "enum",
        *(["list", "object", "map", "either"] * (depth > 0)),
    ]
    match draw(st.sampled_from(kinds)):
        case "string":
            return {"type": "string"}
        case "id":
            return {"type": "string", "minLength": 1}
        case "boolean":
            return {"type": "boolean"}
        case "enum":
            values = st.sampled_from(["1.0", "1.1", "a", True, ["*"], {"a": "b"}])
            return {"enum": draw(st.lists(values, min_size=1, max_size=3))}
        case "list":
            numbers = draw(st.sampled_from([{}, {"minItems": 1}, {"minItems": 1, "maxItems": 1}]))
            return {"type": "array", "items": draw(make_schemas(depth - 1)), **numbers}
        case "map":
            return {"type": "object", "additionalProperties": draw(make_schemas(depth - 1))}
        case "either":
            return {"anyOf": [draw(make_objects(depth - 1)), draw(make_objects(depth - 1))]}
        case _:
            return draw(make_objects(depth))


@st.composite
def make_objects(draw: st.DrawFn, depth: int) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    return {
        "type": "object",
        "required": [name for name in names if draw(st.booleans())],
        "additionalProperties": False,
        "properties": {name: draw(make_schemas(max(depth - 1, 0))) for name in names},
    }


@st.composite
def make_values(  # noqa: PLR0911  one for each kind
    draw: st.DrawFn, schema: dict[str, Any], texts: st.SearchStrategy[str]
) -> Any:  # noqa: ANN401  any JSON
    """Values that satisfy the schema, with these texts."""
    match schema:
        case {"enum": values}:
            return draw(st.sampled_from(values))
        case {"anyOf": choices}:
            return draw(make_values(draw(st.sampled_from(choices)), texts))
        case {"type": "boolean"}:
            return draw(st.booleans())
        case {"type": "string"}:
            return draw(texts.filter(bool) if "minLength" in schema else texts)
        case {"type": "array", "items": items}:
            fewest, most = schema.get("minItems", 0), schema.get("maxItems", 3)
            return draw(st.lists(make_values(items, texts), min_size=fewest, max_size=most))
        case {"type": "object", "additionalProperties": dict(values)}:
            return draw(st.dictionaries(texts, make_values(values, texts), max_size=3))
        case _:
            return {
                name: draw(make_values(each, texts))
                for name, each in schema["properties"].items()
                if name in schema["required"] or draw(st.booleans())
            }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=6,
)


@given(st.data(), make_schemas())
def test_what_satisfies_a_schema_matches(data: st.DataObject, schema: dict[str, Any]) -> None:
    assert matches(schema, data.draw(make_values(schema, PLAIN_TEXTS)))


@given(st.data(), make_schemas(), make_schemas())
def test_what_matches_satisfies_the_schema(
    data: st.DataObject, schema: dict[str, Any], other: dict[str, Any]
) -> None:
    value = data.draw(make_values(other, TEXTS) | make_values(schema, TEXTS) | JSON)

    if matches(schema, value):
        Draft7Validator(schema).validate(value)


OBJECT: dict[str, Any] = {
    "type": "object",
    "required": ["c"],
    "properties": {
        "a": {"type": "string"},
        "b": {"type": "string", "characters": "^[!-~]+$"},
        "c": {"$ref": "#/definitions/id"},
        "d": {"description": "Anything."},
        "e": {"evaluated": False, "type": "string"},
    },
    "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
    "definitions": {"id": {"type": "string", "minLength": 1}},
}


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ({"a": "", "c": "x"}, True),
        ({"b": "x!~[]^-", "c": "x"}, True),
        ({"c": "x"}, False),
        ({"a": "", "b": "x", "c": "x"}, False),
        ({"a": ""}, False),
        ({"a": "", "c": ""}, False),
        ({"b": "x y", "c": "x"}, False),
        ({"b": "é", "c": "x"}, False),
        ({"b": "", "c": "x"}, False),
        ({"a": "", "c": "x", "d": 1}, False),
        ({"a": "", "c": "x", "e": ""}, False),
        ({"a": "", "c": "x", "f": ""}, False),
        ({"a": '"', "c": "x"}, False),
        ({"a": "\\", "c": "x"}, False),
        ({"a": None, "c": "x"}, False),
    ],
)
def test_each_keyword(value: object, plain: bool) -> None:  # noqa: FBT001
    assert matches(OBJECT, value) is plain


def test_a_member_that_is_added_is_known() -> None:
    properties = {**OBJECT["properties"], "f": {"type": "boolean"}}

    assert matches({**OBJECT, "properties": properties}, {"a": "", "c": "x", "f": True})


def test_alternatives_begin_differently() -> None:
    spelt = spell_plain_form({"enum": ["service", "services", "shadow", "x"]})

    assert spelt == r'^\["(?:s(?:ervice(?:"|s")|hadow")|x")\]$'


@pytest.mark.parametrize("schema", [{}, {"type": "number"}, {"type": "string", "minLength": 2}])
def test_what_no_expression_can_say_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no expression"):
        spell_plain_form(schema)
