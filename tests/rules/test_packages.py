"""A package of the rules refers to those alone that docs/architecture.md lists above it."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/architecture.md").read_text(encoding="utf-8")
ORDER = re.findall(r"^\| `(scopegate[\w.]*)` \|", PAGE, re.MULTILINE)


def read_rules() -> dict[str, str]:
    """The text of all modules of each package, but those of tests."""
    texts: dict[str, str] = defaultdict(str)
    for path in sorted((PROJECT / "rego/scopegate").rglob("*.rego")):
        if not path.name.endswith("_test.rego"):
            text = path.read_text(encoding="utf-8")
            [package] = re.findall(r"^package (\S+)$", text, re.MULTILINE)
            texts[package] += text
    return texts


RULES = read_rules()


def test_every_package_is_listed() -> None:
    # The one besides has nothing but what its subpackages have in common to say.
    assert {*ORDER} == RULES.keys() - {"scopegate.gateways"}


@pytest.mark.parametrize("package", ORDER)
def test_a_package_refers_to_those_above_it(package: str) -> None:
    references = set(re.findall(r"\bdata\.(scopegate\b[\w.]*)", RULES[package]))
    others = [
        max((each for each in RULES if f"{reference}.".startswith(f"{each}.")), key=len)
        for reference in references
        if not reference.startswith("scopegate.bundle.")
    ]

    assert {*others} - {package} <= {*ORDER[: ORDER.index(package)]}
