"""The harness itself: that it sees a wrong decision, and says what is wrong with it."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.client import NoDecisionError
from tests.harness.confirmation import Confirmer, Tally
from tests.oracle import ABSENT, Decision, Documented, Given, decide

ROW = Documented(
    provider="made",
    service="evs",
    table="evs/made",
    row=1,
    permission="To do it",
    actions=("evs:snapshots:get", "evs:snapshots:list"),
    iam_project="supported",
    enterprise_project="supported",
    method="GET",
    path="/v2/{project_id}/snapshots",
    mirrored_from=None,
)
GIVEN: Given = {
    "request": {"method": "GET", "path": "/v2/p1/snapshots"},
    "subject": {"project_id": "p1"},
}


class Told:
    """In the place of a client: answers every question with what a function makes of the answer."""

    def __init__(self, change: Callable[[Decision], object]) -> None:
        self.change = change

    def decide_all(self, inputs: list[Given]) -> list[Any]:
        return [self.change(copy.deepcopy(decide([ROW], given, "r1"))) for given in inputs]


def confirm(change: Callable[[Decision], object], *inputs: Given) -> Tally:
    tally = Tally()
    Confirmer(Told(change), [ROW], "r1", tally)(inputs)  # type: ignore[arg-type]
    return tally


def test_right_decisions_are_counted_once() -> None:
    assert confirm(lambda decision: decision, GIVEN, GIVEN, ABSENT, None).decisions == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"allow": True}, "allow: expected false\n       got      true"),
        ({"allow": 0}, "allow: expected false\n       got      0"),
        ({"reason": "allowed"}, "reason: expected"),
        ({"revision": "r0"}, "revision: expected"),
        ({"granted": ["evs:snapshots:get"]}, "granted: expected"),
        ({"missing": ["evs:snapshots:list", "evs:snapshots:get"]}, "missing: expected"),
        ({"route": None}, "route: expected"),
        ({"message": ""}, "message: expected a text"),
        ({"message": None}, "message: expected a text"),
        ({"extra": 1}, "extra: no decision has it"),
    ],
)
def test_a_wrong_member_is_shown(change: Decision, said: str) -> None:
    with pytest.raises(AssertionError, match="1 of 1 decisions") as raised:
        confirm(lambda decision: decision | change, GIVEN)
    assert said in str(raised.value)
    assert '"path": "/v2/p1/snapshots"' in str(raised.value)


def test_a_missing_member_is_shown() -> None:
    with pytest.raises(AssertionError, match="denied: is missing"):
        confirm(
            lambda decision: {name: decision[name] for name in decision if name != "denied"}, GIVEN
        )


def test_a_message_must_name_what_is_malformed() -> None:
    with pytest.raises(AssertionError, match="one that names input"):
        confirm(lambda decision: decision | {"message": "malformed"}, ABSENT)


def test_no_decision_is_a_disagreement() -> None:
    with pytest.raises(AssertionError, match="no decision: undefined"):
        confirm(lambda _: NoDecisionError("undefined"), GIVEN)
    with pytest.raises(AssertionError, match="expected a decision"):
        confirm(lambda _: False, GIVEN)


def test_asking_nothing_confirms_nothing() -> None:
    with pytest.raises(AssertionError, match="nothing was asked"):
        confirm(lambda decision: decision)


def test_only_the_first_disagreements_are_shown() -> None:
    inputs: list[Given] = list(range(20))
    with pytest.raises(AssertionError, match="and 15 more"):
        confirm(lambda decision: decision | {"allow": True}, *inputs)
