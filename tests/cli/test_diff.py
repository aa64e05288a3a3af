"""`scopegate diff`."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scopegate.live.opa import Opa
from tests.cli.conftest import Command, Run, run

FILE = Path("tables/huaweicloud/evs/snapshots.yaml")
ROW = re.compile(r"  - permission: (?:(?!  - permission).)*snapshots/detail\"}\n", re.DOTALL)
"""The first row of a list in detail, and only that."""


def drop_row(tables: Path) -> None:
    """Take from the table the row of `GET /v2/{project_id}/snapshots/detail`."""
    path = tables / FILE.relative_to("tables")
    text, rows = ROW.subn("", path.read_text(encoding="utf-8"), count=1)
    assert rows == 1
    path.write_text(text, encoding="utf-8")


def add_action(tables: Path) -> None:
    """Let the creation of a snapshot need one action more."""
    path = tables / FILE.relative_to("tables")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"evs:volumes:get"]', '"evs:volumes:get", "kms:keys:get"]', 1))


def commit(message: str, folder: Path = Path()) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for args in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", message]):
        subprocess.run([*git, *args], cwd=folder, check=True)


@pytest.fixture
def lost(scopegate: Command) -> Run:
    """The tables against those without a row."""
    shutil.copytree("tables", "new/tables")
    drop_row(Path("new/tables"))
    return scopegate("diff", "tables", "new/tables")


def test_a_lost_row_is_told_with_before_and_after_and_witnesses(lost: Run) -> None:
    assert (lost.code, lost.err) == (0, "")
    lines = lost.out.splitlines()
    assert re.fullmatch(r"old  tables      [0-9a-f]{12}", lines[0])
    assert re.fullmatch(r"new  new/tables  [0-9a-f]{12}", lines[1])
    assert lines[2:23] == [
        "✗ 32 differences: 2 shadowed · 30 wording",
        "shadowed  GET /v2/{project_id}/snapshots/detail",
        "  of       huaweicloud/evs",
        "  before   GET /v2/{project_id}/snapshots/detail",
        "           needs evs:snapshots:list",
        "           granted in: IAM project",
        "  after    GET /v2/{project_id}/snapshots/{snapshot_id}",
        "           needs evs:snapshots:get",
        "           granted in: IAM project",
        "  opens    GET /v2/p1/snapshots/detail",
        "           token of IAM project p1, granted",
        "             evs:snapshots:get in IAM project p1",
        "           before  ✗ DENY  action_not_granted",
        "                     GET /v2/{project_id}/snapshots/detail",
        "           after   ✓ ALLOW  allowed",
        "                     GET /v2/{project_id}/snapshots/{snapshot_id}",
        "  closes   GET /v2/p1/snapshots/detail",
        "           token of IAM project p1, granted",
        "             evs:snapshots:list in IAM project p1",
        "           before  ✓ ALLOW  allowed",
        "                     GET /v2/{project_id}/snapshots/detail",
    ]
    assert lines[-1] == (
        "wording  30 routes differ in the number of a row alone (--json lists them)"
    )
    assert max(map(len, lines)) <= 80


def test_the_same_is_told_to_programs_and_for_a_pull_request(lost: Run, scopegate: Command) -> None:
    told = json.loads(scopegate("diff", "tables", "new/tables", "--json").out)
    markdown = scopegate("diff", "tables", "new/tables", "--markdown")

    assert (told["old"]["name"], told["counts"]) == ("tables", {"shadowed": 2, "wording": 30})
    first = told["differences"][0]
    assert (first["kind"], first["opens"], first["closes"]) == ("shadowed", True, True)
    assert first["after"]["required"] == ["evs:snapshots:get"]
    assert [each["after"]["allow"] for each in first["witnesses"]] == [True, False]
    assert markdown.code == 0
    assert "| **shadowed** | `GET /v2/{project_id}/snapshots/detail` huaweicloud/evs |" in (
        markdown.out
    )
    assert "\n30 routes differ in the number of a row alone.\n" in markdown.out
    assert markdown.out.endswith("```\n\n</details>\n")
    shown = lost.out.splitlines()[11:18]
    assert "\n".join(shown) in markdown.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--fail-on", "opened"), 0),
        (("--fail-on", "closed"), 1),
        (("--fail-on", "opened, closed"), 1),
        (("--fail-on", "opened", "--fail-on", "any"), 1),
    ],
)
def test_a_check_can_fail_of_it(scopegate: Command, words: tuple[str, ...], code: int) -> None:
    shutil.copytree("tables", "new")
    add_action(Path("new"))

    said = scopegate("diff", "tables", "new", *words)

    assert said.code == code
    assert "closed  POST /v2/{project_id}/snapshots\n" in said.out


def test_another_route_for_a_path_opens_and_closes(lost: Run, scopegate: Command) -> None:
    assert lost.code == 0
    assert scopegate("diff", "tables", "new/tables", "--fail-on", "opened").code == 1
    assert scopegate("diff", "tables", "new/tables", "--fail-on", "closed").code == 1


def test_revisions_are_those_of_the_project(scopegate: Command) -> None:
    commit("one")
    add_action(Path("tables"))
    commit("two")

    said = scopegate("diff", "HEAD~1", "HEAD", "--profile", "huaweicloud")
    same = scopegate("diff", "HEAD", "tables", "--fail-on", "any")

    assert "✗ 2 differences: 2 closed\n" in said.out
    assert same.code == 0
    FILE.write_text("provider: 1\n", encoding="utf-8")
    commit("three")
    assert (
        "HEAD:tables/huaweicloud/evs/snapshots.yaml:1:11" in scopegate("diff", "HEAD", "HEAD~1").err
    )
    assert same.out.endswith("✓ no differences: the same is allowed by both\n")


def test_corrections_beside_the_tables_are_applied(scopegate: Command) -> None:
    shutil.copytree("tables", "new/tables")
    corrections = Path("new/corrections/huaweicloud/evs/snapshots.yaml")
    corrections.parent.mkdir(parents=True)
    corrections.write_text(
        "corrections:\n"
        '  - mirror: {from: "v2", to: "v3", endpoint: "POST /v2/{project_id}/snapshots"}\n'
        '    reason: "There is none."\n'
        '    source: "api-ref, v3"\n',
        encoding="utf-8",
    )

    for folder in ("new/tables", "new/tables/huaweicloud", "new"):
        said = scopegate("diff", "tables", folder)
        assert "✗ 1 difference: 1 closed\n" in said.out
        assert "closed  POST /v3/{project_id}/snapshots\n" in said.out


def test_bundles_need_no_project(
    built: Command, opa: Opa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "bundle/huaweicloud.tar.gz"
    shutil.copy(old, tmp_path / "old.tar.gz")
    add_action(tmp_path / "tables")
    assert built("build").code == 0
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    bundles = str(tmp_path / "old.tar.gz"), str(old)

    said = run("diff", *bundles)
    assert (said.code, said.err) == (0, "")
    assert "✗ 2 differences: 2 closed\n" in said.out
    monkeypatch.delenv("OPA")
    monkeypatch.setenv("PATH", str(opa.path.parent))
    assert run("diff", *bundles).out == said.out
    monkeypatch.setenv("PATH", str(elsewhere))
    assert "outside a project, without OPA=/path/to/opa: there is no" in run("diff", *bundles).err
    monkeypatch.setenv("OPA", str(opa.path))
    said = run("diff", bundles[0], "tables")
    assert said.code == 2
    assert "is in no scopegate project" in said.err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("tables",), "Missing argument 'NEW'"),
        (("tables", "nowhere"), '"nowhere" is nothing to compare: expected a bundle\'s file'),
        (("tables", "rego"), "has no table: nothing to build"),
        (("tables", "rego/schemas/input.json"), "is no bundle"),
        (("tables", "tables", "--fail-on", "moved"), "expected some of opened, closed, any"),
        (("tables", "tables", "--json", "--markdown"), "expected one form"),
        (("tables", "tables", "--profile", "none"), '"none" is no profile'),
        (("tables", "broken"), "expected"),
    ],
)
def test_what_cannot_be_done_exits_with_2(
    scopegate: Command, args: tuple[str, ...], message: str
) -> None:
    broken = Path("broken/huaweicloud/evs/snapshots.yaml")
    broken.parent.mkdir(parents=True)
    broken.write_text("provider: 1\n", encoding="utf-8")

    said = scopegate("diff", *args)

    assert (said.code, said.out) == (2, "")
    assert message in " ".join(said.err.split())
