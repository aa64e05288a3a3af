"""A real Chromium, and pages for it to open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scopegate.explorer.page import compose_page, read_explorer
from scopegate.explorer.sdk import SDK_NAME, read_sdk
from scopegate.live.opa import Opa
from tests.explorer.opening import open_page
from tests.harness.programs import bring_or_skip
from tools.bench.browser import ARGUMENTS


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The program: the machine's, or Debian's. Skips, with the reason, where it can't be had."""
    return bring_or_skip("chromium")


# Of a module: while it runs, nothing else in this process can run an event loop of its own.
@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


def compose(bundle: Path, opa: Opa, folder: Path) -> Path:
    sdk = bring_or_skip(SDK_NAME)
    file = folder / "explorer.html"
    explorer = read_explorer(bundle, opa=opa, sdk=read_sdk(sdk, None))
    file.write_text(compose_page(explorer), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def seed_file(bundle: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the default profile."""
    return compose(bundle, opa, tmp_path_factory.mktemp("seed"))


@pytest.fixture(scope="session")
def everything_file(
    everything_bundle: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The page of the tables of all providers."""
    return compose(everything_bundle, opa, tmp_path_factory.mktemp("everything"))


@pytest.fixture
def seed(browser: Browser, seed_file: Path) -> Iterator[Page]:
    """The page of the default profile, opened."""
    with open_page(browser, seed_file) as page:
        yield page


@pytest.fixture(scope="module")
def seed_page(browser: Browser, seed_file: Path) -> Iterator[Page]:
    """The same, opened once for questions that leave it as it is."""
    with open_page(browser, seed_file) as page:
        yield page


@pytest.fixture(scope="module")
def everything_page(browser: Browser, everything_file: Path) -> Iterator[Page]:
    """The page of all tables, opened once for questions that leave it as it is."""
    with open_page(browser, everything_file) as page:
        yield page
