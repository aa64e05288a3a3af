"""What an import opens and closes: the same differences as of `scopegate diff`, in short."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.text import Text

from scopegate.bundle import build_bundle
from scopegate.cli.differences import spell_counts
from scopegate.cli.output import open_console
from scopegate.errors import ScopegateError
from scopegate.live.asking import BundleEngine
from scopegate.live.opa import find_opa
from scopegate.policies.differences import Difference, Kind, find_differences
from scopegate.tables.corrections import correct_tables
from scopegate.tables.store import read_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scopegate.project import Project
    from scopegate.tables.model import Table
    from scopegate.tables.names import TableName

_SHOWN: Final = 20
"""How many differences are listed; the rest are counted."""


def read_before(project: Project, providers: Iterable[str]) -> tuple[Table, ...]:
    """Read the tables of providers as they are before an import; none where they have faults."""
    try:
        return tuple(
            table
            for provider in sorted(set(providers))
            for table in read_tables(project.tables / provider)
        )
    except (ScopegateError, OSError):
        return ()  # whoever imports is told of them by the import


def print_effects(
    project: Project,
    before: Sequence[Table],
    made: Iterable[Table],
    removed: Iterable[TableName] = (),
) -> None:
    """Print what callers may do otherwise once tables are replaced by those that were made.

    Where that cannot be told nothing is printed: there is no OPA or no rules, or no bundle comes of
    the tables. It is no part of what an import has to do.
    """
    tables = {str(each.name): each for each in before}
    after = {**tables, **{str(each.name): each for each in made}}
    for name in removed:
        after.pop(str(name), None)
    try:
        found = _find(project, tables.values(), after.values())
    except (ScopegateError, OSError, ValueError):
        return
    telling = [each for each in found if each.kind is not Kind.WORDING]
    console = open_console()
    if not telling:
        console.print(Text("  the same is allowed as before", "dim"))
        return
    said = Text("  ").append_text(spell_counts(telling))
    console.print(said.append(" (scopegate diff shows how)", "dim"), soft_wrap=True)
    for each in telling[:_SHOWN]:
        console.print(Text.assemble("    ", (each.kind, "cyan"), f"  {each}"), soft_wrap=True)
    if len(telling) > _SHOWN:
        console.print(Text(f"    … and {len(telling) - _SHOWN:,} more", "dim"))


def _find(project: Project, before: Iterable[Table], after: Iterable[Table]) -> list[Difference]:
    opa = find_opa(project.folder)
    with tempfile.TemporaryDirectory(prefix="scopegate-") as work:
        engines = []
        for name, tables in (("before", before), ("after", after)):
            bundle = Path(work, f"{name}.tar.gz")
            corrected = correct_tables(
                tables, corrections=project.corrections, places=project.tables
            )
            build_bundle(corrected, rego=project.rego, output=bundle, opa=opa)
            engines.append(BundleEngine(bundle, opa=opa))
        return find_differences(engines[0], engines[1])
