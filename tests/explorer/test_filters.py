"""What the list of routes shows is what the bundle says, however it is filtered and searched."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page

from tests.explorer.made import read_facts, spell_link
from tests.explorer.opening import open_page

Told = dict[str, Any]


@pytest.fixture
def page(everything_page: Page) -> Page:
    """The page of all tables with no filter."""
    everything_page.evaluate("location.hash = '#lang=zh'")
    everything_page.evaluate("location.hash = '#lang=en'")
    everything_page.get_by_label("Only").wait_for()
    return everything_page


@pytest.fixture(scope="module")
def routes(everything_file: Path) -> list[Told]:
    found: list[Told] = read_facts(everything_file)["routes"]
    return found


def count_shown(page: Page) -> int:
    """How many are shown, as the line above the list says; the list says it, too."""
    shown = int((page.locator(".bar .count").text_content() or "").split()[0])
    rows = page.locator("[role=option]")
    sizes = set(rows.evaluate_all("rows => rows.map((row) => row.ariaSetSize)"))
    assert sizes == ({str(shown)} if shown else set())
    assert page.locator(".nothing").first.is_visible() == (shown == 0)
    return shown


def counts_in(scopes: list[str], kind: str) -> bool:
    return kind in scopes or f"{kind}s" in scopes


FILTERS: dict[tuple[str, str], Callable[[Told], bool]] = {
    ("Method", "any"): lambda _: True,
    ("Method", "PATCH"): lambda route: route["method"] == "PATCH",
    ("Service", "opentelekomcloud/evs"): lambda route: (
        (route["provider"], route["service"]) == ("opentelekomcloud", "evs")
    ),
    ("A grant counts", "in an IAM project"): lambda route: counts_in(
        route["scopes"], "iam_project"
    ),
    ("A grant counts", "not in an IAM project"): lambda route: (
        not counts_in(route["scopes"], "iam_project")
    ),
    ("A grant counts", "in an enterprise project"): lambda route: counts_in(
        route["scopes"], "enterprise_project"
    ),
    ("A grant counts", "not in an enterprise project"): lambda route: (
        not counts_in(route["scopes"], "enterprise_project")
    ),
    ("Only", "mirrored"): lambda route: bool(route["mirrored_from"]),
    ("Only", "needs no authorization"): lambda route: route["actions"] == [],
    ("Only", "corrected"): lambda route: bool(route["corrections"]),
    ("Only", "rows in conflict"): lambda route: bool(route["is_conflicting"]),
    ("Only", "cases of a route"): lambda route: bool(route["case"]),
}


@pytest.mark.parametrize("named", FILTERS, ids=" ".join)
def test_a_filter_shows_what_the_page_was_told(
    page: Page, routes: list[Told], named: tuple[str, str]
) -> None:
    label, value = named

    page.get_by_label(label, exact=True).select_option(label=value)

    expected = sum(map(FILTERS[named], routes))
    assert count_shown(page) == expected > 0


def test_the_inventory_counts_the_same(page: Page, project: Path, routes: list[Told]) -> None:
    inventory = yaml.safe_load((project / "bundle/inventory.yaml").read_text(encoding="utf-8"))
    whole = [route for route in routes if route["case"] is None]

    assert len(whole) == inventory["bundles"]["all"]["routes"]
    mirrored = [route for route in whole if route["mirrored_from"]]
    assert len(mirrored) == inventory["bundles"]["all"]["mirrored"]
    for name, table in inventory["tables"].items():
        own = [each for each in whole if f"{each['provider']}/{each['table']}" == name]
        assert len(own) == table["routes"], name
    page.get_by_label("Only", exact=True).select_option(label="cases of a route")
    assert count_shown(page) == len(routes) - len(whole)


SEARCHES = {
    "LIFECYCLE_hook": lambda route: "lifecycle_hook" in route["path"],
    "evs:Snapshots:CREATE": lambda route: "evs:snapshots:create" in route["actions"],
    "删除云硬盘快照": lambda route: "删除云硬盘快照" in route["permission"],
    "  delete   /v3/ 快照 ": lambda route: (
        (route["method"], route["path"][:4]) == ("DELETE", "/v3/") and "快照" in route["permission"]
    ),
    "no such thing": lambda _: False,
    ".*": lambda _: False,
}


@pytest.mark.parametrize("words", SEARCHES)
def test_the_search_finds(page: Page, routes: list[Told], words: str) -> None:
    page.get_by_role("searchbox").fill(words)

    assert count_shown(page) == sum(map(SEARCHES[words], routes))


def test_what_is_ticked(browser: Browser, seed_file: Path) -> None:
    with open_page(browser, seed_file) as page:
        page.get_by_role("searchbox").fill("rollback")
        page.get_by_role("button", name="Tick all of these").click()
        page.get_by_role("searchbox").fill("v3 rollback")
        page.get_by_role("button", name="Untick all").click()
        page.get_by_role("searchbox").fill("")
        page.locator("[role=option] .tick").first.click()
        page.get_by_label("Only", exact=True).select_option(label="ticked")

        ticked = [r for r in read_facts(seed_file)["routes"] if r["path"].endswith("rollback")]
        assert count_shown(page) == sum("/v2/" in each["path"] for each in ticked) + 1 == 3
        assert page.locator("[role=option][aria-selected=true]").count() == 3


def test_filters_and_searches_add_up(browser: Browser, seed_file: Path) -> None:
    link = spell_link(q="snapshots", method="GET", scope="in_enterprise_project", mark="mirrored")
    with open_page(browser, seed_file, link) as page:
        expected = [
            route
            for route in read_facts(seed_file)["routes"]
            if route["method"] == "GET"
            and counts_in(route["scopes"], "enterprise_project")
            and route["mirrored_from"]
        ]
        assert count_shown(page) == len(expected) > 0
