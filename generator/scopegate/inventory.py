"""Counts of what bundles hold, so that a reviewer sees what a change of a table changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

import yaml

from scopegate.tables.corrections import as_corrected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from scopegate.render.provenance import Provenance
    from scopegate.routes.model import Conflict, TemplateRule
    from scopegate.tables.model import Table

_HEADER: Final = """\
# Written by `make bundle`, not to be edited: what each table says, and what each bundle holds.
"""


def take_inventory(
    tables: Iterable[Table],
    provenance: Provenance,
    rules: Sequence[TemplateRule],
    conflicts: Sequence[Conflict],
) -> dict[str, Any]:
    """Count rows, actions, routes and conflicts for each table, by name, and the rules of all.

    Rows are counted as they are corrected. A route that several rows document counts for the table
    of the first, and so does a conflict.
    """
    own: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for route in provenance["routes"].values():
        if route["case"] is not None:
            continue
        own[f"{route['provider']}/{route['table']}"].append(route)
    disputed: dict[str, list[str]] = defaultdict(list)
    for conflict in conflicts:
        provider = conflict.api.partition("/")[0]
        disputed[f"{provider}/{conflict.sources[0].table}"].append(conflict.spell_route())
    named = {str(table.name): table for table in tables}
    return {
        "rules": len(rules),
        "tables": {
            name: _count_table(table, own[name], disputed[name])
            for name, table in sorted(named.items())
        },
    }


def sum_inventory(revision: str, inventory: Mapping[str, Any]) -> dict[str, Any]:
    """Sum up the inventory of a bundle."""
    tables = inventory["tables"].values()
    return {
        "revision": revision,
        "tables": len(tables),
        "rules": inventory["rules"],
        **{
            name: sum(table[name] for table in tables)
            for name in ("corrections", "rows", "resolved", "routes", "mirrored")
        },
        "conflicts": sum(len(table["conflicts"]) for table in tables),
    }


def read_inventory(path: Path) -> dict[str, dict[str, Any]]:
    """Read the file's `bundles` and `tables`, by name; none where it is no such file."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        found = None
    read = found if isinstance(found, dict) else {}
    parts = {name: read.get(name) for name in ("bundles", "tables")}
    return {name: part if isinstance(part, dict) else {} for name, part in parts.items()}


def format_inventory(inventory: Mapping[str, Mapping[str, Any]]) -> str:
    """Spell what `read_inventory` reads, in its one form."""
    parts = {name: dict(sorted(part.items())) for name, part in inventory.items()}
    return _HEADER + yaml.safe_dump(parts, allow_unicode=True, sort_keys=False, width=1000)


def _count_table(
    table: Table, routes: Sequence[Mapping[str, Any]], conflicts: Sequence[str]
) -> dict[str, Any]:
    unresolved = Counter(row.unresolved for row in table.rows if row.unresolved is not None)
    return {
        "document": table.document.name,
        "sha256": table.document.sha256,
        "corrections": as_corrected(table).count,
        "rows": len(table.rows),
        "resolved": len(table.rows) - unresolved.total(),
        "unresolved": dict(sorted(unresolved.items())),
        "actions": len({action for row in table.rows for action in row.all_actions}),
        "no_authorization": sum(row.no_authorization is not None for row in table.rows),
        "routes": len(routes),
        "mirrored": sum(route["mirrored_from"] is not None for route in routes),
        "conflicts": list(conflicts),
    }
