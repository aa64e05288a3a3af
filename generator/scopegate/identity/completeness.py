"""Whether exports are whole: what a page, a filter or a failed service left out could be a Deny."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from scopegate.errors import quote_text
from scopegate.identity.exports import find_link
from scopegate.json_files.nodes import show_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scopegate.identity.exports import Export
    from scopegate.json_files.nodes import Node

# What an answer lists -> where it says how many there are over all pages, and how many of them the
# call documents for one page. Lists of members have neither.
_PAGED: Final[Mapping[str, tuple[str, int]]] = {
    "role_assignments": ("total_num", 50),
    "roles": ("total_number", 300),
    "resources": ("total_count", 1000),
    "snapshots": ("count", 1000),
}

# What pages are asked for by -> the values that ask for the first one.
_FIRST: Final[Mapping[str, frozenset[str]]] = {
    "page": frozenset({"0", "1"}),
    "offset": frozenset({"0"}),
    "marker": frozenset({""}),
}
# One call lists them all. The others are made for each project, or for the account and the vendor.
_ONE_CALL: Final = "role_assignments"

_SIZES: Final = ("per_page", "limit")
_UNFILTERED: Final = frozenset({*_FIRST, *_SIZES, "domain_id"})
_WITH_GROUPS: Final = ("include_group", "true")


def check_completeness(exports: Sequence[Export]) -> None:
    """Report what exports say is missing, and where they do not say although they have to."""
    linked: dict[tuple[str, str], list[Export]] = {}
    totals: dict[tuple[str, int], list[Export]] = {}
    for export in exports:
        _check_answer(export.answer, export.kind)
        link = find_link(export.answer, "self")
        query = _read_query(link.value) if link else []
        if link:
            linked.setdefault((export.kind, link.value), []).append(export)
            _check_filters(link, query)
        total = _find_total(export)
        if total is None:
            _check_page(export, dict(query))
        # A bool is an int, too.
        elif type(total.value) is not int or total.value < 0:
            total.report_value("a number of records")
        else:
            totals.setdefault((export.kind, total.value), []).append(export)
    for export in exports:
        _check_neighbours(export, linked)
    for (kind, number), together in totals.items():
        _check_total(number, together, of_one_call=kind == _ONE_CALL)
    _check_one_call([export for export in exports if export.kind == _ONE_CALL])


def _check_answer(answer: Node, kind: str) -> None:
    """Check that no service failed to answer, and that the answer was not cut off."""
    if kind == "resources" and "errors" in answer.value:
        errors = answer.take("errors", answer.value["errors"])
        if errors.value != []:
            errors.report_value("no service that failed to answer, []")
    truncated = answer.find("truncated")
    if truncated and truncated.value is not False:
        truncated.report("incomplete", "expected an answer that is not cut off")
    links = answer.find("links")
    if links and not isinstance(links.value, dict):
        links.report_value("an object")
    for name in ("self", "next", "previous"):
        link = links.find(name) if links else None
        if link and not isinstance(link.value, str):
            link.report_value("a link, or null")


def _read_query(link: str) -> list[tuple[str, str]]:
    query = link.partition("#")[0].partition("?")[2]
    return parse_qsl(query.replace(";", "&"), keep_blank_values=True)


def _check_filters(link: Node, query: Iterable[tuple[str, str]]) -> None:
    for name, value in query:
        if name not in _UNFILTERED and (name, value) != _WITH_GROUPS:
            asked = quote_text(f"{name}={value}")
            link.report("incomplete", f"expected a call without filters; found {asked}")


def _find_total(export: Export) -> Node | None:
    return export.answer.find(_PAGED[export.kind][0]) if export.kind in _PAGED else None


def _check_page(export: Export, query: Mapping[str, str]) -> None:
    """Check a page that tells no total: others may stand before it, or after it where it is full.

    Members never have a total; links lead to their other pages.
    """
    name, documented = _PAGED.get(export.kind, (export.kind, 0))
    place = export.answer.take(name, None)
    later = [each for each, first in _FIRST.items() if query.get(each, min(first)) not in first]
    if later and not find_link(export.answer, "previous"):
        place.report("incomplete", f"expected the pages before this one, as {later[0]} says")
    full = {documented, *(_read_size(query.get(each, "")) for each in _SIZES)} - {0}
    held = _count(export)
    if export.kind in _PAGED and held in full and not find_link(export.answer, "next"):
        place.report(
            "incomplete", f"expected the number of all records, since this page is full ({held})"
        )


def _read_size(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004


def _check_neighbours(export: Export, linked: Mapping[tuple[str, str], Iterable[Export]]) -> None:
    for name in ("next", "previous"):
        link = find_link(export.answer, name)
        if link is None:
            continue
        pages = linked.get((export.kind, link.value), ())
        if all(page is export for page in pages):
            link.report("incomplete", "expected the file of that page, too: none has it as self")


def _check_one_call(exports: Sequence[Export]) -> None:
    """Check that all are pages of one call: of two times, what was revoked between them is kept."""
    first = next(filter(None, map(_find_total, exports)), None)
    for export in exports if len(exports) > 1 else ():
        total = _find_total(export)
        if total is None:
            place = export.answer.take(_PAGED[export.kind][0], None)
            place.report("incomplete", "expected the number of all records, since this is a page")
        elif first and total.value != first.value:
            total.report(
                "conflicting-assignments",
                f"expected {show_value(first.value)}, as at {first}: pages of one call; found"
                f" {show_value(total.value)}",
            )


def _check_total(number: int, together: Sequence[Export], *, of_one_call: bool) -> None:
    """Check that the files of one total have that many records, or, of several calls, a multiple.

    Which of them are pages of one call nothing tells.
    """
    held = sum(map(_count, together))
    if held % number if number and held and not of_one_call else held != number:
        files = ", ".join(export.answer.file for export in together)
        total = _find_total(together[0]) or together[0].answer
        total.report(
            "incomplete", f"expected {number} records over all pages; found {held} in {files}"
        )


def _count(export: Export) -> int:
    """Count the records, also those that are faulty."""
    listed = export.answer.value[export.kind]
    return len(listed) if isinstance(listed, list) else len(export.records)
