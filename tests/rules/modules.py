"""The modules of the rules, without those of their tests, as text."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def list_modules() -> list[Path]:
    """All modules, by hand and generated."""
    modules = sorted((PROJECT / "rego/scopegate").rglob("*.rego"))
    return [path for path in modules if not path.name.endswith("_test.rego")]


def read_packages(modules: Iterable[Path]) -> dict[str, str]:
    """The text of all of the modules of each package, by the package's name."""
    texts: dict[str, str] = defaultdict(str)
    for path in modules:
        text = path.read_text(encoding="utf-8")
        [package] = re.findall(r"^package (\S+)$", text, re.MULTILINE)
        texts[package] += text
    return texts
