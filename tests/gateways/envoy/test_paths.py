"""No spelling of a path gets a caller what the caller may not have, however a server reads it."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.gateways.envoy.http2 import send_http2
from tests.gateways.envoy.judging import Judge
from tests.gateways.envoy.paths import PATHS
from tests.gateways.envoy.readings import (
    HABITS,
    NAME_HABITS,
    OTHER_HABIT,
    READINGS,
    Reading,
)
from tests.gateways.envoy.running import Gateway

ASKED = (("getter", "GET"), ("lister", "GET"), ("deleter", "DELETE"))
"""Who asks for what: each may have some of the routes, and not others beside them."""


def find_breaches(
    judge: Judge, reached: Iterable[tuple[str, str, bytes]], readings: Sequence[Reading]
) -> Iterator[str]:
    """Where a server serves what the caller may not have; the first reading for each target."""
    for caller, method, target in reached:
        for reading in readings:
            segments = reading.read(target)
            if not judge.may_have(caller, method, segments):
                yield f"{caller}: {method} {target!r} is {segments} to a server that {reading}"
                break


def test_no_path_reaches_what_the_caller_may_not_have(gateway: Gateway, judge: Judge) -> None:
    reached: list[tuple[str, str, bytes]] = []
    for caller, method in ASKED:
        for path in PATHS:
            answer = gateway.call(method, path, caller)
            seen = gateway.upstream.take()
            assert len(seen) == (answer.status == 200), (path, answer)
            reached += [(caller, each.method.decode(), each.target) for each in seen]
    assert reached
    breaches = list(find_breaches(judge, reached, READINGS))
    assert not breaches, "\n".join([f"{len(breaches)} breaches", *breaches[:20]])


def test_nor_does_one_over_http_2(gateway: Gateway, judge: Judge) -> None:
    headers = {"authorization": f"Bearer {gateway.issuer.name('getter')}"}
    # There a path may hold what would end it in HTTP/1.
    smuggled = (" HTTP/1.1\r\nX-A: b", " ", "\t", "\r\n", "\n", "\x00")
    paths = (*PATHS, *(f"/v2/p1/snapshots/s1{each}/detail" for each in smuggled))
    # Some of the connections Envoy leaves open for a second.
    with ThreadPoolExecutor(16) as pool:
        sent = [pool.submit(send_http2, gateway.port, "GET", path, headers) for path in paths]
        for each in sent:
            each.result()
    reached = [("getter", each.method.decode(), each.target) for each in gateway.upstream.take()]
    assert reached
    breaches = list(find_breaches(judge, reached, READINGS))
    assert not breaches, "\n".join([f"{len(breaches)} breaches", *breaches[:20]])


@pytest.mark.parametrize("habit", [*HABITS, *NAME_HABITS, OTHER_HABIT])
def test_every_habit_is_tried(judge: Judge, habit: str) -> None:
    """Without a gateway, some path gets a caller more from a server with this habit."""
    sent = [(caller, method, path.encode("latin-1")) for path in PATHS for caller, method in ASKED]
    plain, alone = Reading(frozenset()), Reading(frozenset({habit}))
    harmless = [each for each in sent if not any(find_breaches(judge, [each], [plain]))]
    assert any(find_breaches(judge, harmless, [alone]))


@pytest.mark.parametrize("end", ["DETAIL", "detail.json", "detail.xml", "detail%2ejson", "detail~"])
def test_near_readings_are_refused(gateway: Gateway, end: str) -> None:
    answer = gateway.call("GET", f"/v2/p1/snapshots/{end}", "getter")
    assert answer.status == 400
    assert answer.reason == "near_literal"
    assert b"detail" in answer.body
    assert not gateway.upstream.take()


def test_which_servers_are_not_to_stand_behind(gateway: Gateway, judge: Judge) -> None:
    assert gateway.call("GET", "/v2/p1/snapshots/%ef%bd%84etail", "getter").status == 200
    (seen,) = gateway.upstream.take()
    reached = [("getter", "GET", seen.target)]
    assert not any(find_breaches(judge, reached, READINGS))
    assert any(find_breaches(judge, reached, [Reading(frozenset({OTHER_HABIT}))]))
