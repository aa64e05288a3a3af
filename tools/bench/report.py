"""The figures for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from tools.bench.figures import (
    COSTS,
    FIRST,
    GROWTH,
    MEGABYTE,
    OPENS,
    OVERHEAD,
    PAINT,
    TASK,
    Goal,
)
from tools.bench.gateways import GATEWAYS
from tools.bench.rounds import Timer
from tools.bench.servers import TRIVIAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from scopegate.live.measuring import Quantiles
    from tools.bench.compared.run import Compared
    from tools.bench.explored import Explored, Typing
    from tools.bench.figures import Figures, Limit
    from tools.bench.large import Large
    from tools.bench.subjects import Subjects

_TITLES = {
    Timer.EVALUATION: "Evaluation alone: timer_rego_query_eval_ns of the server",
    Timer.HANDLER: "The server from request to answer: timer_server_handler_ns",
    Timer.REQUESTS: "HTTP from Python over one connection: requests.Session, JSON included",
    Timer.HTTP_CLIENT: "HTTP from Python over one connection: http.client, without Python's JSON",
}


def print_figures(figures: Figures, console: Console) -> None:
    """Print what was measured, and whether each goal is met."""
    about = (
        f"OPA {figures.opa}, Python {figures.machine.python}, {figures.machine.processors}"
        " processors;"
        f" {figures.rounds} rounds, in each of which every server is asked every question."
    )
    for part in (
        about,
        _tabulate_sizes(figures),
        "Times in µs: the median, and in parentheses what 99 of 100 take at most.",
        *(_tabulate_times(figures, timer) for timer in Timer),
        *([_tabulate_subjects(figures.subjects)] if figures.subjects else []),
        _tabulate_large(figures.large),
        _tabulate_loads(figures),
        f"The comparison is left out: {figures.not_compared}"
        if figures.not_compared
        else _tabulate_compared(figures.compared),
        f"The explorer is left out: {figures.left_out}"
        if figures.left_out
        else tabulate_explored(figures.explored),
        _tabulate_goals(figures),
    ):
        console.print(part)
        console.print()


def _tabulate_sizes(figures: Figures) -> Table:
    table = _make_table(
        "Bundles and servers", "routes", (f"{each.routes:,}" for each in figures.sizes)
    )
    sizes = figures.sizes
    table.add_row("rules, one for each path template", *(f"{each.rules:,}" for each in sizes))
    table.add_row("build, tables to bundle", *(f"{each.build_seconds:.1f} s" for each in sizes))
    table.add_row("bundle", *(f"{each.bundle_bytes / 1000:,.0f} kB" for each in sizes))
    table.add_row(
        "server, start to activated bundle", *(f"{each.ready_seconds:.1f} s" for each in sizes)
    )
    table.add_row(
        f"memory over an empty OPA's {_spell_megabytes(figures.empty_memory)}",
        *(_spell_megabytes(each.memory) for each in sizes),
    )
    return table


def _tabulate_times(figures: Figures, timer: Timer) -> Table:
    fewest, most = figures.sizes[0].routes, figures.sizes[-1].routes
    columns = [
        "trivial rule",
        *(f"{each.routes:,} routes" for each in figures.sizes),
        f"{most:,} : {fewest:,}",
        f"{fewest:,} : trivial",
    ]
    table = _make_table(_TITLES[timer], "question", columns)
    for probe in figures.probes:
        is_evaluation = timer is Timer.EVALUATION
        limits = {Timer.EVALUATION: COSTS.get(probe), Timer.REQUESTS: OVERHEAD}
        table.add_row(
            probe,
            _spell_quantiles(figures.find(fewest, probe, timer, TRIVIAL)),
            *(_spell_quantiles(figures.find(each.routes, probe, timer)) for each in figures.sizes),
            _spell_ratio(figures.compute_growth(probe, timer), GROWTH if is_evaluation else None),
            _spell_ratio(figures.compute_overhead(fewest, probe, timer), limits.get(timer)),
            end_section=probe == figures.probes[-2],
        )
    return table


def _tabulate_subjects(sizes: Sequence[Subjects]) -> Table:
    table = _make_table(
        "Grants from an identity bundle", "subjects", (f"{each.subjects:,}" for each in sizes)
    )
    table.add_row(
        "evaluation : with the same grants in the input", *(f"{each.ratio:.2f}" for each in sizes)
    )
    for name in GATEWAYS:
        table.add_row(
            f"{name}'s entry point : the same asked directly",
            *(f"{each.gateways[name]:.2f}" for each in sizes),
        )
    table.add_row("evaluation, median", *(f"{each.median:,.0f} µs" for each in sizes))
    table.add_row("data.json", *(f"{each.data_bytes / MEGABYTE:,.2f} MB" for each in sizes))
    table.add_row("memory", *(_spell_megabytes(each.memory) for each in sizes))
    table.add_row("memory a subject", *(_spell_memory_each(each) for each in sizes))
    return table


def _tabulate_large(large: Sequence[Large]) -> Table:
    columns = ("at most", "a quarter", "half", "all of it", "a megabyte", "")
    table = _make_table("Large inputs: evaluation, in milliseconds", "", columns)
    for each in large:
        times = (each.quarter, each.half, each.whole, each.beyond)
        table.add_row(
            each.what,
            f"{each.most:,}",
            *(f"{time:,.0f}" for time in times),
            "refused" if each.is_refused else "decided",
        )
    return table


def _tabulate_loads(figures: Figures) -> Table:
    columns = ("connections", "a second", "trivial rule", "ratio", "median", "p99", "server")
    table = _make_table("Load: answers a second, and what each takes in µs", "routes", columns)
    for each in figures.loads:
        if each.rule == TRIVIAL:
            continue
        trivial = figures.find_load(each.routes, each.connections, TRIVIAL)
        table.add_row(
            f"{each.routes:,}",
            str(each.connections),
            f"{each.rate:,.0f}",
            f"{trivial.rate:,.0f}",
            f"{trivial.rate / each.rate:.2f}",
            f"{each.median:,.0f}",
            f"{each.p99:,.0f}",
            "–" if each.server is None else f"{each.server:,.0f}",
        )
    return table


def _tabulate_compared(compared: Sequence[Compared]) -> Table:
    columns = ("routes", "what", "median", "slowest request", "99 of 100", "answers")
    table = _make_table("Side by side, in µs", "", columns)
    for each in compared:
        table.add_row(
            each.engine,
            f"{each.routes:,}",
            each.way,
            *(f"{time:,.0f}" for time in (each.median, each.slowest, each.p99)),
            f"{each.answers:,}",
        )
    return table


def tabulate_explored(pages: Sequence[Explored]) -> Table:
    """Spell the figures of the explorer's pages, with the goals beside them."""
    table = _make_table(
        "The explorer's page, in milliseconds",
        "",
        (*(f"{page.routes:,} routes" for page in pages), "goal"),
    )
    table.add_row("size of the file", *(f"{page.page_bytes / MEGABYTE:.1f} MB" for page in pages))
    seconds, task = 1000, f"{TASK.most:.0f}"
    for what, spelt, goal in (
        ("first paint", [_spell(page.paint) for page in pages], _spell(PAINT.most * seconds)),
        ("the policy can be asked", [_spell(page.ready) for page in pages], ""),
        ("a key in the search, median (worst)", [_spell_typing(page.search) for page in pages], ""),
        ("a key in the policy, median (worst)", [_spell_typing(page.policy) for page in pages], ""),
        (
            "the longest task while typing",
            [_spell(page.task) if page.task else f"< {task}" for page in pages],
            task,
        ),
        ("one decision, there and back", [f"{page.decision:.1f}" for page in pages], ""),
        (
            "what a policy opens, first answer",
            [_spell(page.first) for page in pages],
            _spell(FIRST.most * seconds),
        ),
        (
            "what a policy opens, all",
            [_spell(page.opens) for page in pages],
            _spell(OPENS.most * seconds),
        ),
        (
            "the same with a condition",
            [_spell(page.closed) for page in pages],
            _spell(OPENS.most * seconds),
        ),
        ("the least policy for 20 routes", [_spell(page.few) for page in pages], ""),
        ("the least policy for all routes", [_spell(page.whole) for page in pages], ""),
    ):
        table.add_row(what, *spelt, goal)
    return table


def _spell(milliseconds: float) -> str:
    return f"{milliseconds:,.0f}"


def _spell_typing(typing: Typing) -> Text:
    return Text.assemble(f"{typing.median:,.0f} ", (f"({typing.worst:,.0f})", "dim"))


def _spell_memory_each(size: Subjects) -> str:
    """Spell it where it can be told from what every process wanders by."""
    return f"{size.memory / size.subjects:,.0f} B" if size.memory > 10 * MEGABYTE else "–"


def _tabulate_goals(figures: Figures) -> Table:
    table = _make_table("Goals", "", ("at most", "found", ""))
    for goal in figures.list_told_goals():
        about = goal.limit.goal if goal.probe is None else f"{goal.limit.goal}; {goal.probe}"
        table.add_row(about, f"{goal.limit.most:.2f}", f"{goal.figure:.2f}", _spell_verdict(goal))
    return table


def _make_table(title: str, first: str, columns: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _spell_quantiles(found: Quantiles) -> Text:
    return Text.assemble(f"{found.median:,.0f} ", (f"({found.p99:,.0f})", "dim"))


def _spell_ratio(ratio: float, limit: Limit | None) -> Text:
    """Spell a ratio, and whether it is within its limit, where it has one."""
    if limit is None:
        return Text(f"{ratio:.2f}")
    return Text.assemble(f"{ratio:.2f} ", _spell_verdict(Goal(limit, None, ratio)))


def _spell_verdict(goal: Goal) -> Text:
    return Text("met", "green") if goal.met else Text("not met", "red")


def _spell_megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.0f} MB"
