"""A room of the generator imports from those alone that docs/architecture.md lists above it."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
GENERATOR = PROJECT / "generator/scopegate"
PAGE = (PROJECT / "docs/architecture.md").read_text(encoding="utf-8").split("\n## ")[0]
ROOMS = re.findall(
    r"`(\w+)`", "\n".join(re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", PAGE, re.MULTILINE))
)


def name_room(path: Path) -> str:
    return path.relative_to(GENERATOR).parts[0].removesuffix(".py")


MODULES = [path for path in sorted(GENERATOR.rglob("*.py")) if path.parent != GENERATOR] + [
    path for path in sorted(GENERATOR.glob("*.py")) if path.name != "__init__.py"
]


def test_every_room_is_listed() -> None:
    assert {*ROOMS} == {name_room(path) for path in MODULES}
    assert len(ROOMS) == len({*ROOMS})


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_from_those_above_it(room: str) -> None:
    imported = {
        node.module.split(".")[1]
        for path in MODULES
        if name_room(path) == room
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module
        and re.match(r"scopegate\.\w", node.module)
    }

    assert imported <= {*ROOMS[: ROOMS.index(room) + 1]}
