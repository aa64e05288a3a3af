"""What is not wrong with identities, and yet not as their author meant it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scopegate.documents.places import spell_path
from scopegate.identity.depends import find_lacking
from scopegate.identity.limits import check_limits
from scopegate.identity.model import CUSTOM_CATALOG, list_dependencies, name_role
from scopegate.identity.reach import Documented

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scopegate.identity.model import Grant, Identities, Policy, RoleName
    from scopegate.routes.model import Route


@dataclass(frozen=True, slots=True)
class Granted:
    """A scope at which a group, or else a subject, was granted a policy.

    `members` are those of the group for whom the finding holds; it is empty where it holds for all.
    """

    holder: str
    is_group: bool
    scope: Mapping[str, Any]
    members: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Spell it for programs."""
        return {
            "group" if self.is_group else "subject": self.holder,
            "scope": self.scope,
            **({"members": list(self.members)} if self.members else {}),
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a policy, at a place in its document (`Statement[0].Action`), or all of it.

    `code` is `not-evaluated`, `depends-not-met`, `no-documented-action`, `scope-unsupported`, or
    the vendor's for a limit (`IAM.1028`). `grants` are those that it is about; a limit is about
    none.
    """

    code: str
    policy: str
    place: str
    message: str
    grants: tuple[Granted, ...] = ()


def find_findings(identities: Identities, routes: Iterable[Route]) -> list[Finding]:
    """Find all that there is to say, sorted by policy.

    Of policies that nobody was granted the limits alone. `routes` are the documented ones.
    """
    documented = Documented(routes)
    granted = _list_grants(identities)
    findings: list[Finding] = []
    for id_, policy in identities.policies.items():
        own = granted.get(id_, [])
        if own:
            findings.extend(_find_unevaluated(id_, policy, own))
            findings.extend(_find_ineffective(id_, policy, own, documented))
        if policy["catalog"] == CUSTOM_CATALOG:
            findings.extend(
                Finding(code, id_, place, message) for code, place, message in check_limits(policy)
            )
    findings.extend(_find_dependents(identities, granted))
    return sorted(findings, key=lambda finding: finding.policy)


def _list_grants(identities: Identities) -> dict[str, list[Granted]]:
    """List where each policy was granted."""
    found: dict[str, list[Granted]] = {}
    for is_group, holders in ((True, identities.groups), (False, identities.subjects)):
        for holder, record in sorted(holders.items()):
            for grant in record.get("grants", ()):
                for policy in grant["policies"]:
                    found.setdefault(policy, []).append(Granted(holder, is_group, grant["scope"]))
    return found


def _find_unevaluated(id_: str, policy: Policy, granted: Sequence[Granted]) -> Iterator[Finding]:
    for index, statement in enumerate(policy["Statement"]):
        members = [
            name
            for name, plain in (("Condition", None), ("NotAction", None), ("Resource", ["*"]))
            if statement.get(name, plain) != plain
        ]
        if members:
            yield Finding(
                "not-evaluated",
                id_,
                spell_path(["Statement", index]),
                f"{' and '.join(members)}: not evaluated, so it {_describe_closed(statement)}",
                tuple(granted),
            )


def _describe_closed(statement: Mapping[str, Any]) -> str:
    """Say what becomes of a statement that fails closed."""
    if statement["Effect"] == "Allow":
        return "allows nothing"
    return "denies everything" if "NotAction" in statement else "denies all that its actions match"


def _find_ineffective(
    id_: str, policy: Policy, granted: Sequence[Granted], documented: Documented
) -> Iterator[Finding]:
    reach = documented.find_reach(policy)
    if not reach.is_documented:
        message = "no documented route requires any of its actions"
        yield Finding("no-documented-action", id_, "", message, tuple(granted))
        return
    useless = tuple(each for each in granted if not reach.kinds & each.scope.keys())
    if useless:
        message = "no route that requires its actions lets a grant count there"
        yield Finding("scope-unsupported", id_, "", message, useless)


def _find_dependents(
    identities: Identities, granted: Mapping[str, Sequence[Granted]]
) -> Iterator[Finding]:
    """Find grants of roles without the roles that they depend on.

    For a group that depends on what else each of its members was granted.
    """
    members = _list_members(identities)
    found: dict[tuple[str, tuple[RoleName, ...]], list[Granted]] = {}
    for id_, own in granted.items():
        needed = list_dependencies(identities.policies[id_])
        for each in own if needed else ():
            those = _list_holdings(identities, each, members)
            lacking: dict[tuple[RoleName, ...], list[str]] = {}
            for member, grants in those:
                beside = _list_beside(identities, grants, each.scope)
                lacking.setdefault(tuple(sorted(find_lacking(needed, beside))), []).append(member)
            for roles, lack in lacking.items():
                if roles:
                    some = tuple(lack) if len(lack) < len(those) else ()
                    found.setdefault((id_, roles), []).append(replace(each, members=some))
    for (id_, roles), holding in found.items():
        names = ", ".join(f"{name} ({catalog})" for catalog, name in roles)
        message = f"takes no effect without {names} in the same place"
        yield Finding("depends-not-met", id_, "Depends", message, tuple(holding))


def _list_members(identities: Identities) -> Mapping[str, list[str]]:
    members: dict[str, list[str]] = {}
    for subject, record in identities.subjects.items():
        for group in record.get("groups", ()):
            members.setdefault(group, []).append(subject)
    return members


def _list_holdings(
    identities: Identities, granted: Granted, members: Mapping[str, list[str]]
) -> list[tuple[str, list[Grant]]]:
    """List all that each of those was granted to whom a grant is made.

    A group without members stands for itself.
    """
    if granted.is_group and granted.holder not in members:
        return [("", identities.groups[granted.holder]["grants"])]
    subjects = members[granted.holder] if granted.is_group else [granted.holder]
    holdings = []
    for id_ in subjects:
        record = identities.subjects[id_]
        groups = (identities.groups[group] for group in record.get("groups", ()))
        inherited = [grant for group in groups for grant in group["grants"]]
        holdings.append((id_, record.get("grants", []) + inherited))
    return holdings


def _list_beside(
    identities: Identities, grants: Iterable[Grant], scope: Mapping[str, Any]
) -> dict[RoleName, list[RoleName]]:
    """List the roles that are granted at a scope, or at all resources, with what they depend on."""
    beside: dict[RoleName, list[RoleName]] = {}
    for grant in grants:
        if grant["scope"] in (scope, {"all_resources": True}):
            for id_ in grant["policies"]:
                policy = identities.policies[id_]
                beside.setdefault(name_role(policy), []).extend(list_dependencies(policy))
    return beside
