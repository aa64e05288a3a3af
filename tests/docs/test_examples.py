"""The examples of docs/decisions.md are what a live server answers."""

import json
from typing import Any

import jsonschema
import pytest

from tests.docs.blocks import PROJECT, read_json
from tests.harness.client import Client

BLOCKS = [json.loads(text) for text in read_json("docs/decisions.md")]
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
