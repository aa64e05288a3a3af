"""Everything that the page says is there in both languages, and what is there is said."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.explorer.opening import open_page
from tests.explorer.states import list_states, read_link, wait_for_answer

PAGE = Path("generator/scopegate/explorer/page")

ENTRY = re.compile(r'^  (\w+): \[\s*("(?:[^"\\]|\\.)*"),\s*("(?:[^"\\]|\\.)*")\],$', re.MULTILINE)
NAMED = re.compile(r'"([a-z_]+)"|[{,]\s*([a-z_]+):')
MADE = re.compile(r"t\(`([a-z_]+)\$")


@pytest.fixture(scope="module")
def texts(project: Path) -> dict[str, tuple[str, str]]:
    found = (project / PAGE / "texts.js").read_text(encoding="utf-8")
    assert len(ENTRY.findall(found)) == len(re.findall(r"^  \w+: \[", found, re.MULTILINE))
    return {key: (english[1:-1], chinese[1:-1]) for key, english, chinese in ENTRY.findall(found)}


@pytest.fixture(scope="module")
def modules(project: Path) -> str:
    files = sorted((project / PAGE).glob("*.js"))
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.name != "texts.js")


def test_each_text_is_there_in_both_languages(texts: dict[str, tuple[str, str]]) -> None:
    assert len(texts) > 100
    for key, (english, chinese) in texts.items():
        assert english.strip(), key
        assert chinese.strip(), key
        assert sorted(find_places(english)) == sorted(find_places(chinese)), key


def find_places(text: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", text)


def test_what_is_chinese_is_in_the_second_place(texts: dict[str, tuple[str, str]]) -> None:
    def has_han(text: str) -> bool:
        return any("\u4e00" <= letter <= "\u9fff" for letter in text)

    # The one that names the other language, and what is the same in both.
    odd = {key for key, (english, chinese) in texts.items() if has_han(english)}
    same = {key for key, (english, chinese) in texts.items() if not has_han(chinese)}
    assert odd == {"language"}
    assert same == {"language", "id"}


def test_each_text_that_is_asked_for_is_there(
    texts: dict[str, tuple[str, str]], modules: str
) -> None:
    asked = set(re.findall(r'\bt\("(\w+)"', modules))

    assert len(asked) > 50
    assert asked <= texts.keys()


def test_each_text_is_asked_for(texts: dict[str, tuple[str, str]], modules: str) -> None:
    """By its name, or by one that is put together of a beginning and what there is of it."""
    named = {name for pair in NAMED.findall(modules) for name in pair}
    beginnings = tuple(MADE.findall(modules))

    assert beginnings
    assert [key for key in texts if key not in named and not key.startswith(beginnings)] == []


def test_switching_the_language_leaves_all_else_as_it_is(browser: Browser, seed_file: Path) -> None:
    for view, link in list_states(seed_file).items():
        if view == "changes":
            continue
        with open_page(browser, seed_file, link) as page:
            wait_for_answer(page, view)
            assert page.evaluate("document.documentElement.lang") == "en"
            before = read_state(page)

            page.get_by_role("button", name="中文").click()

            wait_for_answer(page, view)
            assert page.evaluate("document.documentElement.lang") == "zh-CN"
            assert page.get_by_role("button", name="English").evaluate(
                "button => button === document.activeElement && button.lang === 'en'"
            )
            assert read_state(page) == before | {"lang": "zh"}


def read_state(page: Page) -> dict[str, object]:
    """What the link says, and what is written and ticked."""
    held: str = page.evaluate(
        """JSON.stringify([...document.querySelectorAll("main :is(input, select, textarea)")]
            .map((field) => field.type === "checkbox" ? field.checked : field.value))"""
    )
    ticked = page.locator("[role=option][aria-selected=true]").count()
    return {**read_link(page), "held": held, "options": ticked}


def test_a_browser_that_speaks_chinese_is_answered_so(browser: Browser, seed_file: Path) -> None:
    for locale, lang in (("zh-CN", "zh-CN"), ("de-DE", "en")):
        with open_page(browser, seed_file, "", locale=locale) as page:
            assert page.evaluate("document.documentElement.lang") == lang
