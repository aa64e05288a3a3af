"""Every fault of a table file is shown, with its line, its column and what was expected."""

from pathlib import Path

import pytest

from scopegate.errors import FaultsError
from scopegate.tables.store import MOST_BYTES, parse_table, read_table, read_tables
from tests.tables.made import PLACE, TABLE, TEXT

ACTION = (
    'expected an action: two or more segments of letters, digits, _ and - joined by ":", as in '
    '"evs:snapshots:create"'
)
LINE = "expected text of one line, without blanks at its ends, control or unseen characters"


def find_faults(text: str) -> list[str]:
    with pytest.raises(FaultsError) as raised:
        parse_table(text, PLACE)
    assert str(raised.value) == "\n".join(map(str, raised.value.faults))
    return [str(fault).removeprefix(f"{PLACE}:") for fault in raised.value.faults]


def test_a_good_file_is_read() -> None:
    assert parse_table(TEXT, PLACE) == TABLE


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        # names and places
        (
            '"made"',
            '"other"',
            '3:11: provider: expected "made", as the file\'s place says; found "other" [wrong-place]',
        ),
        (
            '"evs"\n',
            '"EVS"\n',
            "4:10: service: expected a name of lower-case letters, digits and single hyphens that "
            'starts with a letter; found "EVS" [bad-value]\n'
            '4:10: service: expected "evs", as the file\'s place says; found "EVS" [wrong-place]',
        ),
        (
            '"evs/volumes"',
            '"evs/disks"',
            '5:8: table: expected "evs/volumes", as the file\'s place says; found "evs/disks" '
            "[wrong-place]",
        ),
        # the document
        (
            '"volumes.md"',
            '"a/volumes.md"',
            "7:9: document.name: expected the name of a file, without a folder; found "
            '"a/volumes.md" [bad-value]',
        ),
        (
            '"00000',
            '"0000',
            "8:11: document.sha256: expected the SHA-256 of the page: 64 hexadecimal digits in "
            f'lower case; found "{"0" * 63}" [bad-value]',
        ),
        (
            "language: zh",
            "language: fr",
            "9:13: document.language: expected the language of the page's headers: zh or en; "
            'found "fr" [bad-value]',
        ),
        (
            "  table: 2",
            "  table: 0",
            "10:10: document.table: expected the number of the table among all of the page, from "
            "1; found 0 [bad-value]",
        ),
        (
            "  table: 2",
            "  table: 2.5",
            "10:10: document.table: expected the number of the table among all of the page, from "
            "1; found 2.5, which is read as float since it has no quotes [bad-value]",
        ),
        # mirrors
        (
            'from: "v2"',
            'from: "v1"',
            "12:11: mirrors[0].from: expected a segment of a path of this table; found "
            '"v1" [mirror-of-nothing]',
        ),
        (
            'to: "v3"',
            'to: "v2"',
            '12:11: mirrors[0].from: expected two versions; both are "v2" [mirror-of-itself]',
        ),
        (
            'to: "v3"',
            'to: "{v}"',
            '13:9: mirrors[0].to: expected a literal segment of a path, as in "v2"; found "{v}" '
            "[bad-value]",
        ),
        (
            'statement: "v3同v2。"',
            'statement: "v3同v2。"\n  - {from: "v2", to: "v3", statement: "again"}',
            "15:12: mirrors[1].from: expected each mirror once; found "
            '"v2" to "v3" again [duplicate-item]',
        ),
        # rows
        (
            "row: 2",
            "row: 3",
            "23:10: rows[1].row: expected 2: rows are numbered from 1 in order; found 3 "
            "[wrong-row-number]",
        ),
        ('"版本"', '"版本\\n"', f'24:17: rows[1].permission: {LINE}; found "版本\\n" [bad-value]'),
        ('"版本"', '" 版本"', f'24:17: rows[1].permission: {LINE}; found " 版本" [bad-value]'),
        ('"版本"', '"\\ud800"', f'24:17: rows[1].permission: {LINE}; found "\\ud800" [bad-value]'),
        (
            '"版本"',
            '"a\\u202eb"',
            f'24:17: rows[1].permission: {LINE}; found "a\\u202eb" [bad-value]',
        ),
        ('"版本"', "", f"24:16: rows[1].permission: {LINE}; found nothing [bad-value]"),
        (
            '"版本"',
            "yes",
            f"24:17: rows[1].permission: {LINE}; found yes, which is read as bool since it has "
            "no quotes [bad-value]",
        ),
        ('"版本"', "[a]", f"24:17: rows[1].permission: {LINE}; found a list of 1 [bad-value]"),
        (
            '"evs:types:get"',
            '"evs"',
            f'18:37: rows[0].actions[1]: {ACTION}; found "evs" [bad-value]',
        ),
        (
            '"evs:types:get"',
            '"evs:types:get\\n"',
            f'18:37: rows[0].actions[1]: {ACTION}; found "evs:types:get\\n" [bad-value]',
        ),
        (
            '"evs:types:get"',
            '"evs:volumes:create"',
            "18:37: rows[0].actions[1]: expected nothing twice; this is [0] again [duplicate-item]",
        ),
        (
            '    no_authorization: "无"\n',
            "",
            "25:14: rows[1].actions: expected at least one action, or no_authorization with the "
            "page's wording; found a list of 0 [bad-value]",
        ),
        (
            "actions: []",
            'actions: ["evs:a:b"]',
            "25:14: rows[1].actions: expected no action, since no_authorization says that none is "
            "required; found a list of 1 [bad-value]",
        ),
        (
            "enterprise_project: unsupported",
            "enterprise_project: no",
            "19:58: rows[0].scopes.enterprise_project: expected supported, unsupported or "
            "undocumented; found no, which is read as bool since it has no quotes [bad-value]",
        ),
        (
            ", enterprise_project: unsupported",
            "",
            "19:13: rows[0].scopes.enterprise_project: missing; expected supported, unsupported or "
            "undocumented [missing-field]",
        ),
        (
            "method: GET",
            "method: Get",
            "29:18: rows[1].endpoints[0].method: expected a method in capitals: DELETE, GET, HEAD, "
            'OPTIONS, PATCH, POST or PUT; found "Get" [bad-value]',
        ),
        (
            'path: "/"',
            'path: "//"',
            '29:29: rows[1].endpoints[0].path: expected a path template: "/" before each segment, '
            'a segment literal or one {parameter}, as in "/v2/{project_id}/snapshots"; found "//" '
            "[bad-value]",
        ),
        (
            '{method: PUT, path: "/v2/a/"}',
            '{path: "/v2/{project_id}/volumes", method: POST}',
            "22:9: rows[0].endpoints[1]: expected nothing twice; this is [0] again [duplicate-item]",
        ),
        (
            "    endpoints:\n      - {method: GET",
            "    endpoints: []\n#",
            "28:16: rows[1].endpoints: expected a list of endpoints, at least one, none twice; "
            "found a list of 0 [bad-value]",
        ),
        # fields
        (
            "    permission: ",
            "    permision: ",
            f"16:5: rows[0].permission: missing; {LINE} [missing-field]\n"
            "17:5: rows[0].permision: unknown; expected one of row, permission, actions, "
            "no_authorization, scopes, endpoints [unknown-field]",
        ),
        (
            "    to:",
            "    from:",
            "12:5: mirrors[0].to: missing; expected a literal segment of a path, as in "
            '"v2" [missing-field]\n'
            "13:5: mirrors[0].from: expected each name once; it is also on line 12 [duplicate-key]",
        ),
        (
            "  language:",
            "  1:",
            "7:3: document.language: missing; expected the language of the page's headers: zh or "
            "en [missing-field]\n"
            "9:3: document: expected the name of a member [bad-key]",
        ),
        # YAML
        ('"版本"', "&a b", "24:17: expected no anchors (&name) or aliases (*name) [bad-yaml]"),
        ('"版本"', "*a", "24:17: expected no anchors (&name) or aliases (*name) [bad-yaml]"),
        ('"版本"', "!!str a", "24:17: expected no tags (!name) [bad-yaml]"),
        ('"版本"', "[" * 20, "24:34: expected at most 20 levels [bad-yaml]"),
        ('"版本"', '"\x07"', '24:18: expected printable characters, found "\\u0007" [bad-yaml]'),
        (
            '"版本"',
            '"\\Uffffffff"',
            " expected escapes of Unicode characters, at most \\U0010ffff [bad-yaml]",
        ),
        (
            '"版本"',
            "[a",
            "25:12: while parsing a flow sequence, expected ',' or ']', but got ':' [bad-yaml]",
        ),
    ],
)
def test_a_fault_has_its_place(old: str, new: str, fault: str) -> None:
    assert old in TEXT

    assert "\n".join(find_faults(TEXT.replace(old, new, 1))) == fault


def test_all_faults_are_shown_at_once_in_the_order_of_the_file() -> None:
    text = (
        TEXT.replace('"made"', '"other"')
        .replace("language: zh", "language: fr")
        .replace("evs:types:get", "evs")
        .replace("row: 2", "row: 7")
        .replace("path:", "paht:", 1)
    )

    faults = find_faults(text)

    assert [fault.split(": ")[1] for fault in faults] == [
        "provider",
        "document.language",
        "rows[0].actions[1]",
        "rows[0].endpoints[0].path",
        "rows[0].endpoints[0].paht",
        "rows[1].row",
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
