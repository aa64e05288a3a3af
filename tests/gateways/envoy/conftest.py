"""One Envoy for each way of handling paths, in each process that runs tests."""

from collections.abc import Iterator

import pytest

from scopegate.errors import ScopegateError
from tests.gateways.envoy.judging import Judge
from tests.gateways.envoy.running import (
    Gateway,
    Programs,
    bring_programs,
    read_config,
    run_gateway,
)
from tests.oracle import Documented

CONFIG = read_config()
# A prefix is what a path could climb out of.
CONFIG["routes"].append({"methods": ["GET", "DELETE"], "prefix": "/public"})


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    try:
        return bring_programs(tmp_path_factory.mktemp("keys"))
    except ScopegateError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def hardened(programs: Programs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with run_gateway(programs, tmp_path_factory.mktemp("hardened"), config=CONFIG) as gateway:
        yield gateway


@pytest.fixture(scope="session")
def default(programs: Programs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("default")
    with run_gateway(programs, folder, config=CONFIG, hardened=False) as gateway:
        yield gateway


@pytest.fixture(params=["hardened", "default"])
def gateway(request: pytest.FixtureRequest) -> Gateway:
    found: Gateway = request.getfixturevalue(request.param)
    found.upstream.take()
    return found


@pytest.fixture(scope="session")
def judge(tables: tuple[Documented, ...]) -> Judge:
    return Judge(tables, CONFIG)
