"""Modules of JavaScript into one script: a page that is one file has nothing to import from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopegate.errors import ScopegateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_IMPORT: Final = re.compile(r'^import (?:\{[^}]*\}) from "\./([\w.]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?function|const|class)", re.MULTILINE)
_LEFT: Final = re.compile(r"^\s*(?:import|export)\b.*", re.MULTILINE)


def link(entry: str, modules: Mapping[str, str]) -> str:
    """Put a module after those that it imports, each once, as one module that imports none.

    What is imported keeps its name, so no two modules may have the same at their top level; a
    browser refuses a script where two have. Raises ScopegateError where a module imports what is
    not there, or in another form than `import { a, b } from "./module.js";`.
    """
    order = list(dict.fromkeys(_list_needed(entry, modules, ())))
    return "\n".join(_strip(name, modules[name]) for name in order)


def _list_needed(name: str, modules: Mapping[str, str], above: tuple[str, ...]) -> Iterator[str]:
    if name in above or name not in modules:
        raise ScopegateError(f"{' imports '.join((*above, name))}: there is no such module below")
    for needed in _IMPORT.findall(modules[name]):
        yield from _list_needed(needed, modules, (*above, name))
    yield name


def _strip(name: str, text: str) -> str:
    stripped = _EXPORT.sub("", _IMPORT.sub("", text))
    if left := _LEFT.search(stripped):
        raise ScopegateError(f"{name}: {left[0].strip()}: expected another form of it")
    return f"// {name}\n{stripped.lstrip()}"
