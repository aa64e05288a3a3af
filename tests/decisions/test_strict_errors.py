"""A decision is defined also for those who ask OPA to stop at errors of builtins."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

import pytest
import requests

from tests.decisions.inputs import questions
from tests.decisions.inputs.malformed import full_input, lean_input, malformed
from tests.decisions.test_matrix import ROUTES
from tests.oracle import ABSENT, Documented, decide

LISTS = [route for route in ROUTES if route.path == "/v2/{project_id}/cloudsnapshots/detail"]


def list_inputs() -> Iterator[Any]:
    """Yield what the matrix asks about two routes, and what is malformed, both thinned out."""
    for route in (ROUTES[0], *LISTS):
        yield from islice(questions(route), 0, None, 7)
    inputs = chain.from_iterable(malformed(make(ROUTES[0])) for make in (full_input, lean_input))
    yield from islice(inputs, 0, None, 3)


def test_no_builtin_fails(opa_url: str, tables: tuple[Documented, ...], revision: str) -> None:
    asked = 0
    with requests.Session() as session:
        for given in list_inputs():
            if given is ABSENT:
                continue
            answer = session.post(
                f"{opa_url}/v1/data/scopegate/decision",
                params={"strict-builtin-errors": "true"},
                json={"input": given},
                timeout=30,
            )
            assert answer.status_code == requests.codes.ok, (given, answer.text)
            expected = decide(tables, given, revision)
            assert answer.json()["result"]["reason"] == expected["reason"], given
            asked += 1
    assert asked > 1000


@pytest.mark.parametrize("rule", ["decision", "allow"])
def test_no_input_at_all(opa_url: str, rule: str) -> None:
    url = f"{opa_url}/v1/data/scopegate/{rule}"
    answer = requests.post(url, params={"strict-builtin-errors": "true"}, json={}, timeout=30)
    assert "result" in answer.json()
