"""What can be brought, and what is said and done on the way."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.errors import ScopegateError
from scopegate.live.opa import Version, read_version

if TYPE_CHECKING:
    from pathlib import Path

TOOLS_FOLDER: Final = ".tools"
_ANSWER_SECONDS: Final = 30  # as long as OPA has
_SHOWN_LINES: Final = 8  # of what a failed command said: the last ones, where the reason is


class UnavailableError(ScopegateError):
    """One way of bringing a tool does not work here; the message says why."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that can be brought to `.tools/bin/<name>`.

    `pin` reads the wanted version in the project's folder, and is None where any version does.
    `ways` are tried in their order. `ask` reads the version that a program says it is, None when it
    says nothing of the kind. `advice` is for the person on whose machine no way works.
    """

    name: str
    title: str
    pin: Callable[[Path], Version] | None
    ways: tuple[Way, ...]
    advice: str
    ask: Callable[[Path], Version | None] = read_version


@dataclass(frozen=True, slots=True)
class Order:
    """A tool to bring, its version, the project's folder, and the file to leave the program at."""

    tool: Tool
    version: Version | None
    project: Path
    target: Path

    def __str__(self) -> str:
        return f"{self.tool.title} {self.version}" if self.version else self.tool.title

    def say(self, text: str) -> None:
        """Tell the person, on standard error, what is being done."""
        print(f"{self}: {text}", file=sys.stderr, flush=True)


Way = Callable[[Order], None]
"""Leaves the ordered program at the order's target, or raises UnavailableError."""


@dataclass(frozen=True, slots=True)
class Question:
    """Asks a program that does not answer to `version` as OPA does.

    `pattern` finds the three numbers in what it writes when run with `argument`.
    """

    argument: str
    pattern: str

    def __call__(self, program: Path) -> Version | None:
        """Ask it; None when it does not run or answers something else."""
        try:
            done = subprocess.run(
                [program, self.argument],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=True,
                timeout=_ANSWER_SECONDS,
                encoding="utf-8",
                errors="replace",
            )
        except (OSError, subprocess.SubprocessError):
            return None
        match = re.search(self.pattern, done.stdout)
        return Version(*map(int, match.groups())) if match else None


@dataclass(frozen=True, slots=True)
class Source:
    """What a command fetches from, and the setting of the command's that names another place.

    `unreached` finds in what the command wrote that there is no way to it, which takes most
    commands many lines, with a try in each.
    """

    title: str
    setting: str
    unreached: re.Pattern[str]


def run_as_program(work: Callable[[], object]) -> int:
    """Do the work of a program; say on one line why it can't be done, and return the exit code."""
    try:
        work()
    except (ScopegateError, OSError) as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def run_command(
    command: Sequence[str],
    failure: str,
    folder: Path,
    *,
    source: Source | None = None,
    more: Mapping[str, str] | None = None,
) -> None:
    """Run a command in a folder, with more in its environment.

    Raises UnavailableError when it does not run or exits with a code other than 0: with `failure`
    and, on the same line, that its source cannot be reached, else the last lines of what it wrote.
    """
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **(more or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as fault:
        raise UnavailableError(f"{failure}: {fault}") from fault
    if done.returncode == 0:
        return
    if source and source.unreached.search(done.stdout):
        raise UnavailableError(
            f"{failure}: {source.title} cannot be reached ({source.setting} can name another place)"
        )
    said = "".join(f"\n      {line}" for line in done.stdout.splitlines()[-_SHOWN_LINES:])
    raise UnavailableError(f"{failure} (code {done.returncode}):{said}")
