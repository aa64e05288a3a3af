"""The benchmark works, whatever it finds: its made tables are tables, and every figure is there."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from scopegate.live.opa import Opa
from scopegate.routes.build import build_routes
from scopegate.tables.store import format_table, parse_table, read_tables
from tools.bench.__main__ import app
from tools.bench.explored import find_missing, make_page, measure_explorer
from tools.bench.maker import make_tables
from tools.bench.report import tabulate_explored

SIZES = (38, 100)


@pytest.fixture(scope="module")
def seed(project: Path) -> Path:
    return project / "tables" / "huaweicloud" / "evs"


@pytest.mark.parametrize("routes", [38, 39, 1000])
def test_made_tables_have_as_many_routes_as_asked_for(seed: Path, routes: int) -> None:
    (base,) = read_tables(seed)
    tables = make_tables(base, routes)
    built, _ = build_routes(tables)
    assert len(built) == routes
    assert tables == make_tables(base, routes)
    assert max(Counter((each.service, each.method, each.shape) for each in built).values()) == 1


def test_made_tables_are_tables(seed: Path) -> None:
    (base,) = read_tables(seed)
    for table in make_tables(base, 300):
        path = Path(table.provider, f"{table.table}.yaml")
        assert parse_table(format_table(table), path) == table


def test_a_small_run_has_every_figure(project: Path) -> None:
    sizes = f"--sizes={','.join(map(str, SIZES))}"
    asked = ["--json", "--requests=2", sizes, "--subjects=10,30", "--pages=38"]
    said = CliRunner().invoke(app, asked, catch_exceptions=False)
    assert said.exit_code == 0, said.stderr
    report = json.loads(said.stdout)
    assert [size["routes"] for size in report["sizes"]] == list(SIZES)
    assert all(size["memory"] > 0 and size["rules"] > 0 for size in report["sizes"])
    figures = Counter((time["routes"], time["rule"]) for time in report["times"])
    assert len(figures) == len(SIZES) * 2
    assert len(set(figures.values())) == 1
    assert all(0 < time["median"] <= time["p99"] for time in report["times"])
    assert [each["subjects"] for each in report["subjects"]] == [10, 30]
    assert all(each["median"] > 0 and each["ratio"] > 0 for each in report["subjects"])
    assert all(each["quarter"] > 0 and each["is_refused"] for each in report["large"][:2])
    assert (report["explorer"] == []) == (find_missing(project) is not None)
    assert all(goal["met"] == (goal["figure"] <= goal["most"]) for goal in report["goals"])


def test_every_figure_of_a_page_is_spelt(
    bundle: Path, project: Path, opa: Opa, tmp_path: Path
) -> None:
    if missing := find_missing(project):
        pytest.skip(missing)
    copy = tmp_path / bundle.name
    copy.write_bytes(bundle.read_bytes())
    page = make_page(copy, project=project, opa=opa)
    (found,) = measure_explorer([page], project=project, keys=2)
    assert found.page_bytes == page.stat().st_size
    times = (found.paint, found.ready, found.decision, found.first, found.few, found.whole)
    assert min(times) > 0
    assert found.first <= found.opens
    assert all(0 < each.median <= each.worst for each in (found.search, found.policy))

    console = Console(width=120)
    with console.capture() as captured:
        console.print(tabulate_explored([found]))
    rows = captured.get().splitlines()
    assert f"{found.routes} routes" in rows[1]
    assert all(re.search(r"\d", row) for row in rows[2:])
