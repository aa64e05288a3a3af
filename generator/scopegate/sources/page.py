"""A published page, read from its file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.errors import FaultsError, Flaw
from scopegate.location import Location
from scopegate.sources.grid import ItemList, Paragraph
from scopegate.sources.markdown import read_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scopegate.sources.grid import Block, Grid

MOST_BYTES: Final = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """The content of a document.

    `name` is the name of its file and `sha256` the hash of its bytes in hexadecimal. `blocks` is
    what it says, where each table is `Foreign`; `grids` are its tables in order.
    """

    name: str
    sha256: str
    blocks: tuple[Block, ...]
    grids: tuple[Grid, ...]


def read_page(path: Path) -> Page:
    """Read the page at `path`; the one format so far is Markdown with HTML or pipe tables.

    Raises `FaultsError` where the file is no such page, and `OSError` where it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    content = _read_content(data)
    if isinstance(content, Flaw):
        raise FaultsError([content.locate(Location(path.name))])
    blocks, grids = content
    return Page(path.name, hashlib.sha256(data).hexdigest(), blocks, grids)


def _read_content(data: bytes) -> tuple[tuple[Block, ...], tuple[Grid, ...]] | Flaw:
    if len(data) > MOST_BYTES:
        return Flaw("too-large", f"expected at most {MOST_BYTES} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Flaw("bad-encoding", f"expected UTF-8; line {line} has {data[error.start]:#04x}")
    return read_markdown(text)


def list_paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """List the paragraphs of blocks in reading order, those of lists included."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, ItemList):
            for item in block.items:
                yield from list_paragraphs(item.blocks)
