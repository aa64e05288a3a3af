"""Whether the data of a table file is a table: its JSON Schema, and what a schema cannot say."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from scopegate.errors import Fault, quote_text
from scopegate.tables.marks import Unquoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scopegate.tables.marks import Data, MarkedData

SCHEMA_NAME: Final = "table.schema.json"
MOST_ERRORS: Final = 1000
"""That are looked for by the schema: a small file can have a million."""


def find_faults(marked: MarkedData, path: Path) -> list[Fault]:
    """Find what keeps the data of the file at `path` from being a table, by line.

    It is everything, unless one of the faults says that there are too many.
    """
    faults = [
        *marked.faults,
        *_check_schema(marked),
        *_check_place(marked, path),
        *_check_row_numbers(marked),
        *_check_mirrors(marked),
    ]
    return sorted(faults, key=lambda fault: (fault.location.line or 0, fault.location.column or 0))


@cache
def read_schema() -> dict[str, Any]:
    """Read the JSON Schema of a table file, which is part of the package."""
    text = resources.files(__package__).joinpath(SCHEMA_NAME).read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _check_schema(marked: MarkedData) -> Iterator[Fault]:
    errors = _Validator(read_schema()).iter_errors(marked.value)
    for error in islice(errors, MOST_ERRORS):
        path = tuple(error.absolute_path)
        properties = error.schema.get("properties", {})
        match error.validator:
            case "required":
                message = f"missing; expected {_describe(properties[path[-1]])}"
                yield Fault(marked.locate_value(path), "missing-field", message)
            case "additionalProperties":
                message = f"unknown; expected one of {', '.join(properties)}"
                yield Fault(marked.locate_key(path), "unknown-field", message)
            case "uniqueItems":
                message = f"expected nothing twice; this is [{error.message}] again"
                yield Fault(marked.locate_value(path), "duplicate-item", message)
            case _:
                message = f"expected {_describe(error.schema)}; found {_show(error.instance)}"
                yield Fault(marked.locate_value(path), "bad-value", message)
    for error in islice(errors, 1):
        message = "the rest of the faults of the schema are not looked for"
        yield Fault(marked.locate_value(tuple(error.absolute_path)), "too-many", message)


def _describe(schema: Any) -> str:  # noqa: ANN401  a schema is any JSON
    """Give the description of a schema, which completes "expected …"."""
    if "$ref" in schema:
        schema = read_schema()["$defs"][schema["$ref"].rpartition("/")[2]]
    return str(schema["description"])


def _show(found: Data) -> str:
    match found:
        case None:
            return "nothing"
        case Unquoted(text, kind):
            return f"{text[:40]}, which is read as {kind} since it has no quotes"
        case str():
            return quote_text(found)
        case list():
            return f"a list of {len(found)}"
        case dict():
            return "a mapping"
        case int():
            return str(found)


# The keywords below differ from those of jsonschema in two things: every error carries the path of
# the very member at fault, and `$` is the end of the text (that of Python's `re` also matches
# before a newline at the end).


def _match_pattern(_: object, pattern: str, found: object, __: object) -> Iterator[ValidationError]:
    if isinstance(found, str) and not re.fullmatch(pattern, found):
        yield ValidationError("no match")


def _find_missing(
    _: object, names: list[str], found: object, __: object
) -> Iterator[ValidationError]:
    if isinstance(found, dict):
        for name in names:
            if name not in found:
                yield ValidationError("missing", path=[name])


def _find_unknown(
    _: object, __: object, found: object, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(found, dict):
        for name in found:
            if name not in schema["properties"]:
                yield ValidationError("unknown", path=[name])


def _find_duplicates(
    _: object, __: object, found: object, ___: object
) -> Iterator[ValidationError]:
    if isinstance(found, list):
        seen: dict[str, int] = {}
        for index, item in enumerate(found):
            first = seen.setdefault(json.dumps(item, sort_keys=True, default=repr), index)
            if first != index:
                yield ValidationError(str(first), path=[index])


_Validator: Final = extend(  # type: ignore[no-untyped-call]  # so in the stubs
    Draft202012Validator,
    {
        "pattern": _match_pattern,
        "required": _find_missing,
        "additionalProperties": _find_unknown,
        "uniqueItems": _find_duplicates,
    },
)


def _check_place(marked: MarkedData, path: Path) -> Iterator[Fault]:
    """Check that the file stands where its own names say: `<provider>/<service>/<name>.yaml`."""
    if not isinstance(marked.value, dict):
        return
    file, service, provider = (*path.absolute().parts[::-1], "", "")[:3]
    name, suffix = file.removesuffix(path.suffix), path.suffix
    if suffix != ".yaml":
        message = f"expected a file whose name ends in .yaml; found {quote_text(file)}"
        yield Fault(marked.locate_value(()), "wrong-place", message)
    for member, expected in (
        ("provider", provider),
        ("service", service),
        ("table", f"{service}/{name}"),
    ):
        found = marked.value.get(member)
        if isinstance(found, str) and found != expected:
            message = (
                f"expected {quote_text(expected)}, as the file's place says; found {_show(found)}"
            )
            yield Fault(marked.locate_value((member,)), "wrong-place", message)


def _check_row_numbers(marked: MarkedData) -> Iterator[Fault]:
    for index, row in _list_members(marked.value, "rows"):
        number = row.get("row")
        if isinstance(number, int) and number != index + 1:
            message = f"expected {index + 1}: rows are numbered from 1 in order; found {number}"
            yield Fault(marked.locate_value(("rows", index, "row")), "wrong-row-number", message)


def _check_mirrors(marked: MarkedData) -> Iterator[Fault]:
    segments = {
        segment
        for _, row in _list_members(marked.value, "rows")
        for _, endpoint in _list_members(row, "endpoints")
        for segment in str(endpoint.get("path")).split("/")
    }
    seen: set[tuple[str, str]] = set()
    for index, mirror in _list_members(marked.value, "mirrors"):
        source, target = mirror.get("from"), mirror.get("to")
        if not isinstance(source, str) or not isinstance(target, str):
            continue
        place = marked.locate_value(("mirrors", index, "from"))
        if source not in segments:
            message = f"expected a segment of a path of this table; found {_show(source)}"
            yield Fault(place, "mirror-of-nothing", message)
        if source == target:
            message = f"expected two versions; both are {_show(source)}"
            yield Fault(place, "mirror-of-itself", message)
        if (source, target) in seen:
            message = f"expected each mirror once; found {_show(source)} to {_show(target)} again"
            yield Fault(place, "duplicate-item", message)
        seen.add((source, target))


def _list_members(data: Data, name: str) -> Iterator[tuple[int, dict[str, Data]]]:
    """List the mappings in the list `name` of a mapping, each with its index."""
    members = data.get(name) if isinstance(data, dict) else None
    for index, member in enumerate(members if isinstance(members, list) else ()):
        if isinstance(member, dict):
            yield index, member
