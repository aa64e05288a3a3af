"""The built-ins that OPA leaves to the host of a policy in WebAssembly, as the rules use them.

What they say is OPA's own, letter by letter, since it stands in messages; what a built-in does not
know it refuses. Numbers are texts as they stand in the JSON, of the type Number.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import unquote_to_bytes

from tests.proof.decisions.match_schema import match_schema
from tests.proof.decisions.numbers import Number

Json: TypeAlias = Any

UNDEFINED: Final = object()

# As in OPA.
_MOST_PARTS: Final = 10_000
_SHORT_ESCAPES: Final = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}


class UnknownCallError(Exception):
    """A built-in was called as the rules do not call it."""


def sprintf(form: str, values: list[Json]) -> str:
    """Format as Go does, by `%s`, `%d` and `%v` of lists."""
    left = iter(values)

    def spell_next(verb: re.Match[str]) -> str:
        if verb[1] == "%":
            return "%"
        value = next(left, None)
        match verb[1], value:
            case ("d", Number()):
                return str(value)
            case ("s", str()) if not isinstance(value, Number):
                return value
            case ("v", list()):
                return spell(value)
            case _:
                raise UnknownCallError(f"sprintf: {verb[0]} of {value!r}")

    text = re.sub("%(.?)", spell_next, form, flags=re.DOTALL)
    if next(left, UNDEFINED) is not UNDEFINED:
        raise UnknownCallError("sprintf: more values than verbs")
    return text


def spell(value: Json) -> str:
    """Spell a value as OPA's `%v` does: members in order, `, ` and `: ` between."""
    match value:
        case Number():
            return str(value)
        case str():
            return quote(value)
        case list():
            return f"[{', '.join(map(spell, value))}]"
        case dict():
            members = (f"{quote(name)}: {spell(value[name])}" for name in sorted(value))
            return f"{{{', '.join(members)}}}"
        case _:
            return json.dumps(value)


def quote(text: str) -> str:
    """Quote a text as Go does: what is not printable is escaped."""
    return f'"{"".join(map(_quote_character, text))}"'


def _quote_character(character: str) -> str:
    code = ord(character)
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if character == " " or unicodedata.category(character)[0] in "LMNPS":
        return character
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def replace_matches(text: str, pattern: str, replacement: str) -> str:
    """Replace what an expression matches; Go's syntax is Python's as far as the rules use it."""
    if re.search(r"\\[^dw.*+?()\[\]{}|^$\\/-]|\(\?|\[\[|\$[^{]", pattern.removesuffix("$")):
        raise UnknownCallError(f"regex.replace: {pattern}")
    template = re.sub(r"\$(?:(\d+)|\{(\d+)\})", r"\\g<\1\2>", replacement.replace("\\", r"\\"))
    return re.sub(pattern, template, text, flags=re.ASCII)


def decode_query_text(text: str) -> Json:
    """Decode a text of a form; bytes that are no UTF-8 become U+FFFD, as they do in JSON."""
    if re.search("%(?![0-9A-Fa-f]{2})", text):
        return UNDEFINED
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8", "replace")


def decode_query(text: str) -> Json:
    """Decode a query; undefined where a part is not in order, and where there are too many."""
    parts = text.split("&")
    if len(parts) > _MOST_PARTS or ";" in text:
        return UNDEFINED
    values: dict[str, list[str]] = {}
    for name, value in _decode_parts(parts):
        if UNDEFINED in (name, value):
            return UNDEFINED
        values.setdefault(name, []).append(value)
    return values


def _decode_parts(parts: list[str]) -> Iterator[tuple[Json, Json]]:
    for part in filter(None, parts):
        name, _, value = part.partition("=")
        yield decode_query_text(name), decode_query_text(value)


def match_document(document: Json, schema: Mapping[str, Any]) -> Json:
    """Hold a document against a schema; undefined of what is neither a list nor an object."""
    if isinstance(document, str) and not isinstance(document, Number):
        raise UnknownCallError("json.match_schema: the text of a document")
    if not isinstance(document, list | dict):
        return UNDEFINED
    errors = match_schema(document, schema)
    return [not errors, errors]


BUILTINS: Final[Mapping[str, Callable[..., Json]]] = {
    "json.match_schema": match_document,
    "regex.replace": replace_matches,
    "sprintf": sprintf,
    "urlquery.decode": decode_query_text,
    "urlquery.decode_object": decode_query,
}
