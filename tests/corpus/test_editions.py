"""Editions of the same tables among the published pages: what differs is what editions.yaml says.

`scopegate compare EARLIER LATER` prints the same; what was reworded is only counted there.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from scopegate.importing.editions import compare_editions, read_edition
from scopegate.tables.changes import ChangeKind
from scopegate.tables.sources import read_sources
from tests.corpus.test_corpus import CORPUS

PROJECT = Path(__file__).parents[2]
KNOWN: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("editions.yaml").read_text(encoding="utf-8")
)

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the published pages are not here")


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"{known['earlier']} {known['later']}")
def test_editions_differ_as_is_known(known: dict[str, Any]) -> None:
    sides = [read_edition(CORPUS / known[side]) for side in ("earlier", "later")]

    changes = compare_editions(*sides)

    counts = Counter(change.kind for change in changes)
    assert counts[ChangeKind.REWORDED] == known["reworded"]
    told = [str(each) for each in changes if each.kind is not ChangeKind.REWORDED]
    assert told == known["differences"]


def test_every_page_that_is_an_edition_of_another_is_compared_with_it() -> None:
    documents = read_sources(PROJECT / "tables").documents
    editions = [(each.name, each.edition_of) for each in documents if each.edition_of is not None]

    assert editions
    for name, other in editions:
        assert any(
            has_page(known["earlier"], name) and has_page(known["later"], other) for known in KNOWN
        ), f"{name} is compared with nothing that has {other}"


def has_page(path: str, name: str) -> bool:
    """Whether a page or folder of the corpus is, or has, the page that the lock calls so."""
    _, _, path = path.partition("/")
    return f"{name}/".startswith(f"{path}/")
