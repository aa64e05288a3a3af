"""Damaged pages: none makes the importer fail, and no row that is still there is lost silently.

python -m tests.importing.mutations 20000
"""

import difflib
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scopegate.importing.diagnostics import Severity
from scopegate.importing.survey import Survey, survey_pages
from tests.importing.rendering import RENDERERS, Cell

_SNIPPETS: Final = (
    *("<", ">", "</td>", "<td>", "<tr>", "</tr>", "</table>", "<table>", "<p>", "</p>", "<ul><li>"),
    *('<td rowspan="99999">', '<td colspan="0">', "<br>", "<img>", "&", "&lt;", "&#0;", "\\"),
    *("|", "||", "\n", "\n\n", "---", "+", "+---+", "=", "===", "*", "**", "_", "`", "``", ":"),
    *("\t", "\u202e", "\u200b", "\ufeff", "\ufffd", "（", "：", "√", "GET", "POST /", "evs:", "{"),
    *("}", "?", "{?a}", "; DROP", "-", "none", "1." * 30, "> " * 60, "[" * 40, "![" * 40),
)
_ROWS: Final = 6


@dataclass(frozen=True)
class Original:
    """A page before it is damaged: `texts` are those that each of its rows must have."""

    suffix: str
    text: str
    texts: tuple[tuple[str, str, str], ...]


def make_originals() -> list[Original]:
    """Make a page of each format; every text in it stands in one row only."""
    header: list[Cell] = [["Permission"], ["API"], ["Action"], ["IAM Project"]]
    originals = []
    for suffix, render in RENDERERS.values():
        texts = []
        body: list[list[Cell]] = []
        for number in range(_ROWS):
            title, endpoint = f"Title{number} of a row", f"GET /v2/{{id}}/row{number}/detail"
            action = f"evs:row{number}:get"
            texts.append((title, endpoint, action))
            endpoints: Cell = [endpoint, f"HEAD /v3/row{number}"] if number % 2 else [endpoint]
            actions: Cell = [[[action], ["evs:volumes:get"]]] if number % 3 else [action]
            body.append([[title], endpoints, actions, ["√"]])
        originals.append(Original(suffix, render(header, body), tuple(texts)))
    return originals


def damage(text: str, chance: random.Random) -> str:
    """Damage a text in one to three places."""
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice([1, 1, 2, 5, 20, 60]))
        lines = text.splitlines(keepends=True)
        line = chance.randrange(len(lines)) if lines else 0
        match chance.randrange(8):
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
            case _:
                text = text[:start] if chance.random() < 0.3 else text[:start] + text[start + 1 :]
    return text


def find_lost(original: Original, text: str, survey: Survey) -> list[tuple[str, str, str]]:
    """Find the rows that a damaged page still has, and that were neither read nor told of.

    A mere note tells of nothing.
    """
    if any(each.severity is not Severity.NOTE for each in survey.diagnostics):
        return []
    read = [
        (
            row.title,
            " ".join(f"{endpoint.method} {endpoint.path}" for endpoint in row.endpoints),
            " ".join(row.actions),
        )
        for row in survey.rows
    ]
    return [
        wanted
        for wanted in original.texts
        if all(part in text for part in wanted)
        and not any(
            all(part in found for part, found in zip(wanted, row, strict=True)) for row in read
        )
    ]


def run(count: int, seed: int, folder: Path) -> Iterator[tuple[int, Original, str, Survey]]:
    """Read `count` damaged pages in turn; the same seed damages alike."""
    originals = make_originals()
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")  # noqa: S311  nothing secret about it
        original = originals[number % len(originals)]
        text = damage(original.text, chance)
        page = folder / f"page.{original.suffix}"
        page.write_text(text, encoding="utf-8", newline="")
        yield number, original, text, survey_pages(page)


def main() -> None:
    """Read as many damaged pages as are asked for; tell what was lost, and how they were read."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    lost = 0
    codes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number, original, text, survey in run(count, 0, Path(folder)):
            codes.update({each.code for each in survey.diagnostics} or {"clean"})
            for row in find_lost(original, text, survey):
                lost += 1
                print(f"lost in page {number} (.{original.suffix}): {row}")  # noqa: T201
                for line in difflib.ndiff(original.text.splitlines(), text.splitlines()):
                    if line[:1] in "+-":
                        print(f"    {line}")  # noqa: T201
            if number % 1000 == 0:
                print(f"{number:,} of {count:,}", file=sys.stderr)  # noqa: T201
    print(f"{count:,} damaged pages read, {lost} rows lost")  # noqa: T201
    for code, found in codes.most_common():
        print(f"  {found:,} {code}")  # noqa: T201
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
