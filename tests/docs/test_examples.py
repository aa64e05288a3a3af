"""The examples of docs/decisions.md are what a live server answers."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.harness.client import Client

PROJECT = Path(__file__).parents[2]
BLOCKS = [
    json.loads(block)
    for block in re.findall(
        r"^```json\n(.*?)^```",
        (PROJECT / "docs" / "decisions.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
]
EXAMPLES = list(zip(BLOCKS[::2], BLOCKS[1::2], strict=True))
SCHEMA = json.loads((PROJECT / "rego" / "schemas" / "input.json").read_text(encoding="utf-8"))


def test_each_input_is_followed_by_its_decision() -> None:
    assert len(EXAMPLES) >= 4
    assert all("request" in asked and "reason" in told for asked, told in EXAMPLES)


@pytest.mark.parametrize(("asked", "told"), EXAMPLES)
def test_a_server_answers_as_the_page_says(
    client: Client, asked: dict[str, Any], told: dict[str, Any]
) -> None:
    jsonschema.validate(asked, SCHEMA)
    decision = client.decide(asked)
    if "revision" in told:
        assert set(told) == set(decision)
        told = {**told, "revision": decision["revision"]}
    assert {name: decision[name] for name in told} == told
