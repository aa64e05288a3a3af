"""Brings an environment of the project up to date: `packages.py STAMP PREREQUISITE…`, for make.

Run from the project's folder, also before there is an environment: by any Python that
tools/check_python.py lets pass.
"""
# ruff: noqa: INP001 - a script on its own, in no package

import sys
from pathlib import Path

# What is installed has no tools, and they run before it is installed.
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "generator"))

from tools.programs.environments import run_alone, update

STAMP, *PREREQUISITES = map(Path, sys.argv[1:])

sys.exit(run_alone(lambda: update(STAMP, PREREQUISITES), waits=str(STAMP.parent)))
