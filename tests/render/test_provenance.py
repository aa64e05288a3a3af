"""Where routes are documented: all of it, in a form that is read by people and by OPA."""

import json

from scopegate.render.provenance import format_provenance, trace_routes
from scopegate.routes.build import build_routes
from tests.render.test_modules import HOSTILE
from tests.routes.made import MIRROR, make_row, make_table

TABLES = (
    make_table(
        make_row("GET /v2/{x}", actions="evs:a:get", permission=HOSTILE[0]),
        make_row("GET /v2/{y}", actions="evs:b:get", permission=HOSTILE[1]),
        name="evs/b",
        mirrors=(MIRROR,),
        document="页面.md",
    ),
    make_table(make_row("POST /v1/a", actions="", permission=HOSTILE[6]), name="evs/a"),
)
ROUTES = build_routes(TABLES)[0]


def test_a_route_is_described_as_a_decision_names_it() -> None:
    provenance = trace_routes(TABLES, ROUTES)

    assert provenance["routes"]["made/evs GET /v3/{x}"] == {
        "provider": "made",
        "service": "evs",
        "method": "GET",
        "path": "/v3/{x}",
        "table": "evs/b",
        "row": 1,
        "permission": HOSTILE[0],
        "mirrored_from": "/v2/{x}",
        "case": None,
    }
    assert [*provenance["routes"]] == [
        "made/evs POST /v1/a",
        "made/evs GET /v2/{x}",
        "made/evs GET /v3/{x}",
    ]
    assert provenance["further_rows"] == {
        f"made/evs GET /{version}/{{x}}": [{"table": "evs/b", "row": 2, "permission": HOSTILE[1]}]
        for version in ("v2", "v3")
    }


def test_a_table_is_traced_to_its_page() -> None:
    documents = trace_routes(TABLES[::-1], ROUTES)["documents"]

    assert [*documents] == ["made/evs/a", "made/evs/b"]
    assert documents["made/evs/b"] == {"document": "页面.md", "sha256": "0" * 64, "table": 1}


def test_a_line_for_each_route_that_hides_nothing() -> None:
    provenance = trace_routes(TABLES, ROUTES)

    text = format_provenance(provenance)

    assert json.loads(text) == provenance
    assert all(line.isprintable() for line in text.split("\n"))
    assert sum("made/evs GET /v3/{x}" in line for line in text.split("\n")) == 2
    assert json.loads(format_provenance(trace_routes((), ()))) == trace_routes((), ())


def test_what_a_call_does_itself_is_told_where_it_depends_on_more() -> None:
    table = make_table(
        make_row("POST /v1/a", actions="evs:b:create evs:a:get"),
        make_row("GET /v1/a", actions="evs:a:list"),
        make_row("PUT /v1/a", actions="evs:a:update"),
        make_row("PUT /v1/a", actions="evs:c:update evs:a:get"),
    )

    provenance = trace_routes([table], build_routes([table])[0])

    assert provenance["main_actions"] == {
        "made/evs POST /v1/a": ["evs:b:create"],
        "made/evs PUT /v1/a": ["evs:a:update", "evs:c:update"],
    }
