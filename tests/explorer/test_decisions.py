"""What the policy decides in a real Chromium is what a live OPA decides, in every member.

Of each kind of inputs every so many are asked, by numbers that share no divisor with those of the
lists that the kinds are products of.
"""

import itertools
import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Error, Page

from scopegate.live.opa import Opa
from scopegate.live.serving import serve_bundle
from tests.decisions.inputs import KINDS
from tests.decisions.inputs.malformed import full_input, lean_input, malformed
from tests.decisions.inputs.meetings import meetings
from tests.decisions.inputs.parts import Json
from tests.decisions.inputs.shipped import questions_about
from tests.decisions.test_made_tables import MADE, TOPICS
from tests.decisions.test_shipped import ROUTES
from tests.explorer.comparing import assert_alike, decide_alone
from tests.explorer.conftest import compose
from tests.explorer.odd_inputs import (
    LARGE,
    NO_JSON,
    odd_names,
    odd_numbers,
    of_nobody,
    twice,
)
from tests.explorer.opening import ask, open_page
from tests.harness.alike import normalize
from tests.harness.client import Client
from tests.harness.made import build_made_bundle
from tests.oracle import ABSENT, Documented, decide, read_tables


def test_the_matrix_of_the_seed(
    seed_page: Page, opa_url: str, tables: tuple[Documented, ...]
) -> None:
    """A third of the kinds of questions about each route, and of those every thirty-first."""
    kinds = list(KINDS.values())
    inputs = [
        given
        for number, route in enumerate(tables)
        for ask_about in kinds[number % 3 :: 3]
        for given in ask_about(route)
    ][::31]

    assert assert_alike(seed_page, opa_url, list(map(json.dumps, inputs))) > 1500


def test_malformed_inputs(seed_page: Page, opa_url: str, tables: tuple[Documented, ...]) -> None:
    inputs = [
        *list(malformed(full_input(tables[0])))[::9],
        *list(malformed(lean_input(tables[0])))[::5],
    ]

    assert (
        assert_alike(
            seed_page, opa_url, [json.dumps(each) for each in inputs if each is not ABSENT]
        )
        > 700
    )


def ask_made_tables() -> Iterator[Json]:
    for topic, kinds in TOPICS.items():
        routes = read_tables(sorted((MADE / topic).glob("*/*/*.yaml")))
        # Each route by one of the kinds: there are many routes.
        for route, kind in zip(routes, itertools.cycle(kinds), strict=False):
            yield from KINDS[kind](route)
        yield from itertools.islice(meetings(routes), 0, None, 3)


def test_made_tables_in_one_bundle(
    browser: Browser, project: Path, opa: Opa, tmp_path: Path
) -> None:
    bundle = tmp_path / "made.tar.gz"
    files = sorted(MADE.glob("*/*/*/*.yaml"))
    revision = build_made_bundle(files, rego=project / "rego", output=bundle, opa=opa)
    inputs = list(ask_made_tables())[::31]
    with (
        serve_bundle(opa, bundle, revision=revision, log=tmp_path / "opa.log") as url,
        open_page(browser, compose(bundle, opa, tmp_path)) as page,
    ):
        assert assert_alike(page, url, list(map(json.dumps, inputs))) > 1000


def required_of(rows: Sequence[Documented], given: Json) -> Sequence[str]:
    return list(decide(rows, given, "")["required"])


def test_shipped_tables_of_all_providers(everything_page: Page, everything_url: str) -> None:
    inputs = [
        given
        for rows in ROUTES.values()
        for given in questions_about(rows, partial(required_of, rows))
    ][::5]

    assert assert_alike(everything_page, everything_url, list(map(json.dumps, inputs))) > 1300


@pytest.mark.parametrize(
    ("kind", "least"), [(odd_numbers, 190), (odd_names, 700), (twice, 4), (of_nobody, 50)]
)
def test_odd_inputs(kind: object, least: int, seed_page: Page, opa_url: str) -> None:
    assert callable(kind)
    inputs = list(dict.fromkeys(kind()))
    assert len(inputs) >= least
    with requests.Session() as session:
        for text, ours in zip(inputs, ask(seed_page, inputs), strict=True):
            assert normalize(ours) == normalize(decide_alone(session, opa_url, text)), text


def test_large_inputs(seed_page: Page, opa_url: str) -> None:
    reasons = set()
    with requests.Session() as session:
        for name, text in LARGE.items():
            (ours,) = ask(seed_page, [text])
            assert normalize(ours) == normalize(decide_alone(session, opa_url, text)), name
            reasons.add(ours["message"].partition(" is malformed: more than ")[2].partition(" ")[2])
    limits = json.loads((Path(__file__).parents[2] / "rego/schemas/input.json").read_text())[
        "limits"
    ]

    assert reasons - {""} == limits.keys()


def test_texts_that_opa_refuses_to_read(seed_page: Page, opa_url: str) -> None:
    with requests.Session() as session:
        for text in NO_JSON:
            assert decide_alone(session, opa_url, text) is None, text
            with pytest.raises(Error):
                ask(seed_page, [text])


def test_no_input_at_all(seed_page: Page, client: Client) -> None:
    (decided,) = json.loads(
        seed_page.evaluate("scopegate.ask('decide', { inputs: [undefined] }).then(JSON.stringify)")
    )

    assert normalize(decided) == normalize(client.decide(ABSENT))
