"""Pages of tables made up, and what a page was told."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from scopegate.bundle import build_bundle
from scopegate.cli.diff import compare_editions, spell_editions
from scopegate.explorer.page import compose_page, read_explorer
from scopegate.explorer.sdk import read_sdk
from scopegate.live.opa import Opa
from scopegate.tables.model import Scopes, Support, Table
from scopegate.tables.store import read_table

FACTS = re.compile(r'<script type="application/json" id="facts">(.*?)</script>', re.DOTALL)


def compose_tables(
    tables: Sequence[Table],
    folder: Path,
    *,
    project: Path,
    opa: Opa,
    older: Sequence[Table] | None = None,
) -> Path:
    """The page of the bundle of the tables; `folder` has the bundle besides."""
    bundle, old = folder / "made.tar.gz", folder / "older.tar.gz"
    build_bundle(tables, rego=project / "rego", output=bundle, opa=opa)
    differences = None
    if older is not None:
        build_bundle(older, rego=project / "rego", output=old, opa=opa)
        differences = spell_editions(
            *compare_editions(str(old), str(bundle), project=None, profile=None, opa=opa)
        )
    sdk = read_sdk(None, project)
    explorer = read_explorer(bundle, opa=opa, sdk=sdk, differences=differences)
    file = folder / "made.html"
    file.write_text(compose_page(explorer), encoding="utf-8")
    return file


def read_shipped(project: Path) -> Table:
    """The table of the default profile."""
    return read_table(project / "tables/huaweicloud/evs/snapshots.yaml")


def make_older(table: Table) -> Table:
    """An edition before it, of which everything differs that can."""
    first, second, third, fourth, _, *others = table.rows
    elsewhere = Scopes(Support.UNSUPPORTED, Support.SUPPORTED)
    return replace(
        table,
        rows=(
            replace(first, actions=("evs:snapshots:make",)),
            replace(second, scopes=elsewhere),
            replace(third, permission=f"{third.permission}。"),
            replace(fourth, actions=(), no_authorization="-"),
            *others,
        ),
    )


def read_facts(file: Path) -> dict[str, Any]:
    """What a page was told of its bundle."""
    found = FACTS.search(file.read_text(encoding="utf-8"))
    assert found
    facts: dict[str, Any] = json.loads(unescape(found[1]))
    return facts


def find_route(file: Path, method: str, path: str, case: str | None = None) -> dict[str, Any]:
    """A route of a page, as it was told of it."""
    (found,) = (
        route
        for route in read_facts(file)["routes"]
        if (route["method"], route["path"], route["case"]) == (method, path, case)
    )
    route: dict[str, Any] = found
    return route


def spell_link(lang: str = "en", ticked: str | Sequence[str] = "", **state: object) -> str:
    """A link to a state of a page."""
    spelt = {
        name: each if isinstance(each, str) else json.dumps(each) for name, each in state.items()
    }
    if ticked:
        spelt["ticked"] = ticked if isinstance(ticked, str) else ".".join(ticked)
    return f"#{urlencode({**spelt, 'lang': lang})}"


def spell_policy(*actions: str, effect: str = "Allow") -> str:
    return json.dumps(
        {"Version": "1.1", "Statement": [{"Effect": effect, "Action": list(actions)}]}, indent=2
    )
