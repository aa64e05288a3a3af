"""What make says before it does anything."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.setup.programs import write_program

ROOT = Path(__file__).parents[2]
TARGETS = (
    "bundle",
    "test",
    "compat",
    "serve",
    "demo",
    "import",
    "check",
    "bench",
    "damage",
    "fmt",
    "lock",
    "clean",
)


def make(*args: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run make, as the first one: what a `make test` around it was told is not passed on."""
    told = {"MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS", "ARGS", "OPA", "PAGE", "PYTHON"}
    environment = {name: value for name, value in os.environ.items() if name not in told}
    return subprocess.run(
        ["make", *args], cwd=folder, env=environment, capture_output=True, check=False, text=True
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with as much of the project as make looks at before it makes `.venv/`."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("requirements", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_help_is_what_make_alone_says_and_names_every_target() -> None:
    said = make()
    assert said.returncode == 0
    assert said.stdout == make("help").stdout
    assert set(re.findall(r"^make ([a-z]+) +\S", said.stdout, re.MULTILINE)) == {"help", *TARGETS}


def test_help_names_every_variable_that_a_person_may_set() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    own = set(re.findall(r"^(\w+) :?=", makefile, re.MULTILINE))
    used = set(re.findall(r"\$\((?:or |if )?([A-Z_]+)\b", makefile))
    told = re.findall(r"^  ([A-Z_]+)=\S+ +\S", make("help").stdout, re.MULTILINE)
    assert set(told) == used - own - {"MAKEFILE_LIST"}


@pytest.mark.parametrize("target", TARGETS)
def test_asking_what_would_be_done_does_nothing(clone: Path, target: str) -> None:
    before = sorted(clone.rglob("*"))
    assert make("--dry-run", target, "PAGE=page.md", folder=clone).returncode == 0
    assert sorted(clone.rglob("*")) == before


def test_import_asks_for_the_page(clone: Path) -> None:
    asked = make("import", folder=clone)
    assert asked.returncode != 0
    assert "make import PAGE=" in asked.stderr
    assert not (clone / ".venv").exists()


def test_missing_python_is_said(clone: Path) -> None:
    said = make("bundle", "PYTHON=python-of-nobody", folder=clone)
    assert said.returncode != 0
    assert "there is no python-of-nobody; scopegate needs Python 3.11 or newer" in said.stderr


def test_unfit_python_stops_before_anything_is_made(clone: Path) -> None:
    python = write_program(clone / "python", "echo unfit >&2; exit 1")
    said = make("bundle", f"PYTHON={python}", folder=clone)
    assert said.returncode != 0
    assert said.stderr.startswith("unfit\n")
    assert not (clone / ".venv").exists()


def test_packages_that_cannot_be_had_are_said(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    said = make("bundle", f"PYTHON={sys.executable}", folder=clone)
    assert said.returncode != 0
    assert "error: not all of requirements/bundle.txt could be had from PyPI, or " in said.stderr
    assert said.stderr.count("Retrying") == 2
    assert "Traceback" not in said.stderr


def check_python(setting: str) -> subprocess.CompletedProcess[str]:
    """Run the check in a Python that `setting` has changed before."""
    script = (ROOT / "tools/check_python.py").read_text(encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-c", f"import sys\n{setting}\n{script}"],
        capture_output=True,
        check=False,
        text=True,
    )


def test_this_python_is_fit() -> None:
    assert check_python("").returncode == 0


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("sys.version_info = (3, 10, 13)", "is Python 3.10.13; scopegate needs 3.11 or newer."),
        ("sys.modules['ensurepip'] = None", "apt-get install python3-venv"),
    ],
)
def test_unfit_python_is_told_why(setting: str, message: str) -> None:
    checked = check_python(setting)
    assert checked.returncode == 1
    assert message in checked.stderr
    assert "make PYTHON=" in checked.stderr
