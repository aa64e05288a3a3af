"""Role assignments: who was granted which role, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scopegate.identity.answers import ASSIGNMENT
from scopegate.json_files.forms import read_records
from scopegate.live.questions import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scopegate.identity.answers import Member, RoleAssignment
    from scopegate.json_files.nodes import Node


@dataclass(frozen=True, slots=True)
class Assignment:
    """One record.

    `holder` is the id of a group, or else of a user or an agency; `role` is an id, too.
    """

    holder: str
    is_group: bool
    scope: Scope
    role: str
    record: Node


def read_assignments(records: Iterable[Node]) -> Iterator[Assignment]:
    """Read the records that are in order; what is wrong with the others are faults."""
    for record, told in read_records(ASSIGNMENT, records):
        holders = {"user": told.user, "group": told.group, "agency": told.agency}
        holder = _take_one(holders, record)
        scope = _read_scope(told, record)
        if holder and scope:
            kind, id_ = holder
            yield Assignment(id_, kind == "group", scope, told.role.id, record)


def _read_scope(told: RoleAssignment, record: Node) -> Scope | None:
    places = {
        "project": told.scope.project,
        "domain": told.scope.domain,
        "enterprise_project": told.scope.enterprise_project,
    }
    place = _take_one(places, record.inside("scope"))
    if place is None:
        return None
    kind, id_ = place
    is_inherited = record.take("is_inherited", told.is_inherited)
    # True and false are two scopes of a domain, and elsewhere true has no meaning.
    if kind == "domain" and told.is_inherited is None:
        is_inherited.report_value("true or false")
        return None
    if kind != "domain" and told.is_inherited:
        is_inherited.report_value("false: the scope is no domain")
        return None
    if told.is_inherited:
        return Scope("all_resources")
    return Scope("iam_project" if kind == "project" else kind, id_)


def _take_one(members: Mapping[str, Member | None], place: Node) -> tuple[str, str] | None:
    """Take the name and the id of the one of the members at `place` that is there."""
    found = [(name, member.id) for name, member in members.items() if member]
    if len(found) == 1:
        return found[0]
    listed = " and ".join(name for name, _ in found) or "none"
    place.report("bad-value", f"expected one of {', '.join(members)}; found {listed}")
    return None
