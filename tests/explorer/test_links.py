"""A link has all that the page shows: whoever is sent it sees the same, and Back goes back."""

from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.explorer.made import spell_policy
from tests.explorer.opening import open_page
from tests.explorer.states import POLICY, read_link, take_link, wait_for_answer, wait_for_frames

# All that is seen, with what is written into fields and what is chosen of lists.
SEEN = """() => [
    document.querySelector("main").innerText,
    ...[...document.querySelectorAll("main :is(input, select, textarea)")]
        .map((field) => field.type === "checkbox" ? field.checked : field.value),
    ...[...document.querySelectorAll("[role=option]")].map((row) => row.ariaSelected),
]"""


def assert_sent(browser: Browser, file: Path, page: Page, view: str) -> None:
    """Who opens the link of the page elsewhere sees what is in the page."""
    wait_for_answer(page, view)
    with open_page(browser, file, take_link(page)) as other:
        wait_for_answer(other, view)
        other.wait_for_function(f"seen => JSON.stringify(({SEEN})()) === seen", arg=see(page))


def see(page: Page) -> str:
    seen: str = page.evaluate(f"JSON.stringify(({SEEN})())")
    return seen


def test_what_is_searched_for_and_shown(browser: Browser, seed_file: Path) -> None:
    with open_page(browser, seed_file) as page:
        page.get_by_role("searchbox").fill("snapshots 快照")
        page.get_by_label("Method").select_option("DELETE")
        page.get_by_label("Service").select_option("huaweicloud/evs")
        page.get_by_label("A grant counts").select_option(label="not in an enterprise project")
        page.get_by_label("Only").select_option(label="mirrored")
        page.locator("[role=option]").first.click()
        page.locator("[role=option] .tick").first.click()

        assert read_link(page).keys() == {
            *("lang", "q", "method", "api", "scope", "mark", "route", "ticked")
        }
        assert_sent(browser, seed_file, page, "routes")


def test_what_is_asked(browser: Browser, seed_file: Path) -> None:
    with open_page(browser, seed_file) as page:
        page.locator("[role=option]").first.click()
        # The link that leads there has what was searched for since it was drawn.
        page.get_by_role("searchbox").fill("snapshots")
        page.get_by_role("link", name="Ask for the decision").click()
        page.get_by_label("Path").fill("/v2/p2/snapshots?a=b&c=%20#d")
        page.get_by_label("Body (JSON)").fill('{"a": "ü & + ="}')
        page.get_by_label("the account itself").check()
        page.get_by_label("Enterprise project of the resource").fill("e2")
        page.get_by_role("button", name="Add a grant").click()
        page.get_by_label("Granted at").nth(1).select_option("all_resources")
        page.get_by_label("Policy document").nth(1).fill(spell_policy("evs:*", effect="Deny"))

        assert_sent(browser, seed_file, page, "decide")
        assert read_link(page)["q"] == "snapshots"


def test_what_a_policy_opens(browser: Browser, seed_file: Path) -> None:
    with open_page(browser, seed_file, "#lang=en&view=policy") as page:
        page.get_by_label("Policy document").fill(POLICY)
        page.get_by_label("Granted at").select_option("enterprise_project")
        page.locator("section tbody tr").first.wait_for()
        page.get_by_role("button", name="in vain").click()
        wait_for_frames(page)

        assert read_link(page)["kind"] == "vain"
        assert_sent(browser, seed_file, page, "policy")


def test_what_the_least_policy_is_for(browser: Browser, seed_file: Path) -> None:
    with open_page(browser, seed_file) as page:
        page.get_by_role("button", name="Tick all of these").click()
        page.get_by_role("link", name="Least policy").click()
        page.get_by_label("Granted at").select_option("all_resources")

        assert_sent(browser, seed_file, page, "least")


def test_back_and_forward(browser: Browser, seed_file: Path) -> None:
    with open_page(browser, seed_file) as page:
        page.get_by_role("searchbox").fill("rollback")
        page.locator("[role=option]").first.click()
        page.get_by_role("link", name="Ask for the decision").click()
        wait_for_answer(page, "decide")
        page.get_by_label("Path").fill("/nowhere")
        page.locator(".answer").get_by_text("no_matching_route").first.wait_for()
        page.get_by_role("link", name="Policy", exact=True).click()
        page.get_by_label("Policy document").wait_for()

        page.go_back()
        page.locator(".answer").get_by_text("no_matching_route").first.wait_for()
        assert page.get_by_label("Path").input_value() == "/nowhere"
        page.go_back()
        wait_for_answer(page, "routes")
        assert page.get_by_role("searchbox").input_value() == "rollback"
        assert page.locator("[role=option].active").count() == 1
        page.go_forward()
        page.locator(".answer").get_by_text("no_matching_route").first.wait_for()
