"""Counts of what a bundle holds."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scopegate.inventory import format_inventory, read_inventory, sum_inventory, take_inventory
from scopegate.render.provenance import trace_routes
from scopegate.routes.build import build_routes
from scopegate.routes.overlaps import build_rules
from scopegate.tables.corrections import as_corrected
from tests.routes.made import MIRROR, make_row, make_table

TABLES = (
    make_table(
        make_row("GET /v2/shared", actions="evs:a:get"),
        make_row("GET /v2/{x}", "GET /v9/{x}", actions="evs:a:get evs:b:get"),
        make_row("GET /v2/free", actions=""),
        replace(make_row("GET /v2/{a}:{b}", actions="evs:b:get"), unresolved="odd_path"),
        name="evs/b",
        mirrors=(MIRROR,),
        document="页面.md",
    ),
    make_table(
        make_row("POST /v1/a", actions="evs:c:get"),
        make_row("GET /v2/shared", actions="evs:d:get"),
        name="evs/a",
        document="no",
    ),
)

COUNTS: dict[str, Any] = {
    "rules": 8,
    "tables": {
        "made/evs/a": {
            "document": "no",
            "sha256": "0" * 64,
            "corrections": 0,
            "rows": 2,
            "resolved": 2,
            "unresolved": {},
            "actions": 2,
            "no_authorization": 0,
            # The shared route is named after this table, the first by name.
            "routes": 2,
            "mirrored": 0,
            "conflicts": ["GET /v2/shared (rows)"],
        },
        "made/evs/b": {
            "document": "页面.md",
            "sha256": "0" * 64,
            "corrections": 2,
            "rows": 4,
            "resolved": 3,
            "unresolved": {"odd_path": 1},
            "actions": 2,
            "no_authorization": 1,
            "routes": 6,
            "mirrored": 3,
            "conflicts": [],
        },
    },
}


def test_tables_and_what_they_make_are_counted() -> None:
    tables = (replace(as_corrected(TABLES[0]), count=2), TABLES[1])
    routes, conflicts = build_routes(tables)
    rules, _ = build_rules(routes)

    inventory = take_inventory(tables, trace_routes(tables, routes), rules, conflicts)

    assert inventory == COUNTS
    assert list(inventory["tables"]) == sorted(inventory["tables"])
    assert sum(table["routes"] for table in inventory["tables"].values()) == len(routes)


def test_a_bundle_is_summed_up() -> None:
    assert sum_inventory("r1", COUNTS) == {
        "revision": "r1",
        "tables": 2,
        "rules": 8,
        "corrections": 2,
        "rows": 6,
        "resolved": 5,
        "routes": 8,
        "mirrored": 3,
        "conflicts": 1,
    }


def test_the_file_is_the_inventory_and_says_where_it_comes_from(tmp_path: Path) -> None:
    inventory = {"bundles": {"made": sum_inventory("r1", COUNTS)}, "tables": COUNTS["tables"]}

    text = format_inventory(inventory)

    assert text.startswith("# Written by `make bundle`")
    assert "页面.md" in text
    (tmp_path / "inventory.yaml").write_text(text, encoding="utf-8")
    assert read_inventory(tmp_path / "inventory.yaml") == inventory


@pytest.mark.parametrize("text", ["", "[]", "bundles: []", "{", "bundles:\n  - &a a"])
def test_what_is_no_inventory_says_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "inventory.yaml"
    assert read_inventory(path) == {"bundles": {}, "tables": {}}
    path.write_text(text, encoding="utf-8")
    assert read_inventory(path) == {"bundles": {}, "tables": {}}


def test_the_counts_of_the_committed_inventory_add_up(project: Path) -> None:
    inventory = read_inventory(project / "bundle/inventory.yaml")
    tables = inventory["tables"]

    assert {f"{each}.yaml" for each in tables} == {
        path.relative_to(project / "tables").as_posix()
        for path in (project / "tables").glob("*/*/*.yaml")
    }
    for table in tables.values():
        assert table["rows"] == table["resolved"] + sum(table["unresolved"].values())
    for name, provider in (("huaweicloud",) * 2, ("opentelekomcloud",) * 2, ("all", "")):
        own = [each for table, each in tables.items() if table.startswith(provider)]
        bundle = inventory["bundles"][name]
        assert bundle["tables"] == len(own)
        assert bundle["conflicts"] == sum(len(each["conflicts"]) for each in own)
        for count in ("corrections", "rows", "resolved", "routes", "mirrored"):
            assert bundle[count] == sum(each[count] for each in own)
