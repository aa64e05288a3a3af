"""What of a request, other than its path, counts: headers, body, and what the upstream gets."""

import json
import shutil
from pathlib import Path

import pytest

from tests.gateways.envoy.running import Gateway, Programs, read_decisions, run_gateway

PATH = "/v2/p1/snapshots"

TELL_BODY = """
_response_headers["x-body"] := substring(json.marshal(_question.request.body), 0, 40)

_response_headers["x-body"] := "none" if not "body" in object.keys(_question.request)
"""
"""More rules: what of a body the rules would get to see."""


@pytest.mark.parametrize(
    "header",
    [
        *("X-HTTP-Method-Override", "X-Original-URL", "X-Rewrite-URL", "x-http-method"),
        *("X-METHOD-OVERRIDE", "x-original-uri", "X_Original_URL", "x-http_method_override"),
    ],
)
@pytest.mark.parametrize("path", [PATH, "/health"])
def test_no_header_asks_for_another_request(gateway: Gateway, header: str, path: str) -> None:
    for value in ("DELETE", "/v2/p1/snapshots/s1", ""):
        answer = gateway.call("GET", path, "lister", {header: value})
        assert answer.status == 400
        # Where Envoy is told to, it refuses the underscore first.
        assert answer.reason in {"overridden_request", None}
        assert answer.reason or "_" in header
    assert not gateway.upstream.take()


def test_the_upstream_gets_the_request_as_it_was(gateway: Gateway) -> None:
    path = "/v2/p1/snapshots?name=%E5%BF%AB&x=a%2Fb+c"
    body = json.dumps({"snapshot": {"volume_id": "v1"}}).encode()
    token = gateway.issuer.name("writer")
    sent = {
        "Host": "evs.example.com:8000",
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "X-Made": " \u00e9\u4e2d ".strip(),
        "Accept": "*/*, text/plain;q=0.1",
        "Cookie": "a=b; c=d",
        "Content-Length": str(len(body)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    answer = gateway.wire.send(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
    assert answer.status == 200
    (seen,) = gateway.upstream.take()
    assert (seen.method, seen.target, seen.body) == (b"POST", path.encode(), body)
    expected = [(name.lower().encode(), value.encode()) for name, value in sent.items()]
    assert [each for each in seen.headers if each in expected] == expected
    added = {name for name, _ in seen.headers if (name, dict(expected).get(name)) not in expected}
    assert added == {
        *(b"x-forwarded-for", b"x-forwarded-proto", b"x-request-id", b"x-envoy-external-address")
    }


def test_the_hardened_path_is_the_one_that_was_decided(hardened: Gateway) -> None:
    for sent, got in {
        "/v2/p1/volumes/../snapshots": PATH,
        "/v2//p1/./snapshots": PATH,
        "/v2/p1/%73napshots": PATH,
    }.items():
        hardened.upstream.take()
        assert hardened.call("GET", sent, "lister").status == 200
        assert [each.target for each in hardened.upstream.take()] == [got.encode()]


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"snapshot": {}}',
        b'"' + b"a" * 65534 + b'"',
        b'"' + b"a" * 200_000 + b'"',
    ],
)
def test_a_body_reaches_the_upstream_whole(hardened: Gateway, body: bytes) -> None:
    hardened.upstream.take()
    headers = {"Content-Type": "application/json"}
    answer = hardened.call("POST", PATH, "writer", headers, body)
    assert (answer.status, answer.reason) == (200, None)
    assert [each.body for each in hardened.upstream.take()] == [body]
    assert hardened.call("POST", PATH, "lister", headers, body).status == 403
    assert not hardened.upstream.take()


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe\x00", b"[" * 10000, b"{} {}"])
def test_a_body_that_is_not_what_it_says_goes_nowhere(hardened: Gateway, body: bytes) -> None:
    hardened.upstream.take()
    answer = hardened.call("POST", PATH, "writer", {"Content-Type": "application/json"}, body)
    assert (answer.status, answer.reason) == (400, None)
    assert not hardened.upstream.take()


def test_a_body_that_was_cut_off_is_none(programs: Programs, project: Path, tmp_path: Path) -> None:
    rego = tmp_path / "rego"
    shutil.copytree(project / "rego", rego)
    with (rego / "scopegate/gateways/envoy/envoy.rego").open("a") as rules:
        rules.write(TELL_BODY)
    with run_gateway(programs, tmp_path, project=tmp_path) as telling:
        for body, more, told in (
            (b'{"a":1}', {}, '{"a":1}'),
            (b"null", {}, "none"),
            (b"", {}, "none"),
            (b'{"a":1}', {"Content-Type": "text/plain"}, "none"),
            (b'{"a":1}', {"x-envoy-auth-partial-body": "true"}, '{"a":1}'),
            (b'{"a":"' + b"a" * 60_000 + b'"}', {}, '{"a":"' + "a" * 60_000 + '"}'),
            (b'{"a":1}' + b" " * 70_000, {}, "none"),
            (b'{"a":1}' + b" " * 70_000, {"x-envoy-auth-partial-body": "false"}, "none"),
        ):
            headers = {"Content-Type": "application/json"} | more
            answer = telling.call("POST", PATH, "writer", headers, body)
            assert answer.headers["x-body"] == told[:40], body[:40]


def test_the_decision_log_names_nobody(hardened: Gateway) -> None:
    hardened.call("POST", PATH, "writer", {"X-Made": "secret-header"}, b'{"a": "secret-body"}')
    hardened.call("GET", "/v2/p1/snapshots/secret-id?a=secret-query", "nobody")
    lines = read_decisions(hardened)
    assert {line["path"] for line in lines} == {"scopegate/gateways/envoy/answer"}
    assert {line["result"]["decision"]["reason"] for line in lines} >= {
        *("allowed", "action_not_granted")
    }
    assert "secret" not in hardened.log.read_text(encoding="utf-8")
    assert "nobody" not in hardened.log.read_text(encoding="utf-8")
