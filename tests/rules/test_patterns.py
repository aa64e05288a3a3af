"""Patterns match what they match for the oracle, also where their parts could overlap."""

import json
import random
from pathlib import Path

from scopegate.live.opa import Opa
from tests.oracle.grants import fits

ACTION = "evs:snapshots:list"
QUERY = "[data.scopegate.grants.matches({each.action}, {each.pattern}) | some each in input]"
_CASES = 6_000


def make_pattern(chance: random.Random) -> str:
    """Pieces of the action with a wildcard or nothing between them, most of them in its order."""
    pieces = []
    position = 0
    for _ in range(chance.randint(1, 5)):
        start = max(0, position + chance.choice((0, 0, 0, 1, -1, -3)))
        position = min(len(ACTION), start + chance.choice((0, 1, 3, 6, len(ACTION))))
        pieces.append(ACTION[start:position])
    if chance.random() < 0.6:
        pieces[-1] = ACTION[chance.randrange(len(ACTION)) :]
    spelt = "".join(piece + chance.choice(("*", "*", "*", "**", "")) for piece in pieces)
    spelt = spelt if chance.random() < 0.3 else spelt.rstrip("*")
    return chance.choice((str, str.upper))(spelt) or "*"


def test_random_patterns(bundle: Path, opa: Opa) -> None:
    chance = random.Random(38)  # noqa: S311  nothing secret
    patterns = [make_pattern(chance) for _ in range(_CASES)]
    asked = [{"action": ACTION, "pattern": pattern} for pattern in patterns]

    command = ["eval", "--format", "raw", "--stdin-input", "--bundle", str(bundle), QUERY]
    answer = json.loads(opa.run(command, stdin=json.dumps(asked)).stdout)

    expected = [fits(pattern, ACTION) for pattern in patterns]
    assert _CASES * 0.1 < sum(expected) < _CASES * 0.9
    wrong = [
        pattern
        for pattern, found, fitting in zip(patterns, answer, expected, strict=True)
        if (found == [ACTION]) is not fitting
    ]
    assert wrong == []
