"""Servers with the configurations that the tests of gateways need."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scopegate.live.opa import Opa
from tests.gateways.served import CONFIGURATION, serve


@pytest.fixture(scope="session")
def gateway_url(project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the configuration that the cases are for."""
    with serve(project, opa, tmp_path_factory.mktemp("gateways"), CONFIGURATION) as url:
        yield url


@pytest.fixture(scope="session")
def shadow_url(project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server in shadow mode, with something that filters lists."""
    gateways = CONFIGURATION["gateways"] | {"shadow": True, "filtered_lists": True}
    configuration = {**CONFIGURATION, "gateways": gateways}
    with serve(project, opa, tmp_path_factory.mktemp("shadow"), configuration) as url:
        yield url


@pytest.fixture(scope="session")
def faulty_url(project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose configuration does not satisfy the schema."""
    junk = {"envoy": [{}], "apisix": "x", "kong": 1}
    configuration = {**CONFIGURATION, "gateways": {"shadow": True, "servces": {}, **junk}}
    with serve(project, opa, tmp_path_factory.mktemp("faulty"), configuration) as url:
        yield url
