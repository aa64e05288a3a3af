"""Each view can be used by everybody, on any screen: axe-core's rules, and nothing wider than it.

What of a page a keyboard reaches is in test_keyboard.py.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from scopegate.live.opa import Opa
from tests.explorer.made import compose_tables, find_route, make_older, read_shipped, spell_link
from tests.explorer.opening import open_page
from tests.explorer.states import list_states, show, wait_for_answer

SIZES = {360: 740, 1280: 900, 1920: 1080}

# Whatever sticks out of the page; a region of its own that is scrolled may hold more than it shows.
TOO_WIDE = """() => ["html", "body", "header", "main", ".columns", ".columns > *", ".changes"]
    .flatMap((selector) => [...document.querySelectorAll(selector)]
        .filter((element) => element.scrollWidth > element.clientWidth)
        .map((element) => `${selector}: ${element.scrollWidth} > ${element.clientWidth}`))"""


@pytest.fixture(scope="module")
def changed_file(project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the default profile with what differs from an older edition."""
    table = read_shipped(project)
    folder = tmp_path_factory.mktemp("changed")
    return compose_tables([table], folder, project=project, opa=opa, older=[make_older(table)])


def list_violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{each['impact']} {each['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]


def go_through(page: Page, file: Path, lang: str = "en") -> Iterator[str]:
    """Show one view after the other, as links do."""
    for view, link in list_states(file, lang).items():
        show(page, link)
        wait_for_answer(page, view)
        yield view


@pytest.mark.parametrize(
    ("width", "scheme", "lang"), [(360, "dark", "zh"), (1280, "light", "en"), (1280, "dark", "en")]
)
def test_axe_finds_nothing(
    browser: Browser, changed_file: Path, width: int, scheme: str, lang: str
) -> None:
    found = {}
    size = {"width": width, "height": SIZES[width]}
    with open_page(browser, changed_file, viewport=size, color_scheme=scheme) as page:
        for view in go_through(page, changed_file, lang):
            page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
            found[view] = list_violations(page)

    assert not any(found.values()), found


def test_axe_finds_nothing_where_there_is_no_answer(browser: Browser, seed_file: Path) -> None:
    found = {}
    with open_page(browser, seed_file) as page:
        for view in ("routes", "decide", "policy", "least"):
            show(page, spell_link(view=view, q="nothing"))
            found[view] = list_violations(page)

    assert not any(found.values()), found


@pytest.mark.parametrize("width", SIZES)
def test_nothing_is_wider_than_the_window(browser: Browser, changed_file: Path, width: int) -> None:
    size = {"width": width, "height": SIZES[width]}
    with open_page(browser, changed_file, viewport=size) as page:
        found = {view: page.evaluate(TOO_WIDE) for view in go_through(page, changed_file)}

    assert not any(found.values()), found


@pytest.mark.parametrize("width", SIZES)
def test_long_paths_and_many_actions_fit(
    browser: Browser, everything_file: Path, width: int
) -> None:
    hooks = "/autoscaling-api/v1/{project_id}/scaling_lifecycle_hook/{scaling_group_id}"
    routes = [
        find_route(everything_file, "GET", f"{hooks}/{{lifecycle_hook_name}}")["id"],
        find_route(everything_file, "POST", "/v2.1/{project_id}/servers/{server_id}/action")["id"],
    ]
    size = {"width": width, "height": SIZES[width]}
    with open_page(browser, everything_file, viewport=size) as page:
        for route in routes:
            show(page, spell_link(route=route, ticked=routes))
            page.locator(".detail h2").wait_for()
            assert page.evaluate(TOO_WIDE) == []
            page.get_by_role("link", name="Ask for the decision").click()
            page.locator(".answer .steps").wait_for()
            assert page.evaluate(TOO_WIDE) == []
        show(page, spell_link(view="least", ticked=routes))
        wait_for_answer(page, "least")
        assert page.evaluate(TOO_WIDE) == []
