"""Where nothing decides, nothing passes."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scopegate.files import replace_file
from scopegate.live.asking import Server
from scopegate.live.serving import find_free_port
from scopegate.packing import pack_bundle
from tests.examples.bundle_service import serve_files
from tests.examples.signing import IDENTITY, RULES
from tests.gateways.envoy.running import (
    Ports,
    Programs,
    compose_callers,
    compose_tables,
    run_envoy,
    run_opa,
    wait_for,
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
        run_opa(programs, nowhere, tmp_path) as (_, port),
        nothing_passes(programs, tmp_path, port),
    ):
        pass


@pytest.mark.parametrize("signed", [True, False])
def test_no_bundle_is_taken_that_its_own_key_did_not_sign(
    programs: Programs, tmp_path: Path, *, signed: bool
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for name, package, other in (
        (RULES, compose_tables(), programs.identity),
        (IDENTITY, compose_callers(), programs.rules),
    ):
        if signed:
            other.sign(package, files / name, programs.opa)
        else:
            replace_file(files / name, pack_bundle(package, opa=programs.opa))
    with (
        serve_files(files) as (bundles, _),
        run_opa(programs, bundles, tmp_path) as (opa, port),
        Server(opa) as server,
    ):
        wait_for(lambda: read_failures(tmp_path / "opa.log") == {"scopegate", "identity"})
        assert not server.is_healthy()
        with nothing_passes(programs, tmp_path, port):
            pass


def read_failures(log: Path) -> set[str]:
    """The bundles of which OPA logged that they could not be loaded."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return {line["name"] for line in lines if line["msg"].startswith("Bundle load failed")}
