"""Where routes are documented, as JSON: the bundle's data, and what people are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopegate.render.environment import spell_literal
from scopegate.routes.template import parse_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scopegate.routes.model import CaseRoute, Route, Source
    from scopegate.tables.model import Table

Provenance = dict[str, dict[str, Any]]
"""`documents` has the page of each table, `routes` what a decision says of each route and each case
of one by its key, `further_rows` the other rows of a route that several document, `main_actions`
what a call does itself, of routes and cases that depend on other actions too, `corrections` why
rows of a route or a case were corrected, and `literals` what
stands before each literal in the templates of an API, by that and the literal in lower case.
"""


def trace_routes(tables: Iterable[Table], routes: Iterable[Route]) -> Provenance:
    """Tell where each route is documented, in the order of the routes."""
    documented = list(routes)
    return {
        "documents": {
            str(table.name): {
                "document": table.document.name,
                "sha256": table.document.sha256,
                "table": table.document.table,
            }
            for table in sorted(tables, key=lambda table: (table.provider, table.table))
        },
        "routes": dict(_describe_routes(documented)),
        "further_rows": {
            route.key: [_describe_row(source) for source in route.sources[1:]]
            for route in documented
            if len(route.sources) > 1
        },
        "main_actions": dict(_list_main_actions(documented)),
        "corrections": dict(_list_corrections(documented)),
        "literals": _trace_literals(documented),
    }


def format_provenance(provenance: Provenance) -> str:
    """Spell it with a line for each route, so that a reviewer sees which one changed."""
    parts = [
        f"  {spell_literal(name)}: {_spell_members(members)}"
        for name, members in provenance.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _spell_members(members: Mapping[str, Any]) -> str:
    if not members:
        return "{}"
    lines = [
        f"    {spell_literal(name)}: {spell_literal(value)}" for name, value in members.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n  }"


def _trace_literals(routes: Iterable[Route]) -> dict[str, dict[str, list[str]]]:
    """Tell where literals stand: after which segments, with parameters as `{}`."""
    found: dict[str, dict[str, set[str]]] = {}
    for route in routes:
        before = ""
        for segment in parse_shape(route.path):
            if segment:
                spellings = found.setdefault(f"{route.api} {segment.lower()}", {})
                spellings.setdefault(segment, set()).add(before)
            before += f"/{'{}' if segment is None else segment}"
    return {
        name: {spelling: sorted(places) for spelling, places in sorted(spellings.items())}
        for name, spellings in sorted(found.items())
    }


def _list_main_actions(routes: Iterable[Route]) -> Iterator[tuple[str, list[str]]]:
    for key, each in _name_all(routes):
        if each.requirement.actions != each.main_actions:
            yield key, sorted(each.main_actions)


def _list_corrections(routes: Iterable[Route]) -> Iterator[tuple[str, list[str]]]:
    for key, each in _name_all(routes):
        reasons = dict.fromkeys(reason for source in each.sources for reason in source.reasons)
        if reasons:
            yield key, list(reasons)


def _name_all(routes: Iterable[Route]) -> Iterator[tuple[str, Route | CaseRoute]]:
    for route in routes:
        yield route.key, route
        for own in route.cases:
            yield route.name_case(own), own


def _describe_routes(routes: Iterable[Route]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Describe each route, and each case of it, as a decision does; by its key."""
    for route in routes:
        yield route.key, _describe_route(route, route.sources[0], None)
        for each in route.cases:
            yield route.name_case(each), _describe_route(route, each.sources[0], str(each.case))


def _describe_route(route: Route, source: Source, case: str | None) -> Mapping[str, Any]:
    return {
        "provider": route.provider,
        "service": route.service,
        "method": route.method,
        "path": route.path,
        **_describe_row(source),
        "mirrored_from": route.mirrored_from,
        "case": case,
    }


def _describe_row(source: Source) -> Mapping[str, Any]:
    return {"table": source.table, "row": source.row, "permission": source.permission}
