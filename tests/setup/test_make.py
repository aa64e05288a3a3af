"""What make says before it does anything."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.setup.programs import write_program

ROOT = Path(__file__).parents[2]
TARGETS = (
    "bundle",
    "test",
    "compat",
    "serve",
    "demo",
    "bundles",
    "explorer",
    "import",
    "check",
    "bench",
    "fmt",
    "lock",
    "clean",
)


def start_make(*args: str, folder: Path) -> subprocess.Popen[str]:
    """Start make, as the first one: what a `make test` around it was told is not passed on."""
    told = {"MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS", "ARGS", "OPA", "PAGE", "PYTHON"}
    environment = {name: value for name, value in os.environ.items() if name not in told}
    return subprocess.Popen(
        ["make", *args],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def make(*args: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run make to its end."""
    process = start_make(*args, folder=folder)
    out, err = process.communicate()
    return subprocess.CompletedProcess(args, process.returncode, out, err)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with as much of the project as make looks at before it makes `.venv/`."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("requirements", "tools", "generator/scopegate"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def stand_for_pip(clone: Path, script: str) -> Path:
    """Have a script stand for what pip does in `.venv/`; return the file that lists its runs."""
    runs = clone / "runs"
    script = f"""\
case "$*" in
    *--version*) exit ;;
    tools/*) exec {sys.executable} "$@" ;;
esac
echo "$@" >> {runs}
{script}"""
    write_program(clone / ".venv/bin/python", script)
    return runs


def wait_for(file: Path) -> None:
    deadline = monotonic() + 30
    while not file.exists():
        assert monotonic() < deadline
        sleep(0.01)


def test_help_is_what_make_alone_says_and_names_every_target() -> None:
    said = make()
    assert said.returncode == 0
    assert said.stdout == make("help").stdout
    assert set(re.findall(r"^make ([a-z]+) +\S", said.stdout, re.MULTILINE)) == {"help", *TARGETS}


def test_scopegate_knows_that_make_runs_it() -> None:
    done = make("--dry-run", *TARGETS, "PAGE=page.md").stdout.splitlines()
    commands = [line for line in done if "bin/scopegate " in line]
    assert len(commands) >= 6
    assert all(each.startswith("SCOPEGATE_RUN_BY=make ") for each in commands)


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
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    said = make("bundle", f"PYTHON={sys.executable}", folder=clone)
    assert said.returncode != 0
    error, _ = said.stderr.splitlines()  # and make's own line
    assert error == (
        "error: .venv: requirements/bundle.txt could not be installed: PyPI cannot be reached"
        " (PIP_INDEX_URL can name another place)"
    )


@pytest.mark.parametrize(
    ("broken_by", "error"),
    [
        ("SSLError('certificate verify failed')", "No matching distribution found for rich"),
        ("ReadTimeoutError('Read timed out.')", "THESE PACKAGES DO NOT MATCH THE HASHES"),
    ],
)
def test_what_pip_says_of_other_troubles_is_shown(clone: Path, broken_by: str, error: str) -> None:
    said = (f"WARNING: Retrying (Retry(total=1)) after broken by {broken_by}", f"ERROR: {error}")
    stand_for_pip(clone, f'echo "{said[0]}" >&2; echo "{said[1]}" >&2; exit 1')
    failed = make(".venv/.bundle", f"PYTHON={sys.executable}", folder=clone)
    assert failed.returncode != 0
    assert failed.stderr.startswith(
        f"error: .venv: requirements/bundle.txt could not be installed (code 1):\n"
        f"      {said[0]}\n      {said[1]}\n"
    )
    assert not (clone / ".venv/.bundle").exists()


def test_what_pip_says_where_all_goes_well_is_not_shown(clone: Path) -> None:
    stand_for_pip(clone, "echo WARNING: Retrying; echo WARNING: Retrying >&2")
    done = make(".venv/.test", f"PYTHON={sys.executable}", folder=clone)
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout == "".join(
        f"== .venv: requirements/{name}.txt\n" for name in ("bundle", "test")
    )


def test_of_two_makes_one_waits_for_what_the_other_makes(clone: Path) -> None:
    runs = stand_for_pip(clone, f"while ! test -e {clone}/go-on; do sleep 0.01; done")
    command = (".venv/.bundle", f"PYTHON={sys.executable}")
    first = start_make(*command, folder=clone)
    wait_for(runs)
    second = start_make(*command, folder=clone)
    assert second.stderr
    said = ".venv: waiting for another run, which is bringing something\n"
    assert second.stderr.readline() == said
    (clone / "go-on").touch()
    assert first.communicate() == ("== .venv: requirements/bundle.txt\n", "")
    assert second.communicate() == ("", "")
    assert (first.returncode, second.returncode) == (0, 0)
    assert runs.read_text().count("\n") == 2  # the packages, and the project itself


def test_nobody_waits_for_a_make_that_was_killed(clone: Path) -> None:
    lasts = f"{{ echo $$ > {clone}/new; mv {clone}/new {clone}/pip; exec sleep 60; }}"
    runs = stand_for_pip(clone, f"test -e {clone}/pip || {lasts}")
    command = (".venv/.bundle", f"PYTHON={sys.executable}")
    killed = start_make(*command, folder=clone)
    wait_for(clone / "pip")
    killed.terminate()
    killed.communicate()
    assert killed.returncode != 0
    done = make(*command, folder=clone)
    assert done.returncode == 0
    assert done.stderr == ""
    assert runs.read_text().count("\n") == 3
    with pytest.raises(ProcessLookupError):
        os.kill(int((clone / "pip").read_text()), 0)


def test_locks_are_written_with_a_uv_of_their_own(clone: Path) -> None:
    write_program(clone / ".tools/lock/bin/python", f'echo "$@" >> {clone}/pip')
    write_program(clone / ".tools/lock/bin/uv", f'echo "$@" >> {clone}/uv')
    done = make("lock", "ARGS=--upgrade", f"PYTHON={sys.executable}", folder=clone)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (clone / "pip").read_text().endswith(" uv\n")
    locked = re.findall(
        r"^pip compile .* --upgrade .*--output-file requirements/(\w+)\.txt$",
        (clone / "uv").read_text(),
        re.MULTILINE,
    )
    assert locked == ["bundle", "test", "mutation", "go", "envoy"]


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
