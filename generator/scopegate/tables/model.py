"""What a published authorization table says, row by row, as printed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Support(StrEnum):
    """Whether a grant made in a scope counts for a row."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    UNDOCUMENTED = "undocumented"


@dataclass(frozen=True, slots=True)
class Scopes:
    """The scopes in which a grant can be made."""

    iam_project: Support
    enterprise_project: Support


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method in capitals and a path template: `POST`, `/v2/{project_id}/snapshots`."""

    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Row:
    """One body row of the published table.

    `row` is its number in the table, from 1. All of `actions` are required; it is empty exactly
    where `no_authorization` holds the page's wording for it.
    """

    row: int
    permission: str
    actions: tuple[str, ...]
    scopes: Scopes
    endpoints: tuple[Endpoint, ...]
    no_authorization: str | None = None


@dataclass(frozen=True, slots=True)
class Mirror:
    """The page's statement that its rows hold for another version of the API too.

    A path with the literal segment `from_segment` (`v2`) is also documented with `to_segment`
    (`v3`) in its place. `statement` is the page's own sentence.
    """

    from_segment: str
    to_segment: str
    statement: str


@dataclass(frozen=True, slots=True)
class Document:
    """The page that a table was read from.

    `name` is its file name, `sha256` the hash of its bytes in hexadecimal, `language` that of its
    headers (`zh`, `en`), and `table` the number of the table among all of the page, from 1.
    """

    name: str
    sha256: str
    language: str
    table: int


@dataclass(frozen=True, slots=True)
class Table:
    """A published table. `table` is its service and its own name: `evs/snapshots`."""

    provider: str
    service: str
    table: str
    document: Document
    mirrors: tuple[Mirror, ...]
    rows: tuple[Row, ...]
