"""The proof, part by part, with sizes to choose: `python -m tests.proof decisions --count N`."""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress
from rich.text import Text

from scopegate.cli.output import DONE, FAILED, make_grid, open_console, print_block
from scopegate.live.opa import Opa, find_opa
from scopegate.project import Project, find_project
from tests.proof import any_json, decisions, round_trip, rules
from tests.proof.decisions.inputs import Rows
from tests.proof.documents import proof as documents
from tests.proof.python import proof as python
from tests.proof.reports import Report, Tell
from tools.programs.order import run_as_program

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

SeedOption = Annotated[int, typer.Option(metavar="N", help="Another one finds other things.")]
FOLDER: Final = "build/proof"


@app.callback()
def main() -> None:
    """Prove that the rules decide as documented: each part by itself, with sizes to choose."""


@app.command("decisions")
def prove_decisions(
    *,
    count: Annotated[
        int, typer.Option(metavar="N", min=1, help="Random decisions of a live OPA.")
    ] = 1_000_000,
    others: Annotated[
        int, typer.Option(metavar="N", min=0, help="How many of them each other engine decides.")
    ] = 50_000,
    seed: SeedOption = 1,
) -> None:
    """Hold random decisions of a live OPA against the oracle and other engines."""
    project = find_project(Path(__file__))
    opa = find_opa(project.folder)
    run(
        project,
        lambda tell: decisions.prove(
            project, opa, count=count, others=others, seed=seed, tell=tell
        ),
    )


@app.command("round-trip")
def prove_round_trip() -> None:
    """Read all tables back from a bundle that a live OPA has loaded."""
    with everything() as (project, opa, bundle, rows):
        run(project, lambda tell: round_trip.prove(bundle, rows, opa, tell))


@app.command("inputs")
def prove_inputs(
    *,
    count: Annotated[int, typer.Option(metavar="N", min=1, help="Texts of JSON.")] = 100_000,
    seed: SeedOption = 1,
) -> None:
    """Ask a live OPA about any JSON, up to a megabyte: always a decision, in two seconds."""
    with everything() as (project, opa, bundle, rows):
        run(
            project,
            lambda tell: any_json.prove(bundle, rows, opa, count=count, seed=seed, tell=tell),
        )


@app.command("documents")
def prove_documents(
    *,
    count: Annotated[
        int, typer.Option(metavar="N", min=1, help="Documents made or damaged by chance.")
    ] = 100_000,
    seed: SeedOption = 1,
) -> None:
    """Read documents of all formats: none crashes, loses a row or invents a route."""
    project = find_project(Path(__file__))
    run(project, lambda tell: documents.prove(count=count, seed=seed, tell=tell))


@app.command("rules")
def prove_rules(
    *,
    count: Annotated[
        int, typer.Option(metavar="N", min=1, help="Faults, drawn by the seed; 10000 are all.")
    ] = 600,
    seed: SeedOption = 1,
) -> None:
    """Plant faults in the rules, one by one: unit tests or decisions find them."""
    project = find_project(Path(__file__))
    opa = find_opa(project.folder)
    run(project, lambda tell: rules.prove(project, opa, count=count, seed=seed, tell=tell))


@app.command("python")
def prove_python(
    *,
    count: Annotated[
        int, typer.Option(metavar="N", min=1, help="Faults, drawn by the seed; 100000 are all.")
    ] = 600,
    seed: SeedOption = 1,
) -> None:
    """Plant faults in the readers, the routes and the rendering: nine of ten are found."""
    project = find_project(Path(__file__))
    run(project, lambda tell: python.prove(project.folder, count=count, seed=seed, tell=tell))


@app.command("all")
def prove_all() -> None:
    """Run every part in its whole size, the longest last; about an hour and a half on two cores."""
    failed = False
    for part in (
        prove_round_trip,
        prove_inputs,
        prove_documents,
        prove_rules,
        prove_decisions,
        prove_python,
    ):
        try:
            part()
        except typer.Exit:
            failed = True
    raise typer.Exit(failed)


@contextmanager
def everything() -> Iterator[tuple[Project, Opa, Path, Rows]]:
    """A bundle of all tables, and what the oracle reads in them."""
    project = find_project(Path(__file__))
    opa = find_opa(project.folder)
    with tempfile.TemporaryDirectory(prefix="scopegate-proof-") as folder:
        bundle = decisions.build_everything(project, opa, Path(folder))
        yield project, opa, bundle, decisions.read_rows(project.folder)


def run(project: Project, prove: Callable[[Tell], Report]) -> None:
    """Run a part, print what it finds and keep that as JSON; the exit code is 1 where it fails."""
    started = time.monotonic()
    with show_progress() as tell:
        report = prove(tell)
    seconds = time.monotonic() - started
    verdict = FAILED if report.failures else DONE
    open_console().print(Text.assemble(verdict, f" {report.part}  ", (f"{seconds:.0f} s", "dim")))
    rows = (
        (name, f"{figure:,}" if isinstance(figure, int) else str(figure))
        for name, figure in report.figures.items()
    )
    print_block(make_grid(*rows, indent=2))
    for failure in report.failures:
        sys.stdout.write(f"\n{failure}\n")
    file = project.folder / FOLDER / f"{report.part}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    found = {**asdict(report), "seconds": round(seconds, 1)}
    file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if report.failures:
        raise typer.Exit(1)


@contextmanager
def show_progress() -> Iterator[Tell]:
    """A bar on a terminal; elsewhere a line at every tenth."""
    console = open_console(stderr=True)
    told = -1

    def tell(what: str, done: float) -> None:
        nonlocal told
        if console.is_terminal:
            progress.update(task, description=what, completed=done)
        elif int(done * 10) > told:
            told = int(done * 10)
            console.print(f"{done:4.0%}  {what}")

    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=1.0)
        yield tell


if __name__ == "__main__":
    sys.exit(run_as_program(app))
