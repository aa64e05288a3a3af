"""The schemas that editors use say what the code says."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scopegate.cells.actions import ACTION_PATTERN
from scopegate.cells.endpoints import METHODS
from scopegate.cells.wordings import HEADERS
from scopegate.project import FORMS
from scopegate.tables.model import TABLE_FORM, Support

DEFS = TABLE_FORM.schema["$defs"]


def list_schemas(schema: object) -> list[dict[str, Any]]:
    """List the schemas of members, references apart."""
    found = []
    if isinstance(schema, dict):
        if schema.keys() & {"type", "enum"} and "properties" not in schema:
            found.append(schema)
        for value in schema.values():
            found.extend(list_schemas(value))
    return found


@pytest.mark.parametrize("name", FORMS)
def test_the_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(FORMS[name].schema)


@pytest.mark.parametrize("name", FORMS)
def test_every_member_says_what_it_expects(name: str) -> None:
    schemas = list_schemas(FORMS[name].schema)
    assert schemas
    assert [schema for schema in schemas if not schema.get("description")] == []


def test_the_lists_and_grammars_are_those_of_the_code() -> None:
    assert DEFS["Endpoint"]["properties"]["method"]["enum"] == list(METHODS)
    assert DEFS["Support"]["enum"] == list(Support)
    languages = DEFS["Document"]["properties"]["language"]["enum"]
    assert set(languages) == {language for _, language in HEADERS.values()}
    actions = DEFS["Row"]["properties"]["actions"]["items"]
    assert actions["pattern"] == f"^{ACTION_PATTERN.pattern}$"


def test_no_member_is_unknown_or_null() -> None:
    for definition in DEFS.values():
        assert definition.get("additionalProperties") is False or "enum" in definition
    assert "null" not in json.dumps(TABLE_FORM.schema)


@pytest.mark.parametrize("name", FORMS)
def test_the_schema_is_plain_ascii(name: str) -> None:
    # Unseen characters in it would be just that.
    assert FORMS[name].spell_schema().isascii()
