"""How much a decision has to look at for one subject: the rules refuse what is more than they say.

What is counted, and how, is what rego/scopegate/question/limits.rego counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from scopegate.errors import quote_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scopegate.identity.model import Grant, Identities, Policy


@dataclass(frozen=True, slots=True)
class _Size:
    """What there is of each in some grants.

    `weight` counts policies and the roles that they depend on, `weight_everywhere` those of them at
    all resources, and `depending` the grants with a role that depends on others.
    `dependencies_of_one` is the most that one role depends on.
    """

    grants: int = 0
    policies: int = 0
    statements: int = 0
    patterns: int = 0
    characters: int = 0
    weight: int = 0
    weight_everywhere: int = 0
    depending: int = 0
    dependencies_of_one: int = 0

    @property
    def dependencies(self) -> int:
        return self.weight + self.depending * self.weight_everywhere


TOO_MUCH: Final = "too-much"
"""The code of the fault."""

_NOUNS: Final = (
    *("characters", "grants", "policies", "statements", "patterns", "dependencies"),
    "dependencies of one",
)


def find_excesses(identities: Identities, limits: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield each subject that a decision would refuse for its size, and what there is too much of.

    `limits` are those of the schema of an input. All that is referred to has to be there.
    """
    policies = {id_: _measure_policy(each) for id_, each in identities.policies.items()}
    groups = {
        id_: _measure_grants(group["grants"], policies) for id_, group in identities.groups.items()
    }

    @cache  # a hundred thousand subjects are in few groups, and many in the same
    def measure_groups(ids: tuple[str, ...]) -> _Size:
        return _add(groups[id_] for id_ in ids)

    for id_, subject in identities.subjects.items():
        size = measure_groups(tuple(subject.get("groups", ())))
        if grants := subject.get("grants"):
            size = _add([size, _measure_grants(grants, policies)])
        for noun in _NOUNS:
            counted: int = getattr(size, noun.replace(" ", "_"))
            number = max(counted, len(id_) if noun == "characters" else 0)
            if number > limits[noun]:
                yield id_, _spell_excess(id_, noun, number, limits[noun])


def _spell_excess(id_: str, noun: str, number: int, most: int) -> str:
    where = "in an id of" if noun == "characters" else "in all that was granted to"
    return f"expected at most {most:,} {noun} {where} subject {quote_text(id_)}; found {number:,}"


def _add(sizes: Iterable[_Size]) -> _Size:
    listed = list(sizes)
    return _Size(
        grants=sum(each.grants for each in listed),
        policies=sum(each.policies for each in listed),
        statements=sum(each.statements for each in listed),
        patterns=sum(each.patterns for each in listed),
        characters=max((each.characters for each in listed), default=0),
        weight=sum(each.weight for each in listed),
        weight_everywhere=sum(each.weight_everywhere for each in listed),
        depending=sum(each.depending for each in listed),
        dependencies_of_one=max((each.dependencies_of_one for each in listed), default=0),
    )


def _measure_grants(grants: Iterable[Grant], policies: Mapping[str, _Size]) -> _Size:
    return _add(_measure_grant(each, policies) for each in grants)


def _measure_grant(grant: Grant, policies: Mapping[str, _Size]) -> _Size:
    [(kind, id_)] = grant["scope"].items()
    size = _add(policies[each] for each in grant["policies"])
    return replace(
        size,
        grants=1,
        characters=len(id_) if isinstance(id_, str) else 0,
        weight_everywhere=size.weight if kind == "all_resources" else 0,
        # A policy that depends on none weighs one.
        depending=int(size.weight > size.policies),
    )


def _measure_policy(policy: Policy) -> _Size:
    statements = policy["Statement"]
    depends = len(policy.get("Depends", ()))
    return _Size(
        policies=1,
        statements=len(statements),
        patterns=sum(map(_count_patterns, statements)),
        weight=1 + depends,
        dependencies_of_one=depends,
    )


def _count_patterns(statement: Mapping[str, Any]) -> int:
    lists: Sequence[Any] = [statement.get(name, ()) for name in ("Action", "NotAction", "Resource")]
    inner = [each["uri"] for each in lists if isinstance(each, dict)]
    return sum(map(len, [*lists, *inner]))
