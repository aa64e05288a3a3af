"""Records of role assignments: who was granted which role, and where.

The form is that of IAM's "Querying Permission Assignment Records".
"""

from __future__ import annotations

from dataclasses import dataclass
from types import NoneType
from typing import TYPE_CHECKING, Final

from scopegate.documents.schemas import describe_unknown
from scopegate.live.questions import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scopegate.documents.nodes import Node

_HOLDERS: Final = ("user", "group", "agency")
_PLACES: Final = ("project", "domain", "enterprise_project")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One record.

    `holder` is the id of a group, or else of a user or an agency; `role` is where the record has
    the id of the role.
    """

    holder: str
    is_group: bool
    scope: Scope
    role: Node


def read_assignments(records: Iterable[Node]) -> Iterator[Assignment]:
    """Read the records that are in order; what is wrong with the others are faults."""
    for record in records:
        holder = _read_one_of(record, _HOLDERS)
        scope = _read_scope(record)
        role = record.read_object("role")
        if role and role.read_text("id") and holder and scope:
            kind, id_ = holder
            yield Assignment(id_, kind == "group", scope, role.take("id", role.value["id"]))


def _read_scope(record: Node) -> Scope | None:
    found = record.read_object("scope")
    # A scope of a kind that is not known is no part of one that is.
    place = _read_one_of(found, _PLACES) if found and _check_members(found, _PLACES) else None
    if place is None:
        return None
    kind, id_ = place
    is_inherited = record.value.get("is_inherited")
    # True and false are two scopes of a domain, and elsewhere true has no meaning.
    if not isinstance(is_inherited, bool if kind == "domain" else (bool, NoneType)):
        expected = "true or false" if kind == "domain" else "false, or nothing"
        record.take("is_inherited", is_inherited).report_value(expected)
        return None
    if is_inherited and kind != "domain":
        record.take("is_inherited", is_inherited).report_value("false: the scope is no domain")
        return None
    if is_inherited:
        return Scope("all_resources")
    return Scope("iam_project" if kind == "project" else kind, id_)


def _check_members(node: Node, names: tuple[str, ...]) -> bool:
    """Report the members that have other names, and tell whether there is none; null is none."""
    unknown = [name for name in node.value if name not in names and node.find(name)]
    for name in unknown:
        node.take(name, None).report("unknown-member", describe_unknown(name, names))
    return not unknown


def _read_one_of(node: Node, names: tuple[str, ...]) -> tuple[str, str] | None:
    """Read which of the members is there, and the `id` in it."""
    found = [name for name in names if node.find(name)]
    if len(found) != 1:
        listed = " and ".join(found) or "none"
        node.report("bad-value", f"expected one of {', '.join(names)}; found {listed}")
        return None
    member = node.read_object(found[0])
    id_ = member.read_text("id") if member else None
    return (found[0], id_) if id_ else None
