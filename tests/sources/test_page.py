"""A page is read from its bytes; what is no page is a fault."""

import hashlib
from pathlib import Path

import pytest

from scopegate.errors import FaultsError
from scopegate.sources.grid import Paragraph
from scopegate.sources.limits import LONGEST_PARAGRAPH
from scopegate.sources.page import MOST_BYTES, list_paragraphs, read_page


def test_a_page_has_the_name_and_the_hash_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    data = b"\xef\xbb\xbf# " + "云硬盘".encode()
    path.write_bytes(data)

    page = read_page(path)

    assert page.name == "page.md"
    assert page.sha256 == hashlib.sha256(data).hexdigest()
    assert page.blocks == (Paragraph(("云硬盘",)),)
    assert page.grids == ()


def test_paragraphs_are_listed_in_reading_order(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("a\n\n- b\n  - c\n- d\n\ne\n", encoding="utf-8")

    lines = [paragraph.lines for paragraph in list_paragraphs(read_page(path).blocks)]

    assert lines == [("a",), ("b",), ("c",), ("d",), ("e",)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a\nb\n\xc8\xcb", "page.md: expected UTF-8; line 3 has 0xc8 [bad-encoding]"),
        (b"a\n\0", "page.md: expected text; line 2 has a NUL [bad-encoding]"),
        (b"a" * (MOST_BYTES + 1), f"page.md: expected at most {MOST_BYTES} bytes [too-large]"),
    ],
)
def test_what_is_no_page_is_a_fault(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "page.md"
    path.write_bytes(data)

    with pytest.raises(FaultsError) as raised:
        read_page(path)

    assert str(raised.value) == message


def test_a_page_that_its_parser_gives_up_on_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_bytes(b"<div>" * 9_999)

    with pytest.raises(FaultsError, match=r"page\.md: expected HTML; its parser gave up: "):
        read_page(path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "| a |\n|---|\n"),
        ("a.rst", "=== ===\na   b\n=== ===\nc   d\n=== ===\n"),
        ("a.HTML", "<table><tr><td>a</td></tr></table>"),
        ("a", "| a |\n|---|\n"),
    ],
)
def test_the_suffix_says_which_format_it_is(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")

    assert len(read_page(path).grids) == 1


LONG = LONGEST_PARAGRAPH


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.md", "a\n\n" + "![" * LONG, f"paragraphs of at most {LONG} characters; line 3 has"),
        ("a.rst", "a\n\n" + "*a " * LONG, f"paragraphs of at most {LONG} characters; one that"),
        ("a.html", f"<p {'a=b ' * LONG}>", f"tags of at most {LONG} characters"),
    ],
)
def test_what_would_take_a_parser_minutes_is_refused(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")

    with pytest.raises(FaultsError, match=rf"{name}: expected {message}.* \[too-large\]"):
        read_page(path)
