"""What OPA gives back is what the tables document; what is lost or invented is told."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scopegate.live.opa import Opa
from tests.oracle import Documented
from tests.proof.decisions.run import read_rows
from tests.proof.round_trip import Loaded, compare, load_back

LIST = "huaweicloud/evs GET /v2/{project_id}/snapshots"
Change = Callable[[dict[str, Any], dict[str, Any]], object]


@pytest.fixture(scope="module")
def loaded(opa_url: str, opa: Opa, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load_back(opa_url, opa, tmp_path_factory.mktemp("read"), lambda *_: None)


def test_the_seeds_tables(loaded: Loaded, tables: tuple[Documented, ...]) -> None:
    report = compare(tables, loaded)
    assert report.failures == []
    assert report.figures["rules"] == 20
    assert report.figures["lost"] == report.figures["invented"] == 0
    assert report.figures["facts of the tables"] == report.figures["of them in the bundle"] == 228


def test_all_tables(project: Path, everything_url: str, opa: Opa, tmp_path: Path) -> None:
    report = compare(read_rows(project), load_back(everything_url, opa, tmp_path, lambda *_: None))
    assert report.failures == []


CHANGES: dict[str, Change] = {
    "requires": lambda rule, _: rule["GET"][1].append("evs:volumes:get"),
    "scopes": lambda rule, _: rule["GET"].__setitem__(2, "iam_project, enterprise_project"),
    "project": lambda rule, _: rule["GET"][3].append(2),
    "template": lambda rule, _: rule.__setitem__("PUT", rule["GET"]),
    "named": lambda _, data: data["routes"][LIST].__setitem__("row", 4),
    "row": lambda _, data: data["further_rows"].setdefault(
        LIST, [{"table": "evs/snapshots", "row": 20, "permission": "x"}]
    ),
}


@pytest.mark.parametrize(("kind", "change"), CHANGES.items(), ids=CHANGES)
def test_what_is_invented(
    kind: str, change: Change, loaded: Loaded, tables: tuple[Documented, ...]
) -> None:
    rules, data = copy.deepcopy((loaded.rules, dict(loaded.data)))
    [rule] = [each for each in rules if each.value.get("GET", [""])[0] == LIST]
    change(rule.value, data)
    failures = compare(tables, Loaded(rules, data)).failures
    assert any(each.startswith(f"invented: {kind} · ") for each in failures)


def test_what_is_lost(loaded: Loaded, tables: tuple[Documented, ...]) -> None:
    fewer = [rule for rule in loaded.rules if rule.value.get("GET", [""])[0] != LIST]
    failures = compare(tables, Loaded(fewer, loaded.data)).failures
    assert f"lost: requires · {LIST} · evs:snapshots:list" in failures
