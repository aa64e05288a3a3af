"""Documents that would keep a parser busy for minutes are refused, in seconds."""

from pathlib import Path

import pytest

from scopegate.errors import FaultsError
from scopegate.sources.limits import (
    LONGEST_PARAGRAPH,
    MOST_BORDERS,
    MOST_BORDERS_OF_LINE,
    MOST_COMPLAINTS,
    MOST_ELEMENTS,
    MOST_LINES_OF_MARKDOWN,
    MOST_LINES_OF_RST,
    MOST_SLOTS,
)
from scopegate.sources.page import list_paragraphs, read_page

LINES_OF_MARKDOWN = f"expected at most {MOST_LINES_OF_MARKDOWN} lines"
LINES_OF_RST = f"expected at most {MOST_LINES_OF_RST} lines"
BORDERS = f"expected at most {MOST_BORDERS} borders of cells"
BORDERS_OF_LINE = f"expected at most {MOST_BORDERS_OF_LINE} borders of cells on a line; line 1 has "
MARKS = "expected fewer marks in long paragraphs; with "
ELEMENTS = f"expected at most {MOST_ELEMENTS} elements"
SLOTS = f"expected at most {MOST_SLOTS} cells, each in every row and column it spans; "
TAGS = "expected tags of at most 16384 characters"

HOSTILE = {
    "Markdown of lines": ("a.md", "[\n" * 500_000, LINES_OF_MARKDOWN),
    "reStructuredText of lines": ("a.rst", "*\n\n" * 300_000, LINES_OF_RST),
    "Markdown that opens links": ("a.md", ("a\n\n" + "[" * 16_000 + "\n\n") * 60, MARKS + "line 3"),
    "Markdown of emphasis": ("a.md", "*_" * 8_000, MARKS + "line 1"),
    "reStructuredText of emphasis": ("a.rst", "*a " * 5_000, MARKS + "one that ends at line 1"),
    "cells beyond the header": (
        "a.md",
        f"a\n\n|a|\n|-|\n|b|{'![' * LONGEST_PARAGRAPH}|\n",
        f"expected paragraphs of at most {LONGEST_PARAGRAPH} characters; line 5",
    ),
    "reStructuredText of nested lists": ("a.rst", ("- " * 50 + "a\n\n") * 9_000, LINES_OF_RST),
    "footnotes": ("a.rst", ".. [#] a\n" * 12_000, LINES_OF_RST),
    "substitutions of substitutions": (
        "a.rst",
        "".join(f".. |a{n}| replace:: |a{n + 1}| |a{n + 1}|\n" for n in range(24)) + "\n|a0|\n",
        f"expected at most {MOST_ELEMENTS} substitutions",
    ),
    "columns of Markdown": ("a.md", "|a" * 100_000 + "\n" + "|-" * 100_000, BORDERS_OF_LINE),
    "columns of a simple table": (
        "a.rst",
        "== " * 20_000 + "\n" + "a  " * 20_000 + "\n" + "== " * 20_000 + "\n",
        BORDERS_OF_LINE,
    ),
    "cells of a simple table": (
        "a.rst",
        "= " * 99 + "=\n" + "a\n" * 900 + "= " * 99 + "=\n",
        BORDERS,
    ),
    "columns of commas": (
        "a.rst",
        ".. csv-table::\n\n   " + "," * 50_000,
        f"expected at most {MOST_BORDERS_OF_LINE} columns; the table at line 1 has 50001",
    ),
    "cells of commas": (
        "a.rst",
        (".. csv-table::\n\n   " + "," * 99 + "\n" + "   a\n" * 199 + "\n") * 20,
        f"expected at most {MOST_BORDERS} cells; the table at line 204 goes beyond",
    ),
    "columns of a grid": ("a.rst", "+--" * 20_000 + "+\n" + "|a " * 20_000, BORDERS_OF_LINE),
    "cells of a grid": ("a.rst", ("+--" * 100 + "+\n" + "|a " * 100 + "|\n") * 1_500, BORDERS),
    "empty cells": ("a.html", "<table>" + ("<tr>" + "<td>" * 100) * 2_500, ELEMENTS),
    "elements in a line": ("a.html", "<p>" + "a:<em>b</em>" * 80_000, ELEMENTS),
    "cells over many rows": (
        "a.html",
        ("<table><tr>" + "<td rowspan=99999>a" * 99 + "<tr>" * 999 + "</table>") * 30,
        SLOTS + "table 1",
    ),
    "cells over many columns": (
        "a.html",
        "<table><tr><td colspan=100>a</table>" * 10_000,
        SLOTS + "table 501",
    ),
    "attributes": ("a.html", f"<p {' '.join(f'a{n}' for n in range(100_000))}>", TAGS),
    "attributes that hide the tag's end": (
        "a.html",
        "<!-- <a b=' --><p" + "".join(f" a{n}='<>'" for n in range(100_000)) + ">",
        TAGS,
    ),
    "a script that hides the tag's end": (
        "a.html",
        "<script><a b='</script><p" + "".join(f" a{n}='<>'" for n in range(100_000)) + ">",
        TAGS,
    ),
    "a comment that is none": ("a.html", f"<!--><p{' a' * 10_000}>-->", TAGS),
    "tags in tags": (
        "a.html",
        ("<a" * 8_000 + ">") * 60,
        "expected fewer tags that begin inside another",
    ),
    "Markdown of quotes without blanks": (
        "a.md",
        ("<table><tr><td>\n\n" + ">" * 150 + "\n\n") * 6_000,
        LINES_OF_MARKDOWN,
    ),
    "faults of markup": (
        "a.rst",
        ".. csv-table::\n\n" + ("   " + "*a," * 499 + "*a\n") * 50,
        f"expected at most {MOST_COMPLAINTS} faults of its markup",
    ),
}


@pytest.mark.parametrize(("name", "text", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_document_beyond_the_limits_is_refused(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")

    with pytest.raises(FaultsError) as raised:
        read_page(path)

    assert str(raised.value).startswith(f"{name}: {message}")
    assert [fault.code for fault in raised.value.faults] == ["too-large"]


def test_blanks_in_a_role_take_no_time(tmp_path: Path) -> None:
    path = tmp_path / "a.rst"
    path.write_text(f":x:`a{' ' * 15_000}b`\n\n" * 60, encoding="utf-8")

    assert {each.lines for each in list_paragraphs(read_page(path).blocks)} == {("a b",)}
