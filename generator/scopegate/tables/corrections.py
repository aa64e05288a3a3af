"""Corrections: what a person knows better than a published table, kept beside it.

A table stays as it is printed. `corrections/<provider>/<service>/<table>.yaml` says of single rows
what the table says, what it should say instead, why, and where that is settled; and which routes
its mirrors do not hold for. They are applied whenever tables are read to make routes of them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, TypeAlias

from pydantic import ConfigDict, Field

from scopegate.cells.endpoints import METHODS
from scopegate.errors import Fault, FaultsError, spell_string
from scopegate.forms import FORM, GIVEN, Matches
from scopegate.location import Location, show_path
from scopegate.tables.checks import check_row
from scopegate.tables.forms import FileForm, raise_faults, read_text, settle
from scopegate.tables.model import (
    REASON,
    Actions,
    Alternatives,
    Cases,
    Endpoints,
    LiteralSegment,
    Notes,
    Roles,
    RowScopes,
    Sentence,
    Table,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from scopegate.tables.marks import FieldPath, MarkedData
    from scopegate.tables.model import Alternative, Row

PrintedEndpoint: TypeAlias = Annotated[
    str,
    Matches(
        rf"(?:{'|'.join(METHODS)}) /[!-~]*",
        'a method and a path as the table has them, as in "POST /v2/{project_id}/snapshots"',
    ),
]

_OF_ALTERNATIVES: Final = frozenset({"actions", "dependencies", "cases"})
"""The fields that an alternative has, too."""


@dataclass(frozen=True, slots=True)
class RowName:
    """A row by what it says: its sentence, and one of its endpoints unless it has none."""

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    permission: Sentence
    endpoint: Annotated[PrintedEndpoint | None, GIVEN] = None


@dataclass(frozen=True, slots=True)
class Values:
    """Some of the fields of a row, or of an alternative; those left out are not spoken of.

    What a row can be without is "" where it has none.
    """

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    actions: Annotated[Actions | None, GIVEN] = None
    dependencies: Annotated[Actions | None, GIVEN] = None
    roles: Annotated[Roles | None, GIVEN] = None
    alternatives: Annotated[Alternatives | None, GIVEN] = None
    no_authorization: Annotated[Sentence | None, GIVEN] = None
    scopes: Annotated[RowScopes | None, GIVEN] = None
    cases: Annotated[Cases | None, GIVEN] = None
    endpoints: Annotated[Endpoints | None, GIVEN] = None
    unresolved: Annotated[
        Annotated[
            str,
            Matches(
                f"(?:{REASON})?",
                'why no route comes of the row, in a word of docs/importing.md, or "" where'
                " one does",
            ),
        ]
        | None,
        GIVEN,
    ] = None
    notes: Annotated[Notes | None, GIVEN] = None

    @property
    def given(self) -> dict[str, Any]:
        """The fields that are spoken of, in the order of the form."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class MirroredRoute:
    """The route that a mirror makes of a printed endpoint."""

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    from_segment: Annotated[LiteralSegment, Field(alias="from")]
    to_segment: Annotated[LiteralSegment, Field(alias="to")]
    endpoint: PrintedEndpoint

    def __str__(self) -> str:
        """Spell it for people: `"POST /v2/a" from "v2" to "v3"`."""
        pair = f"from {spell_string(self.from_segment)} to {spell_string(self.to_segment)}"
        return f"{spell_string(self.endpoint)} {pair}"


@dataclass(frozen=True, slots=True)
class Correction:
    """What is wrong in a table: fields of a `row`, or a route that a `mirror` makes.

    `expect` is what the row says, or the one of its alternatives that is labelled `alternative`,
    and `set` what it should say. A mirrored route is one that there is not.
    """

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    reason: Text
    source: Text
    row: Annotated[
        Annotated[RowName, Field(description="the row's permission, and one of its endpoints")]
        | None,
        GIVEN,
    ] = None
    alternative: Annotated[Text | None, GIVEN] = None
    expect: Annotated[
        Annotated[Values, Field(description="fields of the row, as the table has them")] | None,
        GIVEN,
    ] = None
    set: Annotated[
        Annotated[Values, Field(description="the fields of expect, as they should be")] | None,
        GIVEN,
    ] = None
    mirror: Annotated[
        Annotated[
            MirroredRoute,
            Field(description="a mirrored route that there is not: from, to, endpoint"),
        ]
        | None,
        GIVEN,
    ] = None


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of a table, each of which is applied to what those before it left."""

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    corrections: Annotated[
        tuple[
            Annotated[
                Correction,
                Field(description="a correction: row or mirror, expect, set, reason, source"),
            ],
            ...,
        ],
        Field(description="a list of corrections, at least one", min_length=1),
    ]


CORRECTION_FORM: Final = FileForm(
    Corrections, "Corrections of a table", "the corrections of a table: corrections"
)


@dataclass(frozen=True, slots=True)
class CorrectedTable(Table):
    """A table whose rows are as they should be.

    `count` is the number of its corrections, `reasons` has for each row why it was corrected, and
    `unmirrored` the routes that its mirrors do not make.
    """

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    count: int = 0
    reasons: tuple[tuple[str, ...], ...] = ()
    unmirrored: frozenset[MirroredRoute] = frozenset()


def as_corrected(table: Table) -> CorrectedTable:
    """See a table that has no corrections as a corrected one, too."""
    if isinstance(table, CorrectedTable):
        return table
    members = {field.name: getattr(table, field.name) for field in fields(table)}
    return CorrectedTable(**members, reasons=((),) * len(table.rows))


def correct_tables(
    tables: Iterable[Table], *, corrections: Path, places: Path
) -> tuple[Table, ...]:
    """Apply the corrections in the folder `corrections` to tables, whose folder is `places`.

    Corrections of other tables are not read. Raises `FaultsError` with everything that is wrong in
    those that are, and for each file there that is of no table of these providers.
    """
    given = tuple(tables)
    faults: list[Fault] = []
    for provider in sorted({table.provider for table in given}):
        faults.extend(_find_strays(corrections / provider, places / provider))
    corrected: list[Table] = []
    for table in given:
        path = corrections / table.name.path
        try:
            corrected.append(correct_table(table, path) if path.is_file() else table)
        except FaultsError as error:
            faults.extend(error.faults)
    if faults:
        raise FaultsError(faults)
    return tuple(corrected)


def correct_table(table: Table, path: Path) -> CorrectedTable:
    """Apply the corrections in the file at `path` to a table.

    Raises `FaultsError` with everything that is wrong in the file, and OSError where it cannot be
    read.
    """
    value, marked, faults = CORRECTION_FORM.read_text(read_text(path), path)
    read = settle(value, faults)
    corrected = replace(as_corrected(table), count=len(read.corrections))
    for index, correction in enumerate(read.corrections):
        place = ("corrections", index)
        found = [
            *_check_form(correction, place, marked),
            *_check_source(correction, table, place, marked),
        ]
        if not found:
            corrected, found = _apply(correction, corrected, place, marked)
        faults.extend(found)
    raise_faults(faults)
    return corrected


def _find_strays(corrections: Path, places: Path) -> Iterator[Fault]:
    for path in sorted(corrections.glob("**/*")):
        if path.suffix not in {".yaml", ".yml"}:
            continue
        table = places / path.relative_to(corrections)
        if not table.is_file():
            message = f"expected a table to correct; there is no {show_path(table)}"
            yield Fault(Location(show_path(path)), "unknown-table", message)


def _check_form(correction: Correction, path: FieldPath, marked: MarkedData) -> Iterator[Fault]:
    """Check what the members of a correction say together."""
    if (correction.row is None) == (correction.mirror is None):
        message = "expected one of row and mirror"
        yield Fault(marked.locate_value(path), "bad-value", message)
        return
    if correction.mirror is not None:
        for name in ("alternative", "expect", "set"):
            if getattr(correction, name) is not None:
                message = "unknown; expected only reason and source beside mirror"
                yield Fault(marked.locate_key((*path, name)), "unknown-field", message)
        return
    for name in ("expect", "set"):
        if getattr(correction, name) is None:
            message = "missing; expected fields of the row"
            yield Fault(marked.locate_value((*path, name)), "missing-field", message)
    if correction.expect is not None and correction.set is not None:
        yield from _check_values(correction, path, marked)


def _check_values(correction: Correction, path: FieldPath, marked: MarkedData) -> Iterator[Fault]:
    """Check what a correction expects, and what it sets instead."""
    expected, wanted = _read_values(correction)
    if not expected:
        message = "expected at least one field of the row; found none"
        yield Fault(marked.locate_value((*path, "expect")), "bad-value", message)
    if expected.keys() != wanted.keys():
        message = (
            f"expected the fields of expect, which are {', '.join(expected) or 'none'}; "
            f"found {', '.join(wanted) or 'none'}"
        )
        yield Fault(marked.locate_value((*path, "set")), "bad-value", message)
    elif expected and expected == wanted:
        message = "expected something else than expect says; this corrects nothing"
        yield Fault(marked.locate_value((*path, "set")), "empty-correction", message)
    if correction.alternative is not None:
        for name in expected.keys() - _OF_ALTERNATIVES:
            message = "unknown; expected one of actions, dependencies, cases for an alternative"
            yield Fault(marked.locate_key((*path, "expect", name)), "unknown-field", message)


def _check_source(
    correction: Correction, table: Table, path: FieldPath, marked: MarkedData
) -> Iterator[Fault]:
    if table.document.name in correction.source:
        message = "expected another document; the page of the table settles nothing about itself"
        yield Fault(marked.locate_value((*path, "source")), "bad-value", message)


def _apply(
    correction: Correction, table: CorrectedTable, path: FieldPath, marked: MarkedData
) -> tuple[CorrectedTable, list[Fault]]:
    """Apply a correction that is well-formed; where it does not fit, tell why."""
    if correction.mirror is not None:
        return _switch_off(correction.mirror, table, (*path, "mirror"), marked)
    numbers = _find_rows(correction, table)
    if len(numbers) != 1:
        message = _tell_rows(correction, table, numbers)
        return table, [Fault(marked.locate_value((*path, "row")), "stale-correction", message)]
    return _correct_row(correction, table, numbers[0], path, marked)


def _switch_off(
    mirror: MirroredRoute, table: CorrectedTable, path: FieldPath, marked: MarkedData
) -> tuple[CorrectedTable, list[Fault]]:
    if mirror in table.unmirrored:
        message = f"expected each mirrored route once; found {mirror} again"
        return table, [Fault(marked.locate_value(path), "duplicate-item", message)]
    mirrors = {(each.from_segment, each.to_segment) for each in table.mirrors}
    printed = {
        endpoint
        for row in table.rows
        if row.unresolved is None
        for endpoint in _spell_endpoints(row)
    }
    if (mirror.from_segment, mirror.to_segment) not in mirrors:
        pairs = [f"{spell_string(old)} to {spell_string(new)}" for old, new in sorted(mirrors)]
        found = f"it mirrors {', '.join(pairs) or 'nothing'}"
    elif mirror.endpoint not in printed:
        found = "it has no such endpoint"
    elif mirror.from_segment not in mirror.endpoint.split("/"):
        found = f"the path has no {spell_string(mirror.from_segment)}"
    else:
        return replace(table, unmirrored=table.unmirrored | {mirror}), []
    message = f"expected that the table mirrors {mirror}; {found}"
    return table, [Fault(marked.locate_value(path), "stale-correction", message)]


def _find_rows(correction: Correction, table: Table) -> list[int]:
    """Find the numbers, from 0, of the rows that a correction names."""
    assert correction.row is not None  # noqa: S101  else it is of a mirror
    name = correction.row
    return [
        number
        for number, row in enumerate(table.rows)
        if row.permission == name.permission
        and (name.endpoint is None or name.endpoint in _spell_endpoints(row))
    ]


def _tell_rows(correction: Correction, table: Table, numbers: list[int]) -> str:
    """Tell what a correction expects, and the rows that are there instead."""
    assert correction.row is not None  # noqa: S101  else it is of a mirror
    name = correction.row
    expected = spell_string(name.permission)
    if name.endpoint is not None:
        expected += f" of {spell_string(name.endpoint)}"
    near = numbers or [
        number
        for number, row in enumerate(table.rows)
        if row.permission == name.permission or name.endpoint in _spell_endpoints(row)
    ]
    rows = [f"row {number + 1}, {_spell_row(table.rows[number])}" for number in near]
    found = f"it has {'; '.join(rows) or 'neither the permission nor the endpoint'}"
    return f"expected that the table has one row {expected}; {found}"


def _spell_row(row: Row) -> str:
    endpoints = ", ".join(map(spell_string, _spell_endpoints(row)))
    return f"{spell_string(row.permission)} of {endpoints or 'no endpoint'}"


def _spell_endpoints(row: Row) -> list[str]:
    return [f"{each.method} {each.path}" for each in row.endpoints]


def _correct_row(
    correction: Correction,
    table: CorrectedTable,
    number: int,
    path: FieldPath,
    marked: MarkedData,
) -> tuple[CorrectedTable, list[Fault]]:
    """Correct the row of the number, from 0, or an alternative of it."""
    row = table.rows[number]
    expected, wanted = _read_values(correction)
    changes: dict[str, Any] = {
        name: None if value == "" else value for name, value in wanted.items()
    }
    target: Row | Alternative = row
    label = correction.alternative
    if label is not None:
        labels = [each.label for each in row.alternatives]
        if labels.count(label) != 1:
            shown = ", ".join(map(spell_string, labels)) or "none"
            message = (
                f"expected that row {number + 1} has one alternative {spell_string(label)}; "
                f"it has {shown}"
            )
            place = marked.locate_value((*path, "alternative"))
            return table, [Fault(place, "stale-correction", message)]
        target = row.alternatives[labels.index(label)]
        corrected = replace(
            row,
            alternatives=tuple(
                replace(each, **changes) if each is target else each for each in row.alternatives
            ),
        )
    else:
        corrected = replace(row, **changes)
    faults = list(_find_stale(expected, target, (*path, "expect"), marked))
    if not faults:
        faults.extend(check_row(corrected, (*path, "set"), marked))
    return _put_row(table, number, corrected, correction.reason), faults


def _find_stale(
    expected: Mapping[str, Any], target: Row | Alternative, path: FieldPath, marked: MarkedData
) -> Iterator[Fault]:
    """Find what the table does not say as a correction expects."""
    for name, value in expected.items():
        found = getattr(target, name)
        if value != ("" if found is None else found):
            message = (
                f"expected that the table says {_spell_value(value)}, as when it was corrected; "
                f"it says {_spell_value('' if found is None else found)}"
            )
            yield Fault(marked.locate_value((*path, name)), "stale-correction", message)


def _put_row(table: CorrectedTable, number: int, row: Row, reason: str) -> CorrectedTable:
    rows, reasons = list(table.rows), list(table.reasons)
    rows[number] = row
    reasons[number] = tuple(dict.fromkeys((*reasons[number], reason)))
    return replace(table, rows=tuple(rows), reasons=tuple(reasons))


def _read_values(correction: Correction) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read what is expected, and what is set."""
    assert correction.expect is not None  # noqa: S101  else it is of a mirror
    assert correction.set is not None  # noqa: S101  as above
    return correction.expect.given, correction.set.given


def _spell_value(value: object) -> str:
    """Spell a value of a field on one line, as a file may have it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_spell_value, value))}]"
    if is_dataclass(value):
        members = {field.name: getattr(value, field.name) for field in fields(value)}
        spelt = (f"{name}: {_spell_value(each)}" for name, each in members.items() if each)
        return f"{{{', '.join(spelt)}}}"
    return value.value if isinstance(value, StrEnum) else spell_string(str(value))
