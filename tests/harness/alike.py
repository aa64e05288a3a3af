"""Decisions of several engines about the same inputs, made so that they can be compared."""

import json
from typing import Final

DECISIONS: Final = """\
answer := [decision |
    some question in input
    decision := data.scopegate.decision with input as question
]"""
"""A query for the decisions about a list of inputs, in their order; those of none are left out."""


def normalize(decision: object) -> str:
    """Spell a decision; sets are lists, whose order is not the same on all engines."""
    return json.dumps(sort_lists(decision), sort_keys=True, ensure_ascii=False)


def sort_lists(value: object) -> object:
    """The value with every list in one order."""
    if isinstance(value, dict):
        return {name: sort_lists(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted(map(sort_lists, value), key=lambda each: json.dumps(each, sort_keys=True))
    return value
