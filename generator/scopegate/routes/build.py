"""Rows into routes: each endpoint as printed, each mirror, and one route where rows share it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from scopegate.routes.model import Conflict, Requirement, Route, Source
from scopegate.routes.template import find_project_positions, parse_shape, split_template
from scopegate.tables.model import Scopes, Support

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scopegate.routes.template import Shape
    from scopegate.tables.model import Mirror, Row, Table


def build_routes(tables: Iterable[Table]) -> tuple[tuple[Route, ...], tuple[Conflict, ...]]:
    """Return the routes that the tables document, and the rows in conflict.

    Both are in the order of the tables' names, whatever that of `tables` is. Of rows that share a
    route, one that prints it comes before one that mirrors it.
    """
    rows: dict[tuple[str, str, Shape], list[Route]] = defaultdict(list)
    for table in sorted(tables, key=lambda table: (table.provider, table.table)):
        for route in _read_routes(table):
            rows[route.service, route.method, route.shape].append(route)
    for same in rows.values():
        same.sort(key=_rank_route)
    conflicts = tuple(
        Conflict(same[0].service, same[0].method, same[0].path, tuple(same))
        for same in rows.values()
        if any(route.requirement != same[0].requirement for route in same)
    )
    return tuple(merge_routes(same) for same in rows.values()), conflicts


def _rank_route(route: Route) -> tuple[bool, str, int]:
    source = route.sources[0]
    return route.mirrored_from is not None, source.table, source.row


def merge_routes(routes: Sequence[Route]) -> Route:
    """Return the first of the routes with the sources and the requirements of all.

    All actions are required. A grant counts only in the scopes in which each of the rows that
    require an action lets it count.
    """
    if len(routes) == 1:
        return routes[0]
    requirements = [route.requirement for route in routes]
    demanding = [each for each in requirements if each.actions] or requirements
    merged = Requirement(
        actions=frozenset[str]().union(*(each.actions for each in requirements)),
        scopes=Scopes(
            iam_project=_intersect(each.scopes.iam_project for each in demanding),
            enterprise_project=_intersect(each.scopes.enterprise_project for each in demanding),
        ),
        is_list=all(each.is_list for each in demanding),
        project_positions=frozenset[int]().union(
            *(each.project_positions for each in requirements)
        ),
    )
    sources = tuple(dict.fromkeys(source for route in routes for source in route.sources))
    return replace(routes[0], sources=sources, requirement=merged)


def _intersect(supports: Iterable[Support]) -> Support:
    found = set(supports)
    if Support.UNSUPPORTED in found:
        return Support.UNSUPPORTED
    return Support.SUPPORTED if found == {Support.SUPPORTED} else Support.UNDOCUMENTED


def _read_routes(table: Table) -> Iterator[Route]:
    """Yield the printed routes in the page's order, and after them their mirrors."""
    printed = [
        _make_route(table, row, endpoint.method, endpoint.path)
        for row in table.rows
        for endpoint in row.endpoints
    ]
    yield from printed
    for mirror in table.mirrors:
        for route in printed:
            if (path := _mirror_path(mirror, route.path)) is not None:
                yield replace(route, path=path, shape=parse_shape(path), mirrored_from=route.path)


def _mirror_path(mirror: Mirror, path: str) -> str | None:
    segments = list(split_template(path))
    if mirror.from_segment not in segments:
        return None
    segments[segments.index(mirror.from_segment)] = mirror.to_segment
    return "/" + "/".join(segments)


def _make_route(table: Table, row: Row, method: str, path: str) -> Route:
    return Route(
        provider=table.provider,
        service=table.service,
        method=method,
        path=path,
        shape=parse_shape(path),
        sources=(
            Source(
                document=table.document.name,
                document_table=table.document.table,
                table=table.table,
                row=row.row,
                permission=row.permission,
            ),
        ),
        mirrored_from=None,
        requirement=Requirement(
            actions=frozenset(row.actions),
            scopes=row.scopes,
            is_list=method == "GET" and _is_list(row.actions),
            project_positions=frozenset(find_project_positions(path)),
        ),
    )


def _is_list(actions: Sequence[str]) -> bool:
    """Tell whether the row's own action, the first, lists; the others are what it depends on."""
    return bool(actions) and actions[0].rpartition(":")[2].lower().startswith("list")
