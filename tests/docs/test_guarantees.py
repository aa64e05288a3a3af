"""The guarantees are numbered, and what is said to hold each of them is there."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from tests.proof.__main__ import app


@pytest.fixture
def rows(project: Path) -> list[list[str]]:
    text = (project / "docs/guarantees.md").read_text(encoding="utf-8")
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text.splitlines()
        if re.match(r"\| \d", line)
    ]


def test_they_are_numbered_and_say_what_would_break_them(rows: list[list[str]]) -> None:
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert all(len(row) == 5 and all(row) for row in rows)


def test_what_holds_them_is_there(rows: list[list[str]], project: Path) -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    for row in rows:
        for name in re.findall(r"`([^`]+)`", row[3]):
            if part := re.fullmatch(r"make proof ARGS=([\w-]+)", name):
                assert part[1] in commands
            elif target := re.fullmatch(r"make (\w+)", name):
                assert f"\n{target[1]}: " in makefile
            else:
                assert list(project.glob(name)), name
