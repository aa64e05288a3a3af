"""`scopegate bench`: every figure is there, whatever it is."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scopegate.errors import ScopegateError
from scopegate.live.asker import serve
from scopegate.live.asking import Server
from scopegate.live.load import Askers
from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port, run_server
from tests.cli.conftest import run

FEW = ("--requests", "7", "--connections", "2")
REASONS = ["allowed", "allowed", "action_not_granted", "no_matching_route"]


@pytest.fixture(scope="module")
def hardened(
    project: Path, opa: Opa, bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The URL of an OPA that answers decisions to clients, and nothing else; a client's token."""
    folder = tmp_path_factory.mktemp("hardened")
    made = [sys.executable, str(project / "examples/opa/make_token.py"), "tokens.json", "client"]
    token = folder / "client.token"
    token.write_bytes(subprocess.run(made, cwd=folder, check=True, capture_output=True).stdout)
    args = [
        *("--authentication", "token", "--authorization", "basic", "--log-level", "error"),
        *("--set", f"bundles.scopegate.resource=file://{bundle}"),
        str(project / "examples/opa/system"),
        f"system.tokens:{folder / 'tokens.json'}",
    ]
    with run_server(opa, args, log=folder / "opa.log") as (url, _), Server(url) as server:
        deadline = time.monotonic() + 30
        while not server.is_healthy():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield url, token


def test_every_figure_is_there(opa_url: str, revision: str) -> None:
    said = run("bench", "--opa-url", opa_url, *FEW, "--json")
    assert (said.code, said.err) == (0, "")
    told = json.loads(said.out)
    assert (told["revision"], told["routes"]) == (revision, 38)
    assert [each["reason"] for each in told["questions"]] == REASONS
    for times in (told["floor"], *told["questions"]):
        for found in (times["evaluation"], times["round_trip"]):
            assert 0 < found["median"] <= found["p99"]
    assert told["load"]["connections"] == 2
    assert min(told["load"]["rate"], told["load"]["client"]) > 0


def test_people_get_a_table(everything_url: str) -> None:
    said = run("bench", "--opa-url", f"{everything_url}/", *FEW)
    assert (said.code, said.err) == (0, "")
    first, _, head, _, floor, *kinds, _, load = said.out.splitlines()
    assert re.fullmatch(rf"{everything_url}/ · revision \w{{12}} · 731 routes", first)
    assert head.startswith("µs ")
    assert re.fullmatch(r"the floor( +[\d,]+ +[\d,]+){2}", floor)
    for kind, reason in zip(kinds, REASONS, strict=True):
        assert re.search(rf" {reason}( +[\d,]+ +[\d,]+ +[\d.]+){{2}}$", kind)
    assert re.match(r"[\d,]+ decisions a second over 2 connections, ", load)


def test_a_hardened_server_is_measured_by_the_clock_alone(
    hardened: tuple[str, Path], bundle: Path
) -> None:
    url, token = hardened
    asked = ("bench", "--opa-url", url, "--token-file", str(token), *FEW)
    refused = run(*asked)
    assert (refused.code, refused.out) == (2, "")
    assert "may not POST /v1/query; for a server that may not be asked" in refused.err
    named = run(*asked, "--bundle", str(bundle), "--json")
    assert (named.code, named.err) == (0, "")
    told = json.loads(named.out)
    assert told["floor"] is None
    assert [each["reason"] for each in told["questions"]] == REASONS
    assert all(each["evaluation"] is None for each in told["questions"])
    assert all(each["round_trip"]["median"] > 0 for each in told["questions"])
    shown = run(*asked, "--bundle", str(bundle))
    assert (shown.code, shown.err) == (0, "")
    assert "the floor" not in shown.out


def test_what_is_wrong_is_said(hardened: tuple[str, Path]) -> None:
    url, _ = hardened
    without = run("bench", "--opa-url", url)
    assert (without.code, without.out) == (2, "")
    assert "--token-file names a file with the token of one who may POST" in without.err
    nobody = f"http://127.0.0.1:{find_free_port()}"
    away = run("bench", "--opa-url", nobody)
    assert (away.code, away.out) == (2, "")
    assert away.err.startswith(f"Error: no OPA answers at {nobody}: ")
    assert run("bench").code == 2


def test_the_project_is_not_needed(
    opa_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("bench", "--opa-url", opa_url, *FEW).code == 0


def test_a_process_that_asks_says_what_is_wrong() -> None:
    told = {"host": "127.0.0.1", "port": find_free_port(), "authorities": None}
    lines = iter([json.dumps(told), ""])
    said: list[object] = []
    serve(lambda: next(lines), said.append)
    (error,) = said
    assert isinstance(error, dict)
    assert "Connection refused" in error["error"]


def test_an_answer_that_is_an_error_ends_the_measurement(opa_url: str) -> None:
    with (
        Askers(1, opa_url) as askers,
        pytest.raises(ScopegateError, match=r"an answer is HTTP/1.1 400 Bad Request"),
    ):
        askers.ask("/v1/data/scopegate/decision", [b"{"], answers=1)
