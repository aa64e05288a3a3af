"""The vendor's limits for custom policies, by the codes of IAM's errors.

What is beyond one is not refused here: the vendor does so, and a decision does not count.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scopegate.json_files.places import Keys

LIMITS: Final = {
    "IAM.1021": "More characters than a policy may have",
    "IAM.1028": "More statements than a policy may have",
    "IAM.1033": "More actions than a statement may have",
    "IAM.1034": "More characters than an action may have",
    "IAM.1040": "More resources than a statement may have",
    "IAM.1050": "More conditions than a statement may have",
    "IAM.1058": "More dependencies than a role may have",
}

ACTIONS: Final = 100
STATEMENTS: Final = 8
CHARACTERS: Final = 6144
_ACTION_CHARACTERS: Final = 128
_RESOURCES: Final = 10
_CONDITIONS: Final = 10
_DEPENDENCIES: Final = 20


def check_limits(policy: Mapping[str, Any]) -> Iterator[tuple[str, Keys, str]]:
    """Yield the code, the keys and what there is too much of, for each limit that is passed.

    Conditions are the keys of all the operators of a statement.
    """
    yield from _compare("IAM.1021", (), _measure_policy(policy), CHARACTERS, "characters")
    statements = policy["Statement"]
    yield from _compare("IAM.1028", ("Statement",), len(statements), STATEMENTS, "statements")
    for index, statement in enumerate(statements):
        yield from _check_statement(statement, ("Statement", index))
    depends = policy.get("Depends", [])
    yield from _compare("IAM.1058", ("Depends",), len(depends), _DEPENDENCIES, "dependencies")


def _measure_policy(policy: Mapping[str, Any]) -> int:
    """Count the characters of a policy: those of its JSON without blanks."""
    document = {
        name: value for name, value in policy.items() if name in {"Version", "Statement", "Depends"}
    }
    return len(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def _check_statement(statement: Mapping[str, Any], place: Keys) -> Iterator[tuple[str, Keys, str]]:
    for name in ("Action", "NotAction"):
        actions = statement.get(name, ())
        inside = (*place, name)
        yield from _compare("IAM.1033", inside, len(actions), ACTIONS, "actions")
        for index, action in enumerate(actions):
            at = (*inside, index)
            yield from _compare("IAM.1034", at, len(action), _ACTION_CHARACTERS, "characters")
    resources = statement.get("Resource", ())
    number = len(resources["uri"] if isinstance(resources, dict) else resources)
    yield from _compare("IAM.1040", (*place, "Resource"), number, _RESOURCES, "resources")
    operators = statement.get("Condition", {}).values()
    number = sum(len(keys) if isinstance(keys, dict) else 1 for keys in operators)
    yield from _compare("IAM.1050", (*place, "Condition"), number, _CONDITIONS, "conditions")


def _compare(
    code: str, place: Keys, number: int, most: int, noun: str
) -> Iterator[tuple[str, Keys, str]]:
    if number > most:
        yield code, place, f"{number:,} {noun}, and at most {most:,} are allowed"
