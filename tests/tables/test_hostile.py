"""Table files that would take minutes to read, or have a fault in each line, are refused."""

from pathlib import Path

import pytest

from scopegate.errors import FaultsError
from scopegate.tables.forms import MOST_ERRORS
from scopegate.tables.marks import MOST_NODES
from scopegate.tables.store import parse_table

MESSAGE = rf"volumes\.yaml:\d+:\d+: expected at most {MOST_NODES} names and values \[too-large\]$"

HOSTILE = {
    "keys": "".join(f"a{number}: b\n" for number in range(200_000)),
    "keys in braces": "{" + "".join(f"a{number}: b, " for number in range(200_000)) + "}",
    "one key again and again": "a: b\n" * 400_000,
    "items": "rows:\n" + "- a\n" * 500_000,
    "items in brackets": "rows: [" + "a," * 1_000_000 + "]",
    "rows": "rows:\n" + "- {row: 1}\n" * 180_000,
    "rows with faults": "rows:\n" + "- {row: a, permission: 1, actions: a}\n" * 50_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_table_file_beyond_the_limit_is_refused(text: str) -> None:
    with pytest.raises(FaultsError, match=MESSAGE) as raised:
        parse_table(text, Path("made/evs/volumes.yaml"))

    assert len(raised.value.faults) == 1


def test_not_all_faults_of_a_hostile_file_are_told() -> None:
    with pytest.raises(FaultsError) as raised:
        parse_table("rows:\n" + "- {}\n" * 30_000, Path("made/evs/volumes.yaml"))

    *told, last = raised.value.faults
    assert len(told) == MOST_ERRORS
    assert (last.code, last.location.line) == ("too-many", (told[-1].location.line or 0) + 1)


def test_as_many_faults_as_are_told_are_not_too_many() -> None:
    text = "rows:\n" + "- a\n" * (MOST_ERRORS - 4)

    with pytest.raises(FaultsError) as raised:
        parse_table(text, Path("made/evs/volumes.yaml"))

    codes = [fault.code for fault in raised.value.faults]
    assert len(codes) == MOST_ERRORS
    assert "too-many" not in codes
