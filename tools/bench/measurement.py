"""The whole of a run: bundles built, servers started, questions asked, figures drawn."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from scopegate.live.opa import find_opa
from scopegate.routes.build import build_routes
from tools.bench.compared.run import compare, find_missing_packages, try_traps
from tools.bench.compared.with_opa import write_plain
from tools.bench.explored import find_missing, make_page, measure_explorer
from tools.bench.figures import MIX, Figures, Size, compute_quantiles
from tools.bench.large import measure_large
from tools.bench.load import measure_load
from tools.bench.machine import describe_machine
from tools.bench.probes import list_probes
from tools.bench.rounds import Connection, check_answers, run_rounds
from tools.bench.servers import build, start
from tools.bench.subjects import measure_subjects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scopegate.project import Project
    from scopegate.tables.model import Table
    from tools.bench.compared.run import Compared
    from tools.bench.compared.traps import Trap

_WARM_UP_ROUNDS: Final = 20
_KEYS: Final = 40
_LOAD_SECONDS: Final = 1.0
_LOAD_ROUNDS: Final = 200
"""With fewer rounds each connection asks for less than that, too."""


class Progress(Protocol):
    """Told what is being done."""

    def __call__(self, what: str, *, done: float) -> object:
        """Take note of it, and of the part of all work that was done before it, 0 to 1."""


def measure(  # noqa: PLR0913  one for each thing to measure
    tables: Mapping[int, Sequence[Table]],
    subjects: Sequence[int],
    pages: Mapping[int, Sequence[Table]],
    *,
    project: Project,
    rounds: int,
    progress: Progress,
) -> Figures:
    """Measure servers that have the tables: `tables` has those of one by their number of routes.

    `subjects` are the sizes of the identity bundles to measure beside the first of them, and
    `pages` has the tables of explorer's pages. Bundles are built and servers started one after the
    other, and asked in turns. Raises ScopegateError where a server does not come up or decides
    otherwise than it should.
    """
    started = time.monotonic()
    opa = find_opa(project.folder)
    probes = list_probes()
    with tempfile.TemporaryDirectory(prefix="scopegate-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        bundles = []
        for number, (routes, own) in enumerate(tables.items()):
            progress(f"building {routes:,} routes", done=0.15 * number / len(tables))
            bundles.append(build(own, routes, rego=project.rego, folder=folder, opa=opa))
        with start(opa, [], folder=folder) as server:
            empty = server.read_memory()
        servers = {}
        for number, bundle in enumerate(bundles):
            progress(f"loading {bundle.routes:,} routes", done=0.15 + 0.15 * number / len(tables))
            servers[bundle.routes] = stack.enter_context(start(opa, [bundle.path], folder=folder))
        connections = {
            routes: stack.enter_context(Connection(server.url))
            for routes, server in servers.items()
        }
        for bundle in bundles:
            check_answers(connections[bundle.routes], probes, bundle)
        progress("warming up", done=0.3)
        run_rounds(connections, probes, _WARM_UP_ROUNDS)
        sizes = tuple(
            Size(
                routes=bundle.routes,
                rules=bundle.rules,
                bundle_bytes=bundle.path.stat().st_size,
                build_seconds=bundle.seconds,
                ready_seconds=servers[bundle.routes].seconds,
                memory=servers[bundle.routes].read_memory() - empty,
            )
            for bundle in bundles
        )
        measured = run_rounds(
            connections,
            probes,
            rounds,
            starting=lambda number: progress("asking", done=0.3 + 0.2 * number / rounds),
        )
        large = measure_large(connections[bundles[0].routes], project.rego)
        progress("asking over several connections", done=0.5)
        loads = measure_load(
            servers, probes[0].question, seconds=min(rounds / _LOAD_ROUNDS, _LOAD_SECONDS)
        )
        not_compared = find_missing_packages()
        compared: list[Compared] = []
        traps: tuple[Trap, ...] = ()
        for number, (routes, own) in enumerate([] if not_compared else tables.items()):
            progress(f"comparing {routes:,} routes", done=0.6 + 0.15 * number / len(tables))
            plain = write_plain(build_routes(own)[0], folder)
            with start(opa, [plain], folder=folder) as server, Connection(server.url) as other:
                compared += compare(own, own=connections[routes], plain=other, rounds=rounds)
                if number == 0:
                    traps = try_traps(own, own=connections[routes], plain=other)
        console = _show_bench(servers[bundles[0].routes].url, project.folder, requests=rounds)
        stack.close()
        progress("asking about subjects", done=0.8)
        identities = measure_subjects(
            subjects, bundle=bundles[0].path, folder=folder, opa=opa, rounds=rounds
        )
        left_out = find_missing(project.folder)
        files = []
        for number, (routes, own) in enumerate([] if left_out else pages.items()):
            progress(f"a page of {routes:,} routes", done=0.85 + 0.05 * number / len(pages))
            built = build(own, routes, rego=project.rego, folder=folder, opa=opa)
            files.append(make_page(built.path, project=project.folder, opa=opa))
        progress("opening pages", done=0.9)
        keys = min(rounds, _KEYS)
        explored = () if left_out else measure_explorer(files, project=project.folder, keys=keys)
    return Figures(
        machine=describe_machine(),
        opa=str(opa.version),
        seconds=time.monotonic() - started,
        rounds=rounds,
        empty_memory=empty,
        sizes=sizes,
        probes=(*(probe.name for probe in probes), MIX),
        quantiles=compute_quantiles(measured),
        subjects=identities,
        large=large,
        explored=explored,
        left_out=left_out,
        loads=loads,
        compared=tuple(compared),
        traps=traps,
        not_compared=not_compared,
        console=console,
    )


def _show_bench(url: str, project: Path, *, requests: int) -> str:
    """Return what `scopegate bench` prints of a server, as if it were at OPA's usual address."""
    program = "from scopegate.cli import main; main()"
    command = [sys.executable, "-c", program, "bench", "--opa-url", url]
    command += ["--requests", str(requests)]
    done = subprocess.run(command, cwd=project, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.replace(url, "http://127.0.0.1:8181")
