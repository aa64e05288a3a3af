"""The servers that are measured: each with a bundle of its size, and a trivial rule."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scopegate.bundle import build_bundle
from scopegate.live.asking import Server
from scopegate.live.serving import ServingError, run_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scopegate.live.opa import Opa
    from scopegate.tables.model import Table

TRIVIAL: Final = "floor/allow"
"""The path of the trivial rule, as that of the decision is `scopegate/decision`."""

_TRIVIAL_BUNDLE: Final = {
    ".manifest": '{"roots": ["floor"]}',
    "floor.rego": """\
package floor

default allow := false

allow if input.request.method == "POST"
""",
}
_READY_SECONDS: Final = 120.0
_POLL_SECONDS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Built:
    """A bundle and what it took to build: `seconds` from the tables to the file `path`."""

    routes: int
    rules: int
    revision: str
    path: Path
    seconds: float


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is ready, `seconds` after its start."""

    url: str
    pid: int
    seconds: float

    def read_memory(self) -> int:
        """Return the bytes of this machine's memory that the server's process holds (its RSS)."""
        status = Path(f"/proc/{self.pid}/status")
        if status.exists():
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
            return int(fields["VmRSS"].split()[0]) * 1024
        # Where there is no /proc there is a ps.
        ps = ["ps", "-o", "rss=", "-p", str(self.pid)]
        return int(subprocess.run(ps, capture_output=True, check=True).stdout) * 1024

    def read_processor_seconds(self) -> float | None:
        """Return the seconds of processors that it has taken; None where there is no /proc."""
        status = Path(f"/proc/{self.pid}/stat")
        if not status.exists():
            return None
        # Behind the program's name, which may have anything in it.
        fields = status.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def build(tables: Sequence[Table], routes: int, *, rego: Path, folder: Path, opa: Opa) -> Built:
    """Build the bundle of the tables, which document `routes` routes, in `folder`."""
    path = folder / f"{routes}.tar.gz"
    started = time.perf_counter()
    contents = build_bundle(tables, rego=rego, output=path, opa=opa)
    seconds = time.perf_counter() - started
    return Built(routes, contents.inventory["rules"], contents.revision, path, seconds)


@contextmanager
def start(opa: Opa, bundles: Sequence[Path], *, folder: Path) -> Iterator[Running]:
    """Start a server with the bundles and the trivial rule.

    Raises ServingError, with the server's log, where it does not get ready.
    """
    trivial = folder / "floor"
    trivial.mkdir(exist_ok=True)
    for name, text in _TRIVIAL_BUNDLE.items():
        (trivial / name).write_text(text)
    log = folder / "opa.log"
    args = ["--log-level", "error", "--bundle", *map(str, [trivial, *bundles])]
    started = time.perf_counter()
    with run_server(opa, args, log=log) as (url, process), Server(url) as server:
        while not server.is_healthy():
            if process.poll() is not None or time.perf_counter() - started > _READY_SECONDS:
                raise ServingError(f"OPA does not get ready:\n{log.read_text(errors='replace')}")
            time.sleep(_POLL_SECONDS)
        yield Running(url, process.pid, time.perf_counter() - started)
