"""What the form of a table file cannot say: members that have to go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopegate.cells.endpoints import PATH
from scopegate.errors import Fault, quote_text
from scopegate.tables.forms import find_duplicates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scopegate.tables.marks import FieldPath, MarkedData
    from scopegate.tables.model import Alternative, Case, Row, Table

_PATH: str = (
    'a path template: "/" before each segment, a segment literal or one {parameter}, as in '
    '"/v2/{project_id}/snapshots"'
)


def check_place(marked: MarkedData, path: Path) -> Iterator[Fault]:
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
                f"expected {quote_text(expected)}, as the file's place says; "
                f"found {quote_text(found)}"
            )
            yield Fault(marked.locate_value((member,)), "wrong-place", message)


def check_table(table: Table, marked: MarkedData) -> Iterator[Fault]:
    """Check what the rows and mirrors of a table say together."""
    for index, row in enumerate(table.rows):
        yield from check_row(row, ("rows", index), marked)
    yield from _check_mirrors(table, marked)


def check_row(row: Row, path: FieldPath, marked: MarkedData) -> Iterator[Fault]:
    """Check what the members of the row at `path` say together."""
    for name, items in (
        ("actions", row.actions),
        ("dependencies", row.dependencies),
        ("endpoints", row.endpoints),
    ):
        yield from find_duplicates(items, (*path, name), marked)
    yield from _check_cases(row.cases, (*path, "cases"), marked)
    if row.cases and any(each.cases for each in row.alternatives):
        message = "expected cases of the row or of its alternatives; found both"
        yield Fault(marked.locate_value((*path, "cases")), "bad-value", message)
    for index, alternative in enumerate(row.alternatives):
        yield from _check_alternative(alternative, (*path, "alternatives", index), marked)
    yield from _check_requirement(row, path, marked)
    if row.unresolved is not None:
        return
    if not row.endpoints:
        message = "expected a list of endpoints, at least one, none twice; found a list of 0"
        yield Fault(marked.locate_value((*path, "endpoints")), "bad-value", message)
    for index, endpoint in enumerate(row.endpoints):
        if not PATH.fullmatch(endpoint.path):
            message = f"expected {_PATH}; found {quote_text(endpoint.path)}"
            place = marked.locate_value((*path, "endpoints", index, "path"))
            yield Fault(place, "bad-value", message)


def _check_requirement(row: Row, path: FieldPath, marked: MarkedData) -> Iterator[Fault]:
    required = bool(row.needed or row.alternatives)
    if required and row.no_authorization is not None:
        message = (
            "expected no action, since no_authorization says that none is required; "
            f"found a list of {len(row.actions)}"
        )
        yield Fault(marked.locate_value((*path, "actions")), "bad-value", message)
    elif not required and row.no_authorization is None and row.unresolved is None:
        message = (
            "expected at least one action, or no_authorization with the page's wording; "
            "found a list of 0"
        )
        yield Fault(marked.locate_value((*path, "actions")), "bad-value", message)


def _check_alternative(
    alternative: Alternative, path: FieldPath, marked: MarkedData
) -> Iterator[Fault]:
    yield from find_duplicates(alternative.actions, (*path, "actions"), marked)
    yield from find_duplicates(alternative.dependencies, (*path, "dependencies"), marked)
    yield from _check_cases(alternative.cases, (*path, "cases"), marked)


def _check_cases(cases: tuple[Case, ...], path: FieldPath, marked: MarkedData) -> Iterator[Fault]:
    yield from find_duplicates(cases, path, marked)
    for index, case in enumerate(cases):
        if (case.body is None) == (case.query is None):
            message = "expected one of body and query"
            yield Fault(marked.locate_value((*path, index)), "bad-value", message)
        elif case.query is not None and case.equals is None:
            message = "missing; expected the value of the query: its name alone tells nothing"
            yield Fault(marked.locate_value((*path, index, "equals")), "missing-field", message)


def _check_mirrors(table: Table, marked: MarkedData) -> Iterator[Fault]:
    segments = {
        segment
        for row in table.rows
        for endpoint in row.endpoints
        for segment in endpoint.path.split("/")
    }
    seen: set[tuple[str, str]] = set()
    for index, mirror in enumerate(table.mirrors):
        pair = mirror.from_segment, mirror.to_segment
        place = marked.locate_value(("mirrors", index, "from"))
        source, target = map(quote_text, pair)
        if mirror.from_segment not in segments:
            message = f"expected a segment of a path of this table; found {source}"
            yield Fault(place, "mirror-of-nothing", message)
        if mirror.from_segment == mirror.to_segment:
            message = f"expected two versions; both are {source}"
            yield Fault(place, "mirror-of-itself", message)
        if pair in seen:
            message = f"expected each mirror once; found {source} to {target} again"
            yield Fault(place, "duplicate-item", message)
        seen.add(pair)
