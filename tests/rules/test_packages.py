"""A package of the rules refers to those alone that docs/architecture.md lists above it."""

import re

import pytest

from tests.rules.modules import PROJECT, list_modules, read_packages

PAGE = (PROJECT / "docs/architecture.md").read_text(encoding="utf-8")
ORDER = re.findall(r"^\| `(scopegate[\w.]*)` \|", PAGE, re.MULTILINE)


RULES = read_packages(list_modules())


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
