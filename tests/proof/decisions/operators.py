"""What operators say beside a bundle, for random questions: nothing, everything, and identities."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.decisions.inputs.parts import Json
from tests.oracle import Operator
from tests.proof.decisions.inputs import Known, Maker, Rows

SUBJECTS: Final = 200
HOSTS: Final = ("as.example.com", "EVS.example.com:8443", "other.example.com", "as")
PATHS: Final = (
    *("/healthz", "/healthz?a=b", "/healthz/", "/metrics/x", "/metrics/x/y", "/metrics", "/"),
    *("/metrics/..", "/metrics/%2e", "/v2/nothing", "/v2", "/v2/x.json", "/healthz%20"),
)
ROUTES: Final[tuple[Json, ...]] = (
    {"methods": ["GET"], "path": "/healthz"},
    {"methods": ["GET", "HEAD", "POST"], "prefix": "/metrics/"},
    {"methods": ["OPTIONS"], "prefix": "/"},
    {"methods": ["GET", "HEAD"], "prefix": "/v2"},
)


@dataclass(frozen=True)
class Asked:
    """What the operator says, and what questions may be about then."""

    operator: Operator
    known: Known

    @property
    def data(self) -> Mapping[str, Any]:
        """The documents beside the bundle's."""
        said = {
            "scopegate_config": self.operator.config,
            "scopegate_identity": self.operator.identity,
        }
        return {root: document for root, document in said.items() if document}


def list_operators(rows: Rows) -> dict[str, Asked]:
    """Those that are asked about, by name."""
    identity = make_identity(rows)
    config = {"routes": list(ROUTES), "endpoint_prefixes": {"as": "as", "evs": "evs", "other": "x"}}
    known = Known(rows, tuple(identity["subjects"]), HOSTS, PATHS)
    return {
        "nothing configured": Asked(Operator(), Known(rows)),
        "routes, hosts and identities": Asked(Operator(config, identity), known),
        "identities alone": Asked(
            Operator({**config, "identities": True}, identity),
            replace(known, identities_alone=True),
        ),
    }


def make_identity(rows: Rows) -> dict[str, Any]:
    """An identity bundle's data: the grants of random subjects, half of them by a group."""
    chance = random.Random("identities")  # noqa: S311  nothing secret about it
    maker = Maker(Known(rows), chance)
    policies: dict[str, Json] = {}

    def keep(grant: Json) -> Json:
        names = [json.dumps(policy, sort_keys=True) for policy in grant["policies"]]
        policies.update(zip(names, grant["policies"], strict=True))
        return grant | {"policies": names}

    subjects: dict[str, Json] = {}
    groups: dict[str, Json] = {}
    for number in range(SUBJECTS):
        grants = [
            keep(grant)
            for _ in range(chance.choice([1, 1, 2, 5]))
            for grant in maker.make_grants(chance.choice(maker.known.routes))
        ]
        half = len(grants) // 2
        groups[f"g{number}"] = {"grants": grants[half:]}
        subjects[f"s{number}"] = {"groups": [f"g{number}"], "grants": grants[:half]}
    for number in range(0, SUBJECTS, 10):
        subjects[f"s{number}"] = {"account_owner": True}
    return {
        "subjects": subjects,
        "groups": groups,
        "policies": policies,
        "resource_parameters": ["snapshot_id", "volume_id"],
        "enterprise_projects": {
            "snapshot_id": {"s1": "e1", "s2": "e2"},
            "volume_id": {"s1": "e1", "s2": "e1"},
        },
    }
