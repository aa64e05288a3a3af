"""How fast the explorer's page is: of a large bundle, in a real Chromium."""

from __future__ import annotations

import itertools
import json
import statistics
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import sync_playwright

from scopegate.errors import ScopegateError
from scopegate.explorer.page import compose_page, read_explorer
from scopegate.explorer.sdk import read_sdk
from tools.bench.browser import ARGUMENTS, NO_CHROMIUM, VIEWPORT, find_chromium
from tools.bench.probes import list_probes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from scopegate.live.opa import Opa
    from scopegate.live.questions import Question

_TIMERS: Final = (files("tools.bench") / "explored.js").read_text(encoding="utf-8")
_WORD: Final = "snapshots get"
"""What is searched for, letter by letter."""

_ACTIONS: Final = 20
_FEW: Final = 20
_PAUSE: Final = 60
"""Milliseconds between two keys: of somebody who types fast."""

_PATIENCE: Final = 120_000
"""Milliseconds, which nothing here should take."""

_OPENINGS: Final = 3
_DECISIONS: Final = 50


@dataclass(frozen=True, slots=True)
class Typing:
    """What keystrokes take until the next frame is painted, and the longest task meanwhile.

    In milliseconds. Browsers tell of no task that takes less than 50: `task` is 0 then.
    """

    median: float
    worst: float
    task: float


@dataclass(frozen=True, slots=True)
class Explored:
    """The page of one number of routes: its size, and times in milliseconds.

    `paint` is the first contentful one, and `ready` is when the policy can be asked. `first` and
    `opens` are the first and all answers to what a policy opens, and `closed` all for one with
    conditions. `few` and `whole` are the least policies for twenty and for all routes.
    """

    routes: int
    page_bytes: int
    paint: float
    ready: float
    search: Typing
    policy: Typing
    decision: float
    first: float
    opens: float
    closed: float
    few: float
    whole: float

    @property
    def task(self) -> float:
        """The longest task while somebody types."""
        return max(self.search.task, self.policy.task)


def find_missing(project: Path) -> str | None:
    """Say what the explorer's page can't be measured without; None where all is there."""
    try:
        read_sdk(None, project)
    except ScopegateError as error:
        return str(error)
    return None if find_chromium(project) else NO_CHROMIUM


def make_page(bundle: Path, *, project: Path, opa: Opa) -> Path:
    """Make the page of a bundle, beside it."""
    explorer = read_explorer(bundle, opa=opa, sdk=read_sdk(None, project))
    file = bundle.with_suffix(".html")
    file.write_text(compose_page(explorer), encoding="utf-8")
    return file


def measure_explorer(pages: Sequence[Path], *, project: Path, keys: int) -> tuple[Explored, ...]:
    """Measure each of the pages, with so many keystrokes in a field.

    Raises playwright's Error where one does not answer.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(project), args=ARGUMENTS)
        measured = tuple(_measure(browser, page, keys) for page in pages)
        browser.close()
    return measured


def _measure(browser: Browser, file: Path, keys: int) -> Explored:
    opened = [_open(browser, file) for _ in range(_OPENINGS)]
    for page, _, _ in opened[1:]:
        page.context.close()
    page = opened[0][0]
    facts: list[dict[str, Any]] = page.evaluate("bench.routes()")
    routes = [route["key"] for route in facts]
    actions = [route["actions"][0] for route in facts if route["actions"]]
    # From all of the table, and one for many.
    chosen = [*actions[:: -(-len(actions) // _ACTIONS)], "*:*:list"]
    probe = list_probes()[0]
    search = _type(page, "input[type=search]", _spell_word(keys))
    decision = statistics.median(_time_decisions(page, probe.question))
    few, whole = (
        page.evaluate("keys => bench.time('least', { keys, at: 'iam_project' })", asked)
        for asked in (routes[:: -(-len(routes) // _FEW)], routes)
    )
    page.click("nav a[href*='view=policy']")
    first, opens = page.evaluate("text => bench.open(text)", _spell_policy(chosen))
    policy = _type(page, "textarea", "x" * (keys - keys // 2) + "\b" * (keys // 2), inside=True)
    _, closed = page.evaluate("text => bench.open(text)", _spell_policy(chosen, Condition={}))
    page.context.close()
    return Explored(
        routes=len(routes),
        page_bytes=file.stat().st_size,
        paint=statistics.median(paint for _, paint, _ in opened),
        ready=statistics.median(ready for _, _, ready in opened),
        search=search,
        policy=policy,
        decision=decision,
        first=first,
        opens=opens,
        closed=closed,
        few=few,
        whole=whole,
    )


def _open(browser: Browser, file: Path) -> tuple[Page, float, float]:
    """Open the page anew; return it, and when it was painted first and its policy was ready."""
    context = browser.new_context(offline=True, viewport=VIEWPORT)
    context.set_default_timeout(_PATIENCE)
    context.add_init_script(_TIMERS)
    page = context.new_page()
    page.goto(f"{file.as_uri()}#lang=en")
    paint, ready = page.evaluate("bench.opened()")
    return page, paint, ready


def _time_decisions(page: Page, question: Question) -> Sequence[float]:
    times: list[float] = page.evaluate(
        "async ([inputs, number]) => { const times = [];"
        " for (let i = 0; i < number; i++) times.push(await bench.time('decide', { inputs }));"
        " return times; }",
        [[json.dumps(question)], _DECISIONS],
    )
    return times


def _type(page: Page, field: str, keys: str, *, inside: bool = False) -> Typing:
    """Press keys in a field; with `inside`, behind the first action of the policy that it has."""
    page.focus(field)
    if inside:
        page.evaluate("field => bench.enter(document.querySelector(field))", field)
    page.evaluate("bench.watch()")
    for key in keys:
        page.keyboard.press("Backspace" if key == "\b" else key)
        page.wait_for_timeout(_PAUSE)
    times, task = page.evaluate("bench.watched()")
    return Typing(statistics.median(times), max(times), task)


def _spell_word(keys: int) -> str:
    """Spell the keys that write the word and delete it, over and over."""
    return "".join(itertools.islice(itertools.cycle(_WORD + "\b" * len(_WORD)), keys))


def _spell_policy(actions: Sequence[str], **members: Any) -> str:  # noqa: ANN401  JSON
    statement = {"Effect": "Allow", "Action": [*actions], **members}
    return json.dumps({"Version": "1.1", "Statement": [statement]}, indent=2)
