"""`scopegate config`: whether an operator's configuration says what was meant."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from jsonschema import Draft7Validator, ValidationError

from scopegate.cli import make_group
from scopegate.cli.options import BundleOption, ProjectOption, read_schema
from scopegate.cli.output import print_done
from scopegate.errors import Fault, FaultsError
from scopegate.json_files.schemas import UNKNOWN, describe_errors
from scopegate.location import Location, show_path
from scopegate.tables.marks import Data, MarkedData, Unquoted, read_marked_data

_ROOT: Final = "scopegate_config"
_BOOLEANS: Final = {"true": True, "false": False}


def describe() -> None:
    """Check what an operator says once, for all requests.

    For example:
      scopegate config check configuration/data.json
    """


def check(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="As OPA loads it, JSON or YAML.", exists=True, dir_okay=False
        ),
    ],
    *,
    bundle: BundleOption = None,
    project: ProjectOption = None,
) -> None:
    """Check a configuration.

    What is misspelt or has another form than it must have is listed with its place: an OPA that
    loads such a file lets nothing through that the file should open. What the file holds beside
    scopegate_config is not looked at. Exits with 1 where there is a fault.

    For example:
      scopegate config check configuration/data.json
      scopegate config check examples/envoy/scopegate.json
    """
    schema = read_schema("config", bundle, project)
    marked = read_marked_data(_read_text(file), show_path(file))
    data = _read_booleans(marked.value)
    if isinstance(data, dict) and _ROOT in data:
        data = {_ROOT: data[_ROOT]}
    errors = Draft7Validator(schema).iter_errors(data)
    faults = [*marked.faults, *_locate_errors(errors, marked)]
    if faults:
        raise FaultsError(
            sorted(faults, key=lambda fault: (fault.location.line or 0, fault.location.column or 0))
        )
    print_done(f"{show_path(file)} is in order")


config = make_group(describe, {"check": check})


def _read_text(file: Path) -> str:
    """Read a file as YAML is read: JSON is YAML, save that it may be indented with tabs."""
    try:
        text = file.read_bytes().decode()
    except UnicodeDecodeError:
        place = Location(show_path(file))
        raise FaultsError([Fault(place, "bad-encoding", "expected UTF-8")]) from None
    return text.replace("\t", " ") if file.suffix == ".json" else text


def _read_booleans(data: Data) -> Any:  # noqa: ANN401  any JSON, and what is none as it is
    match data:
        case dict():
            return {name: _read_booleans(value) for name, value in data.items()}
        case list():
            return [_read_booleans(value) for value in data]
        case Unquoted(text, "bool"):
            return _BOOLEANS.get(text, data)
        case _:
            return data


def _locate_errors(errors: Iterable[ValidationError], marked: MarkedData) -> Iterator[Fault]:
    for keys, flaw in describe_errors(errors):
        locate = marked.locate_key if flaw.code == UNKNOWN else marked.locate_value
        yield flaw.locate(locate(keys))
