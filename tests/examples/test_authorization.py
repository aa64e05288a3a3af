"""What examples/opa/system/authz/ lets through: OPA's whole API, for each caller."""

import gzip
import hashlib
import json
from itertools import product
from pathlib import Path

import pytest

from scopegate.live.opa import Opa
from scopegate.live.serving import run_server
from tests.examples.bundle_service import serve_files
from tests.examples.deployments import read
from tests.examples.sidecar import (
    EXAMPLES,
    ROLES,
    Answer,
    Sidecar,
    is_listening,
    run_sidecar,
    wait_for,
    wait_for_revision,
)
from tests.examples.signing import Signer

CLIENT = {
    ("POST", "/v0/data/scopegate/gateways/authzen/evaluation"),
    ("POST", "/v0/data/scopegate/gateways/authzen/evaluations"),
    ("POST", "/v0/data/scopegate/gateways/authzen/template"),
    ("POST", "/v1/data/scopegate/allow"),
    ("POST", "/v1/data/scopegate/decision"),
    ("POST", "/v1/data/scopegate/gateways/apisix/answer"),
    ("POST", "/v1/data/scopegate/gateways/kong/answer"),
}
HEALTH = {("GET", "/health")}
METRICS = {("GET", "/metrics")}
OPEN = {
    "client": CLIENT | HEALTH,
    "metrics": METRICS | HEALTH,
    "operator": METRICS | HEALTH | {("GET", "/v1/status")},
}

# By OPA's REST API reference; pprof is there with --pprof, batches are in other distributions.
REST_API = {
    "/": {"GET", "POST"},
    "/v0/data": {"POST"},
    "/v0/data/scopegate/allow": {"POST"},
    "/v0/data/scopegate/decision": {"POST"},
    "/v0/data/scopegate/gateways/authzen/evaluation": {"POST"},
    "/v0/data/scopegate/gateways/authzen/evaluations": {"POST"},
    "/v0/data/scopegate/gateways/authzen/template": {"POST"},
    "/v1/data": {"GET", "POST", "PUT", "PATCH"},
    "/v1/data/scopegate": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/data/scopegate/allow": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/data/scopegate/decision": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/data/scopegate/decision/allow": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/data/scopegate/required": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/data/scopegate/gateways": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/data/scopegate/gateways/apisix/answer": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/data/scopegate/gateways/authzen/evaluation": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/data/scopegate/gateways/envoy/answer": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/data/scopegate/gateways/kong/answer": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/data/system/tokens": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/data/system/authz/allow": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/data/system/log/mask": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "/v1/policies": {"GET"},
    "/v1/policies/mine": {"GET", "PUT", "DELETE"},
    "/v1/query": {"GET", "POST"},
    "/v1/compile": {"POST"},
    "/v1/compile/scopegate/allow": {"GET", "POST"},
    "/v1/config": {"GET"},
    "/v1/status": {"GET"},
    "/health": {"GET"},
    "/health/live": {"GET"},
    "/metrics": {"GET"},
    "/metrics/alloc_bytes": {"GET"},
}
ELSEWHERE = ("/v1/batch/data/scopegate/decision", "/debug/pprof/heap", "/v2/data")
METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "LIST",
    "get",
    "post",
)
BODY = b'{"input": {}}'

NO_IDENTITY = {
    "none": {},
    "unknown": {"Authorization": "Bearer unknown"},
    "empty": {"Authorization": "Bearer "},
    "basic": {"Authorization": "Basic Y2xpZW50OmNsaWVudA=="},
    "role": {"Authorization": "Bearer client"},
    "elsewhere": {"X-Auth-Token": "client", "Cookie": "token=client"},
}


def is_as_expected(method: str, path: str, status: int, opened: set[tuple[str, str]]) -> bool:
    if (method, path) in opened:
        return status == 200
    # OPA serves no HEAD, whoever asks, and knows no `get`, which it says where GET may be called.
    return status == (405 if method == "HEAD" or (method.upper(), path) in opened else 401)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_call_what_is_its_own_and_nothing_else(sidecar: Sidecar, role: str) -> None:
    for method, path in product(METHODS, [*REST_API, *ELSEWHERE]):
        status = sidecar.call(method, path, role=role, body=BODY).status
        assert is_as_expected(method, path, status, OPEN[role]), (method, path, status)


@pytest.mark.parametrize("headers", NO_IDENTITY.values(), ids=NO_IDENTITY.keys())
def test_without_a_known_token_all_but_health_is_refused(
    sidecar: Sidecar, headers: dict[str, str]
) -> None:
    for method, path in product(METHODS, [*REST_API, *ELSEWHERE]):
        status = sidecar.call(method, path, headers=headers, body=BODY).status
        assert is_as_expected(method, path, status, HEALTH), (method, path, status)


def test_the_hash_of_a_token_is_no_token(sidecar: Sidecar) -> None:
    for token in (
        hashlib.sha256(sidecar.tokens["client"].encode()).hexdigest(),
        sidecar.tokens["client"][:-1],
        sidecar.tokens["client"].swapcase(),
    ):
        headers = {"Authorization": f"Bearer {token}"}
        assert sidecar.ask({}, role=None, headers=headers).status == 401
    assert sidecar.ask({}).status == 200


def test_what_is_refused_would_be_there(opa: Opa, tmp_path: Path) -> None:
    with run_server(opa, [], log=tmp_path / "opa.log") as (url, _):
        open_to_all = Sidecar(url, tmp_path / "opa.log", "", {})
        wait_for(lambda: is_listening(open_to_all))
        for path, methods in REST_API.items():
            for method in methods:
                status = open_to_all.call(method, path, body=BODY).status
                assert status not in {401, 405}, (method, path)


def test_every_question_of_a_client_has_an_answer(opa: Opa, sidecar: Sidecar) -> None:
    query = "data.system.authz.calls.client"
    read = opa.run(["eval", "--data", str(EXAMPLES / "opa/system"), "--format", "raw", query])
    calls = json.loads(read.stdout)
    assert {(method, "/" + "/".join(path)) for method, *path in calls} == CLIENT
    for method, *path in calls:
        answer = sidecar.call(method, "/" + "/".join(path), role="client", body=BODY)
        assert answer.status == 200
        # Where nothing is defined v1 answers without a result, and v0 with 404.
        assert path[0] == "v0" or "result" in answer.read()


@pytest.mark.parametrize(
    "path",
    [
        "//v1/data/scopegate/decision",
        "/v1//data/scopegate/decision",
        "/v1/data/scopegate//decision",
        "/v1/data/./scopegate/decision",
        "/v1/data/scopegate/../scopegate/decision",
        "/./v1/data/scopegate/decision",
        "/v1/data/scopegate/allow/../decision",
        "/v1/data/%2e/scopegate/decision",
        "/v1/data/scopegate%2fdecision",
        "/v1%2fdata/scopegate/decision",
        "/v1/data/scopegate/decision%00",
        "/v1/data/scopegate/decision%20",
        "/v1/data/scopegate/decision;a=b",
        "/v1/data/scopegate/decision%3fpretty",
        "/v1/data/scopegate/decisio%256e",
        "/v1/data/scopegate.decision",
        "/v1/data/Scopegate/decision",
        "/V1/data/scopegate/decision",
        "/v1/data/scopegate/Decision",
        "/v1/data/scopegate/%2e%2e/system/tokens",
        "/v1/data/scopegate/decision/../../system/tokens",
        "*",
    ],
)
def test_an_odd_spelling_of_a_path_is_another_path(sidecar: Sidecar, path: str) -> None:
    assert sidecar.ask({}, path).status == 401


@pytest.mark.parametrize("path", ["/v1/data/scopegate/decision/", "/v1/data/scopegate/decision%2f"])
@pytest.mark.parametrize("role", [None, "client"])
def test_a_slash_at_the_end_gets_no_answer(sidecar: Sidecar, path: str, role: str | None) -> None:
    assert sidecar.ask({}, path, role=role) == Answer(301, "")


def test_an_escape_that_changes_nothing_is_the_same_path(sidecar: Sidecar) -> None:
    answer = sidecar.ask({}, "/v1/data/scopegate/%64ecision")
    assert answer.status == 200
    assert answer.read()["result"]["reason"] == "malformed_request"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("pretty", 200),
        ("pretty=true", 200),
        ("explain=full", 401),
        ("pretty&explain=notes", 401),
        ("%65xplain=full", 401),
        ("instrument", 401),
        ("metrics", 401),
        ("provenance=true", 401),
        ("strict-builtin-errors", 401),
        ("rule_labels", 401),
        ("input=%7B%7D", 401),
        ("pretty&new-parameter=", 401),
    ],
)
def test_a_call_has_no_parameters_but_harmless_ones(
    sidecar: Sidecar, query: str, status: int
) -> None:
    for name in ("allow", "decision"):
        assert sidecar.ask({}, f"/v1/data/scopegate/{name}?{query}").status == status
    assert sidecar.call("GET", f"/v1/status?{query}", role="operator").status == status


def test_a_probe_may_ask_for_bundles_and_plugins(sidecar: Sidecar) -> None:
    assert sidecar.call("GET", "/health?bundles&plugins").status == 200


def test_the_address_for_diagnostics_has_health_and_metrics(sidecar: Sidecar) -> None:
    for role, path, status in [
        (None, "/health?bundles", 200),
        (None, "/metrics", 401),
        ("metrics", "/metrics", 200),
        ("operator", "/v1/status", 404),
        ("client", "/v1/data/scopegate/decision", 401),
    ]:
        answer = sidecar.call("GET", path, role=role, address=sidecar.diagnostics)
        assert answer.status == status
    asked = sidecar.call(
        "POST",
        "/v1/data/scopegate/decision",
        role="client",
        body=BODY,
        address=sidecar.diagnostics,
    )
    assert asked.status == 404


def test_a_question_has_a_size(sidecar: Sidecar) -> None:
    def ask(count: int, *, packed: bool) -> int:
        body = json.dumps({"input": {"subject": "x" * count}}).encode()
        return send(sidecar, body, packed=packed, role="client").status

    for packed in (False, True):
        assert ask(199_900, packed=packed) == 200
        assert ask(200_100, packed=packed) == 400


# What takes OPA half a minute to read.
YAML = b"".join(b"%d: 1\n" % number for number in range(80_000))


@pytest.mark.parametrize("packed", [False, True])
def test_what_takes_long_to_read_is_not_read(sidecar: Sidecar, *, packed: bool) -> None:
    """OPA reads a body before it asks for a token."""
    told = send(sidecar, YAML, packed=packed, content_type="application/yaml")
    assert told.status == 400
    limit = "gzip.max_length" if packed else "max_length"
    assert told.read()["message"].endswith(f"limit of 200000 bytes (server.decoding.{limit})")
    assert sidecar.call("GET", "/health").status == 200


@pytest.mark.parametrize("file", ["opa/hardened.yaml", "envoy/opa.yaml"])
def test_an_example_reads_little_before_it_asks_for_a_token(file: str) -> None:
    decoding = read(file)["server"]["decoding"]
    assert decoding["max_length"] <= 200_000
    assert decoding["gzip"]["max_length"] <= 200_000


def test_the_readme_says_what_is_answered_to_what_is_too_large(sidecar: Sidecar) -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for packed in (False, True):
        assert send(sidecar, b"x" * 789_000, packed=packed).text in readme


def send(
    sidecar: Sidecar,
    body: bytes,
    *,
    packed: bool,
    role: str | None = None,
    content_type: str = "application/json",
) -> Answer:
    headers = {"Content-Type": content_type} | ({"Content-Encoding": "gzip"} if packed else {})
    sent = gzip.compress(body) if packed else body
    path = "/v1/data/scopegate/decision"
    return sidecar.call("POST", path, role=role, headers=headers, body=sent)


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        ({"": "client"}, 200),
        ({"": "operator"}, 401),
        ({"": "unknown"}, 401),
        ({"": ""}, 401),
        ({}, 401),
    ],
)
def test_who_sends_no_token_has_the_role_that_the_file_gives(  # noqa: PLR0913, PLR0917  # fixtures
    opa: Opa,
    signed: Path,
    rules: Signer,
    tmp_path: Path,
    roles: dict[str, str],
    status: int,
) -> None:
    with (
        serve_files(signed.parent) as (bundles, _),
        run_sidecar(opa, bundles, tmp_path, rules, roles=roles) as sidecar,
    ):
        assert sidecar.ask({}, role=None).status == status
        wrong = {"Authorization": "Bearer unknown"}
        assert sidecar.ask({}, role=None, headers=wrong).status == 401
        assert sidecar.call("GET", "/v1/data").status == 401


def test_nothing_is_open_without_a_file_of_tokens_or_without_authentication(
    opa: Opa, tmp_path: Path
) -> None:
    args = ["--authorization", "basic", str(EXAMPLES / "opa/system")]
    with run_server(opa, args, log=tmp_path / "opa.log") as (url, _):
        sidecar = Sidecar(url, tmp_path / "opa.log", "", {"client": "any"})
        wait_for(lambda: is_listening(sidecar))
        assert sidecar.ask({}).status == 401
        assert sidecar.ask({}, role=None).status == 401


def test_several_tokens_of_a_role_count_at_once(
    opa: Opa, signed: Path, rules: Signer, revision: str, tmp_path: Path
) -> None:
    roles = {hashlib.sha256(token).hexdigest(): "client" for token in (b"old", b"new")}
    with (
        serve_files(signed.parent) as (bundles, _),
        run_sidecar(opa, bundles, tmp_path, rules, roles=roles) as sidecar,
    ):
        for token in ("old", "new"):
            holder = Sidecar(sidecar.url, sidecar.log, "", {"client": token})
            wait_for_revision(holder, revision)
