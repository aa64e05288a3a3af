"""Texts are JSON, also large and odd ones; what is no decision, or slow, is told."""

import json
import random
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scopegate.live.opa import Opa
from tests.proof import any_json
from tests.proof.any_json import MEGABYTE, TextMaker, ask, find_failure, prove
from tests.proof.decisions.inputs import Known
from tests.proof.decisions.run import read_rows


def make_texts(project: Path, count: int) -> list[tuple[str, bool]]:
    maker = TextMaker(Known(read_rows(project)), random.Random(7))  # noqa: S311  nothing secret about it
    return [maker.make() for _ in range(count)]


def test_a_small_run(project: Path, everything_bundle: Path, opa: Opa) -> None:
    rows, seed = read_rows(project), random.randrange(10**6)  # noqa: S311  as above
    report = prove(everything_bundle, rows, opa, count=1000, seed=seed, tell=lambda *_: None)
    # A busy machine may be slow.
    assert [each for each in report.failures if not each.startswith("took ")] == []
    assert report.figures["answered by a decision"] == 1000


def test_texts_are_json_of_all_sizes(project: Path) -> None:
    texts = make_texts(project, 2000)
    # Python's reader goes less deep than OPA's, and reads fewer digits.
    assert all(json.loads(text, parse_int=str) is not ... for text, _ in texts if "[[[" not in text)
    large = [len(text.encode()) for text, is_large in texts if is_large]
    assert len(large) > 5
    assert max(large) > MEGABYTE / 2
    assert max(len(text.encode()) for text, _ in texts) <= MEGABYTE
    assert len({text for text, _ in texts}) > 1500


@pytest.mark.parametrize(
    ("came", "failure"),
    [
        (None, "no decision but None"),
        ("500: conflict", "no decision but 500: conflict"),
        ({"reason": "allowed"}, "a decision with the members ['reason']"),
        (dict.fromkeys(any_json.MEMBERS, "odd"), "the reason odd"),
        (dict.fromkeys(any_json.MEMBERS, "allowed"), ""),
    ],
)
def test_what_is_no_decision_is_told(came: object, failure: str) -> None:
    assert find_failure(came) == failure


def test_what_opa_does_not_read_is_told(opa_url: str) -> None:
    with closing(HTTPConnection(urlsplit(opa_url).netloc)) as connection:
        came, _ = ask(connection, '{"a": }')
    assert find_failure(came).startswith("no decision but 400: ")


def test_what_is_slow_is_told(project: Path, opa_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(any_json, "MOST_SECONDS", 0.0)
    any_json.begin(any_json.Plan(opa_url, Known(read_rows(project)), 1))
    assert [each[:9] for each in any_json.run_chunk(0, 3).failures] == ["took 0.0 "] * 3
