"""Mutants of the rooms that read documents and make rules of them, and what became of each.

mutmut makes them, in a copy of the project: it mutates functions, and tries each mutant with the
tests that call its function.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import sleep
from typing import Final

from scopegate.errors import ScopegateError
from tests.proof.reports import Tell

ROOMS: Final = ("sources", "cells", "importing", "tables", "routes", "render")
_PROCESSES: Final = 2

# Where mutmut looks for code: it knows no other name for the folder.
_CODE: Final = "src"
_MUTANTS: Final = "mutants"
_LEFT_OUT: Final = ("scopegate.egg-info", "__pycache__", "build", "node_modules", ".*", "*.tar.gz")
# Tests that take their time with everything, read the code as text, or need what is not copied.
_NOT_RUN: Final = (
    "--ignore=tests/importing/test_properties.py",
    "--ignore=tests/tables/test_docs.py",
    "--ignore=tests/tables/test_hostile.py",
    "--deselect=tests/render/test_modules.py::test_regal_has_nothing_to_say",
)
_CONFIGURATION: Final = f"""

[tool.mutmut]
source_paths = ["{_CODE}"]
only_mutate = {json.dumps([f"{_CODE}/scopegate/{room}/*.py" for room in ROOMS])}
also_copy = ["bundle", "corrections", "docs", "examples", "generator", "rego", "tables", "tools"]
pytest_add_cli_args_test_selection = {json.dumps([f"tests/{room}" for room in ROOMS])}
pytest_add_cli_args = {json.dumps(["-p", "no:cacheprovider", *_NOT_RUN])}
use_setproctitle = false
"""


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"
    UNTESTED = "no test calls it"
    BROKEN = "neither passed nor failed"


# mutmut's exit codes: those of pytest, of what the system ended, and its own.
_FATES: Final[Mapping[int, Fate]] = {
    0: Fate.SURVIVED,
    1: Fate.KILLED,
    3: Fate.KILLED,
    **dict.fromkeys((24, 36, 152, 255, -24), Fate.TIMEOUT),
    **dict.fromkeys((5, 33), Fate.UNTESTED),
}


@dataclass(frozen=True)
class Mutant:
    """A mutant by its name, and what became of it; None as long as nothing has."""

    name: str
    fate: Fate | None


class MutationError(ScopegateError):
    """mutmut is not there, or could not do its work; the message has what it said."""


class Workshop:
    """A copy of the project in a folder, where mutmut mutates it."""

    def __init__(self, project: Path, folder: Path) -> None:
        """Copy the project, and make its mutants; raises `MutationError`."""
        self._program = Path(sys.executable).with_name("mutmut")
        if not self._program.exists():
            raise MutationError(
                f"expected mutmut beside {sys.executable}: requirements/mutation.txt"
            )
        self._folder = folder / "project"
        opa = Path(os.environ.get("OPA", project / ".tools/bin/opa")).absolute()
        # Where Hypothesis sees `CI`, it draws the same each time.
        self._environment = os.environ | {"CI": "true", "OPA": str(opa), "PYTHONPATH": ""}
        shutil.copytree(project, self._folder, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        shutil.copytree(self._folder / "generator", self._folder / _CODE)
        with (self._folder / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write(_CONFIGURATION)
        # No mutant has that name: it makes all, finds out which tests call them, and tries none.
        said = self._run("run", "--max-children", str(_PROCESSES), "none")
        if not (self._folder / _MUTANTS / "mutmut-stats.json").exists():
            raise MutationError(f"the tests fail before anything is mutated:\n{said[-2000:]}")

    def list_mutants(self) -> list[Mutant]:
        """List all mutants by name."""
        return sorted(read_mutants(self._folder / _MUTANTS / _CODE), key=lambda mutant: mutant.name)

    def try_mutants(self, names: Sequence[str], tell: Tell) -> list[Mutant]:
        """Try mutants with the tests; raises `MutationError` where some were not tried."""
        with (self._folder / "said.txt").open("w+", encoding="utf-8") as said:
            command = [str(self._program), "run", "--max-children", str(_PROCESSES), *names]
            with subprocess.Popen(
                command, cwd=self._folder, env=self._environment, stdout=said, stderr=said
            ) as process:
                while process.poll() is None:
                    with suppress(ValueError):  # mutmut is about to write one of its files
                        done = len(self._list_tried(names))
                        tell(f"{done:,} of {len(names):,} mutants", done / len(names))
                    sleep(2)
            tried = self._list_tried(names)
            if len(tried) < len(names):
                said.seek(0)
                message = f"mutmut ended with {process.returncode}, and {len(tried)} were tried"
                raise MutationError(f"{message}:\n{said.read()[-2000:]}")
        return tried

    def show(self, name: str) -> str:
        """Show what a mutant changes: the lines that it lacks, and those that it has instead."""
        lines = self._run("show", name).splitlines()
        changes = (
            f"{line[0]} {line[1:].strip()}"
            for line in lines
            if line.startswith(("-", "+")) and not line.startswith(("---", "+++"))
        )
        return " ".join(changes)

    def _list_tried(self, names: Sequence[str]) -> list[Mutant]:
        wanted = set(names)
        return [each for each in self.list_mutants() if each.fate and each.name in wanted]

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [self._program, *arguments],
            cwd=self._folder,
            env=self._environment,
            check=False,
            capture_output=True,
            text=True,
        )
        return done.stdout + done.stderr


def read_mutants(folder: Path) -> Iterator[Mutant]:
    """Read what became of the mutants of the code in a folder, from mutmut's own files."""
    for file in folder.rglob("*.meta"):
        codes: dict[str, int | None] = json.loads(file.read_text("utf-8"))["exit_code_by_key"]
        for name, code in codes.items():
            yield Mutant(name, None if code is None else _FATES.get(code, Fate.BROKEN))
