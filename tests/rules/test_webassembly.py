"""The core as WebAssembly: it compiles, and needs of its host the built-ins that are listed."""

import json
import tarfile
from pathlib import Path

from scopegate.live.opa import Opa

HOST = {
    "json.match_schema",
    "regex.replace",
    "sprintf",
    "urlquery.decode",
    "urlquery.decode_object",
}
"""What OPA does not compile to WebAssembly: as few as can be, since each host has to bring it."""


def test_the_host_has_few_built_ins_to_bring(project: Path, opa: Opa, tmp_path: Path) -> None:
    built = tmp_path / "core.tar.gz"
    opa.run(
        [
            *("build", "--target", "wasm", "--entrypoint", "scopegate/decision"),
            *("--ignore", "gateways,*_test.rego,*.json", "--output", str(built), "rego/scopegate"),
        ],
        cwd=project,
    )
    with tarfile.open(built) as archive:
        module = archive.extractfile("/policy.wasm")
        assert module
        # The names that the module asks its host for are among its strings.
        strings = set(module.read().split(b"\0"))
    known = json.loads(opa.run(["capabilities", "--current"]).stdout)["builtins"]

    assert {each["name"] for each in known if each["name"].encode() in strings} == HOST
    page = (project / "docs/architecture.md").read_text(encoding="utf-8")
    assert f"({', '.join(f'`{name}`' for name in sorted(HOST))})" in page
