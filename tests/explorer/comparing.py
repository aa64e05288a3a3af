"""The same inputs asked of a page and of a live OPA, and what both say held against each other."""

import json
from collections.abc import Sequence
from typing import Any

import requests
from playwright.sync_api import Page

from scopegate.live.asking import DECISION_PATH, split_batches
from tests.explorer.opening import ask
from tests.harness.alike import DECISIONS, normalize

HEADERS = {"Content-Type": "application/json"}
SECONDS = 60


def query(url: str, rego: str, text: str) -> Any:  # noqa: ANN401  any JSON
    """The value that a query assigns to `answer`; the input is a text, so that it stays as it is.

    What Python reads and writes again is another text: 1e2 would be 100.0.
    """
    body = f'{json.dumps({"query": rego})[:-1]}, "input": {text}}}'
    answered = requests.post(f"{url}/v1/query", body.encode(), headers=HEADERS, timeout=SECONDS)
    answered.raise_for_status()
    return answered.json()["result"][0]["answer"]


def decide_alone(session: requests.Session, url: str, text: str) -> Any:  # noqa: ANN401  as above
    """The decision on one input as a gateway asks for it; None where OPA refuses the input."""
    body = f'{{"input": {text}}}'.encode()
    answered = session.post(f"{url}{DECISION_PATH}", body, headers=HEADERS, timeout=SECONDS)
    return answered.json().get("result")


def assert_alike(page: Page, url: str, inputs: Sequence[str]) -> int:
    """Ask about the texts of inputs, each once; the number of decisions that were the same."""
    asked = list(dict.fromkeys(inputs))
    for batch in split_batches(asked):
        expected = query(url, DECISIONS, f"[{','.join(batch)}]")
        for text, ours, theirs in zip(batch, ask(page, batch), expected, strict=True):
            assert normalize(ours) == normalize(theirs), text[:2000]
    return len(asked)
