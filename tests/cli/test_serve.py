"""`scopegate serve` and `scopegate demo`: real servers."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from scopegate.cli.demo import SCENES
from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port, wait_until_ready
from scopegate.packing import read_revision
from tests.cli.conftest import Command

PROGRAM = "from scopegate.cli import main; main()"


@contextmanager
def serve(opa: Opa, bundle: Path, port: int, *more: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", PROGRAM, "serve", "--addr", f"127.0.0.1:{port}"]
    with subprocess.Popen(
        [*command, "--bundle", str(bundle), *more],
        env={**os.environ, "OPA": str(opa.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_server_answers_the_question_that_it_prints(opa: Opa, bundle: Path) -> None:
    port = find_free_port()
    with serve(opa, bundle, port) as process:
        wait_until_ready(f"http://127.0.0.1:{port}", read_revision(bundle))
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
        assert process.returncode == 0
    assert f"{read_revision(bundle)[:12]}  at http://127.0.0.1:{port}\n" in said


def test_the_printed_question_can_be_pasted(opa: Opa, bundle: Path) -> None:
    port = find_free_port()
    with serve(opa, bundle, port) as process:
        wait_until_ready(f"http://127.0.0.1:{port}", read_revision(bundle))
        process.terminate()
        said, _ = process.communicate(timeout=20)
    found = re.search(r"^curl -s (\S+) -d '([^']+)'$", said, re.MULTILINE)
    assert found
    url, body = found.groups()
    with serve(opa, bundle, port):
        wait_until_ready(f"http://127.0.0.1:{port}", read_revision(bundle))
        # As curl sends it: not called JSON.
        sent = requests.post(
            url, body, headers={"Content-Type": "application/x-www-form-urlencoded"}, timeout=5
        )
    assert json.loads(body).keys() == {"input"}
    assert sent.json()["result"]["reason"] == "allowed"


def test_opa_gets_what_follows_two_dashes(opa: Opa, bundle: Path) -> None:
    port = find_free_port()
    with serve(opa, bundle, port, "--", "--log-level", "info") as process:
        wait_until_ready(f"http://127.0.0.1:{port}", read_revision(bundle))
        process.terminate()
        _, log = process.communicate(timeout=20)
    assert "Initializing server" in log


def test_an_address_in_use_is_said_as_it_was_typed(
    built: Command, opa_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = opa_url.removeprefix("http://")
    said = built("serve", "--addr", address)
    assert said.code == 2
    found = f"Error: {address}: Address already in use"
    assert said.err == f"{found}; `scopegate serve --addr HOST:PORT` takes another address\n"
    monkeypatch.setenv("SCOPEGATE_RUN_BY", "make")
    said = built("serve", "--addr", address)
    assert said.err == f"{found}; `make serve ARGS='--addr HOST:PORT'` takes another address\n"
    assert said.out == ""


@pytest.mark.parametrize("address", ["8181", "localhost:x", "127.0.0.1:99999"])
def test_what_is_no_address_is_said(built: Command, address: str) -> None:
    said = built("serve", "--addr", address)
    assert said.code == 2
    assert f"{address} is not HOST:PORT" in said.err


def test_without_a_bundle_there_is_nothing_to_serve(scopegate: Command, tmp_path: Path) -> None:
    for name in ("serve", "demo"):
        assert scopegate(name).code == 2
    (tmp_path / "broken.tar.gz").write_bytes(b"no bundle")
    for name in ("serve", "demo"):
        said = scopegate(name, "--bundle", "broken.tar.gz")
        assert said.code == 2
        assert "broken.tar.gz is no bundle" in said.err


def test_the_demo_tells_what_it_promises(built: Command) -> None:
    said = built("demo")
    assert said.code == 0
    assert said.err == ""
    answers = re.findall(r"(ALLOW|DENY) +(\w+): ", said.out)
    assert answers == [
        ("ALLOW", "allowed"),
        ("DENY", "action_not_granted"),
        ("DENY", "scope_unsupported"),
        ("DENY", "action_not_granted"),
        ("ALLOW", "allowed"),
        ("ALLOW", "allowed"),
        ("DENY", "project_mismatch"),
        ("DENY", "no_matching_route"),
    ]
    assert "✓ evs:snapshots:create  ✗ evs:volumes:get  evs/snapshots, row 1" in said.out
    assert "✓ evs:snapshots:list  evs/snapshots, row 5" in said.out
    assert "only in   enterprise projects e1, e2" in said.out
    assert all(scene.title in said.out and scene.lesson in said.out for scene in SCENES)
