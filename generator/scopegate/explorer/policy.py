"""The policy of a bundle as WebAssembly, for the page to run."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scopegate.bundle import ROOT
from scopegate.packing import DATA, MANIFEST, read_member, unpack_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scopegate.live.opa import Opa

_ENTRY_POINTS: Final = (
    f"{ROOT}/decision",
    "explorer/decisions",
    "explorer/matched",
    "explorer/speaking",
)

_RULES: Final = files("scopegate.explorer") / "explorer.rego"
_MANIFEST: Final = '{"roots": ["explorer"], "rego_version": 1}'

# They speak of what WebAssembly lacks, and nobody in a page asks as a gateway does.
_GATEWAYS: Final = f"/{ROOT}/gateways/"


@dataclass(frozen=True, slots=True)
class Policy:
    """A module, the data that it is evaluated with, and what the bundle's manifest says."""

    module: bytes
    data: Mapping[str, Any]
    manifest: Mapping[str, Any]


def compile_policy(bundle: Path, opa: Opa) -> Policy:
    """Let OPA compile the rules of a bundle; the same bundle and OPA make the same bytes.

    Raises ScopegateError where `bundle` is no bundle, or OPA refuses it.
    """
    with tempfile.TemporaryDirectory(prefix="scopegate-") as folder:
        unpack_files(bundle, Path(folder, "rules"), _is_needed)
        asking = Path(folder, "asking")
        asking.mkdir()
        (asking / MANIFEST).write_text(_MANIFEST, encoding="utf-8")
        (asking / "explorer.rego").write_text(_RULES.read_text(encoding="utf-8"), encoding="utf-8")
        built = Path(folder, "policy.tar.gz")
        entries = [part for entry in _ENTRY_POINTS for part in ("--entrypoint", entry)]
        # From inside, so that the paths in the module do not depend on the machine.
        command = ["build", "--target", "wasm", *entries, "--output", str(built)]
        opa.run([*command, "--bundle", "rules", "asking"], cwd=Path(folder))
        module, data = (read_member(built, name) for name in ("policy.wasm", DATA))
    manifest = read_member(bundle, MANIFEST)
    return Policy(module or b"", json.loads(data or b"{}"), json.loads(manifest or b"{}"))


def _is_needed(name: str) -> bool:
    # OPA puts the name of a bundle before the paths of one that it packs again.
    return name == MANIFEST or (
        name.endswith((".rego", ".json", ".yaml")) and _GATEWAYS not in f"/{name}"
    )
