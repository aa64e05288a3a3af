"""The service of a request by its host, where the operator names endpoint prefixes."""

from pathlib import Path

import pytest

from scopegate.live.opa import Opa
from scopegate.live.serving import serve_bundle
from tests.decisions.inputs.parts import Json, allow_everything, ask, path_of
from tests.decisions.test_made_tables import MADE
from tests.harness.client import Client
from tests.harness.confirmation import Confirmer, Tally
from tests.harness.made import build_made_bundle, write_data_bundle
from tests.oracle import Operator, decide, read_tables

FILES = sorted((MADE / "two-services").glob("*/*/*.yaml"))
PREFIXES = {"evs": "evs", "ecs-2": "ecs", "lost": "nothing"}
HOSTS = (
    *("evs.example.com", "EVS.eu-de.example.com", "evs", "evs:443", "ecs-2.x", "lost.example.com"),
    *("ecs.example.com", "", ".", "x.evs", "evs-2", "evs\u212a.x", "[::1]", "evs example", " evs"),
)


@pytest.mark.parametrize("config", [{}, {"endpoint_prefixes": PREFIXES}], ids=["none", "some"])
def test_hosts(config: Json, project: Path, opa: Opa, tmp_path: Path, tally: Tally) -> None:
    bundle = tmp_path / "made.tar.gz"
    revision = build_made_bundle(FILES, rego=project / "rego", output=bundle, opa=opa)
    beside = write_data_bundle(tmp_path / "operator", {"scopegate_config": config})
    tables = read_tables(FILES)
    operator = Operator(config=config)
    asked = [
        ask(route.method, path_of(route), allow_everything(), host=host, **named)
        for route in tables
        for host in HOSTS
        for named in ({}, {"service": route.service}, {"provider": "made"}, {"provider": "other"})
    ]
    log = tmp_path / "opa.log"
    with (
        serve_bundle(opa, bundle, beside=[beside], revision=revision, log=log) as url,
        Client(url) as client,
    ):
        Confirmer(client, tables, revision, tally, operator)(asked)
    reasons = {decide(tables, given, "", operator)["reason"] for given in asked}
    assert {"ambiguous_service", "allowed", "no_matching_route"} <= reasons
