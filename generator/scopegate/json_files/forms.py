"""JSON records of a form: what a dataclass says of them, and what is wrong told by its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from scopegate.forms import Wording, describe_errors, make_adapter, make_schema
from scopegate.json_files.nodes import show_value
from scopegate.json_files.schemas import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scopegate.forms import Form, FormT
    from scopegate.json_files.nodes import Node

_WORDING: Final = Wording("missing-member", UNKNOWN, show_value)


def read_records(form: Form[FormT], records: Iterable[Node]) -> Iterator[tuple[Node, FormT]]:
    """Read the records that are of a form; what is wrong with the others are faults.

    Raises FaultsError where there are too many faults.
    """
    # A list at once is hardly faster, and of one with a fault nothing would be read.
    for record in records:
        value = read_record(form, record)
        if value is not None:
            yield record, value


def read_record(form: Form[FormT], record: Node) -> FormT | None:
    """Read a record; where it is not of the form, there are faults.

    Raises FaultsError where there are too many faults.
    """
    try:
        value: FormT = make_adapter(form).validate_python(record.value)
    except ValidationError as error:
        for keys, flaw in describe_errors(error, make_schema(form), _WORDING):
            record.inside(*keys).report(flaw.code, flaw.message)
        return None
    return value
