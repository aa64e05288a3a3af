"""Calls as people write them, and the routes of the bundle that they are."""

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scopegate.errors import Fault, FaultsError, ScopegateError
from scopegate.live.asking import BundleEngine, Server
from scopegate.location import Location
from scopegate.policies.calls import (
    STANDARD_INPUT,
    Call,
    find_called,
    list_table,
    parse_call,
    read_calls,
)
from scopegate.policies.routes import BundleRoute

HERE = Location("argument 1")
SNAPSHOTS = "/v2/{project_id}/snapshots"
ACTION = "/v2/{project_id}/volumes/{volume_id}/action"


def parse(*texts: str) -> list[Call]:
    return [
        parse_call(text, Location(f"argument {number}"))
        for number, text in enumerate(texts, start=1)
    ]


def find_keys(engine: Server, routes: list[BundleRoute], *texts: str, **named: str) -> list[str]:
    return [each.key for each in find_called(engine, routes, parse(*texts), **named)]


def find_faults(
    engine: Server, routes: list[BundleRoute], *texts: str, **named: str
) -> list[tuple[str, str, str]]:
    with pytest.raises(FaultsError) as raised:
        find_called(engine, routes, parse(*texts), **named)
    return [(str(each.location), each.code, each.message) for each in raised.value.faults]


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("GET /v2/p1/snapshots", Call("GET", "/v2/p1/snapshots", HERE)),
        (f"  GET\t{SNAPSHOTS} ", Call("GET", SNAPSHOTS, HERE)),
        (f"POST {ACTION} [body.os-extend]", Call("POST", ACTION, HERE, case="body.os-extend")),
        (f"POST {ACTION} body.os-extend", Call("POST", ACTION, HERE, case="body.os-extend")),
        (
            f"huaweicloud/evs GET {SNAPSHOTS}",
            Call("GET", SNAPSHOTS, HERE, api="huaweicloud/evs"),
        ),
        (f"a/b POST {ACTION} [c=d]", Call("POST", ACTION, HERE, case="c=d", api="a/b")),
    ],
)
def test_a_call_is_read(text: str, call: Call) -> None:
    assert parse_call(text, HERE) == call
    assert parse_call(str(call), HERE) == call


@pytest.mark.parametrize(
    "text",
    [
        *("", "GET", "/v2/p1/snapshots", "huaweicloud/evs GET", "GET /v2 [a] [b]", "GET /v2 [a"),
        *("GET /v2 []", "a/b/c GET /v2", "evs GET /v2 [a]", "GÉT /v2", "a/ GET /v2"),
    ],
)
def test_what_is_no_call_is_told(text: str) -> None:
    with pytest.raises(FaultsError) as raised:
        parse_call(text, HERE)

    assert str(raised.value) == (
        "argument 1: expected METHOD PATH, as in GET /v2/{project_id}/snapshots;"
        f' found "{text}" [bad-call]'
    )


def test_routes_as_they_are_spelt_are_read(routes: list[BundleRoute]) -> None:
    for route in routes:
        for text in (route.key, f"{route.api} {route}"):
            call = parse_call(text, HERE)
            assert (call.api, call.method, call.path, call.case) == (
                *(route.api, route.method, route.path, route.case),
            )


def test_a_file_has_a_call_on_each_line(tmp_path: Path) -> None:
    file = tmp_path / "calls.txt"
    file.write_bytes(b"\xef\xbb\xbf# what the client does\r\n\r\nGET /a  # lists\r\n\nPUT /b#c [d]")

    assert [(str(each.location), str(each)) for each in read_calls(file)] == [
        (f"{file}:3", "GET /a"),
        (f"{file}:5", "PUT /b#c [d]"),
    ]


def test_all_faults_of_a_file_are_told(tmp_path: Path) -> None:
    file = tmp_path / "calls.txt"
    file.write_bytes(b"GET /a\nGET\nGET /\xff\nPUT\x1b[2J\n")

    with pytest.raises(FaultsError) as raised:
        read_calls(file)

    assert str(raised.value).splitlines() == [
        f'{file}:2: expected METHOD PATH, as in GET {SNAPSHOTS}; found "GET" [bad-call]',
        f"{file}:3: expected text in UTF-8 [bad-encoding]",
        f'{file}:4: expected METHOD PATH, as in GET {SNAPSHOTS}; found "PUT\\u001b[2J" [bad-call]',
    ]


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "calls.txt"
    file.write_bytes(b"#" * (1024 * 1024 + 1))

    with pytest.raises(ScopegateError, match=r"calls.txt: expected at most 1,048,576 bytes"):
        read_calls(file)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"GET /a\n")))

    (call,) = read_calls(STANDARD_INPUT)

    assert (str(call), str(call.location)) == ("GET /a", "standard input:1")


def test_each_route_is_found_by_its_key(server: Server, routes: list[BundleRoute]) -> None:
    calls = [parse_call(route.key, HERE) for route in reversed(routes)]

    assert find_called(server, routes, calls * 2) == routes


def test_names_of_parameters_do_not_matter(server: Server, routes: list[BundleRoute]) -> None:
    calls = []
    for route in routes:
        path = re.sub(r"\{[^}]+\}", "{x}", route.path)
        calls.append(Call(route.method, path, HERE, case=route.case, api=route.api))

    assert find_called(server, routes, calls) == routes


@pytest.mark.parametrize(
    ("text", "named", "found"),
    [
        ("GET /v2/p9/snapshots?limit=1", {"provider": "huaweicloud"}, f"GET {SNAPSHOTS}"),
        (
            "GET /v2/p9/snapshots/{id}",
            {"provider": "huaweicloud"},
            f"GET {SNAPSHOTS}/{{snapshot_id}}",
        ),
        ("GET /v2/p9/snapshots/detail", {"provider": "huaweicloud"}, f"GET {SNAPSHOTS}/detail"),
        ("huaweicloud/evs GET /v2/p9/snapshots", {"provider": "x"}, f"GET {SNAPSHOTS}"),
        # What several cases have is the route as such: all of them can be meant.
        ("POST /v2/p9/volumes/v1/action", {}, f"POST {ACTION}"),
        ("POST /v2/p9/volumes/v1/action [body.os-extend]", {}, f"POST {ACTION} [body.os-extend]"),
        (f"POST {ACTION} body.os-extend", {"service": "evs"}, f"POST {ACTION} [body.os-extend]"),
    ],
)
def test_a_call_is_found(
    text: str, named: dict[str, str], found: str, server: Server, routes: list[BundleRoute]
) -> None:
    assert [str(each) for each in find_called(server, routes, parse(text), **named)] == [found]


def test_a_bundle_that_is_evaluated_finds_the_same(
    evaluating: BundleEngine, server: Server, routes: list[BundleRoute]
) -> None:
    calls = parse("GET /v2/p9/snapshots", "POST /v2/p9/volumes/v1/action [body.os-extend]")

    found = find_called(evaluating, routes, calls, provider="opentelekomcloud")

    assert len(found) == 2
    assert found == find_called(server, routes, calls, provider="opentelekomcloud")


def test_of_several_services_with_the_path_it_is_the_one_with_the_template_or_the_method(
    server: Server, routes: list[BundleRoute]
) -> None:
    # To DNS, `servers` is the value of a parameter, and there is no PUT.
    tags = "/v2/{project_id}/servers/{server_id}/tags"

    assert find_keys(server, routes, f"GET {tags}") == [f"opentelekomcloud/ecs GET {tags}"]
    assert find_keys(server, routes, "PUT /v2/p1/servers/s1/tags") == [
        f"opentelekomcloud/ecs PUT {tags}"
    ]
    ((_, code, message),) = find_faults(server, routes, "GET /v2/p1/servers/s1/tags")
    assert code == "ambiguous-service"
    assert "is of opentelekomcloud/dns and opentelekomcloud/ecs: say which by --service" in message


def test_several_services_are_named(server: Server, routes: list[BundleRoute]) -> None:
    several = "is of huaweicloud/evs and opentelekomcloud/evs: say which by --provider, or by"
    several += " putting it in front, huaweicloud/evs"
    expected = [
        (
            "argument 1",
            "ambiguous-service",
            f'"GET {SNAPSHOTS}" {several} GET …',
        ),
        (
            "argument 2",
            "ambiguous-service",
            f'"POST /v2/p1/snapshots" {several} POST …',
        ),
    ]

    texts = (f"GET {SNAPSHOTS}", "POST /v2/p1/snapshots")
    assert find_faults(server, routes, *texts) == expected
    assert find_faults(server, routes, *texts, service="evs") == expected


def test_services_of_one_provider_are_told_by_service(
    server: Server, routes: list[BundleRoute]
) -> None:
    of_path: dict[tuple[str, str], list[BundleRoute]] = {}
    for each in routes:
        if each.provider == "opentelekomcloud" and each.case is None:
            shape = re.sub(r"\{[^}]+\}", "{x}", each.path)
            of_path.setdefault((each.method, shape), []).append(each)
    shared = [(place, own) for place, own in of_path.items() if len(own) > 1]
    assert shared
    for (method, path), own in shared:
        text = f"{method} {path}"
        ((_, code, message),) = find_faults(server, routes, text, provider="opentelekomcloud")
        assert code == "ambiguous-service"
        assert "say which by --service" in message
        for each in own:
            named = {"provider": each.provider, "service": each.service}
            assert find_keys(server, routes, text, **named) == [each.key]


def test_all_that_is_not_found_is_told(server: Server, routes: list[BundleRoute]) -> None:
    cases = [each.case for each in routes if each.path == ACTION and each.case]
    apis = ", ".join(sorted({each.api for each in routes}))
    faults = find_faults(
        server,
        routes,
        "PUT /v2/{x}/snapshots",
        "get /v2/p1/cloudsnapshots/s1",
        "GET /v2/{x}/snapshot",
        "GET /v2/p1//snapshots",
        "POST /v2/p1/volumes/v1/action [body.os-exten]",
        "huaweicloud/evs GET /v2/p1/snapshots [body.x]",
        "huaweicloud/evz GET /v2/p1/snapshots",
        "huaweicloud/evs GET /v2/{p}/cloudsnapshots/detial",
    )

    assert [place for place, *_ in faults] == [f"argument {number}" for number in range(1, 9)]
    assert [(code, message) for _, code, message in faults] == [
        (
            "unknown-route",
            (
                '"PUT /v2/{x}/snapshots": no documented route has this path with this method;'
                " documented for it are GET, POST"
            ),
        ),
        (
            "unknown-route",
            (
                '"get /v2/p1/cloudsnapshots/s1": no documented route has this path with this'
                " method; documented for it are DELETE, GET, PUT"
            ),
        ),
        (
            "unknown-route",
            (
                '"GET /v2/{x}/snapshot": no documented route has this path; the nearest is'
                f" GET {SNAPSHOTS}"
            ),
        ),
        (
            "malformed-path",
            (
                '"GET /v2/p1//snapshots": request.path is malformed: a segment before the last is'
                " empty"
            ),
        ),
        (
            "unknown-case",
            f'POST {ACTION}: expected one of its cases, {", ".join(cases)}; found "body.os-exten"',
        ),
        ("unknown-case", f'GET {SNAPSHOTS}: it has no cases; found "body.x"'),
        (
            "unknown-route",
            (
                '"huaweicloud/evz GET /v2/p1/snapshots": no documented route has this path; the'
                f' bundle has {apis}, not "huaweicloud/evz"'
            ),
        ),
        # A request of it is one of the wider route, but whoever wrote it meant another.
        (
            "unknown-route",
            (
                '"huaweicloud/evs GET /v2/{p}/cloudsnapshots/detial": no documented route has this'
                " as its template; requests of it are of"
                " GET /v2/{project_id}/cloudsnapshots/{snapshot_id}"
            ),
        ),
    ]


WORDS = st.text(max_size=8) | st.sampled_from(
    [
        "GET",
        "POST",
        "/v2/p1/snapshots",
        "/v2/{x}/{y}",
        "{x}",
        "/%2f",
        "[body.x]",
        "a/b",
        "?a=b",
        "/",
    ]
)


@settings(max_examples=50, deadline=None)
@given(
    texts=st.lists(
        st.lists(WORDS, max_size=5).map(" ".join) | st.tuples(WORDS, WORDS).map(" ".join)
    )
)
@example(texts=["GET /v2/\udc80/snapshots"])
def test_whatever_is_asked_for_is_found_or_told(
    texts: list[str], server: Server, routes: list[BundleRoute]
) -> None:
    parsed = [parse_or_tell(text) for text in texts]
    assert {each.code for each in parsed if isinstance(each, Fault)} <= {"bad-call"}
    calls = [each for each in parsed if isinstance(each, Call)]

    found = find_or_tell(server, routes, calls)

    assert len(found) <= len(calls)
    assert bool(found) == bool(calls)
    assert "\n" not in "".join(str(each) for each in found)


def parse_or_tell(text: str) -> Call | Fault:
    try:
        return parse_call(text, HERE)
    except FaultsError as error:
        (fault,) = error.faults
        return fault


def find_or_tell(
    engine: Server, routes: list[BundleRoute], calls: list[Call]
) -> Sequence[BundleRoute | Fault]:
    try:
        return find_called(engine, routes, calls)
    except FaultsError as error:
        return error.faults


def test_thousands_that_are_not_found_are_told_in_time(
    server: Server, routes: list[BundleRoute]
) -> None:
    faults = find_faults(server, routes, *(f"GET /v9/p1/a/b/c/d/{n}" for n in range(3000)))

    assert len(faults) == 3000
    assert "the nearest is" in faults[0][2]


def test_a_table_is_listed(routes: list[BundleRoute]) -> None:
    table = list_table(routes, "evs/snapshots", only_reading=False)

    assert table == [each for each in routes if each.table == "evs/snapshots"]
    assert list_table(routes, "huaweicloud/evs/snapshots", only_reading=False) == table
    reading = list_table(routes, "evs/snapshots", only_reading=True)
    assert 0 < len(reading) < len(table)
    assert {each.method for each in reading} <= {"GET", "HEAD"}


def test_the_cases_of_a_table_are_listed(routes: list[BundleRoute]) -> None:
    (case,) = (each for each in routes if f"{each}" == f"POST {ACTION} [body.os-extend]")

    table = list_table(routes, case.table, only_reading=False)

    assert case in table
    assert table == [each for each in routes if each.table == case.table]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("evs/snapshot_", "evs/snapshot"),
        ("huaweicloud/evs/snapshot", "huaweicloud/evs/snapshots"),
        ("evs", "evs/disk"),
    ],
)
def test_an_unknown_table_is_told_with_the_nearest(
    name: str, nearest: str, routes: list[BundleRoute]
) -> None:
    with pytest.raises(ScopegateError) as raised:
        list_table(routes, name, only_reading=False)

    assert str(raised.value) == f'the bundle has no table "{name}"; the nearest is {nearest}'


def test_a_table_of_two_providers_is_told(routes: list[BundleRoute]) -> None:
    (one, *_) = list_table(routes, "evs/snapshots", only_reading=False)
    two = replace(one, provider="other")

    with pytest.raises(
        ScopegateError, match=r"say huaweicloud/evs/snapshots or other/evs/snapshots$"
    ):
        list_table([one, two], "evs/snapshots", only_reading=False)


def test_a_table_that_has_nothing_to_read_is_told(routes: list[BundleRoute]) -> None:
    writing = [each for each in routes if each.method == "POST"]

    with pytest.raises(ScopegateError, match=r"^huaweicloud/evs/snapshots has no route of GET or"):
        list_table(writing, "evs/snapshots", only_reading=True)
