"""Counts of what a bundle holds, so that a reviewer sees what a change of a table changed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scopegate.render.provenance import Provenance
    from scopegate.routes.model import Conflict, TemplateRule
    from scopegate.tables.model import Table

_HEADER: Final = "# Written by `make bundle`: what each bundle holds. Not to be edited.\n"


def take_inventory(
    tables: Iterable[Table],
    provenance: Provenance,
    rules: Sequence[TemplateRule],
    conflicts: Sequence[Conflict],
) -> dict[str, Any]:
    """Count rows, actions and routes for each table, by name, and what they make together.

    A route that several rows document counts for the table of the first.
    """
    own: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for route in provenance["routes"].values():
        own[f"{route['provider']}/{route['table']}"].append(route)
    named = {f"{table.provider}/{table.table}": table for table in tables}
    return {
        "rules": len(rules),
        "conflicts": [f"{each.service} {each.method} {each.path}" for each in conflicts],
        "tables": {
            name: _count_table(table, provenance["documents"][table.table], own[name])
            for name, table in sorted(named.items())
        },
    }


def format_inventory(bundles: Mapping[str, Mapping[str, Any]]) -> str:
    """Spell the inventories of bundles, by name, in the one form of `bundle/inventory.yaml`."""
    return _HEADER + yaml.safe_dump(
        {name: dict(inventory) for name, inventory in bundles.items()},
        allow_unicode=True,
        sort_keys=False,
        width=100,
    )


def _count_table(
    table: Table, document: Mapping[str, Any], routes: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "document": document["document"],
        "sha256": document["sha256"],
        "rows": len(table.rows),
        "actions": len({action for row in table.rows for action in row.actions}),
        "no_authorization": sum(row.no_authorization is not None for row in table.rows),
        "routes": len(routes),
        "mirrored": sum(route["mirrored_from"] is not None for route in routes),
    }
