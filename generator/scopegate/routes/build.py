"""Rows into routes: each endpoint as printed, each mirror, and one route where rows share it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scopegate.routes.model import (
    CaseRoute,
    Conflict,
    Disagreement,
    Requirement,
    Route,
    Source,
)
from scopegate.routes.template import find_project_positions, parse_shape, split_template
from scopegate.tables.corrections import MirroredRoute, as_corrected
from scopegate.tables.model import Scopes, Support

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scopegate.routes.template import Shape
    from scopegate.tables.model import Case, Mirror, Row, Table


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one row says of a route: of the requests of `cases`, or of all where there are none."""

    provider: str
    service: str
    method: str
    path: str
    mirrored_from: str | None
    source: Source
    cases: tuple[Case, ...]
    requirement: Requirement
    main_action: str | None
    """The row's own, the first; the others are what it depends on."""
    is_undecided: bool
    """Whether it holds alternatives that nothing tells apart."""


def build_routes(tables: Iterable[Table]) -> tuple[tuple[Route, ...], tuple[Conflict, ...]]:
    """Return the routes that the tables document, and what is in conflict.

    Both are in the order of the tables' names, whatever that of `tables` is. Of rows that share a
    route, one that prints it comes before one that mirrors it.
    """
    claims: dict[tuple[str, str, str, Shape], list[_Claim]] = defaultdict(list)
    for table in sorted(tables, key=lambda table: (table.provider, table.table)):
        for claim in _list_claims(table):
            shape = parse_shape(claim.path)
            claims[claim.provider, claim.service, claim.method, shape].append(claim)
    routes: list[Route] = []
    conflicts: list[Conflict] = []
    for same in claims.values():
        same.sort(key=_rank_claim)
        route = _make_route(same)
        routes.append(route)
        conflicts.extend(_find_conflicts(route, same))
    return tuple(routes), tuple(conflicts)


def merge_requirements(requirements: Sequence[Requirement]) -> Requirement:
    """Require all actions of all.

    A grant counts only in the scopes in which each of those that require an action lets it count.
    """
    demanding = [each for each in requirements if each.actions] or requirements
    return Requirement(
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


def _intersect(supports: Iterable[Support]) -> Support:
    found = set(supports)
    if Support.UNSUPPORTED in found:
        return Support.UNSUPPORTED
    return Support.SUPPORTED if found == {Support.SUPPORTED} else Support.UNDOCUMENTED


def _rank_claim(claim: _Claim) -> tuple[bool, str, int]:
    return claim.mirrored_from is not None, claim.source.table, claim.source.row


def _make_route(claims: Sequence[_Claim]) -> Route:
    """Make the route that all of the claims are of.

    Rows that are for all requests are so for those of a case, too.
    """
    first = claims[0]
    general = [claim for claim in claims if not claim.cases]
    cases = dict.fromkeys(case for claim in claims for case in claim.cases)
    return Route(
        provider=first.provider,
        service=first.service,
        method=first.method,
        path=first.path,
        shape=parse_shape(first.path),
        sources=_list_sources(claims),
        mirrored_from=first.mirrored_from,
        requirement=merge_requirements([claim.requirement for claim in claims]),
        main_actions=_list_main_actions(claims),
        cases=tuple(
            CaseRoute(
                case,
                _list_sources(own := [claim for claim in claims if case in claim.cases]),
                merge_requirements([claim.requirement for claim in (*own, *general)]),
                _list_main_actions(own),
            )
            for case in cases
        ),
    )


def _find_conflicts(route: Route, claims: Sequence[_Claim]) -> Iterator[Conflict]:
    """Find what of the claims nothing in a request tells apart."""
    undecided = [claim for claim in claims if claim.is_undecided]
    general = [claim for claim in claims if not claim.cases]
    together = [
        [*(claim for claim in claims if each.case in claim.cases), *general] for each in route.cases
    ] or [general]
    disagreeing = [claim for group in together if _disagree(group) for claim in group]
    for kind, found in (
        (Disagreement.ALTERNATIVES, undecided),
        (Disagreement.ROWS, disagreeing),
    ):
        if found:
            yield Conflict(kind, route.api, route.method, route.path, _list_sources(found))


def _disagree(claims: Iterable[_Claim]) -> bool:
    """Whether rows require different things of the same requests."""
    rows: dict[Source, list[Requirement]] = defaultdict(list)
    for claim in claims:
        rows[claim.source].append(claim.requirement)
    return len({merge_requirements(each) for each in rows.values()}) > 1


def _list_sources(claims: Iterable[_Claim]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(claim.source for claim in claims))


def _list_main_actions(claims: Iterable[_Claim]) -> frozenset[str]:
    return frozenset(claim.main_action for claim in claims if claim.main_action is not None)


def _list_claims(table: Table) -> Iterator[_Claim]:
    """List the claims of printed endpoints in the page's order, and after them their mirrors."""
    corrected = as_corrected(table)
    printed = [
        claim
        for number, row in enumerate(table.rows, start=1)
        if row.unresolved is None
        for claim in _read_row(table, number, row, corrected.reasons[number - 1])
    ]
    yield from printed
    for mirror in table.mirrors:
        for claim in printed:
            if _name_mirrored(mirror, claim) in corrected.unmirrored:
                continue
            if (path := _mirror_path(mirror, claim.path)) is not None:
                yield replace(claim, path=path, mirrored_from=claim.path)


def _name_mirrored(mirror: Mirror, claim: _Claim) -> MirroredRoute:
    endpoint = f"{claim.method} {claim.path}"
    return MirroredRoute(mirror.from_segment, mirror.to_segment, endpoint)


def _mirror_path(mirror: Mirror, path: str) -> str | None:
    segments = list(split_template(path))
    if mirror.from_segment not in segments:
        return None
    segments[segments.index(mirror.from_segment)] = mirror.to_segment
    return "/" + "/".join(segments)


def _read_row(table: Table, number: int, row: Row, reasons: tuple[str, ...]) -> Iterator[_Claim]:
    source = Source(
        document=table.document.name,
        document_table=table.document.table,
        table=table.table,
        row=number,
        permission=row.permission,
        reasons=reasons,
    )
    for endpoint in row.endpoints:
        for cases, actions, is_undecided in _list_ways(row):
            yield _Claim(
                provider=table.provider,
                service=table.service,
                method=endpoint.method,
                path=endpoint.path,
                mirrored_from=None,
                source=source,
                cases=cases,
                requirement=Requirement(
                    actions=frozenset(actions),
                    scopes=row.scopes,
                    is_list=endpoint.method == "GET" and _is_list(actions),
                    project_positions=frozenset(find_project_positions(endpoint.path)),
                ),
                main_action=actions[0] if actions else None,
                is_undecided=is_undecided,
            )


def _list_ways(row: Row) -> Iterator[tuple[tuple[Case, ...], tuple[str, ...], bool]]:
    """List what a row requires of which cases; alternatives without any are for all of its own."""
    if not row.alternatives:
        yield row.cases, row.needed, False
    for each in row.alternatives:
        actions = (*row.needed, *each.actions, *each.dependencies)
        yield each.cases or row.cases, actions, not each.cases


def _is_list(actions: Sequence[str]) -> bool:
    """Tell whether the row's own action, the first, lists; the others are what it depends on."""
    return bool(actions) and actions[0].rpartition(":")[2].lower().startswith("list")
