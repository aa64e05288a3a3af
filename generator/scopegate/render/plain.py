r"""A JSON Schema as a regular expression, which tells most of what satisfies it in one pass.

The expression is one over the text that OPA's `%v` gives a value: JSON with sorted members, a blank
after each comma and colon, and a `\` wherever a string needs an escape. What it matches satisfies
the schema. What it does not match may satisfy it too: the expression leaves out strings with a
`\`, members that the schema does not name, values of which it says too little for an expression,
and what it marks with `"evaluated": false`.

Go matches an expression in one pass where each character says how it goes on. So alternatives
begin differently here: what they begin with alike stands before them. And commas are optional,
which loses nothing, since OPA puts them where they belong.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_Atoms: TypeAlias = tuple[str, ...]
"""An expression in parts, of which alternatives can begin with the same: characters and groups."""

_Schema: TypeAlias = "Mapping[str, Any]"

_CLASS: Final = re.compile(r"\^(\[.+\])\+\$")
"""The form of `characters`: those of a class, at least one."""


def spell_plain_form(schema: _Schema) -> str:
    """Spell the expression for an array that has what satisfies `schema` as its one item.

    Raises ValueError where there is none.
    """
    atoms = _Speller(schema.get("definitions", {})).spell(schema)
    if atoms is None:
        raise ValueError(f"no expression can say what satisfies {schema.get('title')}")
    return rf"^\[{''.join(atoms)}\]$"


class _Speller:
    """Spells schemas that refer to `definitions`; None stands for what no expression can say."""

    def __init__(self, definitions: Mapping[str, _Schema]) -> None:
        self._definitions = definitions

    def spell(self, schema: _Schema) -> _Atoms | None:  # noqa: PLR0911  one for each keyword
        match schema:
            case {"evaluated": False}:
                return None
            case {"$ref": str(path)}:
                return self.spell(self._definitions[path.removeprefix("#/definitions/")])
            case {"enum": list(values)}:
                return _join_alternatives(
                    _quote(json.dumps(value, ensure_ascii=False)) for value in values
                )
            case {"anyOf": list(choices)} | {"oneOf": list(choices)} if "type" not in schema:
                spelt = [atoms for each in choices if (atoms := self.spell(each)) is not None]
                return _join_alternatives(spelt) if spelt else None
            case {"type": "boolean"}:
                return ("(?:true|false)",)
            case {"type": "string"}:
                return _spell_string(schema)
            case {"type": "array", "items": items}:
                item = self.spell(items)
                numbers = schema.get("minItems", 0), schema.get("maxItems")
                return None if item is None else _spell_list(item, *numbers)
            case {"type": "object", "additionalProperties": dict(values)}:
                value = self.spell(values)
                return value and ("\\{", f'(?:"[^"\\\\]*": {"".join(value)}(?:, )?)*', "\\}")
            case {"type": "object", "properties": {}}:
                return self._spell_object(schema)
            case _:
                return None

    def _spell_object(self, schema: _Schema) -> _Atoms | None:
        members = {
            name: (*_quote(f'{name}": '), *value)
            for name, each in sorted(schema["properties"].items())
            if (value := self.spell(each)) is not None
        }
        required = set(schema.get("required", ()))
        # Of the members in `oneOf` there is exactly one.
        choices = [set(each["required"]) for each in schema.get("oneOf", ())] or [set[str]()]
        excluded = set[str]().union(*choices)
        spelt = [
            _spell_members(
                {name: each for name, each in members.items() if name not in excluded - choice},
                required | choice,
            )
            for choice in choices
            if required | choice <= members.keys()
        ]
        return _join_alternatives(spelt) if spelt else None


def _spell_members(members: Mapping[str, _Atoms], required: set[str]) -> _Atoms:
    """Spell an object that has these members at most, in their order, and all that are required."""
    if not required:
        if not members:
            return ("\\{", "\\}")
        any_member = "".join(_join_alternatives(members.values()))
        return ("\\{", f'(?:"{any_member}(?:, )?)*', "\\}")
    atoms: list[str] = ["\\{", '"']
    last = max(required)
    for name, member in members.items():
        if name == last:
            atoms.extend(member)
        elif name < last:
            before = (*member, ",", " ", '"')
            atoms.extend(before if name in required else [f"(?:{''.join(before)})?"])
    if after := [member for name, member in members.items() if name > last]:
        atoms.append(f'(?:, "{"".join(_join_alternatives(after))})*')
    return (*atoms, "\\}")


def _spell_string(schema: _Schema) -> _Atoms | None:
    if "characters" in schema:
        known = _CLASS.fullmatch(schema["characters"])
        return ('"', f"{_spell_class(known[1])}+", '"') if known else None
    match schema.get("minLength", 0):
        case 0:
            return ('"', r'[^"\\]*', '"')
        case 1:
            return ('"', r'[^"\\]+', '"')
        case _:
            return None


def _spell_class(text: str) -> str:
    """Spell a class of ASCII characters, less those that can't stand in a string unescaped."""
    codes = [
        code
        for code in range(0x20, 0x7F)
        if chr(code) not in '"\\' and re.fullmatch(text, chr(code))
    ]
    runs = itertools.groupby(enumerate(codes), key=lambda pair: pair[1] - pair[0])
    spelt = ""
    for _, run in runs:
        first, *rest = (f"\\{chr(code)}" if chr(code) in "[]-^" else chr(code) for _, code in run)
        spelt += first + (f"-{rest[-1]}" if rest else "")
    return f"[{spelt}]"


def _spell_list(item: _Atoms, fewest: int, most: int | None) -> _Atoms | None:
    if (fewest, most) == (1, 1):
        return ("\\[", *item, "\\]")
    if fewest not in (0, 1) or most is not None:
        return None
    return ("\\[", f"(?:{''.join(item)}(?:, )?){'+' if fewest else '*'}", "\\]")


def _quote(text: str) -> _Atoms:
    return tuple(map(_quote_character, text))


def _quote_character(character: str) -> str:
    if character in "\\.+*?()|[]{}^$":
        return f"\\{character}"
    # A backtick ends a raw string of Rego.
    return (
        character if character.isprintable() and character != "`" else f"\\x{{{ord(character):x}}}"
    )


def _join_alternatives(choices: Iterable[Sequence[str]]) -> _Atoms:
    """Spell that one of them matches: what they begin with alike, then what tells them apart."""
    distinct = list(dict.fromkeys(map(tuple, choices)))
    groups: dict[str, list[_Atoms]] = {}
    for first, *rest in filter(None, distinct):
        groups.setdefault(first, []).append(tuple(rest))
    ends = () in distinct
    if len(groups) == 1 and not ends:
        [(first, rests)] = groups.items()
        return (first, *_join_alternatives(rests)) if any(rests) else (first,)
    spelt = "|".join(first + "".join(_join_alternatives(rests)) for first, rests in groups.items())
    return (f"(?:{spelt}){'?' if ends else ''}",) if groups else ()
