"""The page of figures: what it holds, and that what was measured is all that makes it."""

import datetime as dt
import platform
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scopegate.project import Project
from scopegate.tables.store import read_table
from tools.bench.__main__ import app
from tools.bench.compared.asked import make_setting
from tools.bench.compared.run import find_missing_packages
from tools.bench.figures import Figures
from tools.bench.maker import make_tables
from tools.bench.measurement import measure
from tools.bench.page import compose_page
from tools.bench.probes import TABLE

DAY = dt.date(2026, 1, 2)
PAGE = "docs/performance.md"
SIZES = (38, 60)


@pytest.fixture(scope="module")
def figures(project: Path) -> Figures:
    base = read_table(project / "tables" / TABLE)
    tables = {number: make_tables(base, number) for number in SIZES}

    def tell(what: str, *, done: float) -> None:
        assert what
        assert 0 <= done < 1

    return measure(tables, [10], {}, project=Project(project), rounds=2, progress=tell)


def test_a_page_is_made_of_figures_alone(figures: Figures) -> None:
    page = compose_page(figures, DAY, plots="performance")
    assert page == compose_page(figures, DAY, plots="performance")
    assert "on 2026-01-02" in page
    assert "60 routes" in page
    assert "$ scopegate bench --opa-url http://127.0.0.1:8181\nhttp://127.0.0.1:8181 · " in page


def test_a_page_does_not_tell_whose_machine_it_was(figures: Figures, project: Path) -> None:
    page = compose_page(figures, DAY, plots="performance")
    for word in (platform.node(), str(project), str(Path.home())):
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", page)


def test_tables_of_a_page_are_whole(figures: Figures) -> None:
    page = compose_page(figures, DAY, plots="performance")
    assert not re.search(r"\n\n\n|[ \t]\n", page)
    for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        lines = table.splitlines()
        assert len({line.count("|") for line in lines}) == 1, table
        assert re.fullmatch(r"\|(-+\|)+", lines[1]), table


def test_a_page_says_what_was_left_out(figures: Figures) -> None:
    less = replace(figures, not_compared="no packages", compared=(), traps=())
    page = compose_page(replace(less, left_out="no Chromium"), DAY, plots="performance")
    assert "This run left it out: no packages." in page
    assert "This run left [it](explorer.md) out: no Chromium." in page


def test_no_page_is_begun_without_what_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.bench.page.find_spec", lambda _: None)
    said = CliRunner().invoke(app, ["--page", "performance.md"])
    assert str(said.exception).startswith("no matplotlib, which --page needs")


def test_plots_are_the_same_for_the_same_figures(figures: Figures) -> None:
    pytest.importorskip("matplotlib", reason="`make bench` installs it")
    from tools.bench.plots import draw_plots  # noqa: PLC0415

    plots = draw_plots(figures)
    assert plots == draw_plots(figures)
    page = compose_page(figures, DAY, plots="performance")
    shown = set(re.findall(r"\]\(performance/(\w+\.svg)\)", page))
    # One is shown with the comparison.
    assert shown | {"evaluation.svg"} == plots.keys()
    assert all(b"<dc:date>" not in plot for plot in plots.values())


def test_requests_of_every_kind_are_compared(project: Path) -> None:
    setting = make_setting(make_tables(read_table(project / "tables" / TABLE), 300))
    assert len({asked.route.key for asked in setting.asked}) == 8
    assert {asked.is_allowed for asked in setting.asked} == {True, False}


def test_engines_are_compared_where_they_are_installed(figures: Figures) -> None:
    if missing := find_missing_packages():
        assert figures.not_compared == missing
        assert figures.compared == ()
        pytest.skip(missing)
    found = {(each.engine, each.routes) for each in figures.compared}
    assert len(found) == 6 * len(SIZES)
    assert all(0 < each.median <= each.p99 for each in figures.compared)
    assert all(not trap.answers["scopegate"] for trap in figures.traps)


def test_the_readme_has_the_figures_of_the_page(project: Path) -> None:
    page = (project / PAGE).read_text(encoding="utf-8")
    told = re.search(r"(?:^\|.*\n)+", page, re.MULTILINE)
    assert told
    assert told[0] in (project / "README.md").read_text(encoding="utf-8")


def test_the_plots_of_the_page_are_there(project: Path) -> None:
    page = (project / PAGE).read_text(encoding="utf-8")
    shown = set(re.findall(r"\]\((performance/\w+\.svg)\)", page))
    kept = {f"performance/{file.name}" for file in (project / "docs/performance").iterdir()}
    assert shown == kept
