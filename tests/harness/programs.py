"""The programs that tests run beside OPA: Envoy, nginx, a registry, Chromium."""

from pathlib import Path

import pytest

from scopegate.errors import ScopegateError
from tools.programs import bringing
from tools.programs.catalog import TOOLS

PROJECT = Path(__file__).parents[2]


def bring(name: str) -> Path:
    """The program `.tools/bin/<name>`, brought if it is not there yet.

    Workers that ask at the same time wait for the first. Raises ScopegateError, with all that was
    tried, where it can't be had.
    """
    return bringing.bring(TOOLS[name], PROJECT)


def bring_or_skip(name: str) -> Path:
    """The same; the test is skipped, and says why, where it can't be had."""
    try:
        return bring(name)
    except ScopegateError as error:
        pytest.skip(str(error))
