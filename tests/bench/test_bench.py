"""The benchmark works, whatever it finds: its made tables are tables, and every figure is there."""

import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scopegate.routes.build import build_routes
from scopegate.tables.store import format_table, parse_table, read_tables
from tools.bench.__main__ import app
from tools.bench.maker import make_tables

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


def test_a_small_run_has_every_figure() -> None:
    asked = ["--json", "--requests=2", f"--sizes={','.join(map(str, SIZES))}", "--subjects=10,30"]
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
    assert all(goal["met"] == (goal["figure"] <= goal["most"]) for goal in report["goals"])
