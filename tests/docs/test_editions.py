"""The commands of docs/editions.md, after the edits that the page tells of."""

import shutil
import subprocess
from pathlib import Path

from scopegate.live.opa import Opa
from tests.cli.test_diff import add_action, commit, drop_row
from tests.docs.blocks import read_blocks
from tests.docs.typing_commands import change, hide_varying, make_checkout, type_commands

PAGE = "docs/editions.md"
LOST, CHECK = read_blocks(PAGE)


def test_a_lost_row_is_told_as_on_the_page(opa: Opa, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    for name in ("tables", "corrections"):
        shutil.copytree(tmp_path / name, tmp_path / "old" / name)
    drop_row(tmp_path / "tables")

    with type_commands(LOST.commands, tmp_path, opa) as printed:
        assert hide_varying(printed) == hide_varying(LOST.printed)


def test_a_pull_request_is_commented_and_checked(opa: Opa, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    commit("old", tmp_path)
    subprocess.run(["git", "branch", "origin/main"], cwd=tmp_path, check=True)
    add_action(tmp_path / "tables")
    commit("new", tmp_path)

    with type_commands(CHECK.text, tmp_path, opa) as printed:
        assert "✗ 2 differences: 2 closed\n" in printed
    assert "| **closed** |" in (tmp_path / "differences.md").read_text(encoding="utf-8")
    changed = change(CHECK.text, {"--fail-on opened": "--fail-on closed || test $? -eq 1"})
    with type_commands(changed, tmp_path, opa) as printed:
        assert "closed" in printed
