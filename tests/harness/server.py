"""A real OPA server, as a process: started, waited for, stopped. Nothing here knows of pytest."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness.client import Client, NoDecisionError

READY_SECONDS = 30.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.05
LOG_LINES = 20


class ServerError(Exception):
    """The server did not come up as it should: says what was seen last, and how its log ends."""


@contextmanager
def run_opa(
    opa: Path,
    bundle: Path,
    *,
    revision: str,
    log: Path,
    seconds: float = READY_SECONDS,
) -> Iterator[str]:
    """Serve a bundle on a free port; give the URL once the server decides by `revision`.

    Raises ServerError when OPA ends before that, or has not come so far within `seconds`.
    """
    url = f"http://127.0.0.1:{find_free_port()}"
    command = [
        *(str(opa), "run", "--server", "--addr", url.removeprefix("http://")),
        *("--skip-version-check", "--log-level", "error", "--log-format", "text"),
        *("-b", str(bundle)),
    ]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        ) as process,
    ):
        try:
            wait_until_ready(url, revision, log, process=process, seconds=seconds)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_until_ready(
    url: str,
    revision: str,
    log: Path | None = None,
    *,
    process: subprocess.Popen[bytes] | None = None,
    seconds: float = READY_SECONDS,
) -> None:
    """Wait until the server at `url` has activated its bundles and decides by `revision`.

    Raises ServerError otherwise. `log` and `process` are None for a server that someone else runs.
    """
    deadline = time.monotonic() + seconds
    with Client(url) as client:
        while True:
            seen = look(client, revision)
            if seen is None:
                return
            if process is not None and process.poll() is not None:
                raise ServerError(report(f"OPA ended with code {process.returncode}", log))
            if time.monotonic() > deadline:
                raise ServerError(report(f"{url} is not ready after {seconds:g} s: {seen}", log))
            time.sleep(POLL_SECONDS)


def look(client: Client, revision: str) -> str | None:
    """What keeps the server from being ready; None when it is."""
    if not client.is_healthy():
        return "it is not healthy (no answer, or its bundle is not active)"
    try:
        found = client.decide({}).get("revision")
    except NoDecisionError as error:
        return str(error)
    return None if found == revision else f"its decisions are of revision {found}, not {revision}"


def report(what: str, log: Path | None) -> str:
    """What happened, with the end of the server's log."""
    if log is None:
        return what
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:]
    return "\n".join([what, "The last lines of its log:", *(lines or ["(nothing)"])])


def find_free_port() -> int:
    """A port that is free now. Should another process take it first, OPA ends and says so."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
