"""Counts of what a bundle holds."""

import yaml

from scopegate.inventory import format_inventory, take_inventory
from scopegate.render.provenance import trace_routes
from scopegate.routes.build import build_routes
from scopegate.routes.overlaps import build_rules
from tests.routes.made import MIRROR, make_row, make_table

TABLES = (
    make_table(
        make_row("GET /v2/shared", actions="evs:a:get"),
        make_row("GET /v2/{x}", "GET /v9/{x}", actions="evs:a:get evs:b:get"),
        make_row("GET /v2/free", actions=""),
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

COUNTS = {
    "rules": 8,
    "conflicts": ["evs GET /v2/shared"],
    "tables": {
        "made/evs/a": {
            "document": "no",
            "sha256": "0" * 64,
            "rows": 2,
            "actions": 2,
            "no_authorization": 0,
            # The shared route is named after this table, the first by name.
            "routes": 2,
            "mirrored": 0,
        },
        "made/evs/b": {
            "document": "页面.md",
            "sha256": "0" * 64,
            "rows": 3,
            "actions": 2,
            "no_authorization": 1,
            "routes": 6,
            "mirrored": 3,
        },
    },
}


def test_tables_and_what_they_make_are_counted() -> None:
    routes, conflicts = build_routes(TABLES)
    rules, _ = build_rules(routes)

    inventory = take_inventory(TABLES, trace_routes(TABLES, routes), rules, conflicts)

    assert inventory == COUNTS
    assert list(inventory["tables"]) == sorted(inventory["tables"])
    assert sum(table["routes"] for table in inventory["tables"].values()) == len(routes)


def test_the_file_is_the_inventory_and_says_where_it_comes_from() -> None:
    text = format_inventory({"made": COUNTS})

    assert yaml.safe_load(text) == {"made": COUNTS}
    assert text.startswith("# Written by `make bundle`")
    assert "页面.md" in text
    assert format_inventory({"made": COUNTS}) == text
