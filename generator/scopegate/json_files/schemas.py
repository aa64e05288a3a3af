"""What a JSON Schema says against a value, in the words of all other faults."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from scopegate.errors import Flaw
from scopegate.forms import describe_unknown, list_names
from scopegate.json_files.nodes import show_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from jsonschema import Draft7Validator, ValidationError

    from scopegate.json_files.nodes import Node
    from scopegate.json_files.places import Keys

UNKNOWN: Final = "unknown-member"
"""The code of a member that none is expected to be."""

_TYPES: Final = {
    "array": "a list",
    "boolean": "true or false",
    "object": "an object",
    "string": "a string",
}

_EMPTY: Final = {
    "minItems": "expected at least one; found none",
    "minLength": 'expected a string that is not empty; found ""',
}


def report_errors(node: Node, validator: Draft7Validator) -> bool:
    """Report each error of a value once, and tell whether there is any."""
    before = len(node.faults)
    for keys, flaw in describe_errors(validator.iter_errors(node.value)):
        node.inside(*keys).report(flaw.code, flaw.message)
    return len(node.faults) > before


def describe_errors(errors: Iterable[ValidationError]) -> Iterator[tuple[Keys, Flaw]]:
    """Say in words what a schema says, each once, with the keys that lead to the place."""
    told = set()
    for error in errors:
        for each in _describe(error):
            if each not in told:
                told.add(each)
                yield each


def _describe(error: ValidationError) -> Iterator[tuple[Keys, Flaw]]:
    keys = tuple(error.absolute_path)
    # Of an error that comes out of a schema they are never unset, as the stubs fear.
    schema: Any = error.schema
    found: Any = error.instance
    match error.validator:
        case "type" | "oneOf" if _is_said_otherwise(error):
            pass
        case "required":
            for name in schema["required"]:
                if name not in found:
                    yield (*keys, name), Flaw("missing-member", "missing")
        case "additionalProperties":
            yield from _find_unknown(keys, found, schema["properties"])
        case "anyOf" if all(len(each.get("properties", ())) == 1 for each in schema["anyOf"]):
            # Objects of which each has a member of its own: a scope.
            known = [name for each in schema["anyOf"] for name in each["properties"]]
            unknown = list(_find_unknown(keys, found, known))
            yield from unknown
            if not unknown:
                message = f"expected an object with {list_names(known)}, and its value"
                yield keys, Flaw("bad-value", f"{message}; found {_show_members(found)}")
        case "anyOf" if all("properties" in each for each in schema["anyOf"]):
            # Of several forms that one is meant which the least speaks against.
            forms = groupby(error.context or (), key=lambda each: each.schema_path[0])
            for each in min([list(form) for _, form in forms], key=len):
                yield from _describe(each)
        case _:
            yield keys, Flaw("bad-value", _describe_value(error, schema, found))


def _is_said_otherwise(error: ValidationError) -> bool:
    """Tell whether another error says more: what is allowed, or that a value is no object."""
    schema: Any = error.schema
    return "enum" in schema if error.validator == "type" else not isinstance(error.instance, dict)


def _find_unknown(keys: Keys, found: object, known: Collection[str]) -> Iterator[tuple[Keys, Flaw]]:
    for name in found if isinstance(found, dict) else ():
        if name not in known:
            yield (*keys, name), Flaw(UNKNOWN, describe_unknown(name, known))


def _show_members(value: object) -> str:
    if not isinstance(value, dict):
        return show_value(value)
    return " and ".join(f"{name}: {show_value(each)}" for name, each in value.items()) or "none"


def _describe_value(
    error: ValidationError,
    schema: Mapping[str, Any],
    found: Any,  # noqa: ANN401  any JSON
) -> str:
    match error.validator:
        case "enum":
            allowed = " or ".join(map(show_value, schema["enum"]))
            return f"expected {allowed}; found {show_value(found)}"
        case "type":
            return f"expected {_TYPES[schema['type']]}; found {show_value(found)}"
        case "minItems" | "minLength":
            return _EMPTY[error.validator]
        case "oneOf":
            both = "both" if "Action" in found else "neither"
            return f"expected either Action or NotAction; found {both}"
        case "anyOf":
            shown = show_value(found)
            return f'expected a list of strings, or {{"uri": […]}} with one; found {shown}'
        case _:  # whatever the schema may ask for one day
            shown = show_value(found)
            return f"expected what the schema asks for by {error.validator}; found {shown}"
