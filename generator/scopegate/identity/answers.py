"""The forms of the records that the vendor's APIs answer with, as far as they are looked at.

What else a record has is passed over, other than in a scope. Every description completes
"expected …". The form of a policy's document is said in rego/schemas/input.json.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, TypeAlias

from pydantic import ConfigDict, Field, StrictBool

from scopegate.forms import FORM, NULL_IS_ABSENT, RECORD, Form

Text: TypeAlias = Annotated[
    str, Field(strict=True, min_length=1, description="a string that is not empty")
]


@dataclass(frozen=True, slots=True)
class Member:
    """A user or a group, as Keystone lists them; or anything else that is told by its id."""

    __pydantic_config__: ClassVar[ConfigDict] = RECORD

    id: Text


Named: TypeAlias = Annotated[Member, Field(description="an object with an id")]
NamedOrNot: TypeAlias = Annotated[Member | None, Field(description="an object with an id")]


@dataclass(frozen=True, slots=True)
class AssignmentScope:
    """Where a role was granted: one of these."""

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    project: NamedOrNot = None
    domain: NamedOrNot = None
    enterprise_project: NamedOrNot = None


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """A record of IAM's "Querying Permission Assignment Records".

    It is for a user, a group or an agency. What `is_inherited` can be depends on the scope.
    """

    __pydantic_config__: ClassVar[ConfigDict] = RECORD

    # A scope of a kind that is not known is no part of one that is.
    scope: Annotated[
        AssignmentScope,
        NULL_IS_ABSENT,
        Field(description="an object with project, domain or enterprise_project"),
    ]
    role: Named
    user: NamedOrNot = None
    group: NamedOrNot = None
    agency: NamedOrNot = None
    is_inherited: Annotated[StrictBool | None, Field(description="true, false or null")] = None


@dataclass(frozen=True, slots=True)
class Role:
    """A role or policy of IAM's "Querying a Role List" and "Listing Custom Policies"."""

    __pydantic_config__: ClassVar[ConfigDict] = RECORD

    id: Text
    name: Text
    catalog: Text
    display_name: Text
    policy: Annotated[dict[str, Any], Field(description="an object")]


@dataclass(frozen=True, slots=True)
class Resource:
    """A record of Enterprise Management's "Listing Resources in an Enterprise Project"."""

    __pydantic_config__: ClassVar[ConfigDict] = RECORD

    resource_type: Text
    resource_id: Text
    enterprise_project_id: Text


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A record of EVS's "Querying Details About EVS Snapshots"; `volume_id` is its disk."""

    __pydantic_config__: ClassVar[ConfigDict] = RECORD

    id: Text
    volume_id: Text


ASSIGNMENT: Final = Form(RoleAssignment)
MEMBER: Final = Form(Member)
ROLE: Final = Form(Role)
RESOURCE: Final = Form(Resource)
SNAPSHOT: Final = Form(Snapshot)
