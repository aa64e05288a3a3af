"""Commands of a page, typed into a shell in a folder that has what a checkout has."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from scopegate.opa import Opa
from tests.docs.blocks import PROJECT

SECONDS = 60


def make_checkout(folder: Path, opa: Opa) -> None:
    """Put into a folder what the pages need of a checkout, and their programs."""
    for program in ("openssl", "curl"):
        if not shutil.which(program):
            pytest.skip(f"there is no {program} here")
    for name in ("tables", "rego", "examples"):
        shutil.copytree(PROJECT / name, folder / name)
    programs = folder / "programs"
    programs.mkdir()
    (programs / "opa").symlink_to(opa.path)
    scopegate = programs / "scopegate"
    scopegate.write_text(f"#!{sys.executable}\nfrom scopegate.cli import main\n\nmain()\n")
    scopegate.chmod(0o755)


@contextmanager
def type_commands(script: str, folder: Path, opa: Opa) -> Iterator[str]:
    """Run a script to its end; gives what it printed, and ends what it left running."""
    environment = {
        **os.environ,
        "OPA": str(opa.path),
        "PATH": f"{folder / 'programs'}:{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT / "generator"),
    }
    log = folder / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            ["sh", "-e", "-c", script],
            cwd=folder,
            env=environment,
            start_new_session=True,
            stdout=output,
            stderr=output,
        ) as shell,
    ):
        try:
            assert shell.wait(SECONDS) == 0, log.read_text(encoding="utf-8")
            yield log.read_text(encoding="utf-8")
        finally:
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGTERM)
