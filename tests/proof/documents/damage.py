"""Damage to texts."""

from random import Random
from typing import Final

_SNIPPETS: Final = (
    *("<", ">", "</td>", "<td>", "<tr>", "</tr>", "</table>", "<table>", "<p>", "</p>", "<ul><li>"),
    *('<td rowspan="99999">', '<td colspan="0">', "<br>", "<img>", "&", "&lt;", "&#0;", "\\"),
    *("|", "||", "\n", "\n\n", "---", "+", "+---+", "=", "===", "*", "**", "_", "`", "``", ":"),
    *("\t", "\u202e", "\u200b", "\ufeff", "\ufffd", "（", "：", "√", "GET", "POST /", "evs:", "{"),
    *("}", "?", "{?a}", "; DROP", "-", "none", "1." * 30, "> " * 60, "[" * 40, "![" * 40),
    *("\u2028", "\x0b", "\x85", "\x1c", "\u00a0", "\u3000", "\r", "~~~", "'", '"', "::", ".. "),
    *("<em>", "</em>", "<s>", "<pre>", "</pre>", "<td rowspan=2>", "<th>", "<tbody>", "</li>"),
)
# Ends of lines, as systems have them.
NEWLINES: Final = ("\r\n", "\r")


def damage(text: str, chance: Random) -> str:
    """Damage a text in one to three places."""
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice([1, 1, 2, 5, 20, 60]))
        lines = text.splitlines(keepends=True)
        line = chance.randrange(len(lines)) if lines else 0
        match chance.randrange(9):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:end] + text[start:end] + text[end:]
            case 2:
                text = text[:start] + chance.choice(_SNIPPETS) + text[end:]
            case 3 | 4:
                text = text[:start] + chance.choice(_SNIPPETS) + text[start:]
            case 5:
                text = "".join(lines[:line] + lines[line + 1 :])
            case 6:
                text = "".join(lines[: line + 1] + lines[line : line + 1] + lines[line + 1 :])
            case 7:
                text = "".join(lines[:line] + lines[line + 1 :][:1] + lines[line : line + 1])
                text += "".join(lines[line + 2 :])
            case _:
                text = text[:start] if chance.random() < 0.3 else text[:start] + text[start + 1 :]
    return text


def damage_bytes(text: str, chance: Random) -> str:
    """Damage a byte; what is no UTF-8 any more is a surrogate that stands for its byte."""
    data = bytearray(text.encode())
    if data:
        data[chance.randrange(len(data))] = chance.randrange(256)
    return data.decode(errors="surrogateescape")
