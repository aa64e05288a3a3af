"""The files of an identity bundle, and what is in its archive besides.

Whoever writes a bundle writes all that its roots allow, so that what else is in it matters as much
as the data. OPA reads archives by a program of its own: where the two could see different files in
one, that is a fault, too.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from scopegate.errors import ScopegateError, quote_text
from scopegate.json_files.nodes import Node
from scopegate.json_files.places import Places
from scopegate.json_files.reading import name_file
from scopegate.packing import DATA, MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

    from scopegate.errors import Fault

_FILES: Final = (DATA, MANIFEST, ".signatures.json")

_MOST_BYTES: Final = 256 * 1024 * 1024
"""Of an archive: a million subjects have less."""

_BROKEN: Final = (
    tarfile.TarError,
    gzip.BadGzipFile,
    zlib.error,
    EOFError,
    ValueError,
    KeyError,
    RecursionError,
)
"""What comes of an archive that is none, or is damaged."""


def unpack_bundle(path: Path, faults: list[Fault]) -> dict[str, Node]:
    """Unpack the data and the manifest of an identity bundle; their values are bytes.

    What lacks, and whatever else is there, is added to `faults`. Raises ScopegateError where the
    file is no bundle, and OSError where it cannot be read.
    """
    whole = Node(Places(name_file(path)), None, faults)
    found: dict[str, Node] = {}
    try:
        archived = _decompress(path)
        with tarfile.open(fileobj=io.BytesIO(archived), mode="r:") as archive:
            for member in archive:
                if not member.isdir():
                    _take_file(archive, member, whole, found)
            # A header for all files is none to OPA; and Python ends where a header is faulty.
            if archive.pax_headers or archived[archive.offset :].strip(b"\0"):
                whole.report("bad-archive", "expected files, and nothing beside them")
    except _BROKEN as error:
        raise ScopegateError(f"{whole.file} is no bundle: {quote_text(str(error))}") from None
    for name in (DATA, MANIFEST):
        if name not in found:
            whole.report("missing-file", f"expected {name}")
    return found


def _decompress(path: Path) -> bytes:
    with gzip.open(path) as file:
        archived = file.read(_MOST_BYTES + 1)
    if len(archived) > _MOST_BYTES:
        raise ScopegateError(f"{name_file(path)} has more than {_MOST_BYTES} bytes")
    return archived


def _take_file(
    archive: tarfile.TarFile, member: tarfile.TarInfo, whole: Node, found: dict[str, Node]
) -> None:
    # OPA begins the paths in its archives with a slash, other programs don't.
    name = str(PurePosixPath(member.name.lstrip("/")))
    if name not in _FILES:
        message = f"expected {', '.join(_FILES)} alone; found {quote_text(name)}"
        whole.report("unknown-file", message)
    elif name in found:
        whole.report("duplicate-file", f"expected {name} once")
    # OPA passes over links, and takes the other name of a sparse file.
    elif member.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or any(
        header.startswith("GNU.") for header in member.pax_headers
    ):
        whole.report("bad-archive", f"expected {name} as a plain file")
    elif file := archive.extractfile(member):
        found[name] = Node(Places(f"{whole.file}/{name}"), file.read(), whole.faults)
