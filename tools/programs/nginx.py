"""The ways of nginx, which comes neither as a single file nor from PyPI: PATH, or Debian's package.

The package is unpacked and not installed: apt keeps its lists and downloads in a folder of ours and
checks the signatures as ever, nobody needs to be root, and nothing is written outside the project.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from typing import Final

from tools.programs.order import TOOLS_FOLDER, Order, Source, UnavailableError, run_command

_SYSTEM_PROGRAMS: Final = ("/usr/local/sbin", "/usr/sbin")  # not on everyone's PATH
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


def link_installed(order: Order) -> None:
    """Take the nginx that the machine has."""
    folders = os.pathsep.join([os.environ.get("PATH", ""), *_SYSTEM_PROGRAMS])
    found = shutil.which("nginx", path=folders)
    if found is None:
        raise UnavailableError("there is no nginx on the PATH")
    order.target.symlink_to(found)


def unpack_debian(order: Order) -> None:
    """Unpack Debian's nginx, and the libraries that the machine lacks, into the tools folder."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise UnavailableError("there is no apt-get with dpkg-deb, so no Debian package of it")
    folder = order.target.parent / "apt"
    for name in ("lists/partial", "archives/partial", "root"):
        (folder / name).mkdir(parents=True)
    settings = folder / "apt.conf"
    settings.write_text(_APT_SETTINGS.format(folder=folder), encoding="utf-8")
    order.say("fetching Debian's package, about ten seconds")
    apt = ["apt-get", "--config-file", str(settings), "--quiet"]
    failure = "apt-get could not read what packages there are"
    run_command([*apt, "update"], failure, folder, source=_PACKAGES)
    command = [*apt, "install", "--download-only", "--yes", "--no-install-recommends", "nginx"]
    run_command(command, "apt-get could not download nginx", folder, source=_PACKAGES)
    for package in sorted((folder / "archives").glob("*.deb")):
        command = ["dpkg-deb", "--extract", str(package), str(folder / "root")]
        run_command(command, f"{package.name} could not be unpacked", folder)
    home = order.project / TOOLS_FOLDER / "nginx"
    shutil.rmtree(home, ignore_errors=True)
    (folder / "root").rename(home)
    libraries = sorted({str(library.parent) for library in home.rglob("lib*.so.*")})
    order.target.write_text(
        "#!/bin/sh\n"
        f"LD_LIBRARY_PATH={shlex.quote(os.pathsep.join(libraries))} "
        f'exec {shlex.quote(str(home / "usr/sbin/nginx"))} "$@"\n',
        encoding="utf-8",
    )
    order.target.chmod(0o755)
