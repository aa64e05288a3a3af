"""The schema that editors use says what the code says."""

import json
from dataclasses import fields
from typing import Any

from jsonschema import Draft202012Validator

from scopegate.cells.actions import ACTION
from scopegate.cells.endpoints import LITERAL, METHODS, PATH
from scopegate.cells.text import TEXT as CELL_TEXT
from scopegate.cells.wordings import HEADERS
from scopegate.tables.checks import read_schema
from scopegate.tables.model import Document, Endpoint, Row, Scopes, Support, Table
from scopegate.tables.names import NAME

SCHEMA = read_schema()
TABLE = SCHEMA["properties"]
DEFS = SCHEMA["$defs"]


def list_schemas(schema: object) -> list[dict[str, Any]]:
    """List the schema and all schemas in it, references and bare conditions apart."""
    found = []
    if isinstance(schema, dict):
        if schema.keys() & {"type", "enum", "minItems", "maxItems"}:
            found.append(schema)
        for value in schema.values():
            found.extend(list_schemas(value))
    return found


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_schema_says_what_it_expects() -> None:
    assert [schema for schema in list_schemas(SCHEMA) if not schema.get("description")] == []


def test_the_grammars_are_those_of_the_cells() -> None:
    assert DEFS["action"]["pattern"] == f"^{ACTION.pattern}$"
    assert DEFS["literal"]["pattern"] == f"^{LITERAL.pattern}$"
    assert DEFS["endpoint"]["properties"]["path"]["pattern"] == f"^{PATH.pattern}$"
    assert DEFS["text"]["pattern"] == f"^{CELL_TEXT.pattern}$"
    assert DEFS["name"]["pattern"] == f"^{NAME.pattern}$"
    assert TABLE["table"]["pattern"] == f"^{NAME.pattern}/{NAME.pattern}$"


def test_the_lists_are_those_of_the_code() -> None:
    assert DEFS["endpoint"]["properties"]["method"]["enum"] == list(METHODS)
    assert DEFS["support"]["enum"] == list(Support)
    languages = TABLE["document"]["properties"]["language"]["enum"]
    assert set(languages) == {language for _, language in HEADERS.values()}


def test_the_fields_are_those_of_the_model() -> None:
    for schema, model in (
        (SCHEMA, Table),
        (TABLE["document"], Document),
        (DEFS["row"], Row),
        (DEFS["row"]["properties"]["scopes"], Scopes),
        (DEFS["endpoint"], Endpoint),
    ):
        assert schema["properties"].keys() == {field.name for field in fields(model)}
        assert schema["additionalProperties"] is False


def test_the_schema_is_plain_ascii_json() -> None:
    # Unseen characters in it would be just that.
    assert json.dumps(SCHEMA).isascii()
