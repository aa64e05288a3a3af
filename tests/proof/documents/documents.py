"""The documents: each is made again from its seed and its number alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from tests.importing.grammar import Line, MadePage, make_fragments, make_page
from tests.importing.rendering import RENDERERS
from tests.proof.documents.damage import NEWLINES, damage, damage_bytes

# How often a format is among a hundred documents: docutils takes three times as long as others.
_SHARES: Final = {
    "html in markdown": 26,
    "pipes": 25,
    "html": 22,
    "grid": 8,
    "simple": 7,
    "list-table": 7,
    "csv-table": 5,
}
_SUFFIXES: Final = {
    "md": (".md", ".md", ".markdown", ".MD", ".txt", ""),  # whatever is not known is Markdown
    "html": (".html", ".htm", ".HTML"),
    "rst": (".rst", ".rst", ".RST"),
}
_OTHER_ENCODINGS: Final = ("utf-16", "utf-32", "gb18030", "big5", "shift_jis", "latin-1")


@dataclass(frozen=True)
class Wanted:
    """Texts of one row, which stand in no other: where all are in a document, so is the row."""

    title: str
    endpoints: tuple[str, ...]
    actions: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """All of them."""
        return (self.title, *self.endpoints, *self.actions)

    @property
    def is_told_alone(self) -> bool:
        """Whether they tell of a row in no table: they have an action, and a method with a path."""
        return bool(self.actions) and not all(each.startswith("/") for each in self.endpoints)


@dataclass(frozen=True)
class Document:
    """A document, and what is known of it.

    `kind` is how it came about. `wanted` are rows that must not be lost while their texts are
    there. `lines` are those that must come of it, None where that is not known. `page` is what it
    was made from, None where it is no more what was made.
    """

    kind: str
    format: str
    suffix: str
    text: str
    encoding: str = "utf-8"
    wanted: tuple[Wanted, ...] = ()
    lines: Sequence[Line] | None = None
    page: MadePage | None = field(default=None, repr=False, compare=False)

    @property
    def data(self) -> bytes:
        """The bytes of its file; a character that the encoding lacks is a question mark."""
        if self.encoding.startswith("utf-8"):
            return self.text.encode(self.encoding, "surrogateescape")
        return self.text.encode(self.encoding, "replace")


def make_document(seed: int, number: int) -> Document:
    """Make a document."""
    chance = Random(f"{seed}/{number}")  # noqa: S311  nothing secret about it
    name = chance.choices([*RENDERERS], [_SHARES[name] for name in RENDERERS])[0]
    suffix = chance.choice(_SUFFIXES[RENDERERS[name][0]])
    kind = chance.randrange(100)
    if kind < 8:
        return Document("fragments", name, suffix, make_fragments(chance))
    page = make_page(chance, name, most_rows=3)
    document = document_of(page, suffix)
    text = document.text
    if kind < 64:
        text = damage(text, chance)
        if not chance.randrange(20):
            text = damage_bytes(text, chance)
        return Document("damaged", name, suffix, text, _choose_encoding(chance), document.wanted)
    if not chance.randrange(12):
        text = text.replace("\n", chance.choice(NEWLINES))
    if not chance.randrange(24):
        return Document("encoded otherwise", name, suffix, text, chance.choice(_OTHER_ENCODINGS))
    return replace(document, text=text, encoding=_choose_encoding(chance))


def document_of(page: MadePage, suffix: str) -> Document:
    """Write a page as a document, from which all that was made is read."""
    text = page.text

    def choose(texts: Sequence[str]) -> tuple[str, ...]:
        """Leave out what stands twice: where one is damaged, the other is still there."""
        return tuple(each for each in texts if text.count(each) == 1)

    wanted = tuple(
        Wanted(row.title, choose(row.endpoints), choose(row.actions)) for row in page.rows
    )
    told = tuple(each for each in wanted if each.endpoints)
    return Document("made", page.format, suffix, text, "utf-8", told, page.lines, page)


def _choose_encoding(chance: Random) -> str:
    return chance.choice(["utf-8"] * 9 + ["utf-8-sig"])
