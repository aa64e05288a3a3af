"""OPA's SDK for JavaScript, which runs the policy in the page: which one, and where it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from scopegate.errors import ScopegateError
from scopegate.live.opa import BIN, Version

if TYPE_CHECKING:
    from pathlib import Path

SDK_NAME: Final = "opa-wasm.js"
"""The file that a project keeps it in, beside its programs."""

SDK_PACKAGE: Final = "@open-policy-agent/opa-wasm"
SDK_VERSION: Final = Version(1, 10, 0)
SDK_FILE: Final = "src/opa.js"
"""The one file of the package that is wanted; the others are built-ins, and the page has its own.

https://github.com/open-policy-agent/npm-opa-wasm
"""

_SHA256: Final = "aea2b32cd95512c70300bf8fb6e56008751eed1f77e160b90fb2de66879fc214"


def is_sdk(content: bytes) -> bool:
    """Tell whether a file has the pinned content, which is all that is ever run."""
    return hashlib.sha256(content).hexdigest() == _SHA256


def read_sdk(named: Path | None, project: Path | None) -> str:
    """Read the file that was named, else the project's own.

    Raises ScopegateError where there is none or it is another than the pinned one.
    """
    ways = (
        f"`npm pack {SDK_PACKAGE}@{SDK_VERSION}` fetches the package: name {SDK_FILE} of it with"
        " --sdk"
    )
    file = named or (project / BIN / SDK_NAME if project else None)
    if file is None or not file.is_file():
        way = "run `make explorer`, which brings it" if project and not named else ways
        where = f"there is no {file}" if file else "it is in no project"
        raise ScopegateError(f"OPA's SDK for JavaScript is needed, and {where}: {way}")
    content = file.read_bytes()
    if not is_sdk(content):
        raise ScopegateError(f"{file} is not {SDK_FILE} of {SDK_PACKAGE} {SDK_VERSION}: {ways}")
    return content.decode()
