"""A finding made small: what is left of its document fails alike, and nothing of it can go."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from tests.importing.grammar import MadePage, MadeRow, MadeTable, is_told
from tests.proof.documents.documents import Document, document_of
from tests.proof.documents.judging import judge

T = TypeVar("T")

_MOST_TRIES: Final = 2_000
"""For one document: what has no end by then is printed as it is."""

_NEEDED: Final = frozenset({"permission", "endpoint", "method", "action"})
"""Columns that a made table is not read without."""


def shrink_items(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """Leave out as many items as can be, halves first, while it still fails."""
    size = (len(items) + 1) // 2
    while size:
        start = 0
        while start < len(items):
            fewer = [*items[:start], *items[start + size :]]
            if fails(fewer):
                items = fewer
            else:
                start += size
        size //= 2
    return items


def shrink_document(document: Document, kind: str, folder: Path) -> Document:
    """Shrink a document that has a finding of a kind: by lines, and then by characters.

    What must come of a made page is known while the page is whole: it is shrunk by tables, rows and
    columns. A row that was lost stays where it is, in as many cells.
    """
    tries = 0
    traces = judge(document, folder).traces

    def fails(candidate: Document) -> bool:
        nonlocal tries
        tries += 1
        if tries > _MOST_TRIES:
            return False
        verdict = judge(candidate, folder)
        if kind == "lost" and not verdict.traces.items() <= traces.items():
            return False
        return kind in {each.kind for each in verdict.findings}

    if kind == "misread" and document.page is not None:
        return _shrink_page(document, document.page, fails)
    document = replace(document, lines=None, page=None)
    if kind == "lost":
        for wanted in document.wanted:
            alone = replace(document, wanted=(wanted,))
            if fails(alone):
                document = alone
                break
    for split in (lambda text: text.splitlines(keepends=True), list):
        document = _shrink_text(document, split, fails)
    return document


def _shrink_text(
    document: Document,
    split: Callable[[str], Sequence[str]],
    fails: Callable[[Document], bool],
) -> Document:
    left = shrink_items(
        split(document.text), lambda parts: fails(replace(document, text="".join(parts)))
    )
    return replace(document, text="".join(left))


def _shrink_page(document: Document, page: MadePage, fails: Callable[[Document], bool]) -> Document:
    """Leave out what can be of a page, one thing after another, until nothing can."""
    for smaller in _list_smaller(page):
        made = document_of(smaller, document.suffix)
        if fails(made):
            return _shrink_page(made, smaller, fails)
    return document


def _list_smaller(page: MadePage) -> Iterator[MadePage]:
    """List the pages that lack one thing of a page."""
    for index, table in enumerate(page.tables):
        before, behind = page.tables[:index], page.tables[index + 1 :]
        if before or behind:
            yield replace(page, tables=(*before, *behind))
        for smaller in (*_drop_rows(table), *_drop_columns(table)):
            yield replace(page, tables=(*before, smaller, *behind))


def _drop_rows(table: MadeTable) -> Iterator[MadeTable]:
    for index in range(len(table.rows)):
        rows = table.rows[:index] + table.rows[index + 1 :]
        if any(isinstance(row, MadeRow) for row in rows) and is_told(rows):
            yield replace(table, rows=rows)


def _drop_columns(table: MadeTable) -> Iterator[MadeTable]:
    for index, role in enumerate(table.roles):
        if role not in _NEEDED:
            yield replace(
                table,
                roles=table.roles[:index] + table.roles[index + 1 :],
                header=table.header[:index] + table.header[index + 1 :],
            )
