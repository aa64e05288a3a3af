"""What a JSON Schema says against a value, in the words of all other faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scopegate.identity.nodes import show_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from jsonschema import Draft7Validator, ValidationError

    from scopegate.identity.nodes import Node

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
        case "type" if "enum" in schema:
            pass  # what is allowed says more, and is said, too
        case "required":
            for name in schema["required"]:
                if name not in found:
                    yield node.take(name, None), "missing-member", "missing"
        case "additionalProperties":
            yield from _find_unknown(node, schema["properties"])
        case "anyOf" if all("properties" in each for each in schema["anyOf"]):
            # Objects of which each has members of its own: a scope.
            known = [name for each in schema["anyOf"] for name in each["properties"]]
            unknown = list(_find_unknown(node, known))
            yield from unknown
            if not unknown:
                message = f"expected an object with one of {', '.join(known)}, and its value"
                yield node, "bad-value", f"{message}; found {_show_members(found)}"
        case _:
            yield node, "bad-value", _describe_value(error, schema, found)


def describe_unknown(known: Iterable[str]) -> str:
    """Say that a member is none of those that are known."""
    return f"unknown; expected one of {', '.join(known)}"


def _find_unknown(node: Node, known: Collection[str]) -> Iterator[tuple[Node, str, str]]:
    for name in node.value if isinstance(node.value, dict) else ():
        if name not in known:
            yield node.take(name, None), "unknown-member", describe_unknown(known)


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
