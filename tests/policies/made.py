"""A bundle of a few rows that were made up, and policies."""

from pathlib import Path
from typing import Any

from scopegate.bundle import build_bundle
from scopegate.live.asking import BundleEngine
from scopegate.live.opa import Opa
from tests.routes.made import NO, UNKNOWN, make_row, make_table

Policy = dict[str, Any]

TABLES = [
    make_table(
        make_row("GET /v1/{project_id}/a", actions="x:a:get"),
        make_row("GET /v1/{project_id}/b", actions="x:b:get x:a:get", enterprise=NO),
        make_row("GET /v1/c", actions="x:c:get", iam=NO, enterprise=UNKNOWN),
        make_row("GET /v1/{project_id}/d", actions="x:d:list", iam=UNKNOWN, enterprise=UNKNOWN),
        make_row("POST /v1/{project_id}/a", actions="x:a:create x:a:update y:e:get"),
        make_row("GET /v1/{project_id}/none", actions=""),
        name="x/made",
    ),
    make_table(
        make_row("GET /v1/{project_id}/e", actions="y:e:get"),
        make_row("PUT /v1/{project_id}/e", actions="y:e:update y:*:get*"),
        name="y/made",
    ),
]


def make_engine(folder: Path, *, project: Path, opa: Opa) -> BundleEngine:
    """OPA evaluating a bundle of the tables."""
    bundle = folder / "made.tar.gz"
    build_bundle(TABLES, rego=project / "rego", output=bundle, opa=opa)
    return BundleEngine(bundle, opa=opa)


def allow(*actions: str, **members: Any) -> Policy:  # noqa: ANN401
    """A statement."""
    return {"Effect": "Allow", "Action": list(actions), **members}


def deny(*actions: str, **members: Any) -> Policy:  # noqa: ANN401
    """A statement."""
    return {"Effect": "Deny", "Action": list(actions), **members}


def make_policy(*statements: Policy, **members: Any) -> Policy:  # noqa: ANN401
    """A document of these statements."""
    return {"Version": "1.1", "Statement": list(statements), **members}
