"""What was called, as OPA's decision log has it: a real one, and lines that are odd."""

import gzip
import io
import json
import tracemalloc
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scopegate.cli.demo import SCENES
from scopegate.errors import ScopegateError
from scopegate.live.asking import BundleEngine, Decision, Server
from scopegate.live.opa import Opa
from scopegate.live.questions import Question
from scopegate.live.serving import run_server, wait_until_ready
from scopegate.policies.callers import MADE_PROJECT, make_caller
from scopegate.policies.calls import STANDARD_INPUT
from scopegate.policies.logs import LoggedCalls, read_log
from scopegate.policies.needs import find_needs
from scopegate.policies.opening import Class, find_outcomes
from scopegate.policies.routes import BundleRoute, read_routes

Json = dict[str, Any]


def make_route(**members: Any) -> BundleRoute:  # noqa: ANN401
    told: Json = {
        "provider": "p",
        "service": "s",
        "method": "GET",
        "path": "/v1/{project_id}/a",
        "case": None,
    } | members
    case = f" {told['case']}" if told["case"] else ""
    return BundleRoute(
        **told,
        key=f"{told['provider']}/{told['service']} {told['method']} {told['path']}{case}",
        table="s/t",
        row=1,
        permission="",
        actions=("s:a:get",),
        main_actions=("s:a:get",),
        scopes=frozenset({"iam_project"}),
        project_positions=(1,),
        discriminator=None,
        has_cases=False,
    )


GET = make_route()
POST = make_route(method="POST")
CASE = make_route(method="POST", case="body.x")
ROUTES = (GET, POST, CASE)


def tell_route(route: BundleRoute, **members: Any) -> Json:  # noqa: ANN401
    told = {name: getattr(route, name) for name in ("provider", "service", "method", "path")}
    return {**told, "case": route.case, "table": "s/t", "row": 1} | members


def decide(route: BundleRoute | None = GET, *, allow: bool = True, **members: Any) -> Json:  # noqa: ANN401
    decision = {"allow": allow, "reason": "allowed" if allow else "action_not_granted"}
    return {**decision, "route": route and tell_route(route)} | members


def log(result: object, path: str = "scopegate/decision", **members: Any) -> Json:  # noqa: ANN401
    """An event, as OPA logs it; its result can be masked."""
    return {
        "bundles": {"scopegate": {"revision": "r"}},
        "decision_id": "d1",
        "level": "info",
        "msg": "Decision Log",
        "path": path,
        "result": result,
        "type": "openpolicyagent.org/decision_logs",
    } | members


def spell(*lines: object) -> bytes:
    return b"".join(
        (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines
    )


def read(folder: Path, *lines: object, include_denied: bool = False) -> LoggedCalls:
    file = folder / "opa.log"
    file.write_bytes(spell(*lines))
    return read_log(file, ROUTES, include_denied=include_denied)


def count(logged: LoggedCalls) -> dict[str, int]:
    """The numbers that are not zero."""
    return {name: number for name, number in asdict(logged.counts).items() if number}


EXAMPLES = Path(__file__).parents[2] / "examples/opa"


@pytest.fixture(scope="module")
def asked(
    opa: Opa, bundle: Path, revision: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Decision]]:
    """The log of an OPA that logs as the example does, and what it answered to the demo."""
    folder = tmp_path_factory.mktemp("logs")
    example = yaml.safe_load((EXAMPLES / "hardened.yaml").read_text(encoding="utf-8"))
    configuration = {
        "bundles": {"scopegate": {"resource": bundle.as_uri()}},
        "decision_logs": example["decision_logs"],
    }
    file = folder / "opa.yaml"
    file.write_text(yaml.safe_dump(configuration))
    args = ["--config-file", str(file), "--log-level", "error", str(EXAMPLES / "system/log")]
    output = folder / "opa.log"
    with run_server(opa, args, log=output) as (url, process):
        wait_until_ready(url, revision, log=output, process=process)
        with Server(url) as server:
            decisions = [server.decide(scene.question) for scene in SCENES]
        for path, question in ask_otherwise(SCENES[0].question).items():
            sent = question if path.startswith("v0") else {"input": question}
            requests.post(f"{url}/{path}", json=sent, timeout=10).raise_for_status()
    return output, decisions


def ask_otherwise(question: Question) -> Mapping[str, Json]:
    """The same request in other words, and what else there is to ask; nobody was granted any."""
    request = question["request"]
    evaluation = {
        "subject": {"type": "user", "id": "u1", "properties": {"project_id": "p1"}},
        "action": {"name": request["method"]},
        "resource": {"type": "route", "id": request["path"]},
    }
    http = {**request, "headers": {"host": "h"}, "querystring": {}}
    return {
        "v1/data/scopegate/allow": question,
        "v1/data/scopegate": question,
        "v1/data/scopegate/revision": {},
        "v1/data/scopegate/gateways/kong/answer": {
            "request": {"http": http},
            "consumer": {"custom_id": "u1", "tags": ["project_id:p1"]},
        },
        "v0/data/scopegate/gateways/authzen/evaluation": evaluation,
        "v0/data/scopegate/gateways/authzen/evaluations": {"evaluations": [evaluation] * 3},
    }


def test_a_policy_is_made_of_what_was_called_and_allowed(
    asked: tuple[Path, list[Decision]], opa: Opa, bundle: Path
) -> None:
    file, decisions = asked
    engine = BundleEngine(bundle, opa=opa)
    routes = read_routes(engine)

    logged = read_log(file, routes, include_denied=False)
    needs = find_needs(engine, routes, logged.routes, MADE_PROJECT)

    expected = {
        (each["route"]["method"], each["route"]["path"]) for each in decisions if each["allow"]
    }
    assert len(expected) == 3
    assert {(each.method, each.path) for each in logged.routes} == expected
    assert needs.opened == logged.routes
    outcomes = find_outcomes(engine, routes, make_caller(needs.policies, MADE_PROJECT))
    opened = {each.route.key for each in outcomes if each.kind is Class.OPENED}
    assert opened == {each.key for each in (*logged.routes, *needs.further)}


def test_a_real_log_is_counted(asked: tuple[Path, list[Decision]], opa: Opa, bundle: Path) -> None:
    file, decisions = asked
    routes = read_routes(BundleEngine(bundle, opa=opa))

    logged = read_log(file, routes, include_denied=True)

    assert {(each.method, each.path) for each in logged.routes} == {
        (each["route"]["method"], each["route"]["path"]) for each in decisions if each["route"]
    }
    assert not logged.unknown
    assert not logged.broken
    # Who waits for a server asks it without a question, until it answers.
    waiting = logged.counts.without_route - 2
    assert waiting > 0
    # Such as that OPA runs as root.
    others = logged.counts.other_lines
    assert count(logged) == {
        "decisions": 16 + waiting,
        "allowed": 3,
        "denied": 4 + 5,
        "without_route": 1 + 1 + waiting,
        # The package, and its revision: none of it is kept by the example.
        "masked": 2,
        "lines": 14 + waiting + others,
        "events": 14 + waiting,
    } | ({"other_lines": others} if others else {})


def test_what_was_allowed_is_told_in_the_order_of_the_bundle(tmp_path: Path) -> None:
    logged = read(
        tmp_path, log(decide(CASE)), log(decide(GET)), log(decide(POST, allow=False)), log(decide())
    )

    assert logged.routes == (GET, CASE)
    counts = {"decisions": 4, "allowed": 3, "denied": 1, "lines": 4, "events": 4}
    assert count(logged) == counts


def test_what_was_denied_is_told_where_it_is_asked_for(tmp_path: Path) -> None:
    lines = [log(decide(POST, allow=False)), log(decide())]

    assert read(tmp_path, *lines, include_denied=True).routes == (GET, POST)


KONG = "scopegate/gateways/kong/answer"
ENVOY = "scopegate/gateways/envoy/answer"
AUTHZEN = "scopegate/gateways/authzen/evaluation"
CONTEXT = {"reason": "allowed", "route": tell_route(GET)}
EVALUATION = {"decision": True, "context": CONTEXT}
REFUSED = {"decision": False, "context": {"reason": "malformed_request", "message": "m"}}


@pytest.mark.parametrize(
    ("event", "kinds"),
    [
        (log(decide()), ["allowed"]),
        (log(decide(), "/scopegate/decision"), ["allowed"]),
        (log(decide(reason="account_owner")), ["allowed"]),
        (log(decide(allow=False)), ["denied"]),
        (log(decide(None, allow=False, reason="no_matching_route")), ["without_route"]),
        (log(decide(None, reason="operator_route")), ["without_route"]),
        (log(decide(make_route(path="/other"))), ["of_unknown_routes"]),
        (log(decide(make_route(case="body.y"), allow=False)), ["of_unknown_routes"]),
        (log(result=True, path="scopegate/allow"), ["without_route"]),
        (log(None), ["masked"]),
        (log(None, "scopegate"), ["masked"]),
        (log({}), ["masked"]),
        (log({"allow": True}), ["masked"]),
        (log({"route": tell_route(GET)}), ["masked"]),
        ({"decision_id": "d", "path": "scopegate/decision", "error": {"code": "x"}}, ["masked"]),
        (log({"allow": True, "decision": decide()}, KONG), ["allowed"]),
        (log({"allow": False, "decision": decide(allow=False)}, KONG), ["denied"]),
        # In shadow mode it passed, and was not allowed.
        (log({"allowed": True, "decision": decide(allow=False)}, ENVOY), ["denied"]),
        (log({"allowed": True, "decision": decide()}, ENVOY), ["allowed"]),
        (log({"allowed": True}, ENVOY), ["masked"]),
        (log({"decision": decide()}, ENVOY), ["allowed"]),
        (log(EVALUATION, AUTHZEN), ["allowed"]),
        (log({**EVALUATION, "decision": False}, AUTHZEN), ["denied"]),
        # An `allow` of the context is none: AuthZEN's word is `decision`.
        (log({"decision": False, "context": decide()}, AUTHZEN), ["denied"]),
        (log({"decision": True}, AUTHZEN), ["masked"]),
        (log({"context": CONTEXT}, AUTHZEN), ["masked"]),
        (log(EVALUATION, "scopegate/gateways/authzen/template"), ["allowed"]),
        (log(EVALUATION, f"{AUTHZEN}s"), ["allowed"]),
        (log(REFUSED, f"{AUTHZEN}s"), ["without_route"]),
        (
            log({"evaluations": [EVALUATION, {**EVALUATION, "decision": False}]}, f"{AUTHZEN}s"),
            ["allowed", "denied"],
        ),
        (log({"evaluations": None}, f"{AUTHZEN}s"), ["masked"]),
    ],
)
def test_each_form_of_a_decision_is_read(event: Json, kinds: list[str], tmp_path: Path) -> None:
    logged = read(tmp_path, event)

    expected: dict[str, int] = {"decisions": len(kinds), "lines": 1, "events": 1}
    for kind in kinds:
        expected[kind] = expected.get(kind, 0) + 1
    assert count(logged) == expected
    assert logged.routes == ((GET,) if "allowed" in kinds else ())


@pytest.mark.parametrize(
    "line",
    [
        {"level": "error", "msg": "Bundle load failed", "plugin": "bundle"},
        {"decision_id": "d", "query": "data.scopegate", "result": [{"x": 1}]},
        log(decide(), "elsewhere/decision"),
        log(decide(), "scopegates/decision"),
        log("abc", "scopegate/revision"),
        log(decide(), "scopegate"),
        b"",
        b"  \r",
    ],
)
def test_what_else_is_in_a_log_is_no_decision(line: object, tmp_path: Path) -> None:
    logged = read(tmp_path, line, log(decide()))

    counts = {"decisions": 1, "allowed": 1, "lines": 2, "events": 1, "other_lines": 1}
    assert count(logged) == counts


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"time=now level=error",
        b'"text"',
        b"[]",
        b"null",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"decision_id": "d", "path": "scopegate/decision", "result": ' + b"9" * 5000 + b"}",
        b"x" * (1024 * 1024 + 1),
        b"x" * (3 * 1024 * 1024),
        {**log(decide()), "decision_id": 1},
        {**log(decide()), "path": ["scopegate", "decision"]},
        {**log(decide()), "path": None},
        log("x"),
        log([]),
        log(1),
        log(result=True),
        log({**decide(), "allow": "yes"}),
        log({**decide(), "route": []}),
        log({**decide(), "route": {}}),
        log({**decide(), "route": tell_route(GET, path=1)}),
        log({**decide(), "route": tell_route(GET, case=[])}),
        log({**decide(), "route": tell_route(GET, service=None)}),
        log({"allow": 1, "decision": decide()}, KONG),
        log({"allow": False, "decision": decide()}, KONG),
        log({"allow": True, "decision": "x"}, KONG),
        log([], AUTHZEN),
        log({"decision": "x", "context": CONTEXT}, AUTHZEN),
        log({"decision": True, "context": []}, AUTHZEN),
        log({"evaluations": []}, f"{AUTHZEN}s"),
        log({"evaluations": {}}, f"{AUTHZEN}s"),
        log({"evaluations": [EVALUATION, None]}, f"{AUTHZEN}s"),
    ],
)
def test_a_broken_line_is_told_and_the_rest_is_read(line: object, tmp_path: Path) -> None:
    logged = read(tmp_path, log(decide()), line, log(decide()))

    assert count(logged) == {
        "decisions": 2,
        "allowed": 2,
        "lines": 3,
        "events": 2,
        "broken_lines": 1,
    }
    assert logged.broken == (2,)


def test_the_first_broken_lines_are_told(tmp_path: Path) -> None:
    logged = read(tmp_path, log(decide()), *[b"{"] * 30)

    assert logged.broken == tuple(range(2, 12))
    assert logged.counts.broken_lines == 30


def test_some_of_the_routes_that_the_bundle_lacks_are_named(tmp_path: Path) -> None:
    odd = make_route(path="/\x1b[2J\ud800" + "x" * 1000, case="body.y")
    others = [make_route(path=f"/{number}") for number in range(50)]

    logged = read(tmp_path, *[log(decide(each)) for each in (odd, others[0], *others)])

    assert logged.counts.of_unknown_routes == 52
    assert len(logged.unknown) == 20
    assert logged.unknown[0].startswith("p/s GET /\\u001b[2J\\ud800xxx")
    assert len(logged.unknown[0]) < 320
    assert logged.unknown[1:3] == ("p/s GET /0", "p/s GET /1")


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([], "found 0 lines"),
        ([{"msg": "x"}] * 3, "found 3 lines"),
        ([{"msg": "x"}, b"{"], "found 2 lines, of which 1 are broken"),
    ],
)
def test_a_file_without_decisions_is_none(lines: list[object], found: str, tmp_path: Path) -> None:
    with pytest.raises(ScopegateError) as raised:
        read(tmp_path, *lines)

    assert str(raised.value) == (
        f"{tmp_path / 'opa.log'} has no decision: expected OPA's decision log, a line of JSON for"
        f" each, with a decision_id and a path such as scopegate/decision; {found}"
    )


def test_a_packed_log_is_read(tmp_path: Path) -> None:
    file = tmp_path / "opa.log.1.gz"
    file.write_bytes(gzip.compress(spell(log(decide()), {"msg": "x"})))

    assert read_log(file, ROUTES, include_denied=False).routes == (GET,)


def test_a_packed_log_that_is_damaged_is_told(tmp_path: Path) -> None:
    packed = gzip.compress(spell(*[log(decide())] * 100))
    file = tmp_path / "opa.log.gz"
    for data in (packed[:-20], packed[:20] + b"\0\xff" + packed[22:], spell(log(decide()))):
        file.write_bytes(data)
        with pytest.raises(ScopegateError, match=r"opa\.log\.gz cannot be unpacked after line \d"):
            read_log(file, ROUTES, include_denied=False)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(spell(log(decide())))))

    assert read_log(STANDARD_INPUT, ROUTES, include_denied=False).routes == (GET,)


def test_a_large_log_takes_no_more_memory_than_a_line(tmp_path: Path) -> None:
    file = tmp_path / "opa.log.gz"
    with gzip.open(file, "wb", compresslevel=1) as packed:
        packed.write(spell(log(decide())))
        packed.write(b"x" * 50_000_000)
        packed.write(b"\n" + spell(*[log(decide(POST, allow=False))] * 20_000))
    tracemalloc.start()
    try:
        logged = read_log(file, ROUTES, include_denied=False)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert logged.counts.denied == 20_000
    assert logged.broken == (2,)
    assert most < 8_000_000


EVENTS = [
    log(decide()),
    log(decide(CASE, allow=False)),
    log(decide(None, allow=False)),
    log(result=True, path="scopegate/allow"),
    log({"allow": True, "decision": decide()}, KONG),
    log({"allowed": True, "decision": decide(allow=False)}, ENVOY),
    log(EVALUATION, AUTHZEN),
    log({"evaluations": [EVALUATION, REFUSED]}, f"{AUTHZEN}s"),
]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5
)


@st.composite
def mangle_values(draw: st.DrawFn) -> bytes:
    """An event with something else in the place of one of its values, or without it."""
    event = json.loads(json.dumps(draw(st.sampled_from(EVENTS))))
    place: Any = event
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not (isinstance(place[key], dict | list) and place[key] and draw(st.booleans())):
            break
        place = place[key]
    if draw(st.booleans()):
        place[key] = draw(VALUES)
    else:
        del place[key]
    return json.dumps(event).encode()


@st.composite
def mangle_bytes(draw: st.DrawFn) -> bytes:
    """An event with some bytes of it replaced."""
    line = json.dumps(draw(st.sampled_from(EVENTS))).encode()
    start = draw(st.integers(0, len(line)))
    end = draw(st.integers(start, len(line)))
    return line[:start] + draw(st.binary(max_size=8)) + line[end:]


LINES = st.lists(
    mangle_values()
    | mangle_bytes()
    | st.binary(max_size=40)
    | VALUES.map(json.dumps).map(str.encode)
)


@settings(deadline=None)
@given(lines=LINES)
def test_whatever_the_lines_are_the_numbers_add_up(
    lines: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    logged = read(tmp_path_factory.getbasetemp(), log(decide()), *lines)

    counts = logged.counts
    assert counts.lines == 1 + sum(line.count(b"\n") + 1 for line in lines)
    assert counts.lines == counts.events + counts.broken_lines + counts.other_lines
    kinds = (counts.allowed, counts.denied, counts.without_route, counts.masked)
    assert counts.decisions == sum(kinds) + counts.of_unknown_routes
    assert counts.decisions >= counts.events
    assert len(logged.broken) == min(10, counts.broken_lines)
    assert bool(logged.unknown) == bool(counts.of_unknown_routes)
    assert GET in logged.routes
    assert len(logged.routes) <= counts.allowed
