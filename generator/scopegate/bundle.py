"""Tables and hand-written rules into a bundle that OPA loads."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scopegate.errors import ScopegateError
from scopegate.files import replace_file
from scopegate.inventory import take_inventory
from scopegate.packing import DATA, MANIFEST, Package, encode_json, pack_bundle
from scopegate.render.modules import render_routes, render_schema
from scopegate.render.provenance import format_provenance, trace_routes
from scopegate.routes.build import build_routes
from scopegate.routes.overlaps import build_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scopegate.live.opa import Opa
    from scopegate.routes.model import Conflict
    from scopegate.tables.model import Table

ROOT: Final = "scopegate"
"""The bundle owns all data below it."""

GENERATED_FOLDERS: Final = ("scopegate/routes", "scopegate/schemas")
"""Below `rego/`: wholly generated, so that nothing by hand is ever overwritten."""

SCHEMAS: Final = {"config": "schemas/config.json", "question": "schemas/input.json"}
"""The forms that the rules check, below `rego/`, by the names of the rules that they become."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a bundle of the rules holds.

    The revision of `package` is the SHA-256 of all its files, in hexadecimal; the two places that
    name it are left out of it. `generated` maps a path below `rego/` to the text of a generated
    file. `inventory` are the counts, and `conflicts` what they summarise.
    """

    package: Package
    generated: Mapping[str, str]
    inventory: Mapping[str, Any]
    conflicts: tuple[Conflict, ...]

    @property
    def revision(self) -> str:
        """The revision of the package."""
        return self.package.revision


def compose_bundle(tables: Sequence[Table], *, rego: Path) -> Contents:
    """Compose the files of a bundle of `tables` and the hand-written rules below `rego`.

    Raises ScopegateError where the tables' templates cross in too many ways, or no row of them
    gives a route, and OSError where the rules cannot be read.
    """
    routes, row_conflicts = build_routes(tables)
    if not routes:
        raise ScopegateError("no row of these tables gives a route: there is nothing to decide")
    rules, crossing_conflicts = build_rules(routes)
    conflicts = row_conflicts + crossing_conflicts
    provenance = trace_routes(tables, routes)
    inventory = take_inventory(tables, provenance, rules, conflicts)
    rendered = {
        **{f"{ROOT}/routes/{name}": text for name, text in render_routes(rules).items()},
        **{
            f"{ROOT}/schemas/{name}.rego": render_schema(
                (rego / path).read_text(encoding="utf-8"), f"rego/{path}", name
            )
            for name, path in SCHEMAS.items()
        },
    }
    generated = {**rendered, f"{ROOT}/routes/provenance.json": format_provenance(provenance)}
    modules = _read_rules(rego) | {name: text.encode() for name, text in rendered.items()}
    apis: dict[str, dict[str, str]] = defaultdict(dict)
    for table in tables:
        apis[table.service][table.provider] = f"{table.provider}/{table.service}"

    def add_data(revision: str) -> dict[str, bytes]:
        about = {"revision": revision, "apis": apis, **provenance}
        manifest = {
            "revision": revision,
            "roots": [ROOT],
            "rego_version": 1,
            "metadata": inventory,
        }
        return modules | {
            DATA: encode_json({ROOT: {"bundle": about}}),
            MANIFEST: encode_json(manifest),
        }

    revision = _hash_files(add_data(""))
    return Contents(Package(add_data(revision), revision), generated, inventory, conflicts)


def build_bundle(tables: Sequence[Table], *, rego: Path, output: Path, opa: Opa) -> Contents:
    """Build the bundle of `tables` and the hand-written rules below `rego` into `output`.

    The same tables, in any order, and rules make the same bytes. Raises what `compose_bundle` and
    `pack_bundle` do, and OSError where `output` cannot be written; it then stays as it was.
    """
    contents = compose_bundle(tables, rego=rego)
    replace_file(output, pack_bundle(contents.package, opa=opa))
    return contents


def list_rules(rego: Path) -> list[Path]:
    """List the files of the rules by hand below `rego`, sorted, without those of their tests."""
    generated = tuple(rego / folder for folder in GENERATED_FOLDERS)
    return [
        path
        for path in sorted((rego / ROOT).glob("**/*.rego"))
        if not path.name.endswith("_test.rego") and not any(map(path.is_relative_to, generated))
    ]


def _read_rules(rego: Path) -> dict[str, bytes]:
    """Read the rules by hand, by their paths below `rego`; their tests are in no bundle."""
    return {path.relative_to(rego).as_posix(): path.read_bytes() for path in list_rules(rego)}


def _hash_files(files: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for name, data in sorted(files.items()):
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()
