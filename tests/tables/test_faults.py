"""Every fault of a table file is shown, with its line, its column and what was expected."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from scopegate.errors import FaultsError
from scopegate.tables.forms import MOST_BYTES
from scopegate.tables.store import parse_table, read_table, read_tables
from tests.tables.made import PLACE, TABLE, TEXT

CASES = yaml.safe_load(Path(__file__).with_name("faults.yaml").read_text(encoding="utf-8"))


def find_faults(text: str) -> list[str]:
    with pytest.raises(FaultsError) as raised:
        parse_table(text, PLACE)
    assert str(raised.value) == "\n".join(map(str, raised.value.faults))
    return [str(fault).removeprefix(f"{PLACE}:").strip() for fault in raised.value.faults]


def test_a_good_file_is_read() -> None:
    assert parse_table(TEXT, PLACE) == TABLE


@pytest.mark.parametrize("case", CASES)
def test_a_fault_has_its_place(case: dict[str, Any]) -> None:
    assert case["replace"] in TEXT

    assert find_faults(TEXT.replace(case["replace"], case["by"], 1)) == case["faults"]


def test_all_faults_are_shown_at_once_in_the_order_of_the_file() -> None:
    text = (
        TEXT.replace('"made"', '"other"')
        .replace("language: zh", "language: fr")
        .replace("evs:types:get", "evs")
        .replace("path:", "paht:", 1)
    )

    faults = find_faults(text)

    assert [fault.split(": ")[1] for fault in faults] == [
        "provider",
        "document.language",
        "rows[0].actions[1]",
        "rows[0].endpoints[0].path",
        "rows[0].endpoints[0].paht",
    ]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "[]", "a", "1", "--- {}\n--- {}\n"])
def test_a_file_that_is_no_mapping_is_a_fault(text: str) -> None:
    assert len(find_faults(text)) == 1


def test_a_billion_laughs_are_refused_at_the_first() -> None:
    bomb = 'a: &a ["x","x"]\n' + "".join(
        f"{name}: &{name} [*{last}, *{last}]\n"
        for last, name in zip("abcdefgh", "bcdefghi", strict=True)
    )

    assert find_faults(bomb) == ["1:4: expected no anchors (&name) or aliases (*name) [bad-yaml]"]


def test_deep_brackets_are_refused_before_they_are_all_read() -> None:
    assert find_faults("[" * 1_000_000) == ["1:21: expected at most 20 levels [bad-yaml]"]


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_file_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path, "made/evs/volumes.yaml", b"a: b\nc: \xff\n")
    with pytest.raises(FaultsError, match=r"volumes\.yaml:2: expected UTF-8; byte 0xff is not"):
        read_table(path)


def test_a_file_that_is_too_large_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path, "made/evs/volumes.yaml", b"#" * (MOST_BYTES + 1))
    with pytest.raises(FaultsError, match=r"expected at most \d+ bytes"):
        read_table(path)


def test_the_faults_of_all_files_are_shown_at_once(tmp_path: Path) -> None:
    write(tmp_path, "made/evs/volumes.yaml", TEXT.encode())
    write(tmp_path, "made/evs/b.yaml", TEXT.encode())
    write(tmp_path, "made/a.yml", TEXT.encode())

    with pytest.raises(FaultsError) as raised:
        read_tables(tmp_path)

    assert [(Path(f.location.file).name, f.location.field) for f in raised.value.faults] == [
        ("a.yml", None),
        ("a.yml", "provider"),
        ("a.yml", "service"),
        ("a.yml", "table"),
        ("b.yaml", "table"),
    ]


def test_tables_are_read_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b", "a-b", "a"):
        text = TEXT.replace("evs/volumes", f"evs/{name}")
        write(tmp_path, f"made/evs/{name}.yaml", text.encode())

    assert [table.table for table in read_tables(tmp_path)] == ["evs/a-b", "evs/a", "evs/b"]


def test_a_file_below_the_working_directory_is_named_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "made/evs/volumes.yaml", b"[]")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(FaultsError) as raised:
        read_table(path)

    assert str(raised.value).startswith("made/evs/volumes.yaml:1:1: expected a published")
