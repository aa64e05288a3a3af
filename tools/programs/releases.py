"""The way of the official release, and how any file is downloaded."""

from __future__ import annotations

import hashlib
import http.client
import platform
import shutil
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from tools.programs.order import Order, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STALL_SECONDS: Final = 5  # a server that is silent for so long is not waited for: there is a build


class Platform(NamedTuple):
    """A system (`linux`, `darwin`) and a processor (`amd64`, `arm64`), in Go's words."""

    system: str
    machine: str

    def __str__(self) -> str:
        return f"{self.system}/{self.machine}"


def this_platform() -> Platform:
    """Name the platform that this process runs on."""
    machine = platform.machine().lower()
    names = {"x86_64": "amd64", "aarch64": "arm64"}
    return Platform(platform.system().lower(), names.get(machine, machine))


@dataclass(frozen=True, slots=True)
class Download:
    """Downloads a file of the release, checked against the sha256 published beside it.

    `assets` are the files of the release, `checksums` is the one with their sha256, and `releases`
    is where both are.
    """

    assets: Mapping[Platform, str]
    checksums: str
    releases: str
    platform: Platform = field(default_factory=this_platform)

    def __call__(self, order: Order) -> None:
        """Follow this way."""
        asset = self.assets.get(self.platform)
        if asset is None:
            raise UnavailableError(f"there is no release for {self.platform}")
        base = self.releases.format(version=order.version)
        checksums = self.checksums.format(asset=asset)
        with open_download(f"{base}/{checksums}", "the release") as answer:
            published = _find_sha256(answer.read().decode(errors="replace"), asset)
        order.say(f"downloading {asset}")
        with (
            open_download(f"{base}/{asset}", "the release") as answer,
            order.target.open("wb") as file,
        ):
            shutil.copyfileobj(answer, file)
        with order.target.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != published:
            raise UnavailableError(
                f"the download of {asset} is refused: its sha256 is {found}, not {published} as"
                " published"
            )
        order.target.chmod(0o755)


@contextmanager
def open_download(url: str, title: str) -> Iterator[http.client.HTTPResponse]:
    """Open what is at an address, to be read; UnavailableError where that fails on the way."""
    try:
        with urllib.request.urlopen(url, timeout=_STALL_SECONDS) as answer:  # noqa: S310 - the address is made here, not given
            yield answer
    except (OSError, http.client.HTTPException) as fault:
        reason = getattr(fault, "reason", fault)
        raise UnavailableError(f"{title} could not be downloaded: {reason}") from fault


def _find_sha256(checksums: str, asset: str) -> str:
    """Find the asset's line, `<sha256>  <asset>`, in what a release publishes."""
    for line in checksums.splitlines():
        match line.split():
            case [sha256, name] if name.removeprefix("*") == asset:
                return sha256.lower()
    raise UnavailableError(f"the release publishes no sha256 of {asset}")
