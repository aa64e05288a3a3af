"""What was measured on: nothing that tells whose machine it is."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PACKAGES: Final = ("pycasbin", "cedarpy", "oslo.policy")
_GIGABYTE: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine and what runs on it; `packages` has the versions of those that are installed."""

    processor: str
    processors: int
    memory: int
    system: str
    python: str
    packages: Mapping[str, str]

    @property
    def gigabytes(self) -> int:
        """Its memory."""
        return round(self.memory / _GIGABYTE)


def describe_machine() -> Machine:
    """Describe this machine."""
    return Machine(
        processor=_name_processor(),
        processors=os.cpu_count() or 1,
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        # What stands after the version says who built it.
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        python=platform.python_version(),
        packages=_find_versions(),
    )


def _name_processor() -> str:
    """Name it as Linux does, and where there is no such file by its architecture."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        told = ""
    for line in told.splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return " ".join(value.split())
    return platform.machine()


def _find_versions() -> Mapping[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
