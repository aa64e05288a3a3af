"""Forms: what a dataclass says of data that were read, and what is wrong with them in words.

A form is of a frozen dataclass whose fields are described with `pydantic.Field`. With
`__pydantic_config__ = FORM` it has no other members than those; with `RECORD` others are passed
over. Each description completes "expected …". Objects that code makes are not checked; what a file
says is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar

from pydantic import BeforeValidator, ConfigDict, TypeAdapter
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from scopegate.errors import Flaw

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from pydantic import ValidationError

FORM: Final = ConfigDict(extra="forbid")
RECORD: Final = ConfigDict(extra="ignore")

FormT = TypeVar("FormT")
Schema: TypeAlias = "dict[str, Any]"


@dataclass(frozen=True, slots=True)
class Matches:
    """Of a member: that it is text which matches `pattern` as a whole."""

    pattern: str
    description: str

    def __get_pydantic_core_schema__(self, _: object, __: object) -> CoreSchema:
        """Make the validator; `$` of Python's expressions would match before a line's end too."""
        text = core_schema.str_schema(strict=True)
        return core_schema.no_info_after_validator_function(self._check, text)

    def __get_pydantic_json_schema__(self, _: object, __: object) -> Schema:
        """Make the JSON Schema."""
        return {"type": "string", "description": self.description, "pattern": f"^{self.pattern}$"}

    def _check(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise PydanticCustomError("no_match", "no match")
        return text


@dataclass(frozen=True, slots=True)
class OneOf:
    """Of a member: that it is one of these words."""

    words: tuple[str, ...]
    description: str

    def __get_pydantic_core_schema__(self, _: object, __: object) -> CoreSchema:
        """Make the validator."""
        return core_schema.literal_schema(list(self.words))

    def __get_pydantic_json_schema__(self, _: object, __: object) -> Schema:
        """Make the JSON Schema."""
        return {"description": self.description, "enum": list(self.words)}


def _refuse_null(found: object) -> object:
    if found is None:
        raise PydanticCustomError("null", "null is not absence")
    return found


GIVEN: Final = BeforeValidator(_refuse_null)
"""Of a member that can be left out, and then is None: that null does not leave it out."""


def _drop_nulls(found: object) -> object:
    if isinstance(found, dict) and None in found.values():
        return {name: each for name, each in found.items() if each is not None}
    return found


NULL_IS_ABSENT: Final = BeforeValidator(_drop_nulls)
"""Of an object: that each of its members which is null is not there, whatever its name."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How faults are told in a kind of file: codes, and how what was found is shown."""

    missing: str
    unknown: str
    show: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Form(Generic[FormT]):
    """What data of a kind are read into: `model` is the dataclass."""

    model: type[FormT]


@cache
def make_adapter(form: Form[FormT]) -> TypeAdapter[FormT]:
    """Make what reads data into a form."""
    return TypeAdapter(form.model)


@cache
def make_schema(form: Form[Any]) -> Schema:
    """Make the JSON Schema of a form, which is where its descriptions are found."""
    return {name: _strip(each) for name, each in make_adapter(form).json_schema().items()}


def describe_errors(
    error: ValidationError, schema: Schema, wording: Wording
) -> Iterator[tuple[tuple[str | int, ...], Flaw]]:
    """Say in words what speaks against data, with the path of each member.

    `schema` is that of the form.
    """
    for each in error.errors(include_url=False):
        path, found = each["loc"], each["input"]
        match each["type"]:
            case "too_short" if found:
                pass  # a list is also said to be too short where its items are faulty
            case "missing":
                message = f"missing; expected {_find(schema, path)['description']}"
                yield path, Flaw(wording.missing, message)
            case "unexpected_keyword_argument":
                known = _find(schema, path[:-1])["properties"]
                yield path, Flaw(wording.unknown, describe_unknown(str(path[-1]), known))
            case _:
                expected = _find(schema, path)["description"]
                message = f"expected {expected}; found {wording.show(found)}"
                yield path, Flaw("bad-value", message)


def describe_unknown(name: str, known: Collection[str]) -> str:
    """Say that a member is none of those that are known."""
    near = get_close_matches(name, known, n=1)
    return f"unknown; {f'did you mean {near[0]}?' if near else f'expected {list_names(known)}'}"


def list_names(names: Collection[str]) -> str:
    """List the names of which one is expected."""
    return f"{'one of ' if len(names) > 1 else ''}{', '.join(names)}"


def _find(schema: Schema, path: tuple[str | int, ...]) -> Schema:
    """Find the schema of the member at `path`."""
    found = schema
    for part in path:
        found = found["items"] if isinstance(part, int) else found["properties"][part]
        if "$ref" in found:
            found = schema["$defs"][found["$ref"].rpartition("/")[2]] | found
    return found


def _strip(schema: Any) -> Any:  # noqa: ANN401  any JSON
    """Leave out titles that pydantic makes of names, and what `optional` members are without."""
    if isinstance(schema, dict):
        if "anyOf" in schema:
            [given] = [each for each in schema["anyOf"] if each != {"type": "null"}]
            return {**_strip(given), **_strip({k: v for k, v in schema.items() if k != "anyOf"})}
        if "properties" in schema:
            members = {name: _strip(each) for name, each in schema["properties"].items()}
            rest = {name: each for name, each in schema.items() if name != "properties"}
            return {**_strip(rest), "properties": members}
        return {
            name: _strip(each) for name, each in schema.items() if name not in {"title", "default"}
        }
    if isinstance(schema, list):
        return [_strip(each) for each in schema]
    return schema
