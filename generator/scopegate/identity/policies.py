"""Roles and policies: the vendor's documents, with their ids and names.

The form is that of IAM's "Querying a Role List" and "Listing Custom Policies".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopegate.documents.policies import check_document, make_validator
from scopegate.errors import quote_text
from scopegate.identity.depends import find_circles
from scopegate.identity.model import Policy, RoleName, name_role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scopegate.documents.nodes import Node


def read_policies(
    records: Iterable[Node], definitions: Mapping[str, Any]
) -> dict[str, tuple[Policy, Node]]:
    """Read roles and policies, by id, each with its place; what is wrong with them are faults.

    `definitions` are those of the schema of an input.
    """
    validator = make_validator(definitions)
    found: dict[str, tuple[Policy, Node]] = {}
    for record in records:
        texts = [record.read_text(name) for name in ("id", "name", "catalog", "display_name")]
        document = record.read_object("policy")
        if document is None or not check_document(document, validator):
            continue
        id_, name, catalog, display_name = texts
        if not (id_ and name and catalog and display_name):
            continue
        policy = _make_policy(name, catalog, display_name, document.value)
        first, place = found.setdefault(id_, (policy, record))
        if first != policy:
            record.report(
                "conflicting-policy",
                f"expected one document with the id {quote_text(id_)}; at {place} is another",
            )
    _check_circles(found.values())
    return found


def _make_policy(name: str, catalog: str, display_name: str, document: Mapping[str, Any]) -> Policy:
    policy = Policy(
        name=name,
        catalog=catalog,
        display_name=display_name,
        Version=document["Version"],
        Statement=document["Statement"],
    )
    if "Depends" in document:
        policy["Depends"] = [
            {"catalog": each["catalog"], "display_name": each["display_name"]}
            for each in document["Depends"]
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
