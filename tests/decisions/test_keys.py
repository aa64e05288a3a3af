"""What a route requires by its key is what the rules require of a request for it."""

import json
from pathlib import Path

import pytest

from scopegate.bundle import build_bundle
from scopegate.live.opa import Opa
from scopegate.routes.build import build_routes
from scopegate.tables.store import read_tables
from tests.decisions.test_made_tables import MADE, TOPICS

QUERY = """{key: {"by_key": by_key, "required": decision.required} |
    some key, path in input
    route := data.scopegate.bundle.routes[key]
    [api, method, _] := split(key, " ")
    [provider, service] := split(api, "/")
    by_key := data.scopegate.route.requirement_of(key)
    decision := data.scopegate.decision with input as {
        "request": {"method": method, "path": path, "provider": provider, "service": service},
        "subject": {"project_id": "p1"},
    }
    decision.route == route
}"""


@pytest.mark.parametrize("tables", [Path("tables"), *(MADE / topic for topic in TOPICS)], ids=str)
def test_a_key_stands_for_a_request(tables: Path, project: Path, opa: Opa, tmp_path: Path) -> None:
    read = read_tables(project / tables)
    routes, _ = build_routes(read)
    bundle = tmp_path / "bundle.tar.gz"
    build_bundle(read, rego=project / "rego", output=bundle, opa=opa)
    paths = {
        route.key: "".join(f"/{'p1' if each is None else each}" for each in route.shape)
        for route in routes
    }

    command = ["eval", "--format", "raw", "--stdin-input", "--bundle", str(bundle), QUERY]
    answered = json.loads(opa.run(command, stdin=json.dumps(paths)).stdout)

    assert answered.keys() == paths.keys()
    for route in routes:
        assert answered[route.key]["by_key"]["actions"] == answered[route.key]["required"]
        assert set(answered[route.key]["required"]) == route.requirement.actions
