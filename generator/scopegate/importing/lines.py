"""Rows as JSON, one object for each: for scoring a reading, and for tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopegate.importing.model import PageReading, RowReading


def list_lines(reading: PageReading) -> Iterator[dict[str, Any]]:
    """List the rows of all authorization tables of a page, in its order."""
    for table in reading.tables:
        for row in table.rows:
            yield {"path": reading.name, "table": table.number, **_spell_row(row)}


def _spell_row(row: RowReading) -> dict[str, Any]:
    return {
        "row": row.row,
        "title": row.title,
        "endpoints": [endpoint._asdict() for endpoint in row.endpoints],
        "actions": list(row.actions),
        "dependencies": list(row.dependencies),
        "alternatives": [
            {
                "label": alternative.label,
                "actions": list(alternative.actions),
                "dependencies": list(alternative.dependencies),
            }
            for alternative in row.alternatives
        ],
        "discriminator": {"body_action": row.body_action} if row.body_action else None,
        "no_authorization": row.no_authorization is not None,
        "scopes": {
            "iam_project": row.scopes.iam_project,
            "enterprise_project": row.scopes.enterprise_project,
        },
        "no_endpoint_reason": row.no_endpoint,
    }
