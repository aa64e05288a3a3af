"""The page of figures, docs/performance.md, and its plots."""

from __future__ import annotations

import datetime as dt
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from scopegate.errors import ScopegateError
from scopegate.files import replace_files
from tools.bench.compared.engines import Way
from tools.bench.compared.run import SCOPEGATE
from tools.bench.figures import MEGABYTE
from tools.bench.gateways import GATEWAYS
from tools.bench.load import CONNECTIONS
from tools.bench.rounds import DECISION, Timer
from tools.bench.servers import TRIVIAL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tools.bench.figures import Figures

_TEMPLATE: Final = "page.md.j2"


def check_plotting() -> None:
    """Check that plots can be drawn; raises ScopegateError where they can't."""
    if find_spec("matplotlib") is None:
        raise ScopegateError("no matplotlib, which --page needs: `make bench` installs it")


def write_page(figures: Figures, page: Path) -> None:
    """Write the page, and its plots into the folder of its name beside it."""
    from tools.bench.plots import draw_plots  # noqa: PLC0415  not where the tests run

    folder = page.with_suffix("")
    folder.mkdir(exist_ok=True)
    plots = draw_plots(figures)
    today = dt.datetime.now(dt.UTC).date()
    text = compose_page(figures, today, plots=folder.name)
    replace_files({page: text.encode(), **{folder / name: plot for name, plot in plots.items()}})


def compose_page(figures: Figures, day: dt.date, *, plots: str) -> str:
    """Spell the page; `plots` is the folder that its pictures are in, beside it."""
    environment = Environment(
        loader=PackageLoader("tools.bench", package_path=""),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  Markdown, of figures alone
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "whole": _spell_whole,
        "megabytes": lambda size: _spell_whole(size / MEGABYTE),
        "kilobytes": lambda size: _spell_whole(size / 1000),
    }
    return environment.get_template(_TEMPLATE).render(
        figures=figures,
        day=day.isoformat(),
        plots=plots,
        evaluation=Timer.EVALUATION,
        handler=Timer.HANDLER,
        requests=Timer.REQUESTS,
        http_client=Timer.HTTP_CLIENT,
        decision=DECISION,
        trivial=TRIVIAL,
        connections=CONNECTIONS,
        gateways=list(GATEWAYS),
        engines=_list_engines(figures),
        floors={Way.EVALUATION: Timer.EVALUATION, Way.HTTP: Timer.HTTP_CLIENT},
        faster=_list_faster(figures),
        goals=figures.list_told_goals(),
    )


def _list_engines(figures: Figures) -> Mapping[tuple[str, Way], Mapping[int, object]]:
    """List the engines and what is measured of each, by the number of routes."""
    found: dict[tuple[str, Way], dict[int, object]] = {}
    for each in figures.compared:
        found.setdefault((each.engine, each.way), {})[each.routes] = each
    return found


def _list_faster(figures: Figures) -> Mapping[int, list[str]]:
    """List the engines that took less than the decision, evaluation or call, by routes."""
    own = {
        each.routes: each.median
        for each in figures.compared
        if each.engine == SCOPEGATE and each.way is Way.EVALUATION
    }
    return {
        size.routes: [
            each.engine
            for each in figures.compared
            if each.routes == size.routes
            and each.way is not Way.HTTP
            and each.median < own[each.routes]
        ]
        for size in figures.sizes
    }


def _spell_whole(number: float) -> str:
    return f"{number:,.0f}"
