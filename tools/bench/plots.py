"""The plots of the page, as SVG: the same figures make the same bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from tools.bench.compared.engines import Way
from tools.bench.compared.run import SCOPEGATE
from tools.bench.figures import MEGABYTE
from tools.bench.load import CONNECTIONS
from tools.bench.rounds import DECISION, Timer
from tools.bench.servers import TRIVIAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tools.bench.figures import Figures

# In the middle between black and white, so that they can be read on both; nothing is behind them.
_INK: Final = "#6e7781"
_COLOURS: Final = ("#1f83d1", "#d1632a", "#2a9d5c", "#9a63c9", "#c2528b", "#938022", "#2a9aa8")
_SETTINGS: Final = {
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": "sans-serif",
    "font.size": 10,
    "grid.alpha": 0.3,
    "grid.color": _INK,
    "legend.frameon": False,
    "legend.labelcolor": _INK,
    "svg.fonttype": "none",
    "svg.hashsalt": "scopegate",
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}
_POLICIES: Final = {
    1: "allowed, 1 policy",
    10: "allowed, 10 policies",
    100: "allowed, 100 policies",
}
_APART: Final = 1.8
_SERVED: Final = "-"
_IN_PROCESS: Final = "--"

_Line = tuple[str, str, "Mapping[int, float]"]
"""The name, the style and the points of a line."""


def draw_plots(figures: Figures) -> Mapping[str, bytes]:
    """Draw all plots, by the names of their files."""
    drawn = {
        "evaluation": _draw(_list_evaluations(figures), "routes", "median, µs"),
        "policies": _draw(_list_policies(figures), "policies of the caller", "median, µs"),
        "load": _draw(_list_loads(figures), "connections", "answers a second", y="linear"),
        "memory": _draw(
            _list_memory(figures), "routes", "MB over an empty OPA", x="linear", y="linear"
        ),
    }
    return {f"{name}.svg": plot for name, plot in drawn.items()}


def _list_evaluations(figures: Figures) -> Sequence[_Line]:
    """List the engines by routes, where they were compared, and the decision alone elsewhere."""
    probe = figures.probes[0]
    trivial = {
        size.routes: figures.find(size.routes, probe, Timer.EVALUATION, TRIVIAL).median
        for size in figures.sizes
    }
    lines: dict[str, dict[int, float]] = {}
    styles: dict[str, str] = {}
    for each in figures.compared:
        if each.way is not Way.HTTP:
            lines.setdefault(each.engine, {})[each.routes] = each.median
            styles[each.engine] = _IN_PROCESS if each.way is Way.CALL else _SERVED
    if not lines:
        styles[SCOPEGATE] = _SERVED
        lines[SCOPEGATE] = {
            size.routes: figures.find(size.routes, probe, Timer.EVALUATION).median
            for size in figures.sizes
        }
    return [
        *((name, styles[name], points) for name, points in lines.items()),
        ("a trivial rule", ":", trivial),
    ]


def _list_policies(figures: Figures) -> Sequence[_Line]:
    ends = [figures.sizes[0].routes, figures.sizes[-1].routes]
    return [
        *(
            (
                f"{routes:,} routes",
                style,
                {
                    number: figures.find(routes, probe, Timer.EVALUATION).median
                    for number, probe in _POLICIES.items()
                },
            )
            for routes, style in zip(ends, (_SERVED, _IN_PROCESS), strict=True)
        ),
        (
            "a trivial rule",
            ":",
            {
                number: figures.find(ends[0], probe, Timer.EVALUATION, TRIVIAL).median
                for number, probe in _POLICIES.items()
            },
        ),
    ]


def _list_loads(figures: Figures) -> Sequence[_Line]:
    ends = [figures.sizes[0].routes, figures.sizes[-1].routes]
    names = {DECISION: "decision", TRIVIAL: "a trivial rule"}
    return [
        (
            f"{name}, {routes:,} routes",
            style,
            {number: figures.find_load(routes, number, rule).rate for number in CONNECTIONS},
        )
        for rule, name in names.items()
        for routes, style in zip(ends, (_SERVED, _IN_PROCESS), strict=True)
    ]


def _list_memory(figures: Figures) -> Sequence[_Line]:
    points = {size.routes: size.memory / MEGABYTE for size in figures.sizes}
    return [("an OPA with the bundle", _SERVED, points)]


def _draw(lines: Sequence[_Line], across: str, up: str, *, x: str = "log", y: str = "log") -> bytes:
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(8, 3.6), layout="constrained")
        axes = figure.subplots()
        for number, (name, style, points) in enumerate(lines):
            colour = _INK if style == ":" else _COLOURS[number % len(_COLOURS)]
            axes.plot(
                *(list(points), list(points.values())),
                style,
                color=colour,
                label=name,
                linewidth=1.8,
                marker="o",
                markersize=4,
            )
        axes.set(xscale=x, yscale=y, xlabel=across, ylabel=up)
        if x == "log":
            axes.set_xticks(_choose_ticks({place for _, _, points in lines for place in points}))
        if y == "log":
            axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        else:
            axes.set_ylim(bottom=0)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(_spell_number))
            axis.set_minor_formatter(NullFormatter())
        axes.grid(visible=True)
        if len(lines) > 1:
            axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
        return _save(figure)


def _choose_ticks(places: Iterable[int]) -> list[int]:
    """Choose those of which none is written over the next."""
    chosen: list[int] = []
    for place in sorted(places, reverse=True):
        if not chosen or place * _APART <= chosen[-1]:
            chosen.append(place)
    return chosen


def _save(figure: Any) -> bytes:  # noqa: ANN401  the package is not there where types are checked
    written = io.BytesIO()
    figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    # Lines end as they do in all files here.
    return b"".join(line.rstrip() + b"\n" for line in written.getvalue().splitlines())


def _spell_number(value: float, _: int) -> str:
    return f"{value:,.10g}"
