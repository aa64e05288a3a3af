"""Opens pages as a person does, by their file, and holds them to it that nothing goes wrong."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tools.bench.browser import VIEWPORT


@contextmanager
def open_page(
    browser: Browser,
    file: Path,
    link: str = "#lang=en",
    **context: Any,  # noqa: ANN401  as Playwright has it
) -> Iterator[Page]:
    """Open a page, offline; raises AssertionError where it complained or asked for anything."""
    opened = browser.new_context(**{"offline": True, "viewport": VIEWPORT, **context})
    opened.set_default_timeout(15_000)
    page = opened.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "request",
        lambda request: (
            trouble.append(request.url) if not request.url.startswith(("file:", "blob:")) else None
        ),
    )
    page.goto(f"{file.as_uri()}{link}")
    page.evaluate("scopegate.loaded")
    yield page
    opened.close()
    assert not trouble, trouble


def ask(page: Page, inputs: Sequence[str]) -> list[Any]:
    """The decisions of the page's policy on the texts of inputs."""
    answers = page.evaluate(
        "inputs => scopegate.ask('decide', { inputs }).then(JSON.stringify)", list(inputs)
    )
    decisions: list[Any] = json.loads(answers)
    return decisions
