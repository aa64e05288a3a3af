"""The published pages: each row is accounted for, and those read by hand are read alike."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scopegate.importing.survey import Survey, survey_pages

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the published pages are not here")


@cache
def survey() -> Survey:
    return survey_pages(CORPUS)


@cache
def list_lines() -> list[dict[str, Any]]:
    return [json.loads(json.dumps(line)) for line in survey().lines]


def test_rows_read_by_hand_are_read_alike() -> None:
    found = {(line["path"], line["table"], line["row"]): line for line in list_lines()}
    text = (CORPUS / "readings.jsonl").read_text(encoding="utf-8")
    readings = [json.loads(line) for line in text.splitlines()]

    assert len(readings) == 184
    for reading in readings:
        del reading["note"]
        assert found[reading["path"], reading["table"], reading["row"]] == reading


def test_the_counts_add_up() -> None:
    counts = survey().count()

    assert (counts["tables"], counts["rows"]) == (96, 975)
    assert counts["rows"] == len(list_lines())
    assert counts["rows"] == (
        counts["with_routes"] + counts["catalogue"] + sum(counts["unresolved"].values())
    )
    assert counts["unresolved"] == {
        "api_name_only": 68,
        "cross": 5,
        "no-action": 3,
        "no_method": 6,
    }


def test_rows_that_print_a_method_and_a_path_resolve() -> None:
    rows = [row for row in survey().rows if row.endpoints]

    assert sum(row.unresolved is None for row in rows) / len(rows) >= 0.98


def test_what_is_odd_is_told() -> None:
    assert Counter(each.code for each in survey().diagnostics) == {
        "no-endpoint": 73,
        "unread-text": 29,
        "repaired-endpoint": 20,
        "bad-endpoint": 6,
        "odd-path": 5,
        "no-action": 3,
    }
