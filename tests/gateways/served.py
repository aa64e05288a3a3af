"""A live OPA as a gateway asks it: the bundle, an identity bundle and a configuration."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import requests

from scopegate.live.opa import Opa
from scopegate.live.serving import serve_bundle
from tests.harness.made import build_made_bundle, write_data_bundle

CONFIGURATION: Mapping[str, Any] = {
    "identities": True,
    "routes": [{"methods": ["GET"], "path": "/healthz"}],
    "gateways": {"services": {"snapshots": "evs"}},
}


def _grant(scope: Mapping[str, Any], policy: str) -> Mapping[str, Any]:
    return {"scope": scope, "policies": [policy]}


def _policy(effect: str, *actions: str) -> Mapping[str, Any]:
    return {"Version": "1.1", "Statement": [{"Effect": effect, "Action": list(actions)}]}


IDENTITY: Mapping[str, Any] = {
    "subjects": {
        "owner": {"account_owner": True},
        "user": {"grants": [_grant({"iam_project": "p1"}, "snapshots")]},
        "barred": {"grants": [_grant({"iam_project": "p1"}, "nothing")]},
        "elsewhere": {"grants": [_grant({"enterprise_project": "e1"}, "snapshots")]},
        "broken": {"grants": [_grant({"iam_project": "p1"}, "lost")]},
    },
    "policies": {
        "snapshots": _policy("Allow", "evs:snapshots:*"),
        "nothing": _policy("Deny", "*"),
    },
}


@dataclass(frozen=True, slots=True)
class Case:
    """Who asks for what, and the answer: its reason, and where it is denied status and code."""

    reason: str
    status: int = 0
    code: str = ""
    subject: str | None = "user"
    scope: Mapping[str, str] = field(default_factory=lambda: {"project_id": "p1"})
    method: str = "GET"
    path: str = "/v2/p1/cloudsnapshots/s1"
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


_ALL = {"enterprise_project_id": "all_granted_eps"}
_LIST = "/v2/p1/cloudsnapshots/detail"

CASES = [
    Case("allowed"),
    Case("account_owner", subject="owner"),
    Case("operator_route", subject=None, scope={}, path="/healthz"),
    Case("malformed_request", 400, "scopegate.malformed_request", path="/v2//cloudsnapshots"),
    Case("malformed_request", 400, "scopegate.malformed_request", subject="broken"),
    Case(
        "overridden_request",
        400,
        "scopegate.overridden_request",
        headers={"x-http-method-override": "DELETE"},
    ),
    Case("near_literal", 400, "scopegate.near_literal", path="/v2/p1/cloudsnapshots/detail.json"),
    Case("unauthenticated", 401, "EVS.5401", subject=None),
    Case("unauthenticated", 401, "EVS.5401", scope={}),
    Case("no_matching_route", 403, "scopegate.no_matching_route", path="/v2/p1/nothing"),
    Case("project_mismatch", 400, "Common.0018", path="/v2/p2/cloudsnapshots/s1"),
    Case("project_mismatch", 400, "Common.0018", scope={"domain_id": "p1"}),
    Case("explicitly_denied", 403, "EVS.2056", subject="barred"),
    Case("enterprise_project_required", 403, "EVS.5403", subject="elsewhere"),
    Case("scope_unsupported", 403, "EVS.5403", subject="elsewhere", path="/v2/p1/snapshots/s1"),
    Case("action_not_granted", 403, "EVS.5403", subject="nobody"),
    Case("action_not_granted", 403, "EVS.5403", method="POST", path="/v2/p1/snapshots"),
    Case(
        "filter_required",
        403,
        "scopegate.filter_required",
        subject="elsewhere",
        path=_LIST,
        query=_ALL,
    ),
]


class Gateway:
    """Asks one entry point of one server."""

    def __init__(self, url: str, entry_point: str) -> None:
        self._url = url
        self._entry_point = entry_point
        self._session = requests.Session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def ask(self, given: Any) -> Any:  # noqa: ANN401  # any JSON
        """The entry point's value, which must be the same where builtins may not fail."""
        url = f"{self._url}/v1/data/scopegate/gateways/{self._entry_point}"
        answers = [
            self._session.post(url, params=params, json={"input": given}, timeout=30)
            for params in ({}, {"strict-builtin-errors": "true"})
        ]
        for answer in answers:
            assert answer.status_code == requests.codes.ok, (given, answer.text)
        lenient, strict = (answer.json()["result"] for answer in answers)
        assert lenient == strict, given
        return lenient


@contextmanager
def serve(
    project: Path,
    opa: Opa,
    folder: Path,
    configuration: Any,  # noqa: ANN401  # any JSON
) -> Iterator[str]:
    """Serve the rules and tables as they are, with IDENTITY and a configuration; the URL."""
    bundle = folder / "scopegate.tar.gz"
    tables = sorted((project / "tables/huaweicloud").glob("*/*.yaml"))
    revision = build_made_bundle(tables, rego=project / "rego", output=bundle, opa=opa)
    data = {"scopegate_identity": IDENTITY, "scopegate_config": configuration}
    beside = write_data_bundle(folder / "operator", data)
    log = folder / "opa.log"
    with serve_bundle(opa, bundle, beside=[beside], revision=revision, log=log) as url:
        yield url
