"""The vendor's limits for custom policies, by the codes of IAM's errors.

What is beyond one is not refused here: the vendor does so, and a decision does not count.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from scopegate.documents.places import spell_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scopegate.identity.model import Policy

_STATEMENTS: Final = 8
_ACTIONS: Final = 100
_ACTION_CHARACTERS: Final = 128
_RESOURCES: Final = 10
_CONDITIONS: Final = 10
_CHARACTERS: Final = 6144
_DEPENDENCIES: Final = 20


def check_limits(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """Yield the code, the place and what there is too much of, for each limit that is passed.

    Characters of a policy are those of its JSON without blanks, conditions the keys of all the
    operators of a statement.
    """
    document = {
        name: value for name, value in policy.items() if name in {"Version", "Statement", "Depends"}
    }
    spelt = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    yield from _compare("IAM.1021", "", len(spelt), _CHARACTERS, "characters")
    yield from _compare(
        "IAM.1028", "Statement", len(policy["Statement"]), _STATEMENTS, "statements"
    )
    for index, statement in enumerate(policy["Statement"]):
        yield from _check_statement(statement, spell_path(["Statement", index]))
    depends = policy.get("Depends", [])
    yield from _compare("IAM.1058", "Depends", len(depends), _DEPENDENCIES, "dependencies")


def _check_statement(statement: Mapping[str, Any], place: str) -> Iterator[tuple[str, str, str]]:
    for name in ("Action", "NotAction"):
        actions = statement.get(name, ())
        inside = spell_path([name], place)
        yield from _compare("IAM.1033", inside, len(actions), _ACTIONS, "actions")
        for index, action in enumerate(actions):
            at = spell_path([index], inside)
            yield from _compare("IAM.1034", at, len(action), _ACTION_CHARACTERS, "characters")
    resources = statement.get("Resource", ())
    number = len(resources["uri"] if isinstance(resources, dict) else resources)
    inside = spell_path(["Resource"], place)
    yield from _compare("IAM.1040", inside, number, _RESOURCES, "resources")
    operators = statement.get("Condition", {}).values()
    number = sum(len(keys) if isinstance(keys, dict) else 1 for keys in operators)
    inside = spell_path(["Condition"], place)
    yield from _compare("IAM.1050", inside, number, _CONDITIONS, "conditions")


def _compare(
    code: str, place: str, number: int, most: int, noun: str
) -> Iterator[tuple[str, str, str]]:
    if number > most:
        yield code, place, f"{number:,} {noun}, and at most {most:,} are allowed"
