"""What the policy decides in a real Chromium is what a live OPA decides, in every member."""

import json
from collections.abc import Sequence

from playwright.sync_api import Page

from scopegate.live.asking import Server, split_batches
from tests.decisions.inputs import questions
from tests.decisions.inputs.malformed import full_input, lean_input, malformed
from tests.explorer.opening import ask
from tests.harness.client import Client
from tests.oracle import ABSENT, Documented, Given

DECISIONS = """\
answer := [decision |
    some question in input
    decision := data.scopegate.decision with input as question
]"""


def normalize(decision: object) -> str:
    """Sets are lists whose order WebAssembly does not keep."""
    return json.dumps(sort_sets(decision), sort_keys=True, ensure_ascii=False)


def sort_sets(value: object) -> object:
    if isinstance(value, dict):
        return {name: sort_sets(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted(map(sort_sets, value), key=lambda each: json.dumps(each, sort_keys=True))
    return value


def assert_alike(page: Page, url: str, inputs: Sequence[Given]) -> int:
    asked = list({json.dumps(given): given for given in inputs if given is not ABSENT}.items())
    with Server(url, seconds=60) as server:
        for batch in split_batches(asked):
            expected = server.query(DECISIONS, [given for _, given in batch])
            decided = ask(page, [text for text, _ in batch])
            for (text, _), theirs, ours in zip(batch, expected, decided, strict=True):
                assert normalize(ours) == normalize(theirs), text
    return len(asked)


def test_the_matrix_of_the_seed(seed: Page, opa_url: str, tables: tuple[Documented, ...]) -> None:
    inputs = [given for route in tables for given in questions(route)]

    assert assert_alike(seed, opa_url, inputs[::7]) > 100


def test_malformed_inputs(seed: Page, opa_url: str, tables: tuple[Documented, ...]) -> None:
    inputs = [*malformed(full_input(tables[0])), *malformed(lean_input(tables[0]))]

    assert assert_alike(seed, opa_url, inputs) > 100


def test_no_input_at_all(seed: Page, client: Client) -> None:
    (decided,) = json.loads(
        seed.evaluate("scopegate.ask('decide', { inputs: [undefined] }).then(JSON.stringify)")
    )

    assert normalize(decided) == normalize(client.decide(ABSENT))
