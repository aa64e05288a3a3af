"""The engine of a page goes on: after faults and after large inputs it decides as before."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page

from tests.explorer.odd_inputs import LARGE, spell
from tests.explorer.opening import ask

# Deeper than the parsers go that are a function for each level.
DEEP = spell(f'"body": {"[" * 100_000}{"]" * 100_000}')
QUESTIONS = (
    spell(),
    spell("", "", '"Condition": {}'),
    spell('"host": 1'),
    spell().replace("/snapshots", "/%73napshots"),
)


@pytest.fixture
def answers(seed_page: Page) -> Iterator[list[object]]:
    """What is decided before anything happened; afterwards it is the same."""
    before = ask(seed_page, QUESTIONS)
    assert [each["reason"] for each in before] == [
        *("allowed", "action_not_granted", "malformed_request", "allowed")
    ]
    yield before
    assert ask(seed_page, QUESTIONS) == before


def test_inputs_that_make_memory_grow(seed_page: Page, answers: list[object]) -> None:
    huge = spell(f'"body": "{"😀" * 200_000}"')

    for text in (huge, LARGE["5001 statements"], LARGE["2001 grants"], huge, huge):
        (decision,) = ask(seed_page, [text])
        assert decision["reason"] in {"allowed", "action_not_granted", "malformed_request"}
        assert ask(seed_page, QUESTIONS[:1]) == answers[:1]


@pytest.mark.usefixtures("answers")
def test_inputs_that_are_too_deep_are_faults(seed_page: Page) -> None:
    for _ in range(3):
        with pytest.raises(Error, match="Maximum call stack size exceeded"):
            ask(seed_page, [DEEP])


@pytest.mark.usefixtures("answers")
def test_one_fault_is_the_fault_of_all_that_are_asked_with_it(seed_page: Page) -> None:
    with pytest.raises(Error, match="JSON"):
        ask(seed_page, [spell(), "{", spell()])


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("unknown", {}),
        ("decide", {}),
        ("examine", {"input": "{"}),
        ("decide", {"inputs": ["", "{"]}),
    ],
)
def test_questions_that_are_none_are_faults(kind: str, asked: object, seed_page: Page) -> None:
    with pytest.raises(Error):
        seed_page.evaluate(f"asked => scopegate.ask('{kind}', asked)", asked)


@pytest.mark.usefixtures("answers")
def test_what_was_asked_beside_a_fault_is_answered(seed_page: Page) -> None:
    told = seed_page.evaluate(
        """async ([good, deep]) => JSON.stringify((await Promise.allSettled(
            [good, deep, good].map((text) => scopegate.ask("decide", { inputs: [text] }))
        )).map(({ status, value }) => [status, value?.[0].reason]))""",
        [spell(), DEEP],
    )

    assert json.loads(told) == [
        ["fulfilled", "allowed"],
        ["rejected", None],
        ["fulfilled", "allowed"],
    ]
