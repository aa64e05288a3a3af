"""How OPA's SDK for JavaScript is brought: the file alone, or out of npm's package."""

import hashlib
import os
import shutil
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from time import monotonic

import pytest

from scopegate.errors import ScopegateError
from scopegate.explorer.sdk import SDK_FILE, SDK_NAME, SDK_PACKAGE, SDK_VERSION
from scopegate.live.opa import Version
from tests.setup.programs import write_program
from tests.setup.serving import say_nothing, serve_folder
from tools.programs import sdk
from tools.programs.bringing import bring
from tools.programs.catalog import OPA_SDK, TOOLS
from tools.programs.order import Order, UnavailableError

CONTENT = b"export const made = 'up';\n"
OTHER = b"<html>no such file</html>\n"
REFUSED = (
    rf"is not the {SDK_FILE} that is pinned \(its sha256 is {hashlib.sha256(OTHER).hexdigest()}\)"
)
NPM = """\
echo "$@" >> {log}
for each; do case "$each" in --pack-destination=*) folder="${{each#*=}}" ;; esac; done
cp {package} "$folder/"
"""
"""An npm that writes down what it is asked, and fetches a package."""


@pytest.fixture(autouse=True)
def pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pin made-up content: the real one is not in the project."""
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    monkeypatch.setattr("scopegate.explorer.sdk._SHA256", sha256)


@pytest.fixture
def order(tmp_path: Path) -> Order:
    folder = tmp_path / f"project/.tools/{SDK_NAME}-made-up"
    folder.mkdir(parents=True)
    return Order(OPA_SDK, SDK_VERSION, tmp_path / "project", folder / SDK_NAME)


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The place of the file in a folder that a server on this machine serves."""
    file = tmp_path / f"copies/{SDK_VERSION}/opa.js"
    file.parent.mkdir(parents=True)
    with serve_folder(tmp_path / "copies") as address:
        monkeypatch.setattr(sdk, "_ADDRESS", f"{address}/{{version}}/opa.js")
        yield file


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of an npm that is the first on the PATH."""
    monkeypatch.setenv("PATH", f"{tmp_path}/machine:/usr/bin:/bin")
    return tmp_path / "machine/npm"


def write_package(npm: Path, files: dict[str, bytes]) -> Path:
    """Have npm fetch a package with these files; return the file that lists its runs."""
    package = npm.parent.parent / "any-1.tgz"
    with tarfile.open(package, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
    log = npm.parent.parent / "npm.log"
    write_program(npm, NPM.format(log=log, package=package))
    return log


def test_ways_go_from_the_file_alone_to_the_package() -> None:
    assert TOOLS["opa-wasm.js"] is OPA_SDK
    assert OPA_SDK.ways == (sdk.download, sdk.pack)
    assert OPA_SDK.pin
    assert OPA_SDK.pin(Path()) == SDK_VERSION


def test_the_file_is_where_jsdelivr_has_it() -> None:
    assert sdk._ADDRESS.format(version=Version(1, 2, 3)) == (  # noqa: SLF001 - never asked in a test
        "https://cdn.jsdelivr.net/npm/@open-policy-agent/opa-wasm@1.2.3/src/opa.js"
    )


def test_the_file_has_the_pinned_version_and_no_other_has_one(tmp_path: Path) -> None:
    file = tmp_path / SDK_NAME
    assert OPA_SDK.ask(file) is None
    file.write_bytes(OTHER)
    assert OPA_SDK.ask(file) is None
    file.write_bytes(CONTENT)
    assert OPA_SDK.ask(file) == SDK_VERSION


def test_the_file_is_downloaded(
    copies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies.write_bytes(CONTENT)
    project = tmp_path / "project"
    assert bring(OPA_SDK, project) == project / f".tools/bin/{SDK_NAME}"
    assert (project / f".tools/bin/{SDK_NAME}").read_bytes() == CONTENT
    assert [path.name for path in (project / ".tools").iterdir()] == ["bin"]
    assert capsys.readouterr().err == (
        f"OPA's SDK for JavaScript {SDK_VERSION}: downloading {SDK_FILE} of {SDK_PACKAGE}\n"
    )


def test_pinned_file_in_place_is_kept(
    tmp_path: Path, npm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / f"project/.tools/bin/{SDK_NAME}"
    own.parent.mkdir(parents=True)
    own.write_bytes(CONTENT)
    assert bring(OPA_SDK, tmp_path / "project") == own
    assert not npm.exists()
    assert capsys.readouterr().err == ""


def test_other_file_in_place_is_replaced(copies: Path, tmp_path: Path) -> None:
    own = tmp_path / f"project/.tools/bin/{SDK_NAME}"
    own.parent.mkdir(parents=True)
    own.write_bytes(OTHER)
    copies.write_bytes(CONTENT)
    assert bring(OPA_SDK, tmp_path / "project").read_bytes() == CONTENT


def test_download_of_other_bytes_is_refused(copies: Path, order: Order) -> None:
    copies.write_bytes(OTHER)
    with pytest.raises(UnavailableError, match=rf"^what came from jsDelivr {REFUSED}$"):
        sdk.download(order)
    assert not order.target.exists()


@pytest.mark.usefixtures("copies")
def test_failing_download_says_what_the_server_said(order: Order) -> None:
    with pytest.raises(UnavailableError, match=rf"^{SDK_FILE} could not be downloaded: File not f"):
        sdk.download(order)


def test_silent_server_is_not_waited_for(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.programs.releases._STALL_SECONDS", 0.1)
    with say_nothing() as address:
        monkeypatch.setattr(sdk, "_ADDRESS", address)
        begin = monotonic()
        with pytest.raises(UnavailableError, match="could not be downloaded: timed out"):
            sdk.download(order)
        assert monotonic() - begin < 2


@pytest.mark.usefixtures("copies")
def test_npm_fetches_it_where_a_download_fails(npm: Path, tmp_path: Path) -> None:
    log = write_package(npm, {"package/README.md": OTHER, f"package/{SDK_FILE}": CONTENT})
    project = tmp_path / "it's a project"
    assert bring(OPA_SDK, project).read_bytes() == CONTENT
    assert [path.name for path in (project / ".tools").iterdir()] == ["bin"]
    (asked,) = log.read_text().splitlines()
    assert asked.startswith("pack ")
    assert asked.endswith(f" {SDK_PACKAGE}@{SDK_VERSION}")


def test_package_with_other_bytes_is_refused(npm: Path, order: Order) -> None:
    write_package(npm, {f"package/{SDK_FILE}": OTHER})
    with pytest.raises(UnavailableError, match=rf"^what came from npm {REFUSED}$"):
        sdk.pack(order)
    assert not order.target.exists()


def test_package_without_the_file_is_refused(npm: Path, order: Order) -> None:
    write_package(npm, {f"package/dist/{SDK_FILE}": CONTENT})
    with pytest.raises(UnavailableError, match=f"^what npm fetched has no {SDK_FILE}$"):
        sdk.pack(order)


@pytest.mark.parametrize("script", ["", "echo no archive > any.tgz"])
def test_npm_that_leaves_no_package_is_refused(npm: Path, order: Order, script: str) -> None:
    write_program(npm, script)
    with pytest.raises(UnavailableError, match=f"^what npm fetched has no {SDK_FILE}$"):
        sdk.pack(order)


def test_no_npm_is_said(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnavailableError, match=r"^there is no npm on the PATH to fetch it with$"):
        sdk.pack(order)


def test_failing_npm_is_quoted(npm: Path, order: Order) -> None:
    write_program(npm, "echo npm error code E404; echo npm error 404 Not Found; exit 1")
    with pytest.raises(
        UnavailableError, match=r"npm could not fetch @\S+ \(code 1\):\n      npm error code E404\n"
    ):
        sdk.pack(order)


@pytest.mark.parametrize("said", ["npm error code ENOTFOUND", "npm ERR! code ETIMEDOUT"])
def test_unreachable_registry_is_said_on_one_line(npm: Path, order: Order, said: str) -> None:
    write_program(npm, f"echo '{said}'; echo and more; exit 1")
    with pytest.raises(UnavailableError) as caught:
        sdk.pack(order)
    assert str(caught.value) == (
        f"{npm} could not fetch {SDK_PACKAGE}@{SDK_VERSION}: npm's registry cannot be reached"
        " (`registry` in .npmrc can name another place)"
    )


def test_npm_itself_says_so_in_these_words(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("npm") is None:
        pytest.skip("there is no npm")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_userconfig", os.devnull)
    with pytest.raises(UnavailableError, match="npm's registry cannot be reached"):
        sdk.pack(order)


@pytest.mark.usefixtures("copies")
def test_when_nothing_works_the_error_says_what_helps(npm: Path, tmp_path: Path) -> None:
    write_package(npm, {f"package/{SDK_FILE}": OTHER})
    with pytest.raises(ScopegateError) as caught:
        bring(OPA_SDK, tmp_path / "project")
    assert str(caught.value).startswith(
        f"OPA's SDK for JavaScript {SDK_VERSION} could not be brought: {SDK_FILE} could not be"
        " downloaded: File not found; what came from npm is not the "
    )
    assert str(caught.value).endswith(
        f"What you can do: put {SDK_FILE} of {SDK_PACKAGE} {SDK_VERSION} at .tools/bin/{SDK_NAME};"
        " install npm; or try again where jsDelivr or npm's registry can be reached."
    )
