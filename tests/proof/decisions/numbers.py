"""JSON whose numbers stay as they are spelt, since engines spell them again in messages."""

import json
from typing import Any


class Number(str):
    """The text of a number."""

    __slots__ = ()

    @property
    def is_integer(self) -> bool:
        """Whether its value is a whole number: 1.0 and 1e2 are."""
        digits, _, exponent = self.lower().partition("e")
        whole, _, fraction = digits.partition(".")
        significant = f"{whole}{fraction}".lstrip("-").rstrip("0")
        dropped = len(f"{whole}{fraction}".lstrip("-")) - len(significant)
        return not significant or int(exponent or 0) - len(fraction) + dropped >= 0


def parse_json(text: bytes | str) -> Any:  # noqa: ANN401  any JSON
    """Read JSON; its numbers are of type Number."""
    return json.loads(text, parse_int=Number, parse_float=Number)


def spell_json(value: Any) -> str:  # noqa: ANN401  any JSON
    """Spell JSON that has none of its own numbers but those of type Number."""
    match value:
        case Number():
            return str(value)
        case list():
            return f"[{','.join(map(spell_json, value))}]"
        case dict():
            members = (f"{json.dumps(name)}:{spell_json(each)}" for name, each in value.items())
            return f"{{{','.join(members)}}}"
        case _:
            return json.dumps(value)
