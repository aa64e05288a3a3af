"""Engines with the tables of all providers, and what they document."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scopegate.live.asking import BundleEngine, Server
from scopegate.live.opa import Opa
from scopegate.policies.routes import BundleRoute, read_routes
from tests.policies.made import make_engine


@pytest.fixture(scope="session")
def evaluating(everything_bundle: Path, opa: Opa) -> BundleEngine:
    """OPA evaluating the bundle."""
    return BundleEngine(everything_bundle, opa=opa)


@pytest.fixture(scope="session")
def server(everything_url: str) -> Iterator[Server]:
    """A server with the bundle."""
    with Server(everything_url) as server:
        yield server


@pytest.fixture(scope="session")
def routes(server: Server) -> list[BundleRoute]:
    """The routes of the bundle."""
    return read_routes(server)


@pytest.fixture(scope="session")
def made(project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory) -> BundleEngine:
    """OPA evaluating a bundle of a few rows that were made up."""
    return make_engine(tmp_path_factory.mktemp("made"), project=project, opa=opa)


@pytest.fixture(scope="session")
def made_routes(made: BundleEngine) -> list[BundleRoute]:
    """The routes of those."""
    return read_routes(made)
