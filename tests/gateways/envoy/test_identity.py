"""Who calls is what a token says that the issuer signed, and nothing else."""

import json
import time

import pytest

from tests.gateways.envoy.running import Gateway
from tests.gateways.envoy.tokens import Issuer, encode, make_issuer

PATH = "/v2/p1/snapshots"


def call(gateway: Gateway, *authorization: str) -> tuple[int, str | None]:
    """Ask with the values of some headers `Authorization`."""
    lines = "".join(f"Authorization: {value}\r\n" for value in authorization)
    answer = gateway.wire.send(f"GET {PATH} HTTP/1.1\r\nHost: h\r\n{lines}\r\n".encode())
    return answer.status, answer.reason


@pytest.fixture(scope="module")
def forger(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return make_issuer(tmp_path_factory.mktemp("forger"))


def test_a_signed_token_says_who_calls(hardened: Gateway) -> None:
    issuer = hardened.issuer
    assert call(hardened, f"Bearer {issuer.sign(sub='lister', project_id='p1')}") == (200, None)
    for claims, said in {
        (("sub", "lister"), ("project_id", "p2")): (400, "project_mismatch"),
        (("sub", "lister"), ("domain_id", "d1")): (400, "project_mismatch"),
        (("sub", "lister"),): (401, "unauthenticated"),
        (("project_id", "p1"),): (401, "unauthenticated"),
        (("sub", ""), ("project_id", "p1")): (401, "unauthenticated"),
        (("sub", "lister"), ("project_id", "p1"), ("domain_id", "d1")): (401, "unauthenticated"),
        (("sub", "lister"), ("project_id", ""), ("domain_id", "d1")): (401, "unauthenticated"),
        (("sub", "lister"), ("project_id", 1)): (400, "malformed_request"),
    }.items():
        assert call(hardened, f"Bearer {issuer.sign(**dict(claims))}") == said, claims


def test_a_wrong_token_passes_nowhere(hardened: Gateway, forger: Issuer) -> None:
    hardened.upstream.take()
    issuer = hardened.issuer
    good = issuer.sign(sub="lister", project_id="p1")
    head, payload, signature = good.split(".")
    other = issuer.sign(sub="nobody", project_id="p1").split(".")[1]
    none = encode(json.dumps({"alg": "none"}).encode())
    past = int(time.time()) - 3600
    for token in (
        forger.sign(sub="lister", project_id="p1"),
        issuer.sign(sub="lister", project_id="p1", exp=past),
        issuer.sign(sub="lister", project_id="p1", exp=None),
        issuer.sign(sub="lister", project_id="p1", nbf=past + 7200),
        issuer.sign(sub="lister", project_id="p1", iss="https://elsewhere.example.com"),
        issuer.sign(sub="lister", project_id="p1", aud="ecs"),
        f"{head}.{other}.{signature}",
        f"{none}.{payload}.",
        f"{head}.{payload}.",
        f"{head}.{payload}",
        "x",
    ):
        status, reason = call(hardened, f"Bearer {token}")
        assert (status in {401, 403}, reason) == (True, None), token
        answer = hardened.wire.call("GET", "/health", {"Authorization": f"Bearer {token}"})
        assert answer.status in {401, 403}, token
    assert not hardened.upstream.take()


def test_what_is_no_token_is_nobody(hardened: Gateway) -> None:
    good = hardened.issuer.name("lister")
    for values in ((), ("Basic bGlzdGVy",), ("",), ("Bearer",), (good,), (f"Token {good}",)):
        assert call(hardened, *values) == (401, "unauthenticated"), values


def test_of_two_tokens_none_is_the_forgers(hardened: Gateway, forger: Issuer) -> None:
    good, bad = hardened.issuer.name("lister"), forger.name("lister")
    for values in ((f"Bearer {bad}", f"Bearer {good}"), (f"Bearer {good}", f"Bearer {bad}")):
        assert call(hardened, *values)[0] in {200, 401}
    nobody = hardened.issuer.name("nobody")
    assert call(hardened, f"Bearer {nobody}", f"Bearer {bad}")[0] != 200
    assert call(hardened, f"Bearer {bad}", f"Bearer {nobody}")[0] != 200


@pytest.mark.parametrize(
    "header",
    [
        *("x-user-id", "x-project-id", "x-subject-id", "x-auth-token", "x-consumer-username"),
        *("x-jwt-payload", "jwt_payload", "jwt-payload", "x-envoy-auth-headers-to-remove"),
        *("envoy.filters.http.jwt_authn", "x-envoy-metadata", "x-envoy-peer-metadata"),
        *(
            "x-envoy-original-path",
            "x-envoy-internal",
            "x-forwarded-client-cert",
            "grpc-metadata-sub",
        ),
    ],
)
def test_no_header_makes_an_identity(gateway: Gateway, header: str) -> None:
    payload = {"sub": "lister", "project_id": "p1"}
    for value in (
        *("lister", "true", "/health", json.dumps(payload), json.dumps({"jwt_payload": payload})),
        *(encode(json.dumps(payload).encode()), gateway.issuer.name("lister")),
    ):
        sent = {header: value}
        assert gateway.call("GET", PATH, None, sent).status in {400, 401}, value
        assert gateway.call("GET", PATH, "nobody", sent).status in {400, 403}, value
    assert not gateway.upstream.take()


def test_a_query_makes_no_identity(gateway: Gateway) -> None:
    token = gateway.issuer.name("lister")
    assert gateway.call("GET", f"{PATH}?access_token={token}").status == 401
    assert not gateway.upstream.take()
