"""Members of groups, told for a group or for a user.

The calls are Keystone's `GET /v3/groups/{group_id}/users` and `GET /v3/users/{user_id}/groups`. The
answers do not hold the id that was asked for, other than in the link to themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.errors import quote_text
from scopegate.identity.answers import MEMBER
from scopegate.identity.exports import find_link
from scopegate.json_files.forms import read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scopegate.identity.exports import Export
    from scopegate.json_files.nodes import Node

_LINKS: Final = {
    "users": re.compile(r"/groups/([^/?#]+)/users/?(?:[?#].*)?$"),
    "groups": re.compile(r"/users/([^/?#]+)/groups/?(?:[?#].*)?$"),
}


@dataclass(frozen=True, slots=True)
class _List:
    """Users of a group, or groups of a user: ids with their places, in one answer or some pages."""

    answer: Node
    ids: dict[str, Node]


def read_members(exports: Iterable[Export]) -> set[tuple[str, str]]:
    """Read pairs of a user and a group from lists of `users` and of `groups`.

    What is wrong are faults, and so are lists that contradict each other: nothing tells which of
    them is the newer one.
    """
    lists = {asked: _join(answers, asked[0]) for asked, answers in _read_answers(exports).items()}
    for (kind, owner), listed in lists.items():
        other_kind = "groups" if kind == "users" else "users"
        for id_, place in listed.ids.items():
            other = lists.get((other_kind, id_))
            if other and owner not in other.ids:
                place.report(
                    "conflicting-members",
                    f"expected {kind} whose {other_kind} have {quote_text(owner)}; those of"
                    f" {quote_text(id_)} have not, at {other.answer}",
                )
    return {
        (id_, owner) if kind == "users" else (owner, id_)
        for (kind, owner), listed in lists.items()
        for id_ in listed.ids
    }


def _read_answers(
    exports: Iterable[Export],
) -> dict[tuple[str, str], dict[str | None, _List]]:
    """Read what was answered by kind and owner, and then by the link of the page.

    The link is None where the answer is all there is.
    """
    found: dict[tuple[str, str], dict[str | None, _List]] = {}
    for export in exports:
        answer = export.answer
        owner = _find_owner(answer, export.kind, export.owner)
        ids = {member.id: record for record, member in read_records(MEMBER, export.records)}
        if owner is None:
            continue
        page = None
        if find_link(answer, "next") or find_link(answer, "previous"):
            link = find_link(answer, "self")
            page = link.value if link else ""
        listed = _List(answer, ids)
        first = found.setdefault((export.kind, owner), {}).setdefault(page, listed)
        _compare(listed, first, export.kind)
    return found


def _join(answers: Mapping[str | None, _List], kind: str) -> _List:
    """Join the pages of a list; where it is there as a whole, too, they have to agree."""
    whole = answers.get(None)
    pages = [listed for page, listed in answers.items() if page is not None]
    if not pages:
        return answers[None]
    joined = _List(pages[0].answer, {id_: at for page in pages for id_, at in page.ids.items()})
    if whole:
        _compare(joined, whole, kind)
    return joined


def _compare(listed: _List, first: _List, kind: str) -> None:
    difference = listed.ids.keys() ^ first.ids.keys()
    if difference:
        listed.answer.report(
            "conflicting-members",
            f"expected the same {kind} as at {first.answer}; {quote_text(min(difference))} is in"
            " one of them alone",
        )


def find_linked_owner(answer: Node, kind: str) -> str | None:
    """Find whose users or groups these are in the link of the answer to itself."""
    link = find_link(answer, "self")
    found = _LINKS[kind].search(link.value) if link else None
    return found[1] if found else None


def _find_owner(answer: Node, kind: str, named: str | None) -> str | None:
    linked = find_linked_owner(answer, kind)
    option, inner = ("group", "users") if kind == "users" else ("user", "groups")
    if linked is None and named is None:
        answer.report(
            f"unknown-{option}",
            f"expected links.self that ends in /{option}s/ID/{inner}, or the {option} of this file:"
            f" --{option} ID=FILE",
        )
    if linked and named and linked != named:
        answer.report(
            f"unknown-{option}",
            f"expected the {option} {quote_text(named)}, as --{option} says; links.self is of"
            f" {quote_text(linked)}",
        )
    return named or linked
