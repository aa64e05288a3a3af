"""Files of a form: what a dataclass says of YAML, its JSON Schema, and its faults by line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from scopegate.errors import Fault, FaultsError, quote_text
from scopegate.forms import Form, FormT, Schema, Wording, describe_errors, make_adapter, make_schema
from scopegate.location import Location, show_path
from scopegate.tables.marks import Unquoted, read_marked_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scopegate.tables.marks import Data, FieldPath, MarkedData

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ERRORS: Final = 1000
"""That are told: a small file can have a million."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class FileForm(Form[FormT]):
    """The form of a kind of file: `model` is the dataclass, `title` and `description` its name."""

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
            value = make_adapter(self).validate_python(marked.value)
        except ValidationError as error:
            return None, marked, [*marked.faults, *self._place_errors(error, marked)]
        return (None if marked.faults else value), marked, list(marked.faults)

    def _place_errors(self, error: ValidationError, marked: MarkedData) -> Iterator[Fault]:
        for number, (path, flaw) in enumerate(describe_errors(error, self.schema, _WORDING)):
            if number == MOST_ERRORS:
                message = "the rest of the faults of the schema are not looked for"
                yield Fault(marked.locate_value(path), "too-many", message)
                return
            locate = marked.locate_key if flaw.code == _WORDING.unknown else marked.locate_value
            yield flaw.locate(locate(path))


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


_WORDING: Final = Wording("missing-field", "unknown-field", show_data)


@cache
def _make_schema(form: FileForm[Any]) -> Schema:
    names = {"$schema": _DIALECT, "title": form.title, "description": form.description}
    return {**names, **{k: each for k, each in make_schema(form).items() if k not in names}}


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
