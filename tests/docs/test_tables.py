"""The commands of docs/tables.md, with the page and the fault that it shows."""

from pathlib import Path

from scopegate.opa import Opa
from tests.docs.blocks import PROJECT, read_blocks
from tests.docs.typing_commands import change, hide_varying, make_checkout, type_commands

PAGE = "docs/tables.md"
TABLE, MADE, ADD, FAIL = read_blocks(PAGE)
FILE = "tables/huaweicloud/evs/snapshots.yaml"


def test_the_table_is_the_beginning_of_the_committed_one() -> None:
    assert TABLE.text in (PROJECT / FILE).read_text(encoding="utf-8")


def test_a_second_table_comes_into_the_bundle(opa: Opa, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    (tmp_path / "volumes.md").write_text(MADE.text, encoding="utf-8")
    with type_commands(ADD.commands, tmp_path, opa) as printed:
        assert hide_varying(printed) == hide_varying(ADD.printed)


def test_a_fault_is_told_as_on_the_page(opa: Opa, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    text = (PROJECT / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text.replace('"evs:snapshots:create"', '"evs"', 1), "utf-8")
    script = change(FAIL.commands, {"scopegate build": "scopegate build || test $? -eq 1"})
    with type_commands(script, tmp_path, opa) as printed:
        assert hide_varying(printed) == FAIL.printed
