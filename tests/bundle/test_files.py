"""Files are replaced whole or not at all."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from scopegate.files import replace_file, replace_files


@pytest.fixture
def umask() -> Iterator[None]:
    """Files of the user are for the group to read, and for nobody else."""
    before = os.umask(0o027)
    yield
    os.umask(before)


def list_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_made_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a/b/file"

    assert replace_file(path, b"new\r\n\xff")

    assert path.read_bytes() == b"new\r\n\xff"
    assert list_names(path.parent) == ["file"]


def test_other_content_replaces_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a long one")
    with path.open("rb") as opened:
        assert replace_file(path, b"new")
        # Who has it open reads on in the one that was.
        assert opened.read() == b"a long one"

    assert path.read_bytes() == b"new"
    assert list_names(tmp_path) == ["file"]


def test_a_file_that_is_right_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_file(path, b"same")
    os.utime(path, ns=(1, 1))
    before = path.stat()

    assert not replace_file(path, b"same")

    after = path.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_what_fails_halfway_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(_: int) -> None:
        assert path.read_bytes() == b"old"
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(type(error)):
        replace_file(path, b"new")

    assert path.read_bytes() == b"old"
    assert list_names(tmp_path) == ["file"]


def test_what_stands_in_the_way_stays(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()

    with pytest.raises(OSError, match="folder"):
        replace_file(tmp_path / "folder", b"new")
    with pytest.raises(OSError, match="file"):
        replace_file(tmp_path / "file/below", b"new")

    assert list_names(tmp_path) == ["file", "folder"]
    assert list_names(tmp_path / "folder") == []


def test_two_that_write_at_once_do_not_disturb_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    sync = os.fsync

    def interfere(_: int) -> None:
        monkeypatch.setattr(os, "fsync", sync)
        assert replace_file(path, b"second")
        assert path.read_bytes() == b"second"

    monkeypatch.setattr(os, "fsync", interfere)
    assert replace_file(path, b"first")

    assert path.read_bytes() == b"first"
    assert list_names(tmp_path) == ["file"]


def test_what_several_files_were_before_is_told(tmp_path: Path) -> None:
    new, changed, same = (tmp_path / name for name in ("a/new", "changed", "same"))
    changed.write_bytes(b"old")
    same.write_bytes(b"same")

    files = {new: b"", changed: b"new", same: b"same"}
    assert replace_files(files) == {new: "new", changed: "changed"}

    assert {path: path.read_bytes() for path in files} == files
    assert replace_files(files) == {}


@pytest.mark.usefixtures("umask")
def test_a_file_has_the_permissions_of_the_users_files(tmp_path: Path) -> None:
    path = tmp_path / "file"

    for data in (b"new", b"newer"):
        replace_file(path, data)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
