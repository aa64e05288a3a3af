"""Jinja2 for Rego: every value reaches a template's output as a literal of JSON."""

from __future__ import annotations

import json
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def make_environment() -> Environment:
    """Return the environment of the package's templates.

    Filters: `literal` spells a JSON value on one line, `block` an array or object with a member a
    line as `opa fmt` does.
    """
    environment = Environment(
        loader=PackageLoader("scopegate.render"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  Rego is no HTML; `literal` and `block` escape
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["literal"] = spell_literal
    environment.filters["block"] = spell_block
    return environment


def spell_literal(value: Any) -> str:  # noqa: ANN401  any JSON
    """Spell a JSON value as Rego, on one line. Any text stays inside its quotes.

    Characters that would not be seen are escaped, so that a reader is not fooled.
    """
    return "".join(
        character if character.isprintable() else json.dumps(character)[1:-1]
        for character in json.dumps(value, ensure_ascii=False)
    )


def spell_block(value: Any, tabs: int = 0) -> str:  # noqa: ANN401  any JSON
    """Spell a JSON value as Rego, one member or item on each line, where it has any."""
    if not value or not isinstance(value, dict | list):
        return spell_literal(value)
    indent = "\t" * tabs
    if isinstance(value, dict):
        items = [
            f"{spell_literal(key)}: {spell_block(item, tabs + 1)}" for key, item in value.items()
        ]
        opening, closing = "{", "}"
    else:
        items = [spell_block(item, tabs + 1) for item in value]
        opening, closing = "[", "]"
    lines = "".join(f"{indent}\t{item},\n" for item in items)
    return f"{opening}\n{lines}{indent}{closing}"
