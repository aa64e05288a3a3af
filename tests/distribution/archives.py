"""What someone between the build and OPA can do to a bundle."""

import io
import json
import tarfile
from collections.abc import Callable

Files = dict[str, bytes]
"""The files of a bundle, by their paths in it."""


def change_files(bundle: bytes, change: Callable[[Files], object]) -> bytes:
    """The bundle with other files; its signature, if it has one, stays as it is."""
    with tarfile.open(fileobj=io.BytesIO(bundle)) as archive:
        found = {member.name: archive.extractfile(member) for member in archive}
        files = {name: file.read() for name, file in found.items() if file}
    before = dict(files)
    change(files)
    assert files != before
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def edit(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    """Let one file say something else."""

    def change(files: Files) -> None:
        files[name] = files[name].replace(old, new, 1)

    return change


def remove(name: str) -> Callable[[Files], None]:
    return lambda files: files.__delitem__(name)


def add(name: str, data: bytes) -> Callable[[Files], None]:
    return lambda files: files.__setitem__(name, data)


def make_delta(files: Files) -> None:
    """Make a delta bundle of it: data that is written over what is active. OPA can't sign one."""
    manifest = files["/.manifest"]
    patch = {"op": "upsert", "path": "/scopegate/bundle/services", "value": []}
    files.clear()
    files["/.manifest"] = manifest
    files["/patch.json"] = json.dumps({"data": [patch]}).encode()
