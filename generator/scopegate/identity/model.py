"""What the identity bundle holds, as docs/identity.md lays it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NotRequired, TypeAlias, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

CUSTOM_CATALOG: Final = "CUSTOMED"
"""The catalog of policies that the account made itself (IAM API reference, Creating a Custom
Policy); the vendor's own roles and policies have others."""

RoleName: TypeAlias = tuple[str, str]
"""Catalog and display name: by these a role names the roles that it depends on."""


class Grant(TypedDict):
    """Policies, by id and sorted, given at one scope: `{"iam_project": "p1"}`."""

    scope: dict[str, str | bool]
    policies: list[str]


class Group(TypedDict):
    """What the members of a group were granted; one grant for each scope."""

    grants: list[Grant]


class Subject(TypedDict):
    """A user or an agency. No `groups` or `grants` is none, no `account_owner` is false."""

    account_owner: NotRequired[bool]
    groups: NotRequired[list[str]]
    grants: NotRequired[list[Grant]]


class Policy(TypedDict):
    """A policy or role, whose `Version`, `Statement` and `Depends` are the vendor's document."""

    name: str
    catalog: str
    display_name: str
    Version: str
    Statement: list[dict[str, Any]]
    Depends: NotRequired[list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Identities:
    """Who was granted what, and in which enterprise project resources are.

    Subjects, groups and policies are found by id; the policies may be more than were granted.
    `enterprise_projects` maps the name of a route's parameter to its values, and these to the
    enterprise project of the resource. `taken_at` is the time of the exports in RFC 3339.
    """

    subjects: Mapping[str, Subject]
    groups: Mapping[str, Group]
    policies: Mapping[str, Policy]
    enterprise_projects: Mapping[str, Mapping[str, str]]
    taken_at: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the data of a bundle, without the policies that nobody was granted."""
        granted = self.list_granted()
        return {
            **({"taken_at": self.taken_at} if self.taken_at is not None else {}),
            "subjects": self.subjects,
            "groups": self.groups,
            "policies": {id_: each for id_, each in self.policies.items() if id_ in granted},
            # So that what can be looked up is known without reading all that is.
            "resource_parameters": sorted(self.enterprise_projects),
            "enterprise_projects": self.enterprise_projects,
        }

    def list_granted(self) -> set[str]:
        """List the policies that a subject or a group was granted, by id."""
        return {
            policy
            for holder in (*self.subjects.values(), *self.groups.values())
            for grant in holder.get("grants", ())
            for policy in grant["policies"]
        }


def name_role(policy: Policy) -> RoleName:
    """Give the name by which other roles depend on this one."""
    return policy["catalog"], policy["display_name"]
