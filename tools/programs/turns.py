"""Processes that would be in each other's way do their work one after the other."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def take_turn(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Let one process at a time change what is in a folder; the others wait, and say that they do.

    It is the system that keeps them out, and that ends the turn of a process which dies. What had
    to be done before waiting may be done after it.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another run, which is bringing something")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
