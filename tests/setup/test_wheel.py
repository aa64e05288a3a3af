"""The wheel holds what is shipped, and works where nothing else of the project is."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scopegate.live.opa import Opa
from scopegate.packing import read_revision

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "generator/scopegate"
QUESTION = ("GET", "/v2/p1/snapshots", "--iam-project", "p1", "--allow", "evs:*:list")

Scopegate = Callable[..., subprocess.CompletedProcess[str]]


def run(command: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with nothing in its environment that leads to this project."""
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C.UTF-8", **more},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def run_pip(*args: str, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *args]
    done = run(command, folder)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: setuptools writes into the folder that it builds from."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "project"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, copy)
    made = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("generator", "tools", "tests/setup"):
        shutil.copytree(ROOT / name, copy / name, ignore=made)
    run_pip(
        *("wheel", "--no-index", "--no-deps", "--no-build-isolation"),
        *("--wheel-dir", str(folder), str(copy)),
        folder=folder,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the wheel, and of this one what the wheel needs."""
    environment = tmp_path_factory.mktemp("installed")
    done = run([sys.executable, "-m", "venv", "--without-pip", str(environment)], environment)
    assert done.returncode == 0, done.stderr
    python = environment / "bin/python"
    run_pip(
        *("--python", str(python), "install", "--no-index", "--no-deps", str(wheel)),
        folder=environment,
    )
    # Its own packages come first, and what a `.pth` of the other place leads to is not looked at.
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "needed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return environment / "bin"


@pytest.fixture
def scopegate(programs: Path, tmp_path: Path) -> Scopegate:
    """Runs the installed command in an empty folder: `scopegate("--version", OPA="opa")`."""
    return lambda *args, **more: run([str(programs / "scopegate"), *args], tmp_path, **more)


def test_the_wheel_holds_the_package_and_nothing_for_development(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == {
        path.relative_to(SHIPPED.parent).as_posix()
        for path in SHIPPED.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert not {"bench", "tests", "tools"} & {part for name in names for part in name.split("/")}


def test_what_runs_is_what_was_installed(
    scopegate: Scopegate, programs: Path, tmp_path: Path
) -> None:
    asked = "import scopegate, importlib.util as u; print(scopegate.__file__, u.find_spec('tools'))"
    found = run([str(programs / "python"), "-c", asked], tmp_path).stdout.split()
    assert Path(found[0]).is_relative_to(programs.parent)
    assert found[1] == "None"
    said = scopegate("--version")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("scopegate 0.")


@pytest.mark.parametrize("setting", ["OPA", "PATH"])
def test_a_bundle_decides(
    scopegate: Scopegate, opa: Opa, bundle: Path, tmp_path: Path, setting: str
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/opa").symlink_to(opa.path)
    value = {"OPA": str(opa.path), "PATH": f"{tmp_path / 'bin'}:{os.defpath}"}[setting]
    said = scopegate("decide", *QUESTION, "--bundle", str(bundle), **{setting: value})
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("✓ ALLOW  GET /v2/p1/snapshots\n")
    assert f"revision  {read_revision(bundle)[:12]}\n" in said.stdout


def test_a_running_opa_is_asked_without_any_of_ones_own(
    scopegate: Scopegate, opa_url: str, revision: str
) -> None:
    said = scopegate("decide", *QUESTION, "--opa-url", opa_url, "--json")
    assert (said.returncode, said.stderr) == (0, "")
    assert json.loads(said.stdout)["revision"] == revision


def test_without_any_opa_is_said_where_one_was_looked_for(
    scopegate: Scopegate, bundle: Path, tmp_path: Path
) -> None:
    said = scopegate("decide", *QUESTION, "--bundle", str(bundle), PATH=str(tmp_path))
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == (
        "Error: no OPA, and 1.0.0 or newer is needed: OPA is not set, and there is no opa on the"
        " PATH. What you can do: get one from https://github.com/open-policy-agent/opa/releases,"
        " and set OPA=/path/to/opa.\n"
    )


POLICY = '{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["evs:snapshots:list"]}]}'


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["policy", "opens", "policy.json"], "evs:snapshots:list"),
        (["policy", "needs", "GET /v2/p1/snapshots"], "evs:snapshots:list"),
        (["policy", "lint", "policy.json"], "nothing found"),
        (["identity", "check", "exports.json"], "no findings"),
    ],
)
def test_what_needs_no_tables_needs_no_clone(  # noqa: PLR0913, PLR0917  two ways to ask
    args: list[str],
    expected: str,
    scopegate: Scopegate,
    opa: Opa,
    bundle: Path,
    opa_url: str,
    tmp_path: Path,
) -> None:
    (tmp_path / "policy.json").write_text(POLICY, encoding="utf-8")
    (tmp_path / "exports.json").write_text('{"roles": []}', encoding="utf-8")
    asked = [
        scopegate(*args, "--bundle", str(bundle), OPA=str(opa.path)),
        scopegate(*args, "--opa-url", opa_url),
    ]
    for said in asked:
        assert (said.returncode, expected in said.stdout) == (0, True), said.stderr
    assert asked[0].stdout == asked[1].stdout


def test_two_bundles_are_held_against_each_other_without_a_clone(
    scopegate: Scopegate, opa: Opa, bundle: Path
) -> None:
    said = scopegate("diff", str(bundle), str(bundle), OPA=str(opa.path))
    assert (said.returncode, said.stderr) == (0, "")
