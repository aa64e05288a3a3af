"""Rows into routes: as printed, mirrored, and one route where rows share it."""

from itertools import product

import pytest

from scopegate.routes.build import build_routes
from scopegate.routes.model import Requirement, Route, Source
from scopegate.tables.model import Mirror, Row, Scopes, Support
from tests.routes.made import MIRROR, NO, UNKNOWN, YES, make_row, make_table


def build_only_route(*rows: Row) -> Route:
    [route], _ = build_routes([make_table(*rows)])
    return route


def spell_routes(routes: tuple[Route, ...]) -> list[str]:
    return [f"{route.method} {route.path}" for route in routes]


def test_a_row_makes_a_route_of_each_endpoint() -> None:
    row = make_row(
        "POST /v2/{project_id}/volumes",
        "PUT /v2/volumes/{id}/",
        actions="evs:volumes:create evs:types:get",
        iam=NO,
        enterprise=UNKNOWN,
        permission="Create",
    )

    routes, conflicts = build_routes([make_table(row, document="page.md")])

    assert routes == (
        Route(
            provider="made",
            service="evs",
            method="POST",
            path="/v2/{project_id}/volumes",
            shape=("v2", None, "volumes"),
            sources=(Source("page.md", 1, "evs/made", 1, "Create"),),
            mirrored_from=None,
            requirement=Requirement(
                actions=frozenset({"evs:volumes:create", "evs:types:get"}),
                scopes=Scopes(NO, UNKNOWN),
                is_list=False,
                project_positions=frozenset({1}),
            ),
            main_actions=frozenset({"evs:volumes:create"}),
        ),
        Route(
            provider="made",
            service="evs",
            method="PUT",
            path="/v2/volumes/{id}/",
            shape=("v2", "volumes", None, ""),
            sources=(Source("page.md", 1, "evs/made", 1, "Create"),),
            mirrored_from=None,
            requirement=Requirement(
                actions=frozenset({"evs:volumes:create", "evs:types:get"}),
                scopes=Scopes(NO, UNKNOWN),
                is_list=False,
                project_positions=frozenset(),
            ),
            main_actions=frozenset({"evs:volumes:create"}),
        ),
    )
    assert conflicts == ()


def test_a_mirror_follows_the_printed_routes_and_says_what_it_was_printed_as() -> None:
    table = make_table(
        make_row("GET /v2/{project_id}/a"),
        make_row("POST /v2/{project_id}/b", actions="evs:b:create"),
        mirrors=(MIRROR,),
    )

    routes, _ = build_routes([table])

    assert spell_routes(routes) == [
        "GET /v2/{project_id}/a",
        "POST /v2/{project_id}/b",
        "GET /v3/{project_id}/a",
        "POST /v3/{project_id}/b",
    ]
    assert [route.mirrored_from for route in routes] == [
        None,
        None,
        "/v2/{project_id}/a",
        "/v2/{project_id}/b",
    ]
    for printed, mirrored in zip(routes[:2], routes[2:], strict=True):
        assert mirrored.requirement == printed.requirement
        assert mirrored.sources == printed.sources
        assert mirrored.shape == ("v3", *printed.shape[1:])


def test_a_mirror_is_of_its_own_table_alone() -> None:
    mirrored = make_table(make_row("GET /v2/a"), name="evs/one", mirrors=(MIRROR,))
    other = make_table(make_row("GET /v2/b"), name="evs/other")

    routes, _ = build_routes([mirrored, other])

    assert spell_routes(routes) == ["GET /v2/a", "GET /v3/a", "GET /v2/b"]


@pytest.mark.parametrize("path", ["/v1/a", "/v20/a", "/V2/a", "/{v2}/a", "/xv2/v2x"])
def test_a_path_without_the_very_segment_has_no_mirror(path: str) -> None:
    routes, _ = build_routes([make_table(make_row(f"GET {path}"), mirrors=(MIRROR,))])

    assert spell_routes(routes) == [f"GET {path}"]


def test_a_mirror_changes_the_first_such_segment() -> None:
    routes, _ = build_routes([make_table(make_row("GET /api/v2/v2"), mirrors=(MIRROR,))])

    assert spell_routes(routes) == ["GET /api/v2/v2", "GET /api/v3/v2"]


def test_mirrors_are_of_printed_routes_not_of_each_other() -> None:
    mirrors = (MIRROR, Mirror("v3", "v4", "v4 as v3."))

    routes, _ = build_routes([make_table(make_row("GET /v2/a"), mirrors=mirrors)])

    assert spell_routes(routes) == ["GET /v2/a", "GET /v3/a"]


@pytest.mark.parametrize(
    ("endpoint", "actions", "is_list"),
    [
        ("GET /a", "evs:volumes:list", True),
        ("GET /a", "evs:volumes:ListAll evs:volumes:get", True),
        ("GET /a", "evs:LIST", True),
        ("POST /a", "evs:volumes:list", False),
        ("GET /a", "evs:volumes:get evs:volumes:list", False),
        ("GET /a", "evs:list:get", False),
        ("GET /a", "evs:volumes:enlist", False),
        ("GET /a", "", False),
    ],
)
def test_a_list_is_a_get_whose_own_action_lists(
    endpoint: str, actions: str, *, is_list: bool
) -> None:
    assert build_only_route(make_row(endpoint, actions=actions)).requirement.is_list == is_list


def test_equal_rows_are_one_route_of_all_their_sources() -> None:
    first = make_row("GET /a/{x}", actions="evs:a:get evs:b:get", permission="First")
    second = make_row("GET /a/{y}", actions="evs:b:get evs:a:get", permission="Second")

    [route], conflicts = build_routes([make_table(first, second)])

    assert conflicts == ()
    assert route.path == "/a/{x}"
    assert [(source.row, source.permission) for source in route.sources] == [
        (1, "First"),
        (2, "Second"),
    ]
    assert route.requirement == build_only_route(first).requirement


def test_different_rows_need_the_actions_of_all_and_are_reported() -> None:
    first = make_row("POST /a/{x}", actions="evs:a:create evs:b:get")
    second = make_row("POST /a/{y}", actions="evs:a:delete evs:b:get")
    third = make_row("PUT /a/{y}", actions="evs:a:put")

    (route, _), conflicts = build_routes([make_table(first, second, third)])

    assert route.requirement.actions == {"evs:a:create", "evs:a:delete", "evs:b:get"}
    assert [source.row for source in route.sources] == [1, 2]
    [conflict] = conflicts
    assert str(conflict) == "made/evs POST /a/{x} (rows)"
    assert [source.row for source in conflict.sources] == [1, 2]


INTERSECTIONS = {
    (YES, YES): YES,
    (YES, NO): NO,
    (YES, UNKNOWN): UNKNOWN,
    (NO, NO): NO,
    (NO, UNKNOWN): NO,
    (UNKNOWN, UNKNOWN): UNKNOWN,
}


@pytest.mark.parametrize(("one", "other"), [*product(Support, repeat=2)])
def test_a_grant_counts_in_the_scopes_of_all_rows(one: Support, other: Support) -> None:
    expected = INTERSECTIONS.get((one, other)) or INTERSECTIONS[other, one]
    rows = (
        make_row("GET /a", iam=one, enterprise=YES),
        make_row("GET /a", iam=other, enterprise=YES),
    )
    swapped = (
        make_row("GET /a", iam=YES, enterprise=one),
        make_row("GET /a", iam=YES, enterprise=other),
    )

    assert build_only_route(*rows).requirement.scopes == Scopes(expected, YES)
    assert build_only_route(*swapped).requirement.scopes == Scopes(YES, expected)


@pytest.mark.parametrize("free_is_first", [True, False])
def test_a_row_that_needs_no_authorization_narrows_nothing(*, free_is_first: bool) -> None:
    free = make_row("GET /a", actions="", iam=NO, enterprise=UNKNOWN)
    demanding = make_row("GET /a", actions="evs:a:list")
    rows = (free, demanding) if free_is_first else (demanding, free)

    [route], conflicts = build_routes([make_table(*rows)])

    assert route.requirement == build_only_route(demanding).requirement
    assert len(route.sources) == 2
    assert len(conflicts) == 1


def test_rows_of_which_none_needs_authorization_need_none_together() -> None:
    free = make_row("GET /a", actions="", iam=NO)

    assert build_only_route(free, make_row("GET /a", actions="")).requirement.actions == set()


def test_several_rows_list_where_all_of_them_do() -> None:
    listing = make_row("GET /a", actions="evs:a:list")

    assert build_only_route(listing, make_row("GET /a", actions="evs:b:list")).requirement.is_list
    assert not build_only_route(
        listing, make_row("GET /a", actions="evs:b:get")
    ).requirement.is_list


def test_a_segment_that_one_row_calls_the_callers_project_is_that() -> None:
    rows = make_row("GET /v2/{id}/a"), make_row("GET /v2/{tenant_id}/a")

    [route], conflicts = build_routes([make_table(*rows)])

    assert route.requirement.project_positions == {1}
    assert len(conflicts) == 1


def test_services_and_methods_and_trailing_slashes_keep_routes_apart() -> None:
    tables = (
        make_table(make_row("GET /a", "POST /a", "GET /a/")),
        make_table(make_row("GET /a", actions="ecs:a:get"), name="ecs/made"),
    )

    routes, conflicts = build_routes(tables)

    assert len(routes) == 4
    assert conflicts == ()


def test_of_rows_that_share_a_route_one_that_prints_it_is_named() -> None:
    mirroring = make_table(make_row("GET /v2/a"), name="evs/a", mirrors=(MIRROR,))
    printing = make_table(make_row("GET /v9/a"), make_row("GET /v3/a"), name="evs/b")

    routes, conflicts = build_routes([mirroring, printing])

    [shared] = [route for route in routes if route.path == "/v3/a"]
    assert shared.mirrored_from is None
    assert [(source.table, source.row) for source in shared.sources] == [
        ("evs/b", 2),
        ("evs/a", 1),
    ]
    assert conflicts == ()


def test_the_order_in_which_tables_are_given_plays_no_part() -> None:
    # The file of evs/a-b stands before that of evs/a: `-` comes before `.`.
    tables = [
        make_table(
            make_row("GET /v2/a"),
            make_row("GET /v2/same", actions=f"{service}:{name}:get", permission=name),
            name=f"{service}/{name}",
            mirrors=(MIRROR,),
        )
        for service in ("evs", "ecs")
        for name in ("a-b", "a", "b")
    ]
    built = build_routes(tables)

    for other in (tables[::-1], tables[1::2] + tables[::2], tables[3:] + tables[:3]):
        assert build_routes(other) == built
    [same] = [each for each in built[0] if (each.service, each.path) == ("evs", "/v2/same")]
    assert [source.permission for source in same.sources] == ["a", "a-b", "b"]
