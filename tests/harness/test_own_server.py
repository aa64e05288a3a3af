"""`pytest --opa-url`: somebody's own server is confirmed, or given up on at once with one line."""

import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from scopegate.live.asking import NoDecisionError, Server
from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port, run_server
from tests.harness.made import build_made_bundle

TOKEN = "secret"  # noqa: S105  its server is gone with the test
AUTHZ = f"""package system.authz

default allow := false

allow if {{
	input.identity == "{TOKEN}"
	input.method == "POST"
}}
"""


def confirm(project: Path, url: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the hand-written cases against a server, as its operator does."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/cases", "--opa-url", url, *args]
    return subprocess.run(
        command, cwd=project, capture_output=True, check=False, text=True, timeout=60
    )


class Stranger(BaseHTTPRequestHandler):
    """A web server that is no OPA."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody reads it."""


@pytest.fixture(scope="module")
def guarded(
    opa: Opa, bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The URL of a server that answers to POST alone, and with a token alone; and its token."""
    folder = tmp_path_factory.mktemp("guarded")
    rules = folder / "system"
    rules.mkdir()
    (rules / ".manifest").write_text('{"roots": ["system"]}')
    (rules / "authz.rego").write_text(AUTHZ)
    token = folder / "token"
    token.write_text(TOKEN)
    args = ["--authentication", "token", "--authorization", "basic", "--bundle", str(bundle)]
    with run_server(opa, [*args, str(rules)], log=folder / "log") as (url, process):
        wait_until_it_answers(url, process)
        yield url, token


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    with Server(url) as server:
        while True:
            assert process.poll() is None
            try:
                server.decide({})
            except NoDecisionError as error:
                if "no OPA answers" not in str(error):
                    return
            else:
                return
            time.sleep(0.05)


def test_a_server_that_asks_for_a_token_is_confirmed(
    project: Path, guarded: tuple[str, Path]
) -> None:
    url, token = guarded
    done = confirm(project, url, "--token-file", str(token))
    assert done.returncode == 0, done.stdout
    assert "decisions of a live OPA confirmed by the oracle" in done.stdout


def test_without_the_token_nothing_is_confirmed(project: Path, guarded: tuple[str, Path]) -> None:
    url, _ = guarded
    assert_given_up(confirm(project, url), f"{url} answers 401 Unauthorized: ")


@pytest.mark.parametrize("args", [(), ("--numprocesses", "2")])
def test_where_nothing_answers_one_line_is_said(project: Path, args: tuple[str, ...]) -> None:
    url = f"http://127.0.0.1:{find_free_port()}"
    assert_given_up(confirm(project, url, *args), f"no OPA answers at {url}: ")


def test_a_server_that_is_no_opa_is_given_up_on(project: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        said = confirm(project, url)
        server.shutdown()
    assert_given_up(said, f"{url} does not answer as an OPA does: what comes is 501 ")


def test_a_server_with_another_bundle_is_given_up_on(
    project: Path, opa: Opa, revision: str, tmp_path: Path
) -> None:
    file = next((project / "tests/decisions/made/lists").glob("**/*.yaml"))
    other = tmp_path / "made.tar.gz"
    made = build_made_bundle([file], rego=project / "rego", output=other, opa=opa)
    with run_server(opa, ["--bundle", str(other)], log=tmp_path / "log") as (url, process):
        wait_until_it_answers(url, process)
        said = confirm(project, url)
    assert_given_up(said, f"{url}: its decisions are of revision {made}, not {revision}")


def assert_given_up(done: subprocess.CompletedProcess[str], said: str) -> None:
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    (line,) = filter(None, (done.stdout + done.stderr).splitlines())
    assert line.startswith(f"ERROR: {said}")
