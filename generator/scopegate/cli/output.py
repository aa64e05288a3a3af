"""What is printed: results to standard output, errors to standard error."""

from __future__ import annotations

import json
import re
import sys
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scopegate.errors import escape_unseen
from scopegate.location import show_path
from scopegate.packing import locate_signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import RenderableType

    from scopegate.errors import Fault
    from scopegate.live.asking import Engine
    from scopegate.packing import Signing
    from scopegate.tables.changes import Change

DONE: Final = ("✓", "green")
FAILED: Final = ("✗", "bold red")

_SHOWN: Final = 60
"""How many lines of details are printed; the rest are counted."""

_UNLIMITED_COLUMNS: Final = 1000
"""For what is no terminal: a line stays a line for the program that reads it."""


def open_console(*, stderr: bool = False) -> Console:
    """Open a console on standard output, or standard error.

    Colours are for terminals only, and as `NO_COLOR` and `FORCE_COLOR` say.
    """
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _UNLIMITED_COLUMNS
    return console


def print_block(renderable: RenderableType) -> None:
    """Print what is laid out in columns; programs get it without the blanks that fill them."""
    console = open_console()
    with console.capture() as captured:
        console.print(renderable)
    block = captured.get()
    if not console.is_terminal:
        block = "".join(f"{line.rstrip()}\n" for line in block.splitlines())
    sys.stdout.write(block)


def print_changes(changes: Sequence[Change], *, indent: int = 0) -> None:
    """Print what has changed, a line each, in the order given."""
    rows = ((Text(each.kind, "cyan"), Text(f"{each.subject}: {each.text}")) for each in changes)
    if changes:
        print_block(make_grid(*rows, indent=indent))


def print_made(file: Path, revision: str, seconds: float) -> None:
    """Tell what was made, of which revision, and how long it took."""
    told = (show_path(file), "bold"), f"  {revision[:12]}  ", (f"{seconds:.2f} s", "dim")
    open_console().print(Text.assemble(DONE, " ", *told), soft_wrap=True)


def print_signed(bundle: Path, signing: Signing) -> None:
    """Tell where the signed variant of a bundle is, and what its signature says."""
    scope = f"scope {signing.scope}" if signing.scope else "no scope"
    said = f"  {show_path(locate_signed(bundle))}  key {signing.key_id}, {scope}"
    open_console().print(Text.assemble("  ", ("signed", "green"), said), soft_wrap=True)


def print_json(value: Any) -> None:  # noqa: ANN401  any JSON
    """Print a value as JSON for people and programs; what would not be seen is escaped."""
    spelt_in_unicode = "utf" in sys.stdout.encoding.lower()
    spelt = json.dumps(value, ensure_ascii=not spelt_in_unicode, indent=2)
    sys.stdout.writelines(f"{escape_unseen(line)}\n" for line in spelt.split("\n"))


def print_error(message: str) -> None:
    """Print what went wrong, as it is."""
    _print_words(open_console(stderr=True), Text.assemble(("Error: ", "bold red"), message))


def print_as_error(text: str) -> None:
    """Print text that says itself, in a line of its own, what the error is."""
    said = Text(text)
    said.highlight_regex(r"(?m)^Error: ", "bold red")
    _print_words(open_console(stderr=True), said)


def print_warning(message: str) -> None:
    """Print what the user should know, and what does not keep the command from its work."""
    _print_words(open_console(stderr=True), Text.assemble(("Warning: ", "bold yellow"), message))


def print_faults(faults: Sequence[Fault]) -> None:
    """Print faults below their places, which editors and terminals can follow."""
    files = dict.fromkeys(fault.location.file for fault in faults)
    print_error(f"{count(len(faults), 'fault')} in {', '.join(files)}")
    console = open_console(stderr=True)
    for place, group in groupby(faults, key=lambda fault: str(fault.location)):
        _print_words(console, Text(place, "bold"))
        for fault in group:
            _print_words(
                console, Text.assemble("    ", fault.message, (f"  [{fault.code}]", "dim"))
            )


@contextmanager
def showing_questions(*engines: Engine) -> Iterator[None]:
    """Show on a terminal how many questions the engines have answered while it takes long."""
    console = open_console(stderr=True)
    if not console.is_terminal:
        yield
        return
    asked = 0

    def tell(number: int) -> None:
        nonlocal asked
        asked += number
        status.update(f"{asked:,} questions asked")

    with console.status("asking") as status:
        for engine in engines:
            engine.tell = tell
        yield


def print_done(text: str) -> None:
    """Print that one of several things is in order."""
    open_console().print(Text.assemble(DONE, " ", text), soft_wrap=True)


def print_failed(text: str, details: Sequence[Text]) -> None:
    """Print that one of several things is not in order, and the lines that say why."""
    console = open_console(stderr=True)
    _print_words(console, Text.assemble(FAILED, " ", text))
    for detail in details[:_SHOWN]:
        console.print(Text.assemble("  ", detail), soft_wrap=True)
    if len(details) > _SHOWN:
        console.print(Text(f"  … and {len(details) - _SHOWN:,} more lines", "dim"))


def _print_words(console: Console, text: Text) -> None:
    """Print text so that no word, path or place is broken where a terminal's line ends.

    One that is wider than the terminal stays whole, too: rich would cut it in two.
    """
    if not console.is_terminal:
        console.print(text, soft_wrap=True)
        return
    for line in text.split("\n", allow_blank=True):
        for part in line.divide(_find_breaks(line.plain, console.width)):
            part.rstrip()
            console.print(part, soft_wrap=True)


def _find_breaks(line: str, width: int) -> Iterator[int]:
    """Find the words that begin a new line."""
    start = end = 0
    for word in re.finditer(r"\S+", line):
        if end and cell_len(line[start : word.end()]) > width:
            start = word.start()
            yield start
        end = word.end()


def count(number: int, noun: str) -> str:
    """Spell a number with its noun: `no rows`, `1 row`, `2,000 rows`."""
    return f"{f'{number:,}' if number else 'no'} {noun}{'' if number == 1 else 's'}"


def list_facts(*facts: str | Text) -> Text:
    """Put short facts on one line, with dots between them."""
    line = Text()
    for fact in facts:
        line.append(" · " if line else "", "dim").append(fact)
    return line


def make_grid(*rows: tuple[RenderableType, ...], indent: int = 0) -> Padding:
    """Align rows in columns, of which the last one alone may need more than one line."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    columns = max(map(len, rows), default=0)
    for column in range(columns):
        grid.add_column(no_wrap=column < columns - 1)
    for row in rows:
        grid.add_row(*row)
    return Padding(grid, (0, 0, 0, indent), expand=False)
