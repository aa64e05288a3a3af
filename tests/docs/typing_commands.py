"""Commands of a page, typed into a shell in a folder that has what a checkout has."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from scopegate.live.opa import Opa
from tests.docs.blocks import PROJECT

SECONDS = 60
WAIT = (
    "curl --silent --fail --output health --retry 30 --retry-delay 1 --retry-all-errors"
    " 'http://{address}/health?bundles'\n"
)
"""Waits for an OPA that has its bundles, where a page's reader would look for himself."""

_VARYING = re.compile(
    r"""\b[0-9a-f]{12}\b  # a revision
    | (?<=revision:\ )[0-9a-f]{64} | (?<="revision":\ ")[0-9a-f]{64}
    | \b\d+\.\d+\ s\b | \b[\d,]+(?=\ bytes\b)
    | (?<=\dZ),\ (?:[\d,]+\ \w+\ ago|just\ now|in\ the\ future)$
    """,
    re.MULTILINE | re.VERBOSE,
)
_MAKE = re.compile(r"^make ([^#\n]*).*$", re.MULTILINE)
_WARNING = re.compile(r'^\{.*"level":"warning".*\n', re.MULTILINE)


def make_checkout(folder: Path, opa: Opa) -> None:
    """Put into a folder what the pages need of a checkout, and their programs."""
    for program in ("openssl", "curl"):
        if not shutil.which(program):
            pytest.skip(f"there is no {program} here")
    for name in ("tables", "corrections", "rego", "examples", "bundle/profiles"):
        shutil.copytree(PROJECT / name, folder / name)
    shutil.copy(PROJECT / "bundle/inventory.yaml", folder / "bundle")
    programs = folder / "programs"
    programs.mkdir()
    (programs / "opa").symlink_to(opa.path)
    scopegate = programs / "scopegate"
    scopegate.write_text(f"#!{sys.executable}\nfrom scopegate.cli import main\n\nmain()\n")
    scopegate.chmod(0o755)


def change(script: str, changes: Mapping[str, str]) -> str:
    """A script that does otherwise where a test has to: no part of it is changed in vain."""
    for told, typed in changes.items():
        assert told in script, f"no page tells {told}"
        script = script.replace(told, typed)
    return script


def follow_make(script: str) -> str:
    """A script with what make would call in place of make, which also builds a .venv."""
    return _MAKE.sub(lambda found: _ask_make(found[1]), script)


def _ask_make(words: str) -> str:
    command = ["make", "--dry-run", *shlex.split(words)]
    told = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    return told.stdout.splitlines()[-1].replace(".venv/bin/", "")


def hide_varying(printed: str) -> str:
    """What was printed without what another run prints otherwise: revisions, times, ages, sizes.

    Of root, as whom the tests run on some machines, OPA warns in a line of JSON.
    """
    return _VARYING.sub("…", _WARNING.sub("", printed))


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
