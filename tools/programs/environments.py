"""Virtual environments below the project's folder, and the packages in them."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools.programs.order import run_as_program, run_command
from tools.programs.turns import take_turn
from tools.programs.wheels import PIP_INSTALL, PYPI

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def update(stamp: Path, prerequisites: Sequence[Path]) -> None:
    """Install what a rule of make's names into the environment that its target is in.

    The target, which is empty, tells when that was done. Of the prerequisites, locks and the
    project itself are installed. Raises ScopegateError where that can't be done.
    """
    newest = max(each.stat().st_mtime for each in prerequisites)
    if stamp.exists() and stamp.stat().st_mtime >= newest:
        return  # make could not know: another run did it while this one waited for its turn
    for each in prerequisites:
        if each.suffix == ".txt":
            print(f"== {stamp.parent}: {each}", flush=True)
            install(stamp.parent, "--require-hashes", "--requirement", str(each))
        elif each.name == "pyproject.toml":
            install(stamp.parent, "--no-build-isolation", "--no-deps", "--editable", ".")
    stamp.touch()


def install(environment: Path, *wanted: str) -> None:
    """Have pip install what is wanted, in its words, into an environment that is made if need be.

    Raises ScopegateError where not all of it can be had.
    """
    python = environment / "bin/python"
    if not _has_pip(python):
        command = [sys.executable, "-m", "venv", "--clear", str(environment)]
        run_command(command, f"{environment} could not be made", Path())
    failure = f"{environment}: {wanted[-1]} could not be installed"
    run_command([str(python), *PIP_INSTALL, *wanted], failure, Path(), source=PYPI)


def run_alone(work: Callable[[], None], waits: str) -> int:
    """Do work in the project in the working directory that only one process may do at a time.

    `waits` is for the one that has to wait to say what it waits with. Returns the exit code.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that pip ends with this process

    def work_alone() -> None:
        with take_turn(Path(), lambda text: print(f"{waits}: {text}", file=sys.stderr, flush=True)):
            work()

    return run_as_program(work_alone)


def _has_pip(python: Path) -> bool:
    try:
        done = subprocess.run(
            [python, "-m", "pip", "--version"], check=False, capture_output=True, cwd=Path()
        )
    except OSError:
        return False
    return done.returncode == 0
