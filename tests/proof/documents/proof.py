"""Documents read by the thousand: none is read otherwise than it says, and no row is lost silently.

Each is made from a seed and its number, and so made again: `make_document(seed, number)`.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from pprint import pformat
from time import perf_counter
from typing import Final

from tests.importing.rendering import RENDERERS
from tests.proof.chunks import run_chunks
from tests.proof.documents.documents import Document, make_document
from tests.proof.documents.judging import Finding, judge
from tests.proof.documents.shrinking import shrink_document
from tests.proof.reports import Figure, Report, Tell

_MOST_SHRUNK: Final = 3
"""Of a chunk and a kind: what has one cause is found in many documents."""

HOW: Final = ("made", "damaged", "fragments", "encoded otherwise")
"""How documents come about."""

KINDS: Final = {
    "crash": "crashes",
    "counts": "sums that do not add up",
    "lost": "rows lost silently",
    "invented": "invented routes",
    "misread": "made pages misread",
}
"""What may be found of a document, and what its figure is called."""


@dataclass
class Tally:
    """What a chunk of documents had: figures that are summed, and failures in words."""

    figures: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0
    failures: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """The number of documents."""
        return sum(self.figures[name] for name in RENDERERS)

    def add(self, other: "Tally") -> None:
        """Add what another chunk had."""
        self.figures += other.figures
        self.found += other.found
        self.codes += other.codes
        self.slowest = max(self.slowest, other.slowest)
        self.failures += other.failures


def prove(*, count: int, seed: int, tell: Tell) -> Report:
    """Read `count` documents, on two cores; what is found is shrunk, and told as a test."""
    whole = Tally()
    for tally in run_chunks(count, partial(run_chunk, seed)):
        whole.add(tally)
        done = whole.count
        tell(f"{done:,} of {count:,} documents", done / count)
    return Report("documents", dict(_list_figures(whole)), whole.failures)


def _list_figures(tally: Tally) -> Iterator[tuple[str, Figure]]:
    yield "documents", tally.count
    for name in RENDERERS:
        yield f"documents: {name}", tally.figures[name]
    for name in (*HOW, "rows read", "rows unresolved"):
        yield name, tally.figures[name]
    for kind, name in KINDS.items():
        yield name, tally.found[kind]
    yield "slowest, in seconds", round(tally.slowest, 2)
    for code, found in sorted(tally.codes.items()):
        yield f"told: {code}", found


def run_chunk(seed: int, first: int, count: int) -> Tally:
    """Read documents from the number `first` on."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(first, first + count):
            document = make_document(seed, number)
            start = perf_counter()
            verdict = judge(document, folder)
            tally.slowest = max(tally.slowest, perf_counter() - start)
            tally.figures[document.format] += 1
            tally.figures[document.kind] += 1
            tally.figures["rows read"] += verdict.rows
            tally.figures["rows unresolved"] += verdict.unresolved
            tally.codes += verdict.codes
            for kind in dict.fromkeys(each.kind for each in verdict.findings):
                tally.found[kind] += sum(each.kind == kind for each in verdict.findings)
                if tally.found[kind] <= _MOST_SHRUNK:
                    tally.failures.append(tell_finding(document, kind, seed, number, folder))
    return tally


def tell_finding(document: Document, kind: str, seed: int, number: int, folder: Path) -> str:
    """Tell what was found of a document, shrunk, as a test that fails."""
    small = shrink_document(document, kind, folder)
    found: list[Finding] = judge(small, folder).findings
    said = "\n".join(f"# {each.kind}: {each.message}" for each in found)
    spelt = pformat(small, width=90).replace("\n", "\n    ")
    return f"""{said}
def test_document_{seed}_{number}(tmp_path: Path) -> None:
    document = {spelt}

    assert judge(document, tmp_path).findings == []
"""
