"""What was read from a page, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scopegate.cells.endpoints import EndpointReading, NoEndpoint

if TYPE_CHECKING:
    from scopegate.importing.diagnostics import Diagnostic
    from scopegate.tables.model import Mirror, Scopes


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the ways in which a route is used, under the page's own label: what that requires.

    All of its `actions` and `dependencies` are required, beside those of the row.
    """

    label: str
    actions: tuple[str, ...]
    dependencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowReading:
    """One body row of a published table.

    `row` is its number in the table, from 1; `title` is "" where the page has no sentence. All of
    `actions` and `dependencies` are required; a dependency can have wildcards (`vpc:*:get*`).
    `role_dependencies` are system roles that the page names beside actions (`KMS Administrator`).
    Where no action is required at all, `no_authorization` is the page's wording for it.
    `body_action` is the key of the body that the row is for. `no_endpoint` says why there is no
    endpoint. `notes` is what the cells say besides. `error` is the code of what keeps the row from
    being read for certain, None where nothing does.
    """

    row: int
    title: str
    endpoints: tuple[EndpointReading, ...]
    actions: tuple[str, ...]
    dependencies: tuple[str, ...]
    role_dependencies: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    scopes: Scopes
    no_authorization: str | None
    body_action: str | None
    no_endpoint: NoEndpoint | None
    notes: tuple[str, ...]
    error: str | None = None

    @property
    def is_catalogue(self) -> bool:
        """Whether the table has no column of routes."""
        return self.no_endpoint is NoEndpoint.NO_API_COLUMN

    @property
    def unresolved(self) -> str | None:
        """Why no route comes of the row; None where one does, or where none is meant to."""
        if self.is_catalogue or self.error not in {None, "bad-endpoint"}:
            return self.error
        return self.no_endpoint or self.error


@dataclass(frozen=True, slots=True)
class TableReading:
    """An authorization table of a page, and what was odd about it.

    `number` counts all tables of the page, from 1; `headings` are notes on the rows that are one
    cell over all columns.
    """

    number: int
    language: str
    rows: tuple[RowReading, ...]
    headings: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class PageReading:
    """The authorization tables of a page.

    `name` and `sha256` are those of the page; `others` are notes on its other tables, and
    `diagnostics` what was odd about the page beside its authorization tables.
    """

    name: str
    sha256: str
    tables: tuple[TableReading, ...]
    mirrors: tuple[Mirror, ...]
    others: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
