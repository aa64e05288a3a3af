"""How a Rust program is brought: built as it is pinned, by the Rust that is there."""

from pathlib import Path

import pytest

from tests.setup.programs import write_program
from tools.programs.bringing import bring
from tools.programs.catalog import REGORUS
from tools.programs.order import Order, UnavailableError
from tools.programs.rust import Crate

ROOT = Path(__file__).parents[2]
CRATE = Crate("tools/regorus", "regorus", "about three minutes")
BUILDS = """\
echo "$@" > {said}
while [ "$1" != --target-dir ]; do shift; done
mkdir -p "$2/release"
printf '#!/bin/sh\\necho regorus 0.14.1\\n' > "$2/release/regorus"
chmod +x "$2/release/regorus"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / CRATE.pins).mkdir(parents=True)
    manifest = (ROOT / CRATE.pins / "Cargo.toml").read_text(encoding="utf-8")
    (folder / CRATE.pins / "Cargo.toml").write_text(manifest, encoding="utf-8")
    return folder


def test_the_crate_is_of_the_version_of_regorus_that_it_has() -> None:
    version = str(CRATE.read_pin(ROOT))
    assert f'regorus = {{ version = "={version}"' in (ROOT / CRATE.pins / "Cargo.toml").read_text()
    assert (
        f'name = "regorus"\nversion = "{version}"' in (ROOT / CRATE.pins / "Cargo.lock").read_text()
    )


def test_it_is_built_as_it_is_locked(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    write_program(tmp_path / "bin/cargo", BUILDS.format(said=said))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    assert bring(REGORUS, project) == project / ".tools/bin/regorus"
    assert said.read_text().startswith("build --release --locked --target-dir ")


def test_no_rust_on_the_path_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnavailableError, match="there is no Rust on the PATH"):
        CRATE.build(Order(REGORUS, CRATE.read_pin(project), project, project / "regorus"))
