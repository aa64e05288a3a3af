"""The commands of docs/tables.md, with the page and the fault that it shows."""

from pathlib import Path

from scopegate.live.opa import Opa
from tests.docs.blocks import PROJECT, read_blocks
from tests.docs.typing_commands import change, hide_varying, make_checkout, type_commands

PAGE = "docs/tables.md"
TABLE, MADE, ADD, CORRECTIONS, STALE, FAIL = read_blocks(PAGE)
FILE = "tables/huaweicloud/evs/snapshots.yaml"
GROUPS = "opentelekomcloud/ecs/ecs-group-management.yaml"


def test_the_table_is_the_beginning_of_the_committed_one() -> None:
    assert TABLE.text in (PROJECT / FILE).read_text(encoding="utf-8")


def test_the_corrections_are_the_beginning_of_committed_ones() -> None:
    assert CORRECTIONS.text in (PROJECT / "corrections" / GROUPS).read_text(encoding="utf-8")


def test_a_stale_correction_is_told_as_on_the_page(opa: Opa, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    table = tmp_path / "tables" / GROUPS
    text = table.read_text(encoding="utf-8").replace('    unresolved: "odd_path"\n', "")
    table.write_text(text.replace('"/v1{project_id}', '"/v1/{project_id}'), "utf-8")
    script = change(STALE.commands, {"opentelekomcloud": "opentelekomcloud || test $? -eq 1"})
    with type_commands(script, tmp_path, opa) as printed:
        assert hide_varying(printed) == STALE.printed


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
