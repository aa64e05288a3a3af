"""What one edition of a table says otherwise than another."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopegate.tables.changes import Change, ChangeKind
from scopegate.tables.differences import compare_statements, compare_tables
from scopegate.tables.model import (
    Alternative,
    Case,
    Document,
    Endpoint,
    Mirror,
    Row,
    Scopes,
    Support,
)
from tests.tables.made import TABLE

FIRST, SECOND = TABLE.rows
CREATE = "POST /v2/{project_id}/volumes, PUT /v2/a/"
SCOPES = Scopes(Support.UNDOCUMENTED, Support.UNDOCUMENTED)
GET = Endpoint("GET", "/v2/{project_id}/a/{b}")
PLAIN = Row("", SCOPES, actions=("evs:a:get",), endpoints=(GET,))
SPELT = "GET /v2/{project_id}/a/{b}"
WAY = Alternative("new", ("evs:a:new",), ("evs:b:*",))
GONE = '"new" needs evs:a:new, evs:b:*; no more "old" needs nothing more'
NEW = '"new" for query.type=x needs evs:a:new, evs:b:*'


def compare(earlier: Row | tuple[Row, ...], later: Row | tuple[Row, ...]) -> list[str]:
    first, second = (each if isinstance(each, tuple) else (each,) for each in (earlier, later))
    return [str(change) for change in compare_statements(first, second)]


def test_a_table_does_not_differ_from_itself() -> None:
    assert not compare_tables(TABLE, TABLE)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            {},
            {"actions": ("evs:b:get", "evs:a:get"), "dependencies": ("vpc:*:get",)},
            [f"action-added  {SPELT}: needs also evs:b:get, vpc:*:get"],
        ),
        (
            {"dependencies": ("vpc:*:get",)},
            {},
            [f"action-removed  {SPELT}: needs no more vpc:*:get"],
        ),
        (
            {"actions": ("evs:a:get", "evs:b:get")},
            {"dependencies": ("evs:b:get",)},
            [f"rearranged  {SPELT}: evs:a:get, evs:b:get → evs:a:get, depends on evs:b:get"],
        ),
        (
            {"scopes": Scopes(Support.UNSUPPORTED, Support.SUPPORTED)},
            {"scopes": Scopes(Support.SUPPORTED, Support.UNDOCUMENTED)},
            [
                f"scope-opened  {SPELT}: iam_project unsupported → supported",
                f"scope-closed  {SPELT}: enterprise_project supported → undocumented",
            ],
        ),
        (
            {},
            {"scopes": Scopes(Support.UNSUPPORTED, Support.UNSUPPORTED)},
            [f"scope-closed  {SPELT}: iam_project, enterprise_project undocumented → unsupported"],
        ),
        (
            {"permission": "Get a."},
            {"permission": "Get A"},
            [f'reworded  {SPELT}: "Get a." → "Get A"'],
        ),
        (
            {},
            {"actions": (), "no_authorization": "None"},
            [
                f'authorization-changed  {SPELT}: needs no authorization, "None"',
                f"action-removed  {SPELT}: needs no more evs:a:get",
            ],
        ),
        (
            {"actions": (), "no_authorization": "None"},
            {},
            [
                f"authorization-changed  {SPELT}: needs authorization",
                f"action-added  {SPELT}: needs also evs:a:get",
            ],
        ),
        (
            {"actions": (), "no_authorization": "None"},
            {"actions": (), "no_authorization": "N/A"},
            [f'reworded  {SPELT}: "None" → "N/A"'],
        ),
        (
            {"alternatives": (WAY, Alternative("old"))},
            {"alternatives": (replace(WAY, cases=(Case(query="type", equals="x"),)),)},
            [
                f"alternatives-changed  {SPELT}: no more {GONE}; now {NEW}",
            ],
        ),
        (
            {"alternatives": (WAY, Alternative("old"))},
            {"alternatives": (Alternative("old"), WAY)},
            [f"alternatives-changed  {SPELT}: in another order"],
        ),
        (
            {"cases": (Case(body="os-extend"),)},
            {},
            [f"cases-changed  {SPELT}: body.os-extend → all requests"],
        ),
        (
            {},
            {"unresolved": "bad-action"},
            [f"unresolved  {SPELT}: no route comes of it, bad-action"],
        ),
        (
            {"unresolved": "bad-action"},
            {},
            [f"resolved  {SPELT}: a route comes of it, was bad-action"],
        ),
        (
            {"unresolved": "bad-action"},
            {"unresolved": "odd_path"},
            [f"unresolved  {SPELT}: bad-action → odd_path"],
        ),
        (
            {"notes": ("a", "b"), "roles": ("Admin",)},
            {"notes": ("a",)},
            [
                f'notes-changed  {SPELT}: roles "Admin" → none',
                f'notes-changed  {SPELT}: notes "a", "b" → "a"',
            ],
        ),
        (
            {"endpoints": (replace(GET, query="limit"),)},
            {},
            [f"query-changed  {SPELT}: query limit → none"],
        ),
        (
            {"endpoints": (Endpoint("GET", "/v2/{tenant}/a/{b}"),)},
            {},
            [f"parameter-renamed  {SPELT}: {{tenant}} → {{project_id}}"],
        ),
    ],
)
def test_each_kind_of_change_of_a_row_is_told(
    before: dict[str, Any], after: dict[str, Any], told: list[str]
) -> None:
    assert compare(replace(PLAIN, **before), replace(PLAIN, **after)) == told


def test_routes_that_come_and_go_are_told_with_what_they_require() -> None:
    free = replace(SECOND, endpoints=(Endpoint("GET", "/b", "c=d"),), cases=(Case(body="e"),))
    ways = replace(PLAIN, endpoints=(Endpoint("PUT", "/a"),), alternatives=(WAY,))

    assert compare(FIRST, (free, ways)) == [
        'route-added  GET /b?c=d: for body.e: nothing, "无"',
        'route-added  PUT /a: evs:a:get; "new" needs evs:a:new, evs:b:*',
        f"route-removed  {CREATE}: evs:volumes:create, evs:types:get",
    ]


def test_a_row_more_for_a_route_is_told_as_such() -> None:
    twin = replace(PLAIN, actions=("evs:a:list",))

    assert compare(PLAIN, (twin, PLAIN)) == [f"route-added  {SPELT}: one row more, evs:a:list"]
    assert compare((PLAIN, PLAIN), PLAIN) == [f"route-removed  {SPELT}: one row less, evs:a:get"]


def test_rows_without_routes_are_known_by_their_sentence_or_actions() -> None:
    console = replace(PLAIN, permission="Get", endpoints=(), unresolved="console_only")
    nameless = replace(console, permission="", actions=("evs:b:get",))
    silent = replace(nameless, actions=())
    odd = replace(PLAIN, unresolved="odd_path")

    assert compare((console, nameless), (replace(nameless, notes=("a",)), console)) == [
        'notes-changed  evs:b:get: notes none → "a"'
    ]
    assert compare(console, replace(console, actions=("evs:b:get",))) == [
        "action-added  Get: needs also evs:b:get",
        "action-removed  Get: needs no more evs:a:get",
    ]
    assert compare((console, silent), (nameless, odd)) == [
        "row-added  evs:b:get: evs:b:get; no route, console_only",
        f"row-added  {SPELT}: evs:a:get; no route, odd_path",
        "row-removed  Get: evs:a:get; no route, console_only",
        "row-removed  row 2: no route, console_only",
    ]


def test_a_row_whose_route_can_be_read_no_more_is_still_known() -> None:
    lost = replace(PLAIN, endpoints=(), unresolved="no_method")

    assert compare(PLAIN, lost) == [f"unresolved  {SPELT}: no route comes of it, no_method"]
    assert compare(lost, PLAIN) == [f"resolved  {SPELT}: a route comes of it, was no_method"]


def test_rows_that_moved_or_were_put_together_have_not_changed() -> None:
    apart = [replace(FIRST, endpoints=(endpoint,)) for endpoint in FIRST.endpoints]

    assert compare((FIRST, SECOND), (SECOND, *apart)) == []
    assert compare((SECOND, *apart), (FIRST, SECOND)) == []


def test_of_several_rows_of_a_route_those_with_the_same_cases_are_the_same() -> None:
    first, second = (replace(PLAIN, cases=(Case(body=name),)) for name in "ab")
    later = replace(second, actions=("evs:c:get",)), replace(first, notes=("n",))

    assert compare((first, second), later) == [
        f"action-added  {SPELT}: needs also evs:c:get",
        f"action-removed  {SPELT}: needs no more evs:a:get",
        f'notes-changed  {SPELT}: notes none → "n"',
    ]


def test_of_several_rows_of_a_route_those_with_most_actions_in_common_are_the_same() -> None:
    first = replace(PLAIN, actions=("evs:a:get",))
    second = replace(PLAIN, actions=("evs:a:get", "evs:b:get", "evs:c:get"))
    later = replace(second, actions=("evs:a:get", "evs:b:get"))

    assert compare((first, second), later) == [
        f"action-removed  {SPELT}: needs no more evs:c:get",
        f"route-removed  {SPELT}: one row less, evs:a:get",
    ]


def test_very_many_rows_of_one_route_are_compared_in_their_order() -> None:
    earlier = tuple(replace(PLAIN, permission=f"{number}") for number in range(3000))
    later = tuple(replace(row, notes=("n",)) for row in earlier)

    assert len(compare(earlier, later)) == len(earlier)


def test_what_opens_or_closes_comes_first_and_then_the_order_of_the_page() -> None:
    places = [Endpoint("GET", f"/{number}") for number in range(3)]
    rows = [replace(PLAIN, endpoints=(place,)) for place in places]
    named = replace(rows[0], permission="Get", notes=("n",))
    needing = replace(rows[1], actions=("evs:a:get", "evs:b:get"), permission="List")
    new = replace(PLAIN, endpoints=(Endpoint("PUT", "/{x}"),))
    renamed = replace(PLAIN, endpoints=(Endpoint("PUT", "/{y}"),))

    assert compare((*rows, new), (renamed, named, needing)) == [
        "action-added  GET /1: needs also evs:b:get",
        "route-removed  GET /2: evs:a:get",
        'notes-changed  GET /0: notes none → "n"',
        'reworded  GET /0: "" → "Get"',
        'reworded  GET /1: "" → "List"',
        "parameter-renamed  PUT /{y}: {x} → {y}",
    ]


def names(*items: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(items), unique=True, max_size=2).map(tuple)


SUPPORTS = st.sampled_from(list(Support))
ACTIONS = names("evs:a:get", "evs:b:get", "evs:c:get")
CASES = st.sampled_from([(), (Case(body="a"),), (Case(body="a"), Case(query="b", equals="c"))])
ENDPOINTS = st.builds(
    Endpoint,
    st.sampled_from(["GET", "PUT"]),
    st.sampled_from(["/a", "/{b}", "/{c}", "/{b}/{c}"]),
    st.sampled_from([None, "q"]),
)
ROWS = st.builds(
    Row,
    st.sampled_from(["", "Get", "List"]),
    st.builds(Scopes, SUPPORTS, SUPPORTS),
    actions=ACTIONS,
    dependencies=ACTIONS,
    roles=names("Admin"),
    alternatives=st.sampled_from([(), (WAY,), (WAY, Alternative("old"))]),
    no_authorization=st.sampled_from([None, "None", "N/A"]),
    cases=CASES,
    endpoints=st.lists(ENDPOINTS, unique=True, max_size=3).map(tuple),
    unresolved=st.sampled_from([None, "no_method", "dash"]),
    notes=names("a", "b"),
)


def list_sayings(rows: list[Row]) -> Counter[tuple[Endpoint | None, Row]]:
    """What rows say of each endpoint, whatever their order, and however they are put together."""
    return Counter(
        (endpoint, replace(row, endpoints=()))
        for row in rows
        for endpoint in (row.endpoints or (None,))
    )


@given(st.lists(ROWS, max_size=5), st.lists(ROWS, max_size=5), st.randoms())
def test_editions_differ_where_and_only_where_they_say_something_else(
    earlier: list[Row], more: list[Row], chance: Random
) -> None:
    later = [*earlier, *more]
    chance.shuffle(later)
    kept = later[: chance.randint(0, len(later))]

    for edition in (later, kept):
        differs = list_sayings(earlier) != list_sayings(edition)
        assert bool(compare_statements(earlier, edition)) == differs
        assert bool(compare_statements(edition, earlier)) == differs


@given(ROWS, ROWS)
def test_no_change_of_one_row_is_left_out(earlier: Row, later: Row) -> None:
    later = replace(later, endpoints=earlier.endpoints)

    assert bool(compare(earlier, later)) == (earlier != later)
    assert compare(earlier, earlier) == []


def test_what_changes_of_rows_without_routes_opens_nothing() -> None:
    console = replace(PLAIN, permission="Get", endpoints=(), unresolved="console_only")
    needing = replace(console, actions=("evs:a:get", "evs:b:get"))

    assert compare((console, PLAIN), (needing,)) == [
        f"route-removed  {SPELT}: evs:a:get",
        "action-added  Get: needs also evs:b:get",
    ]


def test_a_row_whose_endpoint_was_not_resolved_is_no_row_of_its_route() -> None:
    odd = replace(PLAIN, unresolved="bad-action", actions=())

    assert compare(odd, (PLAIN, replace(PLAIN, actions=("evs:c:get",)))) == [
        f"resolved  {SPELT}: a route comes of it, was bad-action",
        f"action-added  {SPELT}: needs also evs:a:get",
        f"route-added  {SPELT}: evs:c:get",
    ]


def test_long_sentences_are_told_whole() -> None:
    long = "Get " * 50 + "{}"
    told = compare(
        replace(PLAIN, permission=long.format("a")), replace(PLAIN, permission=long.format("b"))
    )

    assert told == [f'reworded  {SPELT}: "{long.format("a")}" → "{long.format("b")}"']


def test_changed_moved_and_added_rows_are_not_lost() -> None:
    changed = replace(SECOND, permission="other", no_authorization="None")
    added = replace(FIRST, endpoints=(Endpoint("GET", "/new"),))

    differences = compare_tables(TABLE, replace(TABLE, rows=(changed, FIRST, added)))

    assert [str(change) for change in differences.changes] == [
        "route-added  GET /new: evs:volumes:create, evs:types:get",
        'reworded  GET /: "无" → "None"',
        'reworded  GET /: "版本" → "other"',
    ]
    assert (differences.lost_rows, differences.lost_mirrors) == ((), ())


def test_a_row_that_loses_an_endpoint_is_lost() -> None:
    later = replace(FIRST, endpoints=FIRST.endpoints[:1])

    differences = compare_tables(TABLE, replace(TABLE, rows=(later, SECOND)))

    assert differences.lost_rows == (FIRST,)
    assert differences.changes == (
        Change(ChangeKind.ROUTE_REMOVED, "PUT /v2/a/", "evs:volumes:create, evs:types:get"),
    )


@pytest.mark.parametrize("kept", [0, 1])
def test_of_rows_with_one_endpoint_the_changed_one_is_lost(kept: int) -> None:
    twins = (
        replace(SECOND, permission="a"),
        replace(SECOND, permission="b"),
    )
    later = replace(TABLE, rows=(twins[kept],))

    differences = compare_tables(replace(TABLE, rows=twins), later)

    assert differences.lost_rows == (twins[1 - kept],)
    assert [str(change) for change in differences.changes] == [
        'route-removed  GET /: one row less, nothing, "无"'
    ]


def test_mirrors_and_documents_are_compared_too() -> None:
    document = Document("a.md", "1" * 64, "en", 1)
    hashes = f"sha256 {'0' * 12} → {'1' * 12}"
    mirrors = (Mirror("v2", "v4", "v4同v2。"),)

    differences = compare_tables(TABLE, replace(TABLE, mirrors=mirrors, document=document))

    assert differences.lost_mirrors == TABLE.mirrors
    assert differences.lost_rows == ()
    assert [str(change) for change in differences.changes] == [
        "mirror-added  mirror v2 → v4: v4同v2。",
        "mirror-removed  mirror v2 → v3: v3同v2。",
        f"document-changed  a.md: name volumes.md → a.md, {hashes}, language zh → en, table 2 → 1",
    ]


def test_another_statement_of_a_mirror_is_reworded() -> None:
    later = replace(TABLE, mirrors=(Mirror("v2", "v3", "b"),))

    assert [str(change) for change in compare_tables(TABLE, later).changes] == [
        'reworded  mirror v2 → v3: "v3同v2。" → "b"'
    ]
    assert compare_tables(TABLE, later).lost_mirrors == ()


def test_a_change_of_each_kind_has_its_place() -> None:
    ranks = [kind.rank for kind in ChangeKind]

    assert ranks == sorted(ranks)
