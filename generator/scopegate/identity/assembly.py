"""Exports into identities, with all their faults at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scopegate.errors import Fault, FaultsError, quote_text
from scopegate.identity.assignments import read_assignments
from scopegate.identity.completeness import check_completeness
from scopegate.identity.exports import read_exports
from scopegate.identity.members import read_members
from scopegate.identity.model import Grant, Group, Identities, Subject
from scopegate.identity.policies import read_policies
from scopegate.identity.resources import Resources
from scopegate.identity.sizes import TOO_MUCH, find_excesses

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from scopegate.identity.assignments import Assignment
    from scopegate.identity.exports import Export
    from scopegate.json_files.nodes import Node
    from scopegate.live.questions import Scope


@dataclass(frozen=True, slots=True)
class Sources:
    """The files with exports, and what is said beside them.

    `files` can be folders. `groups` and `users` have files of members of a group, and of groups of
    a user, with the id of that group or user. `account_owners` are the ids of the account itself.
    """

    files: tuple[Path, ...]
    groups: Mapping[Path, str]
    users: Mapping[Path, str]
    account_owners: tuple[str, ...] = ()
    taken_at: str | None = None


@dataclass(frozen=True, slots=True)
class Assembly:
    """What came of exports; `notes` say, a line each, what is not used and what is not told."""

    identities: Identities
    notes: tuple[str, ...]


def assemble_identities(sources: Sources, input_schema: Mapping[str, Any]) -> Assembly:
    """Read exports into identities; nothing is written.

    `input_schema` has the form and the limits of what a decision takes. The result does not depend
    on the order of files, nor on that of what they list. Raises FaultsError with all that is wrong,
    ScopegateError where a folder has no export, and OSError where a file cannot be read.
    """
    faults: list[Fault] = []
    exports = read_exports(sources.files, faults, groups=sources.groups, users=sources.users)
    check_completeness(exports)
    policies = read_policies(_list_records(exports, "roles"), input_schema["definitions"])
    assignments = list(read_assignments(_list_records(exports, "role_assignments")))
    members = read_members(export for export in exports if export.kind in {"users", "groups"})
    resources = Resources()
    resources.add_resources(_list_records(exports, "resources"))
    resources.add_snapshots(_list_records(exports, "snapshots"))
    known = _list_ids(_list_records(exports, "roles"))
    for assignment in assignments:
        if assignment.role not in known:
            found = quote_text(assignment.role)
            message = f"expected the id of a role that an export defines; found {found}"
            assignment.record.inside("role", "id").report("unknown-role", message)
    if faults:
        raise FaultsError(sorted(faults, key=lambda fault: fault.location.file))
    projects, lost_snapshots = resources.place_all()
    groups = _make_groups(assignments, members)
    identities = Identities(
        subjects=_make_subjects(assignments, members, sources.account_owners),
        groups=groups,
        policies={id_: policy for id_, (policy, _) in sorted(policies.items())},
        enterprise_projects=projects,
        taken_at=sources.taken_at,
    )
    for _, excess in find_excesses(identities, input_schema["limits"]):
        _find_granting(exports).report(TOO_MUCH, excess)
    if faults:
        raise FaultsError(faults)
    notes = [
        *_describe_policies(identities),
        *_describe_groups(groups, {group for _, group in members}),
        *(
            f"not used: resources of type {quote_text(type_)} ({number:,})"
            for type_, number in sorted(resources.unknown_types.items())
        ),
    ]
    if lost_snapshots:
        what = "snapshots of disks whose enterprise project is not told"
        notes.append(f"not used: {what} ({lost_snapshots:,})")
    return Assembly(identities, tuple(notes))


def _find_granting(exports: Iterable[Export]) -> Node:
    """Find where a subject's size comes from, which is no single record."""
    return max(exports, key=lambda export: export.kind == "role_assignments").answer


def _list_records(exports: Iterable[Export], kind: str) -> list[Node]:
    return [record for export in exports if export.kind == kind for record in export.records]


def _list_ids(roles: Iterable[Node]) -> set[str]:
    """List the ids of roles, also of faulty ones: those have faults of their own."""
    return {role.value["id"] for role in roles if isinstance(role.value.get("id"), str)}


def _make_groups(
    assignments: Iterable[Assignment], members: Iterable[tuple[str, str]]
) -> dict[str, Group]:
    grants = _collect_grants(each for each in assignments if each.is_group)
    # A group without grants is there, too: a subject that names one that is not is denied.
    ids = sorted({*grants, *(group for _, group in members)})
    return {id_: Group(grants=grants.get(id_, [])) for id_ in ids}


def _make_subjects(
    assignments: Iterable[Assignment],
    members: Iterable[tuple[str, str]],
    account_owners: Iterable[str],
) -> dict[str, Subject]:
    subjects: dict[str, Subject] = {}
    for id_ in sorted(account_owners):
        subjects.setdefault(id_, Subject())["account_owner"] = True
    for user, group in sorted(members):
        subjects.setdefault(user, Subject()).setdefault("groups", []).append(group)
    for id_, grants in _collect_grants(each for each in assignments if not each.is_group).items():
        subjects.setdefault(id_, Subject())["grants"] = grants
    return subjects


def _collect_grants(assignments: Iterable[Assignment]) -> dict[str, list[Grant]]:
    """Give the grants of each holder, one for each scope; a record that stands twice is one."""
    collected: dict[str, dict[Scope, set[str]]] = {}
    for each in assignments:
        collected.setdefault(each.holder, {}).setdefault(each.scope, set()).add(each.role)
    return {
        holder: [
            Grant(scope=scope.to_json(), policies=sorted(policies))
            for scope, policies in sorted(scopes.items(), key=lambda item: str(item[0]))
        ]
        for holder, scopes in collected.items()
    }


def _describe_policies(identities: Identities) -> list[str]:
    number = len(identities.policies.keys() - identities.list_granted())
    return [f"not used: roles and policies that nobody was granted ({number:,})"] if number else []


def _describe_groups(groups: Mapping[str, Group], joined: set[str]) -> list[str]:
    number = len(groups.keys() - joined)
    return [f"groups whose members are not told ({number:,})"] if number else []
