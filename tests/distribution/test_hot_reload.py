"""The bundle changes while clients ask: each is answered, by one revision or the other."""

import itertools
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from scopegate.live.opa import Opa
from scopegate.live.serving import wait_until_ready
from tests.decisions.inputs import KINDS
from tests.distribution.conftest import Edition
from tests.distribution.live import run_example
from tests.distribution.long_polling import serve_shelf
from tests.harness.client import Client
from tests.oracle import Decision, Given, decide

CLIENTS = 4
CHANGES = 100
QUESTIONS = 12

Question = tuple[Given, dict[str, Decision]]
"""With what the oracle says, by each revision."""


def test_each_decision_is_wholly_of_the_revision_that_it_names(
    opa: Opa, editions: tuple[Edition, Edition], tmp_path: Path
) -> None:
    older, newer = editions
    questions = choose_questions(editions)
    stop = Event()
    with (
        serve_shelf(older.packed) as shelf,
        run_example(opa, "long-polling.yaml", shelf.url, tmp_path) as url,
        ThreadPoolExecutor(CLIENTS) as pool,
    ):
        wait_until_ready(url, older.revision, log=tmp_path / "opa.log")
        shelf.wait_until_active()
        asking = [pool.submit(ask_until, stop, url, questions) for _ in range(CLIENTS)]
        try:
            for edition in itertools.islice(itertools.cycle((newer, older)), CHANGES):
                shelf.publish(edition.packed)
                shelf.wait_until_active()
        finally:
            stop.set()
        activations = shelf.answers.count(200)
        seen = sum((future.result() for future in asking), Counter[str]())

    assert activations == 1 + CHANGES
    assert seen.keys() == {older.revision, newer.revision}
    assert min(seen.values()) > CHANGES


def choose_questions(editions: Sequence[Edition]) -> list[Question]:
    """Questions that the editions answer differently."""
    asked = [given for route in editions[0].tables for given in KINDS["one place"](route)]
    known: list[Question] = [
        (
            given,
            {each.revision: strip(decide(each.tables, given, each.revision)) for each in editions},
        )
        for given in asked
    ]
    telling = [
        (given, answers)
        for given, answers in known
        if len({decision["allow"] for decision in answers.values()}) > 1
    ]
    assert len(telling) >= QUESTIONS
    return telling[:QUESTIONS]


def ask_until(stop: Event, url: str, questions: Sequence[Question]) -> Counter[str]:
    """Ask without a pause, and compare each answer; the number of answers by their revisions."""
    seen: Counter[str] = Counter()
    in_turn = itertools.cycle(questions)
    with Client(url) as client:
        while not stop.is_set():
            given, answers = next(in_turn)
            decision = client.decide(given)
            revision = decision["revision"]
            assert strip(decision) == answers[revision]
            seen[revision] += 1
    return seen


def strip(decision: Decision) -> Decision:
    """All but the text for people, which the oracle leaves free."""
    return {name: value for name, value in decision.items() if name != "message"}
