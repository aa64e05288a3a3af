"""The browser runs what the page was made with, and nothing else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')

WATCHED = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
    window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
"""


@contextmanager
def watch(browser: Browser, file: Path) -> Iterator[Page]:
    """A page whose violations are noted; it may complain, other than in `open_page`."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_init_script(WATCHED)
    page.goto(f"{file.as_uri()}#lang=en")
    yield page
    context.close()


def change_page(file: Path, folder: Path, old: str, new: str) -> Path:
    """The page with one place of it changed."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    changed = folder / "changed.html"
    changed.write_text(text.replace(old, new), encoding="utf-8")
    return changed


def test_the_policy_is_the_least(seed_file: Path) -> None:
    (policy,) = POLICY.findall(seed_file.read_text(encoding="utf-8"))

    directives = dict(each.split(" ", 1) for each in unescape(policy).split("; "))
    sha = r"'sha256-[A-Za-z0-9+/]{43}='"
    assert re.fullmatch(f"'wasm-unsafe-eval' {sha}", directives.pop("script-src"))
    assert re.fullmatch(sha, directives.pop("style-src"))
    assert directives == {
        "default-src": "'none'",
        "worker-src": "blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_page_violates_nothing(browser: Browser, seed_file: Path) -> None:
    with watch(browser, seed_file) as page:
        page.evaluate("scopegate.loaded")
        page.locator("[role=option]").first.click()
        page.get_by_role("link", name="Ask for the decision").click()
        page.locator(".answer .verdict").wait_for()
        assert page.evaluate("violations") == []


REFUSED = {
    "script": ("script-src-elem", ("const made = document.createElement('script');"
               "made.textContent = 'window.ran = true'; document.body.append(made)")),
    "handler": ("script-src-attr", ("document.body.setAttribute('onclick', 'window.ran = true');"
                "document.body.click()")),
    "style": ("style-src-elem", ("document.head.append(Object.assign("
              "document.createElement('style'), { textContent: 'body { color: red }' }))")),
    "style of an element": ("style-src-attr", "document.body.setAttribute('style', 'top: 1px')"),
    "image": ("img-src", "new Image().src = 'https://example.com/a.png'"),
    "fetch": ("connect-src", "fetch('https://example.com/').catch(() => {})"),
    "eval": ("script-src", "setTimeout(() => { (0, eval)('window.ran = true') })"),
    "frame": ("frame-src", ("document.body.append(Object.assign("
              "document.createElement('iframe'), { src: 'https://example.com/' }))")),
    "base": ("base-uri", ("document.head.append(Object.assign("
             "document.createElement('base'), { href: 'https://example.com/' }))")),
    "form": ("form-action", ("const form = document.createElement('form');"
             "form.action = 'https://example.com/'; document.body.append(form); form.submit()")),
}  # fmt: skip


def test_whatever_is_added_is_refused(browser: Browser, seed_file: Path) -> None:
    with watch(browser, seed_file) as page:
        page.evaluate("scopegate.loaded")
        for kind, (directive, script) in REFUSED.items():
            page.evaluate("violations.length = 0")
            page.evaluate(script)
            page.wait_for_function("() => violations.length > 0", timeout=5000)
            assert [each.split()[0] for each in page.evaluate("violations")] == [directive], kind
        assert page.evaluate("window.ran") is None


@pytest.mark.parametrize(
    "place", [("// The page: its head", "// The page; its head"), ("#fff", "#fef")]
)
def test_one_letter_of_the_page_changed(
    browser: Browser, seed_file: Path, tmp_path: Path, place: tuple[str, str]
) -> None:
    old, new = place
    text = seed_file.read_text(encoding="utf-8")
    changed = tmp_path / "changed.html"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert text.count(old) > 0

    with watch(browser, changed) as page:
        page.wait_for_function("() => violations.length > 0")
        (found,) = page.evaluate("violations")
        runs = page.evaluate("'scopegate' in window")
    assert (found.split()[0], runs) in {("script-src-elem", False), ("style-src-elem", True)}
    assert runs == ("#fff" in old)
