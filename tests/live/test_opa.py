"""Where OPA is looked for, and which versions do."""

from pathlib import Path

import pytest

from scopegate.errors import ScopegateError
from scopegate.live.opa import MINIMUM_VERSION, Opa, Version, find_opa, parse_version, read_version
from tests.setup.programs import write_program, write_versioned


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("OPA", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ("Version: 1.22.2\nBuild Commit: \nGo Version: go1.27.3\n", Version(1, 22, 2)),
        ("Version:       0.42.0\nGo Version:    go1.27.3\nOPA Version:   1.18.2\n", (0, 42, 0)),
        ("Version: v1.0.0\n", (1, 0, 0)),
        ("Version: 1.23.0-dev\n", (1, 23, 0)),
        ("Version:       unknown\nOPA Version:   1.18.2\n", None),
        ("Python 3.11.7\n", None),
        ("", None),
    ],
)
def test_version_is_parsed(answer: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(answer) == version


def test_versions_compare_as_numbers() -> None:
    assert Version(1, 10, 0) > Version(1, 9, 9) > MINIMUM_VERSION
    assert str(Version(1, 10, 0)) == "1.10.0"


@pytest.mark.parametrize("script", ["exit 1", "echo hello", "printf 'Version: 1.22.2\\n'; exit 3"])
def test_program_that_is_no_opa_has_no_version(tmp_path: Path, script: str) -> None:
    assert read_version(write_program(tmp_path / "opa", script)) is None


def test_missing_and_plain_files_have_no_version(tmp_path: Path) -> None:
    assert read_version(tmp_path / "opa") is None
    (tmp_path / "opa").write_text("Version: 1.22.2", encoding="utf-8")
    assert read_version(tmp_path / "opa") is None


def test_named_opa_comes_before_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_versioned(tmp_path / ".tools/bin/opa", "1.22.2")
    named = write_versioned(tmp_path / "mine/opa", "1.7.0")
    monkeypatch.setenv("OPA", str(named))
    assert find_opa(tmp_path) == Opa(named, Version(1, 7, 0))


@pytest.mark.parametrize("empty", [True, False])
def test_own_opa_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, empty: bool) -> None:
    if empty:
        monkeypatch.setenv("OPA", "")
    own = write_versioned(tmp_path / ".tools/bin/opa", "1.22.2")
    assert find_opa(tmp_path) == Opa(own, Version(1, 22, 2))


def test_opa_is_found_by_name_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = write_versioned(tmp_path / "my-opa", "1.7.0")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("OPA", "my-opa")
    assert find_opa(tmp_path).path == mine


def test_relative_path_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = write_versioned(tmp_path / "opa", "1.7.0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPA", "./opa")
    assert find_opa(tmp_path).path == mine


def test_minimum_version_does(tmp_path: Path) -> None:
    write_versioned(tmp_path / ".tools/bin/opa", str(MINIMUM_VERSION))
    assert find_opa(tmp_path).version == MINIMUM_VERSION


def test_the_paths_opa_is_the_last_that_is_looked_for(tmp_path: Path) -> None:
    found = write_versioned(tmp_path / "path/opa", "1.7.0")
    assert find_opa(None) == find_opa(tmp_path) == Opa(found, Version(1, 7, 0))
    own = write_versioned(tmp_path / ".tools/bin/opa", "1.22.2")
    assert find_opa(tmp_path).path == own
    assert find_opa(None).path == found


def test_an_old_opa_on_the_path_is_named(tmp_path: Path) -> None:
    found = write_versioned(tmp_path / "path/opa", "0.60.0")
    with pytest.raises(ScopegateError, match=f"^opa on the PATH, {found}: this is OPA 0.60.0, "):
        find_opa(None)


def test_missing_opa_names_where_it_was_looked_for_and_what_helps(tmp_path: Path) -> None:
    start = r"^no OPA, and 1\.0\.0 or newer is needed: OPA is not set, "
    end = r"there is no opa on the PATH\. What you can do: "
    with pytest.raises(
        ScopegateError,
        match=rf"{start}{tmp_path}/.tools/bin/opa is missing, and {end}run `make bundle`,"
        r" which brings one, or set OPA=/path/to/opa\.$",
    ):
        find_opa(tmp_path)
    with pytest.raises(
        ScopegateError, match=rf"{start}and {end}get one from https://\S+/releases, and set OPA="
    ):
        find_opa(None)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo Version: 0.60.0", r"OPA=\S+: this is OPA 0\.60\.0, and the bundle needs 1\.0\.0 or"),
        ("echo hello", r"OPA=\S+: `\S+ version` does not answer as an OPA does"),
        (None, r"OPA=\S+/opa: there is no program at \S+/opa"),
    ],
)
def test_wrong_named_opa_is_refused_though_own_would_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, message: str
) -> None:
    write_versioned(tmp_path / ".tools/bin/opa", "1.22.2")
    named = tmp_path / "mine/opa"
    if script:
        write_program(named, script)
    monkeypatch.setenv("OPA", str(named))
    with pytest.raises(ScopegateError, match=message):
        find_opa(tmp_path)


def test_run_returns_what_opa_wrote(tmp_path: Path) -> None:
    program = write_program(tmp_path / "opa", 'echo "$@" in "$(pwd)"; cat; echo beside >&2')
    done = Opa(program, MINIMUM_VERSION).run(["eval", "1 + 1"], cwd=tmp_path, stdin="héllo")
    assert done.stdout == f"eval 1 + 1 in {tmp_path}\nhéllo"
    assert done.stderr == "beside\n"


def test_failed_run_shows_what_opa_said(tmp_path: Path) -> None:
    opa = Opa(write_program(tmp_path / "opa", "echo 1 error occurred >&2; exit 2"), MINIMUM_VERSION)
    with pytest.raises(ScopegateError, match=r"opa check failed with code 2:\n1 error occurred"):
        opa.run(["check", "rego"])
    assert opa.run(["check", "rego"], check=False).returncode == 2
