"""The documented list of reasons is the one that decisions are made of."""

import re
from pathlib import Path

from tests.oracle import REASONS


def test_the_documented_reasons_are_the_oracles_in_their_order(project: Path) -> None:
    text = (project / "docs" / "decisions.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\|\s*\d+\s*\|\s*`(\w+)`\s*\|", text, re.MULTILINE)
    assert tuple(documented) == REASONS
