"""A real OPA server as a process: started, waited for, stopped."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from scopegate.errors import ScopegateError
from scopegate.live.asking import NoDecisionError, Server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from scopegate.live.opa import Opa

READY_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.02
_LOG_LINES: Final = 20


class ServingError(ScopegateError):
    """A server did not come up as it should: says what was seen last, and how its log ends."""


@contextmanager
def serve_bundle(  # noqa: PLR0913  each is a fact of one server
    opa: Opa,
    bundle: Path,
    *,
    log: Path,
    revision: str,
    beside: Sequence[Path] = (),
    seconds: float = READY_SECONDS,
) -> Iterator[str]:
    """Serve a bundle on a free port, and give the URL once the server decides by `revision`.

    `beside` are bundles of data, of identities or a configuration. What OPA logs goes to the file
    `log`. Raises ServingError when OPA ends before that, or has not come so far within `seconds`.
    """
    args = ["--log-level", "error", "--log-format", "text", "--bundle", str(bundle)]
    args += map(str, beside)
    with run_server(opa, args, log=log) as (url, process):
        wait_until_ready(url, revision, log=log, process=process, seconds=seconds)
        yield url


@contextmanager
def run_server(
    opa: Opa, args: Sequence[str], *, log: Path
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run `opa run --server ARGS` on a free port of this machine, and give its URL and process.

    The server need not be ready yet; it is stopped at the end.
    """
    address = f"127.0.0.1:{find_free_port()}"
    command = [str(opa.path), "run", "--server", "--addr", address, "--skip-version-check", *args]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        ) as process,
    ):
        try:
            yield f"http://{address}", process
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_until_ready(
    url: str,
    revision: str,
    *,
    log: Path | None = None,
    process: subprocess.Popen[bytes] | None = None,
    seconds: float = READY_SECONDS,
) -> None:
    """Wait until the server at `url` has activated its bundles and decides by `revision`.

    Raises ServingError otherwise. `log` and `process` are None for a server that someone else runs.
    """
    deadline = time.monotonic() + seconds
    with Server(url) as server:
        while (obstacle := _find_obstacle(server, revision)) is not None:
            if process is not None and process.poll() is not None:
                raise ServingError(_report(f"OPA ended with code {process.returncode}", log))
            if time.monotonic() > deadline:
                found = f"{url} is not ready after {seconds:g} s: {obstacle}"
                raise ServingError(_report(found, log))
            time.sleep(_POLL_SECONDS)


def check_server(url: str, revision: str, *, token: str | None = None) -> None:
    """Check that a server which someone else runs decides by `revision`; nothing is waited for.

    Raises NoDecisionError where it does not decide, ServingError where it does by something else.
    """
    with Server(url, token=token) as server:
        if obstacle := _compare_revision(server, revision):
            raise ServingError(f"{url}: {obstacle}")


def find_free_port() -> int:
    """Find a port that is free now. Should another process take it first, OPA ends and says so."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _find_obstacle(server: Server, revision: str) -> str | None:
    """Say what keeps the server from being ready; None when it is."""
    if not server.is_healthy():
        return "it is not healthy (no answer, or its bundle is not active)"
    try:
        return _compare_revision(server, revision)
    except NoDecisionError as error:
        return str(error)


def _compare_revision(server: Server, revision: str) -> str | None:
    """Say that the server decides by another revision; None where it is this one."""
    found = server.decide({})["revision"]
    return None if found == revision else f"its decisions are of revision {found}, not {revision}"


def _report(found: str, log: Path | None) -> str:
    """Say what happened, with the end of the server's log."""
    if log is None:
        return found
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
    return "\n".join([found, "The last lines of its log:", *(lines or ["(nothing)"])])
