"""A project of a test's own, and the command line as its user sees it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scopegate.cli import app
from scopegate.live.opa import Opa

PROFILE = "bundle/profiles/huaweicloud.yaml"


@dataclass(frozen=True)
class Run:
    """What came of a command."""

    code: int
    out: str
    err: str


Command = Callable[..., Run]


@pytest.fixture
def scopegate(project: Path, opa: Opa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs commands in a copy of the tables and rules: `scopegate("build", "-o", "x")`."""
    for name in ("tables/huaweicloud", "rego"):
        shutil.copytree(project / name, tmp_path / name)
    (tmp_path / PROFILE).parent.mkdir(parents=True)
    shutil.copy(project / PROFILE, tmp_path / PROFILE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPA", str(opa.path))
    monkeypatch.delenv("SCOPEGATE_RUN_BY", raising=False)
    monkeypatch.setattr("os.execv", refuse)
    return run


def refuse(*_: object) -> None:
    raise AssertionError("the tests would go on as another program")


def run(*args: str, stdin: str | bytes | None = None) -> Run:
    result = CliRunner().invoke(app, args, input=stdin, catch_exceptions=False)
    return Run(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def built(scopegate: Command) -> Command:
    """The same where the bundle has been built."""
    assert scopegate("build").code == 0
    return scopegate
