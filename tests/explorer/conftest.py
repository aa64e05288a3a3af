"""A real Chromium, and pages for it to open."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scopegate.explorer.page import Explorer, compose_page
from scopegate.explorer.policy import compile_policy
from scopegate.explorer.sdk import read_sdk
from scopegate.live.asking import BundleEngine
from scopegate.live.opa import BIN, Opa
from scopegate.policies.routes import read_routes
from tests.explorer.opening import ARGUMENTS, open_page


@pytest.fixture(scope="session")
def chromium(project: Path) -> str:
    """The program."""
    found = shutil.which("chromium", path=os.pathsep.join([str(project / BIN), os.environ["PATH"]]))
    if not found:
        pytest.skip("no Chromium: `make chromium` says why, CONTRIBUTING.md what helps")
    return found


# Of a module: while it runs, nothing else in this process can run an event loop of its own.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


def compose(bundle: Path, project: Path, opa: Opa, folder: Path) -> Path:
    file = folder / "explorer.html"
    explorer = Explorer(
        routes=read_routes(BundleEngine(bundle, opa=opa)),
        policy=compile_policy(bundle, opa),
        sdk=read_sdk(None, project),
    )
    file.write_text(compose_page(explorer), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def seed_file(
    bundle: Path, project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The page of the default profile."""
    return compose(bundle, project, opa, tmp_path_factory.mktemp("seed"))


@pytest.fixture(scope="session")
def everything_file(
    everything_bundle: Path, project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The page of the tables of all providers."""
    return compose(everything_bundle, project, opa, tmp_path_factory.mktemp("everything"))


@pytest.fixture
def seed(browser: Browser, seed_file: Path) -> Iterator[Page]:
    """The page of the default profile, opened."""
    with open_page(browser, seed_file) as page:
        yield page


@pytest.fixture(scope="module")
def everything_page(browser: Browser, everything_file: Path) -> Iterator[Page]:
    """The page of all tables, opened once for questions that leave it as it is."""
    with open_page(browser, everything_file) as page:
        yield page
