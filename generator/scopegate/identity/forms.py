"""What a JSON Schema says against a value, in the words of all other faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scopegate.identity.nodes import show_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import Draft7Validator, ValidationError

    from scopegate.identity.nodes import Node

_TYPES: Final = {"array": "a list", "object": "an object", "string": "a string"}


def report_errors(node: Node, validator: Draft7Validator) -> bool:
    """Report each error of a value once, and tell whether there is any."""
    errors = {
        (place.path, code, message): place
        for error in validator.iter_errors(node.value)
        for place, code, message in _describe(error, node)
    }
    for (_, code, message), place in errors.items():
        place.report(code, message)
    return bool(errors)


def _describe(error: ValidationError, node: Node) -> Iterator[tuple[Node, str, str]]:
    for key in error.absolute_path:
        node = node.take(key, node.value[key])
    # Of an error that comes out of a schema they are never unset, as the stubs fear.
    schema: Any = error.schema
    found: Any = error.instance
    match error.validator:
        case "required":
            for name in schema["required"]:
                if name not in found:
                    yield node.take(name, None), "missing-member", "missing"
        case "additionalProperties":
            known = schema["properties"]
            for name in found:
                if name not in known:
                    message = f"unknown; expected one of {', '.join(known)}"
                    yield node.take(name, None), "unknown-member", message
        case _:
            yield node, "bad-value", _describe_value(error, schema, found)


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
        case "minItems":
            return "expected at least one; found none"
        case "oneOf":
            both = "both" if "Action" in found else "neither"
            return f"expected either Action or NotAction; found {both}"
        case "anyOf":
            shown = show_value(found)
            return f'expected a list of strings, or {{"uri": […]}} with one; found {shown}'
        case _:  # whatever the schema may ask for one day
            shown = show_value(found)
            return f"expected what the schema asks for by {error.validator}; found {shown}"
