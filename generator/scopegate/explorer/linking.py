"""Modules of JavaScript into one script: a page that is one file has nothing to import from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopegate.errors import ScopegateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_IMPORT: Final = re.compile(r'^import (\{ \w+(?:, \w+)* \}) from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ((?:async )?function|const|class) (\w+)", re.MULTILINE)
_LEFT: Final = re.compile(r"^\s*(?:import|export)\b.*", re.MULTILINE)


def link(entry: str, modules: Mapping[str, str]) -> str:
    """Put a module after those that it imports, each once, as one script that imports none.

    Each becomes a function that is called, so that names which are not exported are its own.
    Modules import with `import { a, b } from "./module.js";` and export functions, constants and
    classes where they are declared. Raises ScopegateError where one does otherwise, or imports what
    is not there.
    """
    order = dict.fromkeys(_list_needed(entry, modules, ()))
    for name in order:
        for names, needed in _IMPORT.findall(modules[name]):
            exported = {each for _, each in _EXPORT.findall(modules[needed])}
            if missing := set(re.findall(r"\w+", names)) - exported:
                raise ScopegateError(f"{name}.js: {needed}.js exports no {min(missing)}")
    return "\n".join(_wrap(name, modules[name]) for name in order)


def _list_needed(name: str, modules: Mapping[str, str], above: tuple[str, ...]) -> Iterator[str]:
    if name in above or name not in modules:
        raise ScopegateError(f"{' imports '.join((*above, name))}: there is no such module below")
    for _, needed in _IMPORT.findall(modules[name]):
        yield from _list_needed(needed, modules, (*above, name))
    yield name


def _wrap(name: str, text: str) -> str:
    body = _EXPORT.sub(r"\1 \2", _IMPORT.sub(r"const \1 = \2_module;\n", text))
    if left := _LEFT.search(body):
        raise ScopegateError(f"{name}.js: {left[0].strip()}: expected another form of it")
    exported = ", ".join(exported for _, exported in _EXPORT.findall(text))
    return f"const {name}_module = (() => {{\n{body}return {{ {exported} }};\n}})();\n"
