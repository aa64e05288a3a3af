"""The servers behind `scopegate demo`: ready when they decide by the right revision, not before."""

import time
from pathlib import Path

import pytest

from scopegate.live.asking import NoDecisionError, Server
from scopegate.live.opa import Opa
from scopegate.live.serving import ServingError, serve_bundle, wait_until_ready
from scopegate.packing import read_revision


def test_a_server_decides_and_is_gone_afterwards(
    opa: Opa, bundle: Path, revision: str, tmp_path: Path
) -> None:
    with serve_bundle(opa, bundle, log=tmp_path / "log", revision=revision) as url:
        with Server(url) as server:
            assert server.is_healthy()
            assert server.decide({})["revision"] == revision
        stopped = time.monotonic()
    assert time.monotonic() - stopped < 3
    with Server(url) as server:
        assert not server.is_healthy()
        with pytest.raises(NoDecisionError, match="no OPA answers"):
            server.decide({})


def test_another_revision_is_not_what_is_waited_for(
    opa: Opa, bundle: Path, revision: str, tmp_path: Path
) -> None:
    with (
        pytest.raises(ServingError, match=f"its decisions are of revision {revision}, not r2"),
        serve_bundle(opa, bundle, log=tmp_path / "log", revision="r2", seconds=1),
    ):
        pytest.fail("the server is not ready")


def test_the_log_is_shown_when_opa_ends(opa: Opa, tmp_path: Path) -> None:
    bundle = tmp_path / "broken.tar.gz"
    bundle.write_bytes(b"no bundle")
    started = time.monotonic()
    with (
        pytest.raises(ServingError, match=r"OPA ended with code 1\n.*\nerror: .*broken.tar.gz"),
        serve_bundle(opa, bundle, log=tmp_path / "log", revision="r1"),
    ):
        pytest.fail("the server is not ready")
    assert time.monotonic() - started < 10


def test_a_server_that_is_not_there_is_not_ready() -> None:
    with pytest.raises(ServingError, match=r"is not ready after 0\.1 s: it is not healthy"):
        wait_until_ready("http://127.0.0.1:9", "r1", seconds=0.1)


def test_opas_own_words_are_passed_on(opa: Opa, tmp_path: Path) -> None:
    """Two results of one function are an error of the server's."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "decision.rego").write_text(
        "package scopegate\n\n"
        'decision := {"allow": false, "reason": f(input), "revision": "r1"}\n\n'
        'f(_) := "a"\n\nf(x) := "b" if x.conflict\n'
    )
    bundle = tmp_path / "bundle.tar.gz"
    opa.run(["build", "--bundle", str(folder), "--output", str(bundle), "--revision", "r1"])
    assert read_revision(bundle) == "r1"
    with (
        serve_bundle(opa, bundle, log=tmp_path / "log", revision="r1") as url,
        Server(url) as server,
        pytest.raises(
            NoDecisionError, match=r"500 Internal Server Error: .* \(eval_conflict_error\)"
        ),
    ):
        server.decide({"conflict": True})
