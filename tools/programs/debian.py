"""The ways of programs that are no single file and not at PyPI: the machine's, or Debian's.

A package of Debian's is unpacked and not installed: apt keeps its lists and downloads in a folder
of ours and checks the signatures as ever, nobody needs to be root, and nothing is written outside
the project.
"""

from __future__ import annotations

import html
import os
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.programs.order import TOOLS_FOLDER, Order, Source, UnavailableError, run_command

if TYPE_CHECKING:
    from collections.abc import Mapping

# Read after the machine's own settings, which say where packages come from. What the machine does
# after an update (containers empty the system's cache) is not for this one.
_APT_SETTINGS: Final = """\
Dir::State::lists "{folder}/lists";
Dir::Cache "{folder}";
Dir::Cache::archives "{folder}/archives";
Debug::NoLocking "true";
Acquire::Languages "none";
APT::Update::Error-Mode "any";
APT::Sandbox::User "root";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""
_PACKAGES: Final = Source(
    "the packages' server",
    "/etc/apt/sources.list",
    re.compile(r"Could not (?:connect|resolve)|Temporary failure resolving|Unable to connect"),
)


@dataclass(frozen=True, slots=True)
class Installed:
    """Takes the program that the machine has.

    It is the first of `names` that is on the PATH or in one of `folders`, which are not on
    everyone's.
    """

    names: tuple[str, ...]
    folders: tuple[str, ...] = ()

    def __call__(self, order: Order) -> None:
        """Follow this way."""
        path = os.pathsep.join([os.environ.get("PATH", ""), *self.folders])
        for name in self.names:
            if found := shutil.which(name, path=path):
                _write_launcher(order.target, Path(found).absolute(), {})
                return
        raise UnavailableError(f"there is no {order.tool.title} on the PATH")


@dataclass(frozen=True, slots=True)
class DebianPackage:
    """Unpacks a package, and the libraries that the machine lacks, into the tools folder.

    `program` is the file in it that is wanted, and `cost` what is said of the wait.
    """

    package: str
    program: str
    cost: str

    def __call__(self, order: Order) -> None:
        """Follow this way."""
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            raise UnavailableError("there is no apt-get with dpkg-deb, so no Debian package of it")
        folder = order.target.parent / "apt"
        self._download(order, folder)
        root = folder / "root"
        root.mkdir()
        for package in sorted((folder / "archives").glob("*.deb")):
            command = ["dpkg-deb", "--extract", str(package), str(root)]
            run_command(command, f"{package.name} could not be unpacked", folder)
        if not (root / self.program).exists():
            raise UnavailableError(f"there is no {self.program} in what apt-get downloaded")
        home = order.project / TOOLS_FOLDER / self.package
        shutil.rmtree(home, ignore_errors=True)
        root.rename(home)
        _write_launcher(order.target, home / self.program, _find_parts(home))

    def _download(self, order: Order, folder: Path) -> None:
        """Leave the package, and those it needs that are not installed, in `archives/`."""
        for name in ("lists/partial", "archives/partial"):
            (folder / name).mkdir(parents=True)
        settings = folder / "apt.conf"
        settings.write_text(_APT_SETTINGS.format(folder=folder), encoding="utf-8")
        order.say(f"fetching Debian's package, {self.cost}")
        apt = ["apt-get", "--config-file", str(settings), "--quiet"]
        failure = "apt-get could not read what packages there are"
        run_command([*apt, "update"], failure, folder, source=_PACKAGES)
        command = [*apt, "install", "--download-only", "--yes", "--no-install-recommends"]
        failure = f"apt-get could not download {self.package}"
        run_command([*command, self.package], failure, folder, source=_PACKAGES)


def _find_parts(home: Path) -> dict[str, str]:
    """Return the settings with which a program finds what was unpacked with it."""
    libraries = sorted({str(library.parent) for library in home.rglob("lib*.so*")})
    settings = {"LD_LIBRARY_PATH": os.pathsep.join(libraries)}
    if (home / "etc/fonts/fonts.conf").exists():  # only on a machine without: text has no size then
        folder = html.escape(str(home))
        fonts = home / "fonts.conf"
        fonts.write_text(
            f"<fontconfig><dir>{folder}/usr/share/fonts</dir>"
            f"<include>{folder}/etc/fonts/fonts.conf</include></fontconfig>\n",
            encoding="utf-8",
        )
        settings["FONTCONFIG_FILE"] = str(fonts)
    return settings


def _write_launcher(target: Path, program: Path, settings: Mapping[str, str]) -> None:
    """Write a script that becomes the program: one in an app of macOS may not run by a link."""
    words = [f"{name}={shlex.quote(value)} " for name, value in settings.items()]
    command = f'{"".join(words)}exec {shlex.quote(str(program))} "$@"'
    target.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
    target.chmod(0o755)
