"""Roles and policies: the vendor's documents, with their ids and names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopegate.errors import quote_text
from scopegate.identity.answers import ROLE
from scopegate.identity.depends import find_circles
from scopegate.identity.model import Policy, RoleName, name_role
from scopegate.json_files.forms import read_record
from scopegate.json_files.policies import check_document, make_validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scopegate.identity.answers import Role
    from scopegate.json_files.nodes import Node


def read_policies(
    records: Iterable[Node], definitions: Mapping[str, Any]
) -> dict[str, tuple[Policy, Node]]:
    """Read roles and policies, by id, each with its place; what is wrong with them are faults.

    `definitions` are those of the schema of an input.
    """
    validator = make_validator(definitions)
    found: dict[str, tuple[Policy, Node]] = {}
    for record in records:
        role = read_record(ROLE, record)
        # A document is looked at also where names are missing.
        document = record.find("policy")
        if not (document and isinstance(document.value, dict)):
            continue
        if not check_document(document, validator) or role is None:
            continue
        policy = _make_policy(role)
        first, place = found.setdefault(role.id, (policy, record))
        if first != policy:
            record.report(
                "conflicting-policy",
                f"expected one document with the id {quote_text(role.id)}; at {place} is another",
            )
    _check_circles(found.values())
    return found


def _make_policy(role: Role) -> Policy:
    policy = Policy(
        name=role.name,
        catalog=role.catalog,
        display_name=role.display_name,
        Version=role.policy["Version"],
        Statement=role.policy["Statement"],
    )
    if "Depends" in role.policy:
        policy["Depends"] = [
            {"catalog": each["catalog"], "display_name": each["display_name"]}
            for each in role.policy["Depends"]
        ]
    return policy


def _check_circles(policies: Iterable[tuple[Policy, Node]]) -> None:
    named: dict[RoleName, dict[RoleName, Node]] = {}
    for policy, place in policies:
        own = named.setdefault(name_role(policy), {})
        document = place.read_object("policy")
        for entry in document.read_list("Depends") if document and "Depends" in policy else ():
            own[entry.value["catalog"], entry.value["display_name"]] = entry
    for role, other in find_circles(named):
        named[role][other].report(
            "circular-depends",
            f"expected a role that does not depend on this one, {quote_text(role[1])};"
            f" {quote_text(other[1])} does",
        )
