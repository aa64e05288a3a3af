"""Where nothing decides, nothing passes."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scopegate.serving import find_free_port
from tests.gateways.envoy.running import (
    Ports,
    Programs,
    run_envoy,
    run_opa,
)
from tests.gateways.envoy.upstream import Upstream, run_upstream


@contextmanager
def nothing_passes(programs: Programs, folder: Path, opa: int) -> Iterator[Upstream]:
    """Ask an Envoy whose OPA is at a port: no caller gets anything."""
    with (
        run_upstream() as upstream,
        run_envoy(programs, folder, Ports(upstream.port, opa)) as wire,
    ):
        headers = {"Authorization": f"Bearer {programs.issuer.name('root')}"}
        for path in ("/v2/p1/snapshots", "/health", "/nowhere"):
            started = time.monotonic()
            answer = wire.call("GET", path, headers)
            assert (answer.status, answer.reason) == (503, None)
            assert time.monotonic() - started < 2
        yield upstream
        assert not upstream.seen


def test_opa_is_away(programs: Programs, tmp_path: Path) -> None:
    with nothing_passes(programs, tmp_path, find_free_port()):
        pass


def test_opa_is_late(programs: Programs, tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        nothing_passes(programs, tmp_path, silent.getsockname()[1]),
    ):
        pass


def test_opa_has_no_bundle(programs: Programs, tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{find_free_port()}"
    with (
        run_opa(programs.opa, nowhere, tmp_path) as (_, port),
        nothing_passes(programs, tmp_path, port),
    ):
        pass
