"""Files of a form: what a dataclass says of YAML, its JSON Schema, and its faults by line.

A form is a frozen dataclass with `__pydantic_config__ = FORM`, whose fields are described with
`pydantic.Field`. Each description completes "expected …". Objects that code makes are not checked;
what a file says is.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar

from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from scopegate.errors import Fault, FaultsError, quote_text
from scopegate.location import Location, show_path
from scopegate.tables.marks import Unquoted, read_marked_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scopegate.tables.marks import Data, FieldPath, MarkedData

FORM: Final = ConfigDict(extra="forbid")
MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ERRORS: Final = 1000
"""That are told: a small file can have a million."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

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


@dataclass(frozen=True, slots=True)
class FileForm(Generic[FormT]):
    """The form of a kind of file: `model` is the dataclass, `title` and `description` its name."""

    model: type[FormT]
    title: str
    description: str

    @property
    def schema(self) -> Schema:
        """The JSON Schema of the files, for editors."""
        return _make_schema(self)

    def spell_schema(self) -> str:
        """Spell the JSON Schema as its file has it: in ASCII, as some characters are unseen."""
        return json.dumps(self.schema, indent=2) + "\n"

    def read_text(self, text: str, path: Path) -> tuple[FormT | None, MarkedData, list[Fault]]:
        """Read the text of a file: its value, or None and the faults of its form.

        Raises `FaultsError` where the text is no YAML of the plain kind.
        """
        marked = read_marked_data(text, show_path(path))
        try:
            value = _make_adapter(self).validate_python(marked.value)
        except ValidationError as error:
            return None, marked, [*marked.faults, *self._spell_errors(error, marked)]
        return (None if marked.faults else value), marked, list(marked.faults)

    def _spell_errors(self, error: ValidationError, marked: MarkedData) -> Iterator[Fault]:
        # A list is also said to be too short where its items are faulty.
        errors = [
            each
            for each in error.errors(include_url=False)
            if each["type"] != "too_short" or not each["input"]
        ]
        for number, each in enumerate(errors):
            path = each["loc"]
            if number == MOST_ERRORS:
                message = "the rest of the faults of the schema are not looked for"
                yield Fault(marked.locate_value(path), "too-many", message)
                return
            found = each["input"]
            match each["type"]:
                case "missing":
                    message = f"missing; expected {self._describe(path)}"
                    yield Fault(marked.locate_value(path), "missing-field", message)
                case "unexpected_keyword_argument":
                    names = ", ".join(self._find(path[:-1])["properties"])
                    message = f"unknown; expected one of {names}"
                    yield Fault(marked.locate_key(path), "unknown-field", message)
                case _:
                    message = f"expected {self._describe(path)}; found {show_data(found)}"
                    yield Fault(marked.locate_value(path), "bad-value", message)

    def _describe(self, path: FieldPath) -> str:
        return str(self._find(path)["description"])

    def _find(self, path: FieldPath) -> Schema:
        """Find the schema of the member at `path`."""
        schema = self.schema
        for part in path:
            schema = schema["items"] if isinstance(part, int) else schema["properties"][part]
            if "$ref" in schema:
                schema = self.schema["$defs"][schema["$ref"].rpartition("/")[2]] | schema
        return schema


def find_duplicates(items: Iterable[object], path: FieldPath, marked: MarkedData) -> list[Fault]:
    """Find the items of the list at `path` that stand in it twice."""
    seen: dict[object, int] = {}
    faults: list[Fault] = []
    for index, item in enumerate(items):
        first = seen.setdefault(item, index)
        if first != index:
            message = f"expected nothing twice; this is [{first}] again"
            faults.append(Fault(marked.locate_value((*path, index)), "duplicate-item", message))
    return faults


def settle(value: FormT | None, faults: Iterable[Fault]) -> FormT:
    """Return what `FileForm.read_text` read, which is None only where there are faults.

    Raises `FaultsError` with the faults, where there are any.
    """
    raise_faults(faults)
    assert value is not None  # noqa: S101  what is none has faults
    return value


def raise_faults(faults: Iterable[Fault]) -> None:
    """Raise `FaultsError` with the faults in the order of their lines, if there are any."""
    found = sorted(faults, key=lambda each: (each.location.line or 0, each.location.column or 0))
    if found:
        raise FaultsError(found)


def show_data(found: Data) -> str:
    """Show what was found instead of something else."""
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
        case _:
            return str(found)


@cache
def _make_adapter(form: FileForm[FormT]) -> TypeAdapter[FormT]:
    return TypeAdapter(form.model)


@cache
def _make_schema(form: FileForm[Any]) -> Schema:
    made = _make_adapter(form).json_schema()
    names = {"$schema": _DIALECT, "title": form.title, "description": form.description}
    return {**names, **{name: _strip(each) for name, each in made.items() if name not in names}}


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


def read_text(path: Path) -> str:
    """Read the text of a file. Raises `FaultsError` for what is none, and `OSError`."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    shown = show_path(path)
    if len(data) > MOST_BYTES:
        message = f"expected at most {MOST_BYTES} bytes"
        raise FaultsError([Fault(Location(shown), "too-large", message)])
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"expected UTF-8; byte {data[error.start]:#04x} is not"
        raise FaultsError([Fault(Location(shown, line=line), "bad-encoding", message)]) from None
