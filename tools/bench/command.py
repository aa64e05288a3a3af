"""The command line of the measurements: of decisions, of memory and of the explorer's page."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress

from scopegate.cli.options import JsonOption, ProjectOption, locate_project
from scopegate.cli.output import open_console, print_json
from scopegate.errors import ScopegateError
from scopegate.project import Project, read_project_tables
from scopegate.tables.store import read_table
from tools.bench.figures import Figures
from tools.bench.maker import count_routes, make_tables
from tools.bench.measurement import measure
from tools.bench.page import check_plotting, write_page
from tools.bench.probes import TABLE
from tools.bench.report import print_figures

_MADE_SIZES: Final = (1_000, 10_000)
_MADE_PAGE: Final = 4_000
_LARGEST: Final = "all"
"""The profile whose bundle is the largest of those that are shipped."""


def bench(  # noqa: PLR0913  # one for each option
    *,
    requests: Annotated[
        int,
        typer.Option(metavar="N", min=1, help="How often each question is asked of each server."),
    ] = 400,
    sizes: Annotated[
        str | None,
        typer.Option(
            metavar="N,N",
            help="Numbers of routes to measure. Default: the table's own, those of all shipped"
            " tables, 1000 and 10000.",
        ),
    ] = None,
    services: Annotated[
        int, typer.Option(metavar="N", min=1, help="Services that made-up routes belong to.")
    ] = 1,
    subjects: Annotated[
        str,
        typer.Option(metavar="N,N", help="Numbers of subjects in identity bundles to measure."),
    ] = "10,1000,100000",
    pages: Annotated[
        str | None,
        typer.Option(
            metavar="N,N",
            help="Numbers of routes to measure the explorer's page with. Default: those of all"
            " shipped tables, and 4000.",
        ),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the page of figures, too, and its plots in the folder of its name.",
            dir_okay=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    project: ProjectOption = None,
) -> None:
    """Measure decisions, for the EVS snapshot table and for large made-up ones.

    Every size gets an OPA server: with the table's own routes and as many made-up ones as it
    takes, and one with all tables that are shipped. All are asked the same questions in turns, so
    that they share the noise of the machine, and so is a trivial rule on each, which costs what OPA
    and HTTP cost without a decision. Then identity bundles of several sizes are measured beside the
    smallest of these bundles, and last the explorer's pages, in a Chromium, where there is one.
    Between the two every size is asked over several connections at once, and beside other policy
    engines, where their packages are installed.

    For example:
      python -m tools.bench
      python -m tools.bench --requests 50 --sizes 38,1000 --subjects 1000 --pages 1000
      python -m tools.bench --json > figures.json
      python -m tools.bench --page docs/performance.md
    """
    if page is not None:
        check_plotting()
    here = locate_project(project)
    figures = _measure(
        here, sizes=sizes, services=services, rounds=requests, subjects=subjects, pages=pages
    )
    if page is not None:
        write_page(figures, page)
    if as_json:
        print_json(figures.to_json())
    else:
        print_figures(figures, open_console())


def _measure(  # noqa: PLR0913  one for each option
    project: Project,
    *,
    sizes: str | None,
    services: int,
    rounds: int,
    subjects: str,
    pages: str | None,
) -> Figures:
    base = read_table(project.tables / TABLE)
    own = count_routes((base,))
    numbers = (
        [own, *_MADE_SIZES]
        if sizes is None
        else _parse_numbers("--sizes", sizes, fewest=own, what="routes")
    )
    tables = {number: make_tables(base, number, services=services) for number in numbers}
    shipped = read_project_tables(project, _LARGEST)
    if sizes is None:
        tables = dict(sorted({**tables, count_routes(shipped): shipped}.items()))
    shown = (
        [_MADE_PAGE]
        if pages is None
        else _parse_numbers("--pages", pages, fewest=own, what="routes")
    )
    explored = {number: make_tables(base, number, services=services) for number in shown}
    if pages is None:
        explored = {count_routes(shipped): shipped, **explored}
    console = open_console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=1.0)
        return measure(
            tables,
            _parse_numbers("--subjects", subjects, fewest=1, what="subjects"),
            explored,
            project=project,
            rounds=rounds,
            progress=lambda what, *, done: progress.update(task, description=what, completed=done),
        )


def _parse_numbers(option: str, text: str, *, fewest: int, what: str) -> list[int]:
    numbers = sorted({int(each) for each in text.split(",") if each.isdecimal()})
    if not numbers or numbers[0] < fewest:
        raise ScopegateError(
            f"{option} {text}: expected numbers of {what} like {fewest},1000, of which none is less"
            f" than {fewest}"
        )
    return numbers
