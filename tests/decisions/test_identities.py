"""Questions of the matrix, asked by subjects whose grants the identity bundle has."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from scopegate.live.opa import Opa
from scopegate.live.serving import serve_bundle
from tests.decisions.inputs import enterprise, grants, statements
from tests.decisions.inputs.malformed import WRONG
from tests.decisions.inputs.parts import Json, allow_everything, ask, path_of
from tests.decisions.test_matrix import ROUTES
from tests.harness.client import Client
from tests.harness.confirmation import Confirmer
from tests.harness.made import write_data_bundle
from tests.oracle import Operator

# A create and a list where enterprise projects count, and a read where they do not.
ASKED: Final = [route for route in ROUTES if route.mirrored_from is None and route.row in {2, 5, 8}]
SNAPSHOTS: Final = [route for route in ROUTES if "{snapshot_id}" in route.path]
VALUE: Final = "snapshot_id-1"
"""What stands for the id of a snapshot in the paths of the matrix."""


class Identities:
    """Subjects for questions: each keeps the grants of one, and the question names it instead."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {
            "subjects": {},
            "groups": {},
            "policies": {},
            "resource_parameters": ["snapshot_id", "volume_id"],
            "enterprise_projects": {"snapshot_id": {"s1": "e1", "s2": "e2"}, "volume_id": {}},
        }

    def know(self, given: Json) -> Json:
        """Keep the grants of a question, the later half in a group: the question without them."""
        number = str(len(self.data["subjects"]))
        held = [self.keep(grant) for grant in given["subject"].get("grants", [])]
        half = len(held) // 2
        self.data["groups"][number] = {"grants": held[half:]}
        self.data["subjects"][number] = {"groups": [number], "grants": held[:half]}
        asked = {name: value for name, value in given["subject"].items() if name != "grants"}
        return given | {"subject": asked | {"id": number}}

    def keep(self, grant: Json) -> Json:
        names = [json.dumps(policy, sort_keys=True) for policy in grant["policies"]]
        self.data["policies"].update(zip(names, grant["policies"], strict=True))
        return grant | {"policies": names}


Confirm: TypeAlias = Callable[[Operator, Iterable[Json]], int]


@pytest.fixture
def confirm_with(opa: Opa, bundle: Path, confirm: Confirmer, tmp_path: Path) -> Confirm:
    """Confirms decisions of a server that has the bundle and what the operator says."""

    def confirm_all(operator: Operator, given: Iterable[Json]) -> int:
        data = {"scopegate_config": operator.config, "scopegate_identity": operator.identity}
        beside = write_data_bundle(tmp_path / "operator", data)
        log = tmp_path / "opa.log"
        with (
            serve_bundle(opa, bundle, beside=[beside], revision=confirm.revision, log=log) as url,
            Client(url) as client,
        ):
            return replace(confirm, client=client, operator=operator)(given)

    return confirm_all


@pytest.mark.parametrize("config", [{}, {"identities": True}], ids=["either", "identities"])
def test_grants_of_the_identity_bundle(config: Json, confirm_with: Confirm) -> None:
    identities = Identities()
    kinds = (grants.two_places, grants.subjects, enterprise.enterprise_projects, statements.roles)
    given = [each for kind in kinds for route in ASKED for each in kind(route)]
    asked = [identities.know(each) for each in given]
    unknown = [each | {"subject": each["subject"] | {"id": "unknown"}} for each in asked]
    operator = Operator(config=config, identity=identities.data)
    assert confirm_with(operator, [*asked, *given, *unknown]) > 1000


def test_what_an_input_says_of_a_known_subject(confirm_with: Confirm) -> None:
    """It counts no more, and is refused where it is malformed."""
    identities = Identities()
    known = [identities.know(each) for each in grants.subjects(ASKED[0])]
    claims = [{"account_owner": claim} for claim in WRONG]
    given = [
        each | {"subject": each["subject"] | {"id": name} | claim}
        for each in known[::4]
        for name in (each["subject"]["id"], "unknown")
        for claim in claims
    ]
    assert confirm_with(Operator(identity=identities.data), given) > 1000


def test_enterprise_projects_of_resources(confirm_with: Confirm) -> None:
    given = [
        each | {"request": {**each["request"], "path": path_of(route).replace(VALUE, name)}}
        for route in SNAPSHOTS
        for each in islice(grants.one_place(route), 0, None, 11)
        for name in ("s1", "s2", "s3")
    ]
    assert all(VALUE in path_of(route) for route in SNAPSHOTS)
    assert confirm_with(Operator(identity=Identities().data), given) > 1000


def test_routes_of_the_operator(confirm_with: Confirm) -> None:
    listed: list[Json] = [
        {"methods": ["GET"], "path": "/healthz"},
        {"methods": ["OPTIONS", "PUT"], "prefix": "/"},
        {"methods": ["GET", "HEAD", "DELETE"], "prefix": "/v2/p1"},
    ]
    paths = {path_of(route) for route in ROUTES} | {"/healthz", "/", "/v2/p1", "/v2/p1/x", "/v4"}
    odd = ["{}", "{}/", "{}//", "{}/..", "{}/x", "{}?a=b", "{}%2f", "/{}", "{};a"]
    odd += ["{}.json", "{}.json/", "{}.json/x", "{}%20", "{}.", "{}~a", "{}/%20", "{}/.x/"]
    near = {path.replace("snap", form) for path in paths for form in ("SNAP", ".snap", "s.nap")}
    given = [
        ask(method, form.format(path), allow_everything())
        for method in ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "get", "")
        for path in sorted(paths | near)
        for form in odd
    ]
    assert confirm_with(Operator(config={"routes": listed, "identities": True}), given) > 1000
