"""Members of groups, told for a group or for a user.

The forms are Keystone's `GET /v3/groups/{group_id}/users` and `GET /v3/users/{user_id}/groups`. The
answers do not hold the id that was asked for, other than in the link to themselves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopegate.errors import quote_text
from scopegate.identity.exports import find_link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopegate.identity.nodes import Node

_LINKS: Final = {
    "users": re.compile(r"/groups/([^/?#]+)/users/?(?:[?#].*)?$"),
    "groups": re.compile(r"/users/([^/?#]+)/groups/?(?:[?#].*)?$"),
}


def read_members(answer: Node, kind: str, named: str | None) -> Iterator[tuple[str, str]]:
    """Read pairs of a user and a group; what is wrong are faults.

    `kind` is what is listed, `users` of a group or `groups` of a user. `named` is the id of that
    group or user where the person who runs the program has told it.
    """
    owner = _find_owner(answer, kind, named)
    for record in answer.read_list(kind):
        id_ = record.read_text("id")
        if id_ and owner:
            yield (id_, owner) if kind == "users" else (owner, id_)


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
