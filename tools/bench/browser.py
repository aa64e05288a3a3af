"""A real Chromium: the program, and what it is started with."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

from scopegate.live.opa import BIN

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import ViewportSize

NO_CHROMIUM: Final = "no Chromium: `make chromium` says why, CONTRIBUTING.md what helps"

# Without its own sandbox Chromium runs where this is run by root, as in containers; the rest keeps
# it from asking its maker for anything.
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
VIEWPORT: Final[ViewportSize] = {"width": 1280, "height": 900}


def find_chromium(project: Path) -> str | None:
    """Return the program: the project's own, else the PATH's; None where there is none."""
    folders = [str(project / BIN), os.environ.get("PATH", "")]
    return shutil.which("chromium", path=os.pathsep.join(folders))
