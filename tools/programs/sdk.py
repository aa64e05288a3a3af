"""The ways of OPA's SDK for JavaScript, one file of an npm package: jsDelivr's copy, or npm's."""

from __future__ import annotations

import hashlib
import re
import shutil
import tarfile
from typing import TYPE_CHECKING, Final

from scopegate.explorer.sdk import SDK_FILE, SDK_PACKAGE, SDK_VERSION, is_sdk
from tools.programs.order import Order, Source, UnavailableError, run_command
from tools.programs.releases import open_download

if TYPE_CHECKING:
    from pathlib import Path

    from scopegate.live.opa import Version

_ADDRESS: Final = f"https://cdn.jsdelivr.net/npm/{SDK_PACKAGE}@{{version}}/{SDK_FILE}"
_REGISTRY: Final = Source(
    "npm's registry",
    "`registry` in .npmrc",
    re.compile(
        r"\bcode (?:EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ETIMEDOUT"
        r"|ERR_SOCKET_TIMEOUT)\b"
    ),
)
# On its own npm asks twice more, and waits for over a minute before it does.
_NPM_PACK: Final = ("pack", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")


def read_pin(_: Path) -> Version:
    """Return the pinned version, which is no file's of the project."""
    return SDK_VERSION


def recognise(file: Path) -> Version | None:
    """Return the pinned version where the file is it: no other is known."""
    return SDK_VERSION if file.is_file() and is_sdk(file.read_bytes()) else None


def download(order: Order) -> None:
    """Download the file alone."""
    order.say(f"downloading {SDK_FILE} of {SDK_PACKAGE}")
    with open_download(_ADDRESS.format(version=order.version), SDK_FILE) as answer:
        content = answer.read()
    _leave(order, content, "jsDelivr")


def pack(order: Order) -> None:
    """Have npm fetch the package, and take the file out of it."""
    npm = shutil.which("npm")
    if npm is None:
        raise UnavailableError("there is no npm on the PATH to fetch it with")
    folder = order.target.parent / "npm"
    folder.mkdir()
    wanted = f"{SDK_PACKAGE}@{order.version}"
    order.say(f"fetching {wanted} with {npm}")
    command = [npm, *_NPM_PACK, f"--pack-destination={folder}", wanted]
    run_command(command, f"{npm} could not fetch {wanted}", folder, source=_REGISTRY)
    _leave(order, _unpack(folder), "npm")


def _unpack(folder: Path) -> bytes:
    """Read the file in the one package that is in a folder."""
    try:
        (package,) = folder.glob("*.tgz")
        with tarfile.open(package) as archive:
            file = archive.extractfile(f"package/{SDK_FILE}")
            return file.read() if file else b""
    except (ValueError, KeyError, tarfile.TarError, OSError) as fault:
        raise UnavailableError(f"what npm fetched has no {SDK_FILE}") from fault


def _leave(order: Order, content: bytes, giver: str) -> None:
    """Leave the content at the target, if it is the pinned one."""
    if not is_sdk(content):
        raise UnavailableError(
            f"what came from {giver} is not the {SDK_FILE} that is pinned (its sha256 is"
            f" {hashlib.sha256(content).hexdigest()})"
        )
    order.target.write_bytes(content)
