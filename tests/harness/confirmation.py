"""Holds the decisions of a live OPA against those of the oracle, object by object."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.harness.client import Client, NoDecisionError
from tests.oracle import (
    ABSENT,
    Decision,
    Documented,
    Given,
    Operator,
    decide,
    find_faults,
    names_a_fault,
)

SHOWN = 5
"""How many disagreements are printed; the rest are counted."""


@dataclass
class Tally:
    """What was confirmed so far, and the seconds it took."""

    decisions: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Confirmer:
    """Confirms what one server decides, with the tables that its bundle was made from."""

    client: Client
    tables: Sequence[Documented]
    revision: str
    tally: Tally
    operator: Operator = field(default_factory=Operator)
    """What the server knows beside the bundle."""

    def __call__(self, inputs: Iterable[Given]) -> int:
        """Ask about every input and compare; the number of decisions confirmed.

        Raises AssertionError with the first few disagreements when there is any.
        """
        started = time.monotonic()
        # Many parts of a matrix ask the same question: it is asked and counted once.
        asked = list(
            {
                repr(given) if given is ABSENT else json.dumps(given): given for given in inputs
            }.values()
        )
        assert asked, "nothing was asked"
        answers = self.client.decide_all(asked)
        disagreements = [
            disagreement
            for given, answer in zip(asked, answers, strict=True)
            if (disagreement := self.compare(given, answer))
        ]
        assert not disagreements, summarize(disagreements, len(asked))
        self.tally.decisions += len(asked)
        self.tally.seconds += time.monotonic() - started
        return len(asked)

    def one(self, given: Given) -> None:
        """Ask about one input and compare. Raises AssertionError where they disagree."""
        started = time.monotonic()
        disagreement = self.compare(given, self.client.decide(given))
        assert not disagreement, disagreement
        self.tally.decisions += 1
        self.tally.seconds += time.monotonic() - started

    def compare(self, given: Given, answer: Decision | NoDecisionError) -> str:
        """A disagreement about one input, for a person to read; empty where there is none."""
        expected = decide(self.tables, given, self.revision, self.operator)
        if isinstance(answer, NoDecisionError):
            differences = [f"expected {show(expected)}", f"got      no decision: {answer}"]
        else:
            differences = list(find_differences(given, expected, answer, self.operator))
        return "\n".join([f"input    {show(given)}", *differences]) if differences else ""


def find_differences(
    given: Given,
    expected: Decision,
    got: Any,  # noqa: ANN401  # as OPA gave it
    operator: Operator,
) -> Iterator[str]:
    """A few lines for each member that is not as expected."""
    if not isinstance(got, dict):
        yield f"expected a decision\ngot      {show(got)}"
        return
    for member in sorted(expected.keys() | got.keys()):
        if member not in got:
            yield f"{member}: is missing"
        elif member not in expected:
            yield f"{member}: no decision has it; got {show(got[member])}"
        elif member == "message":
            yield from find_message_faults(given, got, operator)
        elif show(expected[member]) != show(got[member]):
            yield f"{member}: expected {show(expected[member])}"
            yield f"{' ' * len(member)}  got      {show(got[member])}"


def find_message_faults(given: Given, got: Decision, operator: Operator) -> Iterator[str]:
    """The text is free, but there is one, and what is malformed is named."""
    message = got["message"]
    if not isinstance(message, str) or not message:
        yield f"message: expected a text, got {show(message)}"
    elif got.get("reason") == "malformed_request":
        faults = find_faults(given, has_identities=operator.has_identities)
        if faults and not names_a_fault(message, faults):
            members = ", ".join(fault.member for fault in faults)
            yield f"message: expected one that names {members}; got {show(message)}"


def show(value: object) -> str:
    """A value on one line. As JSON, which tells 1 from true."""
    return repr(value) if value is ABSENT else json.dumps(value, ensure_ascii=False, sort_keys=True)


def summarize(disagreements: Sequence[str], asked: int) -> str:
    """The first few of them, and how many there are."""
    left = len(disagreements) - SHOWN
    return "\n\n".join(
        [
            f"{len(disagreements)} of {asked} decisions are not as the model says:",
            *disagreements[:SHOWN],
            *([f"… and {left} more"] if left > 0 else []),
        ]
    )
