"""What OPA logs when it runs as examples/opa/ says: decisions, and nothing that is somebody's."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scopegate.live.opa import Opa
from scopegate.live.questions import Permission, Scope, make_question
from tests.examples.bundle_service import serve_files
from tests.examples.sidecar import (
    EXAMPLES,
    Answer,
    Sidecar,
    read_decisions,
    run_sidecar,
    wait_for_revision,
)
from tests.examples.signing import Signer

SECRET = "s3cr3t"  # noqa: S105  # that is its point
PATH = f"/v2/{SECRET}-project/snapshots?token={SECRET}"
HEADERS = {
    name: f"{SECRET}-{name}"
    for name in ("X-Auth-Token", "X-Subject-Token", "X-Api-Key", "Cookie", "User-Agent", "Host")
}
ELSEWHERE = {name.lower(): value for name, value in HEADERS.items()} | {
    "authorization": f"Bearer {SECRET}"
}
CORE = make_question(
    "POST",
    PATH,
    token=Scope("iam_project", f"{SECRET}-project"),
    permissions=[
        Permission("Allow", ("evs:*",), Scope("enterprise_project", f"{SECRET}-enterprise"))
    ],
)
NOTHING = make_question("POST", PATH, token=Scope("iam_project", f"{SECRET}-project"))
LIST = make_question(
    "GET",
    f"/v2/{SECRET}-project/cloudsnapshots/detail?enterprise_project_id=all_granted_eps",
    token=Scope("iam_project", f"{SECRET}-project"),
    permissions=[
        Permission("Allow", ("evs:*",), Scope("enterprise_project", f"{SECRET}-enterprise"))
    ],
)
FULL: dict[str, Any] = {
    "request": {
        "method": "POST",
        "path": PATH.partition("?")[0],
        "service": "evs",
        "host": f"{SECRET}.example.com",
        "query": {SECRET: [SECRET]},
        "body": {SECRET: [SECRET, {"password": SECRET}]},
    },
    "subject": {
        "id": f"{SECRET}-user",
        "domain_id": f"{SECRET}-domain",
        "grants": [
            {
                "scope": {"domain": f"{SECRET}-domain"},
                "policies": [
                    {
                        "name": f"{SECRET}-policy",
                        "Version": "1.1",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Action": [f"{SECRET}:*"],
                                "Condition": {"StringEquals": {SECRET: [SECRET]}},
                            }
                        ],
                    }
                ],
            }
        ],
    },
    "resource": {"enterprise_project_id": f"{SECRET}-enterprise"},
}
# The request in the form of each gateway: OPA would log it whoever is asked with it.
GATEWAYS: dict[str, Any] = {
    "envoy": {
        "attributes": {
            "source": {"address": {"socketAddress": {"address": SECRET}}, "principal": SECRET},
            "request": {
                "http": {"method": "GET", "path": PATH, "headers": ELSEWHERE, "body": SECRET}
            },
            "metadata_context": {"filter_metadata": {"jwt": {"payload": {"sub": SECRET}}}},
        },
        "parsed_path": [SECRET],
        "parsed_query": {SECRET: [SECRET]},
        "parsed_body": {SECRET: SECRET},
    },
    "apisix": {
        "type": "http",
        "request": {"method": "GET", "path": PATH, "headers": ELSEWHERE, "query": {SECRET: SECRET}},
        "var": {"remote_addr": SECRET},
        "consumer": {"username": SECRET, "auth_conf": {"key": SECRET}},
    },
    "kong": {
        "request": {
            "http": {
                "method": "GET",
                "path": PATH,
                "headers": ELSEWHERE,
                "querystring": {"t": SECRET},
            }
        },
        "client_ip": SECRET,
        "consumer": {"username": SECRET},
        "service": {"name": SECRET},
    },
    "authzen": {
        "subject": {"type": "user", "id": SECRET, "properties": {"token": SECRET}},
        "action": {"name": SECRET},
        "resource": {"type": "route", "id": PATH},
        "context": {"headers": ELSEWHERE},
    },
}
ODD: dict[str, Any] = {
    "text": SECRET,
    "list": [SECRET, {SECRET: SECRET}],
    "names": {f"{SECRET}/~1 %2f": {f"{SECRET} %": {"": SECRET}}, "": SECRET},
    "method": {"request": {"method": SECRET, "path": PATH}, "subject": {"project_id": SECRET}},
}
QUESTIONS = {"core": CORE, "nothing": NOTHING, "filter": LIST, "full": FULL, **GATEWAYS, **ODD}


ENTRY_POINTS = {
    "apisix": "/v1/data/scopegate/gateways/apisix/answer",
    "kong": "/v1/data/scopegate/gateways/kong/answer",
    "authzen": "/v0/data/scopegate/gateways/authzen/evaluation",
}


@dataclass(frozen=True)
class Asked:
    """What was asked of a sidecar that has ended since."""

    sidecar: Sidecar
    decisions: dict[str, Answer]
    allows: dict[str, Answer]


@pytest.fixture(scope="module")
def asked(
    opa: Opa, signed: Path, rules: Signer, revision: str, tmp_path_factory: pytest.TempPathFactory
) -> Asked:
    folder = tmp_path_factory.mktemp("logs")
    with (
        serve_files(signed.parent) as (bundles, _),
        run_sidecar(opa, bundles, folder, rules) as sidecar,
    ):
        wait_for_revision(sidecar, revision)
        decisions = {name: sidecar.ask(it, headers=HEADERS) for name, it in QUESTIONS.items()}
        allows = {
            name: sidecar.ask(it, "/v1/data/scopegate/allow?pretty", headers=HEADERS)
            for name, it in QUESTIONS.items()
        }
        for name, path in ENTRY_POINTS.items():
            question = GATEWAYS[name] if path.startswith("/v0") else {"input": GATEWAYS[name]}
            body = json.dumps(question).encode()
            told = sidecar.call("POST", path, role="client", headers=HEADERS, body=body)
            assert told.status == 200
        refuse(sidecar)
    return Asked(sidecar, decisions, allows)


def refuse(sidecar: Sidecar) -> None:
    """Calls that are refused, with secrets wherever such a call can have any."""
    question = f'{{"input": {{"token": "{SECRET}"}}}}'.encode()
    for method, path, body in [
        ("GET", f"/v1/data/scopegate/decision?input={SECRET}", None),
        ("POST", f"/v1/data/scopegate/decision?explain={SECRET}", question),
        ("POST", f"/v1/data/scopegate/decision?{SECRET}", question),
        ("POST", "/v1/data", question),
        ("PUT", "/v1/data/scopegate", question),
        ("PUT", "/v1/policies/mine", f"package mine\n# {SECRET}".encode()),
        ("GET", f"/v1/query?q={SECRET}", None),
        ("POST", "/v1/query", f'{{"query": "{SECRET}"}}'.encode()),
    ]:
        assert sidecar.call(method, path, role="client", headers=HEADERS, body=body).status == 401
    stranger = {**HEADERS, "Authorization": f"Bearer {SECRET}"}
    assert sidecar.ask({SECRET: SECRET}, role=None, headers=stranger).status == 401
    for body in (f'{{"input": {SECRET}}}'.encode(), SECRET.encode(), f'"{SECRET}'.encode()):
        path = "/v1/data/scopegate/decision"
        sent = sidecar.call("POST", path, role="client", headers=HEADERS, body=body)
        assert sent.status == 400


def test_no_secret_is_in_the_log(asked: Asked) -> None:
    log = asked.sidecar.log.read_text(encoding="utf-8")
    assert '"msg":"Decision Log"' in log
    for secret in (SECRET, *asked.sidecar.tokens.values()):
        assert secret.lower() not in log.lower()


def test_the_answers_do_have_what_the_log_has_not(asked: Asked) -> None:
    assert SECRET in asked.decisions["nothing"].read()["result"]["message"]
    assert SECRET in str(asked.decisions["core"].read()["result"]["ineffective"])
    assert SECRET in str(asked.decisions["filter"].read()["result"]["enterprise_projects"])


def test_the_log_tells_what_was_decided_and_why(asked: Asked, revision: str) -> None:
    logged = {line["decision_id"]: line for line in read_decisions(asked.sidecar)}
    for answer in asked.decisions.values():
        told = answer.read()
        line = logged[told["decision_id"]]
        left_out = {"message", "ineffective", "enterprise_projects"}
        assert told["result"].keys() - line["result"].keys() == left_out
        assert line["result"].items() <= told["result"].items()
        assert line["path"] == "scopegate/decision"
        assert line["bundles"] == {"scopegate": {"revision": revision}}
        assert "input" not in line
    for answer in asked.allows.values():
        told = answer.read()
        assert logged[told["decision_id"]]["result"] is told["result"]


KEPT: dict[str, object] = {"allow": False, "reason": "no_matching_route", "route": None}
TOLD: dict[str, object] = {**KEPT, "message": SECRET, "ineffective": [SECRET], "new": SECRET}
EVALUATION = {"decision": False, "context": TOLD, "new": SECRET}
EVALUATED = {"decision": False, "context": KEPT}


@pytest.mark.parametrize(
    ("path", "result", "logged"),
    [
        ("scopegate/decision", TOLD, KEPT),
        ("scopegate/decision", [SECRET], None),
        ("scopegate/decision", SECRET, None),
        ("scopegate/allow", TOLD, None),
        ("scopegate", {"decision": TOLD}, None),
        (
            "scopegate/gateways/kong/answer",
            {"allow": True, "headers": {}, "message": SECRET, "decision": TOLD},
            {"allow": True, "decision": KEPT},
        ),
        (
            "scopegate/gateways/envoy/answer",
            {"allowed": False, "body": SECRET, "dynamic_metadata": TOLD, "decision": TOLD},
            {"allowed": False, "decision": KEPT},
        ),
        ("scopegate/gateways/envoy", {"answer": {"decision": TOLD}}, None),
        ("scopegate/gateways/envoy", {"allowed": True, "decision": TOLD}, None),
        ("scopegate/gateways/kong/answer", {"allow": True}, None),
        ("scopegate/gateways/authzen/evaluation", EVALUATION, EVALUATED),
        ("scopegate/gateways/authzen/template", EVALUATION, EVALUATED),
        ("scopegate/gateways/authzen/evaluations", EVALUATION, EVALUATED),
        (
            "scopegate/gateways/authzen/evaluations",
            {"evaluations": [EVALUATION, EVALUATION, SECRET], "more": SECRET},
            {"evaluations": [EVALUATED, EVALUATED]},
        ),
        ("scopegate/gateways/authzen/evaluation", {"decision": SECRET, "context": {}}, None),
    ],
)
def test_of_an_answer_only_what_is_known_is_logged(
    opa: Opa, path: str, result: object, logged: object
) -> None:
    assert mask(opa, {"path": path, "input": {}, "result": result}) == [
        "/input",
        {"op": "upsert", "path": "/result", "value": logged},
    ]


def test_a_boolean_is_logged(opa: Opa) -> None:
    assert mask(opa, {"path": "elsewhere", "result": False}) == ["/input"]


def mask(opa: Opa, event: dict[str, object]) -> Any:  # noqa: ANN401  # a list of strings and objects
    args = ["eval", "--data", str(EXAMPLES / "opa/system"), "--stdin-input", "--format", "raw"]
    return json.loads(opa.run([*args, "data.system.log.mask"], stdin=json.dumps(event)).stdout)
