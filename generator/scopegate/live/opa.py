"""The OPA that this project uses: where it is looked for, and which versions do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from scopegate.errors import ScopegateError

if TYPE_CHECKING:
    from collections.abc import Sequence

BIN: Final = ".tools/bin"
"""Where a project keeps its own programs, below its folder."""


class Version(NamedTuple):
    """A released version. What follows the three numbers (`-dev`) is not kept."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


MINIMUM_VERSION: Final = Version(1, 0, 0)
"""The oldest OPA that the bundle works with: the first whose Rego is v1 without being told."""

_RELEASES: Final = "https://github.com/open-policy-agent/opa/releases"

_ANSWER_SECONDS: Final = 30
"""A program that takes longer to say its version is not an OPA."""


@dataclass(frozen=True, slots=True)
class Opa:
    """An OPA on this machine that is new enough."""

    path: Path
    version: Version

    def run(
        self,
        args: Sequence[str],
        *,
        cwd: Path | None = None,
        stdin: str | None = None,
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run `opa ARGS` to its end and return what it wrote.

        Raises ScopegateError with OPA's own words when it exits with a code other than 0; with
        `check=False` the code is the caller's to look at.
        """
        done = subprocess.run(
            [self.path, *args],
            cwd=cwd,
            input=stdin,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        if check and done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip()) or "nothing"
            raise ScopegateError(f"opa {args[0]} failed with code {done.returncode}:\n{said}")
        return done


def find_opa(project: Path | None) -> Opa:
    """Return the OPA that the environment's `OPA` names, else the project's own, else the PATH's.

    `project` is the project's folder, None where there is none. Raises ScopegateError when there is
    no OPA, it does not run, or it is older than MINIMUM_VERSION; the next one is not tried then.
    """
    if named := os.environ.get("OPA"):
        return check_opa(named, f"OPA={named}")
    own = project / BIN / "opa" if project else None
    if own and own.exists():
        return check_opa(str(own), str(own))
    if found := shutil.which("opa"):
        return check_opa(found, f"opa on the PATH, {found}")
    missing = f"{own} is missing, " if own else ""
    ways = "run `make bundle`, which brings one, or " if own else f"get one from {_RELEASES}, and "
    raise ScopegateError(
        f"no OPA, and {MINIMUM_VERSION} or newer is needed: OPA is not set, {missing}and there is"
        f" no opa on the PATH. What you can do: {ways}set OPA=/path/to/opa."
    )


def check_opa(command: str, origin: str) -> Opa:
    """Return the OPA that `command` (a path, or a name on the PATH) runs; `origin` is for messages.

    Raises ScopegateError when it does not run or is older than MINIMUM_VERSION.
    """
    found = shutil.which(command)
    if found is None:
        raise ScopegateError(f"{origin}: there is no program at {command}.")
    path = Path(found).absolute()
    version = read_version(path)
    if version is None:
        raise ScopegateError(f"{origin}: `{path} version` does not answer as an OPA does.")
    if version < MINIMUM_VERSION:
        raise ScopegateError(
            f"{origin}: this is OPA {version}, and the bundle needs {MINIMUM_VERSION} or newer."
        )
    return Opa(path, version)


def read_version(program: Path) -> Version | None:
    """Ask OPA, or Regal, for its version; None when it does not run or answers something else."""
    try:
        answer = subprocess.run(
            [program, "version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=_ANSWER_SECONDS,
            encoding="utf-8",
            errors="replace",
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return parse_version(answer)


def parse_version(answer: str) -> Version | None:
    """Read the first line, `Version: 1.22.2`, of what OPA and Regal answer to `version`."""
    match = re.match(r"Version:\s*v?(\d+)\.(\d+)\.(\d+)", answer)
    return Version(*map(int, match.groups())) if match else None
