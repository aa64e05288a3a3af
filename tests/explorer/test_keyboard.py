"""All that the page does can be done from the keyboard, and is told to who cannot see it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.explorer.made import spell_policy
from tests.explorer.opening import open_page
from tests.explorer.states import list_states, read_link, wait_for_answer, wait_for_frames

# What has the focus, as people call it.
FOCUSED = """() => {
    const at = document.activeElement;
    return at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent.trim() ?? at.textContent;
}"""

# How what has the focus shows that.
OUTLINE = """() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return `${outlineStyle} ${outlineWidth}`;
}"""


def press_until(page: Page, wanted: str, key: str = "Tab") -> None:
    """Go on until what is so named has the focus."""
    passed = []
    for _ in range(80):
        page.keyboard.press(key)
        passed.append(page.evaluate(FOCUSED))
        if passed[-1].startswith(wanted):
            assert page.evaluate(OUTLINE) == "solid 3px", wanted
            return
    pytest.fail(f"{wanted} is not reached: {passed}")


def test_from_a_search_to_the_least_policy(browser: Browser, seed_file: Path) -> None:
    with open_page(browser, seed_file) as page:
        page.evaluate("navigator.clipboard.writeText = async (text) => { window.held = text; }")
        press_until(page, "Search")
        page.keyboard.type("delete v2 snapshots")
        page.keyboard.press("ArrowDown")
        assert page.evaluate(FOCUSED).startswith("Routes: arrow keys")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        active = page.locator("[role=listbox]").get_attribute("aria-activedescendant")
        option = page.locator(f"#{active}")
        assert option.get_attribute("aria-selected") == "true"
        assert option.get_attribute("aria-posinset") == "1"
        assert option.get_attribute("aria-setsize") == "3"

        press_until(page, "Ask for the decision")
        page.keyboard.press("Enter")
        page.locator(".verdict.no").wait_for()
        assert page.evaluate("document.activeElement.id") == "main"
        for action in ("evs:snapshots:delete", "evs:snapshots:get", "evs:volumes:get"):
            press_until(page, action)
            page.keyboard.press("Space")
            # The box that was ticked still has the focus.
            assert page.evaluate(FOCUSED) == action
        page.locator(".verdict.yes").wait_for()
        press_until(page, "Copy as curl")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Copied").wait_for()
        assert page.evaluate("window.held").startswith("curl --json")

        press_until(page, "Least policy", "Shift+Tab")
        page.keyboard.press("Enter")
        wait_for_answer(page, "least")
        press_until(page, "Copy")
        page.keyboard.press("Enter")
        page.wait_for_function("() => window.held.startsWith('{')")
        (statement,) = json.loads(page.evaluate("window.held"))["Statement"]
        assert "evs:snapshots:delete" in statement["Action"]

        press_until(page, "中文", "Shift+Tab")
        page.keyboard.press("Enter")
        assert page.evaluate(FOCUSED) == "English"


def test_a_policy_is_written(browser: Browser, seed_file: Path) -> None:
    with open_page(browser, seed_file) as page:
        press_until(page, "Policy")
        page.keyboard.press("Enter")
        press_until(page, "Policy document")
        page.keyboard.insert_text(spell_policy("evs:snapshots:get"))
        page.locator("section tbody tr").first.wait_for()
        press_until(page, "opened")
        page.keyboard.press("Enter")
        wait_for_frames(page)
        assert page.evaluate(FOCUSED).startswith("opened")
        assert page.evaluate(OUTLINE) == "solid 3px"
        assert read_link(page)["kind"] == "opened"
        press_until(page, "What the policy opens")
        page.keyboard.press("End")
        assert page.locator("[role=status]").inner_text().startswith("may be called: ")


def list_focused(page: Page) -> Iterator[str]:
    """Everything that Tab comes to, until it comes to the first again."""
    page.evaluate("document.activeElement.blur()")
    first = None
    for _ in range(120):
        page.keyboard.press("Tab")
        at = page.evaluate("""() => {
            window.numbers ??= new Map();
            const at = document.activeElement;
            if (!numbers.has(at)) numbers.set(at, numbers.size);
            return at === document.body ? null : numbers.get(at);
        }""")
        if at is None or (first is not None and at == first):
            return
        first = at if first is None else first
        yield page.evaluate(OUTLINE)
    pytest.fail("Tab never comes round: something is a trap")


@pytest.mark.parametrize("view", ["routes", "decide", "policy", "least"])
def test_nothing_is_a_trap_and_the_focus_is_seen(
    browser: Browser, seed_file: Path, view: str
) -> None:
    with open_page(browser, seed_file, list_states(seed_file)[view]) as page:
        wait_for_answer(page, view)
        seen = list(list_focused(page))
        there = page.evaluate(
            """[...document.querySelectorAll("a, button, input, select, textarea, summary, pre, "
                + "[tabindex='0']")].filter((e) => !e.disabled && e.checkVisibility()).length"""
        )
        assert len(seen) == there
        assert set(seen) == {"solid 3px"}
        assert page.locator("[aria-live=polite], [role=status]").count() > 0
