"""A published page, read from its file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.errors import FaultsError, Flaw
from scopegate.location import Location
from scopegate.sources.grid import ItemList, Paragraph
from scopegate.sources.html import read_html
from scopegate.sources.limits import TooLargeError
from scopegate.sources.markdown import read_markdown
from scopegate.sources.rst import read_rst

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from scopegate.sources.grid import Block, Content, Grid

MOST_BYTES: Final = 2 * 1024 * 1024

READERS: Final[Mapping[str, Callable[[str], Content | Flaw]]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".rst": read_rst,
    ".html": read_html,
    ".htm": read_html,
}
"""What reads a page, by the suffix of its file."""


@dataclass(frozen=True, slots=True)
class Page:
    """The content of a document.

    `name` is that of its file, or its path in the folder that was read, and `sha256` the hash of
    its bytes in hexadecimal. `blocks` is what it says, where each table is `Foreign`; `grids` are
    its tables in order.
    """

    name: str
    sha256: str
    blocks: tuple[Block, ...]
    grids: tuple[Grid, ...]


def read_page(path: Path, name: str | None = None) -> Page:
    """Read the page at `path`, in the format that its suffix says, else as Markdown.

    `name` is what the page is called, by default the name of its file. Raises `FaultsError` where
    the file is no such page, and `OSError` where it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    name = name or path.name
    content = _read_content(data, path.suffix.lower())
    if isinstance(content, Flaw):
        raise FaultsError([content.locate(Location(name))])
    return Page(name, hashlib.sha256(data).hexdigest(), *content)


def _read_content(data: bytes, suffix: str) -> Content | Flaw:
    if len(data) > MOST_BYTES:
        return Flaw("too-large", f"expected at most {MOST_BYTES} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Flaw("bad-encoding", f"expected UTF-8; line {line} has {data[error.start]:#04x}")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return Flaw("bad-encoding", f"expected text; line {line} has a NUL")
    try:
        return READERS.get(suffix, read_markdown)(text)
    except TooLargeError as error:
        return Flaw("too-large", str(error))


def list_paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """List the paragraphs of blocks in reading order, those of lists included."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, ItemList):
            for item in block.items:
                yield from list_paragraphs(item.blocks)
