"""What is odd about what people were granted: findings of policies, and who holds them where."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from scopegate.live.asking import split_batches
from scopegate.policies.callers import parse_place
from scopegate.policies.findings import (
    Finding,
    describe_lacking,
    find_beyond_limits,
    find_findings,
    find_lacking,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scopegate.identity.model import Grant, Identities, Policy
    from scopegate.live.asking import Engine
    from scopegate.live.questions import Question
    from scopegate.policies.routes import BundleRoute

_BATCH: Final = 500
"""Subjects asked about at once, each with all that it was granted."""

_NO_PROJECT: Final = "-"
"""The project of a token at which nothing was granted: what holds there holds everywhere."""


_Holding: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""All that somebody was granted: scopes, as JSON, each with the ids of policies."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A scope at which a group, or else a subject, was granted a policy.

    `members` are those of the group for whom the finding holds; it is empty where it holds for all.
    """

    holder: str
    is_group: bool
    scope: Mapping[str, Any]
    members: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of the scope."""
        [kind] = self.scope
        return kind

    def to_json(self) -> dict[str, Any]:
        """Spell it for programs."""
        return {
            "group" if self.is_group else "subject": self.holder,
            "scope": self.scope,
            **({"members": list(self.members)} if self.members else {}),
        }


@dataclass(frozen=True, slots=True)
class HeldFinding:
    """A finding about the policy with an id, and the grants that it is about.

    Those are none of a policy that nobody was granted, of which the limits alone are told.
    """

    policy: str
    finding: Finding
    grants: tuple[Granted, ...]


def find_held_findings(
    engine: Engine, routes: Sequence[BundleRoute], identities: Identities
) -> list[HeldFinding]:
    """Find all that there is to say of what people were granted, sorted by policy."""
    ids = sorted(identities.policies)
    granted = _list_grants(identities)
    held: dict[tuple[str, Finding], list[Granted]] = {}
    for kind in sorted({each.kind for own in granted.values() for each in own}):
        own = [id_ for id_ in ids if any(each.kind == kind for each in granted.get(id_, ()))]
        policies = [_without_dependencies(identities.policies[id_]) for id_ in own]
        for found in find_findings(engine, routes, policies, parse_place(kind)):
            those = [each for each in granted[own[found.policy]] if each.kind == kind]
            # Its number was one among the policies of a kind.
            held.setdefault((own[found.policy], replace(found, policy=0)), []).extend(those)
    for id_ in ids:
        for found in () if id_ in granted else find_beyond_limits(0, identities.policies[id_]):
            held[id_, found] = []
    return sorted(
        [
            *(HeldFinding(id_, found, tuple(own)) for (id_, found), own in held.items()),
            *_find_dependents(engine, identities, granted),
        ],
        key=lambda each: each.policy,
    )


def _without_dependencies(policy: Policy) -> dict[str, Any]:
    """Leave out what a role depends on, of which its holders have to be asked."""
    return {name: value for name, value in policy.items() if name != "Depends"}


def _list_grants(identities: Identities) -> dict[str, list[Granted]]:
    """List where each policy was granted."""
    found: dict[str, list[Granted]] = {}
    for is_group, holders in ((True, identities.groups), (False, identities.subjects)):
        for holder, record in sorted(holders.items()):
            for grant in record.get("grants", ()):
                for policy in grant["policies"]:
                    found.setdefault(policy, []).append(Granted(holder, is_group, grant["scope"]))
    return found


def _find_dependents(
    engine: Engine, identities: Identities, granted: Mapping[str, Sequence[Granted]]
) -> Iterator[HeldFinding]:
    """Find grants of roles without the roles that they depend on.

    For a group that depends on what else each of its members was granted.
    """
    members = _list_members(identities)
    asked = [
        (id_, each, _list_holdings(identities, each, members))
        for id_, own in granted.items()
        if identities.policies[id_].get("Depends")
        for each in own
    ]
    lacking = _find_lacking(engine, identities, (own for *_, those in asked for _, own in those))
    found: dict[tuple[str, tuple[str, ...]], list[Granted]] = {}
    for id_, each, those in asked:
        affected: dict[tuple[str, ...], list[str]] = {}
        for member, holding in those:
            if roles := lacking[holding].get((_spell_scope(each.scope), id_)):
                affected.setdefault(roles, []).append(member)
        for roles, some in affected.items():
            own = replace(each, members=tuple(some) if len(some) < len(those) else ())
            found.setdefault((id_, roles), []).append(own)
    for (id_, roles), holders in found.items():
        finding = Finding("depends-not-met", 0, ("Depends",), describe_lacking(roles))
        yield HeldFinding(id_, finding, tuple(holders))


def _list_members(identities: Identities) -> Mapping[str, list[str]]:
    members: dict[str, list[str]] = {}
    for subject, record in identities.subjects.items():
        for group in record.get("groups", ()):
            members.setdefault(group, []).append(subject)
    return members


def _list_holdings(
    identities: Identities, granted: Granted, members: Mapping[str, list[str]]
) -> list[tuple[str, _Holding]]:
    """List all that each of those was granted to whom a grant is made.

    A group without members stands for itself.
    """
    if granted.is_group and granted.holder not in members:
        return [("", _freeze(identities.groups[granted.holder]["grants"]))]
    subjects = members[granted.holder] if granted.is_group else [granted.holder]
    holdings = []
    for id_ in subjects:
        record = identities.subjects[id_]
        groups = (identities.groups[group] for group in record.get("groups", ()))
        inherited = [grant for group in groups for grant in group["grants"]]
        holdings.append((id_, _freeze([*record.get("grants", ()), *inherited])))
    return holdings


def _freeze(grants: Iterable[Grant]) -> _Holding:
    return tuple((_spell_scope(grant["scope"]), tuple(grant["policies"])) for grant in grants)


def _spell_scope(scope: Mapping[str, Any]) -> str:
    return json.dumps(scope)


def _find_lacking(
    engine: Engine, identities: Identities, holdings: Iterable[_Holding]
) -> dict[_Holding, dict[tuple[str, str], tuple[str, ...]]]:
    """Find which roles lack which, by scope and policy; of many with the same grants once."""
    distinct = list(dict.fromkeys(holdings))
    found = {}
    for batch in split_batches(distinct, _BATCH):
        answers = find_lacking(engine, [_ask(identities, each) for each in batch])
        for holding, answer in zip(batch, answers, strict=True):
            found[holding] = {
                (holding[i][0], holding[i][1][j]): tuple(roles) for (i, j), roles in answer.items()
            }
    return found


def _ask(identities: Identities, holding: _Holding) -> Question:
    grants = [
        {"scope": json.loads(scope), "policies": [identities.policies[id_] for id_ in policies]}
        for scope, policies in holding
    ]
    return {"subject": {"project_id": _NO_PROJECT, "grants": grants}}
