"""What is wrong with JSON has its line and column."""

from typing import TYPE_CHECKING

import pytest

from scopegate.json_files.reading import parse_document

if TYPE_CHECKING:
    from scopegate.errors import Fault


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        (b'{"a":\n 1', ["f.json:2:3: expected JSON: Expecting ',' delimiter [not-json]"]),
        ('{"é":\n "é'.encode() + b'\xff"}', ["f.json:2:4: expected JSON in UTF-8 [bad-encoding]"]),
        (
            b'{"a":\n [1, NaN,\n -1e999, {"b": "\\ud800"}]}',
            [
                (
                    "f.json:2:6: a[1]: expected JSON: a number that is finite, and not too long"
                    " [not-json]"
                ),
                (
                    "f.json:3:2: a[2]: expected JSON: a number that is finite, and not too long"
                    " [not-json]"
                ),
                (
                    'f.json:3:16: a[3].b: expected Unicode; found half a character in "\\ud800"'
                    " [bad-text]"
                ),
            ],
        ),
        (
            b'{"a": 1,\n "a": 2}',
            ["f.json:2:7: a: expected each member once [duplicate-member]"],
        ),
    ],
)
def test_a_fault_has_its_line(data: bytes, faults: list[str]) -> None:
    found: list[Fault] = []
    assert parse_document(data, "f.json", found) is None
    assert [str(each) for each in found] == faults


def test_a_mark_of_the_byte_order_is_no_column() -> None:
    node = parse_document(b'\xef\xbb\xbf{"a": 1}', "f.json", [])
    assert node
    assert str(node.take("a", 1)) == "f.json:1:7: a"
