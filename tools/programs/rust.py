"""The way of building a Rust program, with the Rust that is there."""

from __future__ import annotations

import re
import shutil
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.live.opa import Version
from tools.programs.order import Order, Source, UnavailableError, run_command

if TYPE_CHECKING:
    from pathlib import Path

_CRATES: Final = Source(
    "crates.io",
    "CARGO_REGISTRIES_CRATES_IO_INDEX",
    re.compile(r"Could not resolve host|failed to connect|Couldn't connect|download of .* failed"),
)


@dataclass(frozen=True, slots=True)
class Crate:
    """The program `program`, built as the Cargo.toml and Cargo.lock of the folder `pins` say."""

    pins: str
    program: str
    build_time: str

    def read_pin(self, project: Path) -> Version:
        """Read the crate's own version, which the program tells."""
        manifest = tomllib.loads((project / self.pins / "Cargo.toml").read_text(encoding="utf-8"))
        return Version(*map(int, manifest["package"]["version"].split(".")))

    def build(self, order: Order) -> None:
        """Build with the cargo on the PATH."""
        cargo = shutil.which("cargo")
        if cargo is None:
            raise UnavailableError("there is no Rust on the PATH to build it with")
        order.say(f"building from source with {cargo}, {self.build_time}")
        target = order.target.parent / "target"
        command = [cargo, "build", "--release", "--locked", "--target-dir", str(target)]
        folder = order.project / self.pins
        run_command(command, f"{cargo} could not build it", folder, source=_CRATES)
        (target / "release" / self.program).replace(order.target)
