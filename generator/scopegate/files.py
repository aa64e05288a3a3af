"""Files that are replaced whole or not at all."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def replace_file(path: Path, data: bytes) -> bool:
    """Make `data` the content of the file at `path`, and tell whether it was another before.

    A file that has these bytes already is left alone; missing folders are made.
    """
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # Beside the file, since only a rename within one file system is atomic; opened, not made by
    # `tempfile`, so that the file gets the permissions that the user's files have. A name of its
    # own, so that no other program, nor what a killed one left, is in the way.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return True


def replace_files(files: Mapping[Path, bytes]) -> dict[Path, str]:
    """Make the bytes the contents of the files, one after the other.

    Returns those that had not these bytes before: "new" or "changed". Raises OSError where a file
    cannot be written; those before it are then replaced.
    """
    changes: dict[Path, str] = {}
    for path, data in files.items():
        change = "changed" if path.is_file() else "new"
        if replace_file(path, data):
            changes[path] = change
    return changes
