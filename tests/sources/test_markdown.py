"""Markdown decides what is code, what is escaped and where a table of HTML begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopegate.errors import Flaw
from scopegate.sources.grid import Block, Grid, Paragraph
from scopegate.sources.markdown import read_markdown

TABLE = "<table><tr><td>a</td></tr></table>"


def read(text: str) -> tuple[tuple[Block, ...], tuple[Grid, ...]]:
    content = read_markdown(text)
    assert not isinstance(content, Flaw)
    return content


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (TABLE, 1),
        (f'text\n<a name="x"></a>\n{TABLE}\n\n{TABLE}\n', 2),
        (f"```\n{TABLE}\n```\n", 0),
        (f"~~~ html\n{TABLE}\n~~~\n\n{TABLE}", 1),
        (f"para\n\n    {TABLE}\n", 1),
        (f"`{TABLE}`", 0),
        (f"<!--\n{TABLE}\n-->", 0),
        (f"- item\n\n  {TABLE}\n", 1),
        ("|a|b|\n|-|-|\n|c|d|\n", 1),
        (f"<table>\r\n<tr><td>a</td></tr>\r\n</table>\r\n\r\n{TABLE}", 2),
    ],
)
def test_tables_are_counted_where_markdown_shows_them(text: str, count: int) -> None:
    assert len(read(text)[1]) == count


def test_a_blank_line_does_not_end_a_table() -> None:
    _, (grid,) = read("<table>\n<tr>\n<td>a</td>\n\n<td>\n\nb *c*\n\n</td></tr></table>")

    assert grid.flaws == ()
    assert [cell.blocks for cell in grid.rows[0]] == [(Paragraph(("a",)),), (Paragraph(("b c",)),)]


def test_indented_rows_are_rows_and_no_code() -> None:
    _, (grid,) = read("<table>\n\n    <tr><td>a</td></tr>\n\n</table>")

    assert grid.flaws == ()
    assert [cell.blocks for cell in grid.rows[0]] == [(Paragraph(("a",)),)]


def test_text_is_read_as_markdown_shows_it() -> None:
    blocks, _ = read("# Title<a name='x'></a>\n\nPOST /v2/\\{project\\_id\\}/volumes &lt;*b*\\>\n")

    assert blocks == (
        Paragraph(("Title",)),
        Paragraph(("POST /v2/{project_id}/volumes <b>",)),
    )


def test_a_table_of_pipes_is_a_table() -> None:
    _, (first, second) = read(f"|a|b \\| c|\n|:-|-|\n|*d*<br>e||\n\n{TABLE}")

    assert (first.header_rows, first.flaws) == (1, ())
    assert [[cell.blocks for cell in row] for row in first.rows] == [
        [(Paragraph(("a",)),), (Paragraph(("b | c",)),)],
        [(Paragraph(("d", "e")),), ()],
    ]
    assert second.number == 2


def test_cells_beyond_the_header_of_a_table_of_pipes_are_a_flaw() -> None:
    _, (grid,) = read("|a|\n|-|\n|b|too **many**|\n")

    assert [cell.blocks for cell in grid.rows[1]] == [
        (Paragraph(("b",)),),
        (Paragraph(("too many",)),),
    ]
    assert [(flaw.row, flaw.flaw.code) for flaw in grid.flaws] == [(1, "ragged-table")]


def test_cells_that_a_row_of_pipes_lacks_are_a_flaw() -> None:
    _, (grid,) = read("|a|b|\n|-|-|\n|c|\n")

    assert [cell.blocks for cell in grid.rows[1]] == [(Paragraph(("c",)),), ()]
    assert [(flaw.row, flaw.flaw.code) for flaw in grid.flaws] == [(1, "ragged-table")]


@pytest.mark.parametrize("prefix", ["> ", ">", "  > > "])
def test_rows_of_pipes_in_a_quote_have_their_own_cells(prefix: str) -> None:
    _, (grid,) = read("".join(f"{prefix}{line}\n" for line in ("|a|b|", "|-|-|", "|c|d|")))

    assert grid.flaws == ()
    assert len(grid.rows) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_of_pipes_have_their_own_cells_whatever_ends_a_line(end: str) -> None:
    _, (grid,) = read(end.join(["x", "", "|a|b|", "|-|-|", "|c|d|e|", "f", "", "y"]))

    assert [len([cell for cell in row if cell.blocks]) for row in grid.rows] == [2, 3]
    assert [flaw.flaw.code for flaw in grid.flaws] == ["ragged-table"]


def test_a_line_below_a_table_of_pipes_that_reads_like_a_row_is_one() -> None:
    _, (grid,) = read("|a|b|\n|-|-|\n|c|d|\nkms:cmk:get\n")

    assert len(grid.rows) == 3
    assert [flaw.flaw.code for flaw in grid.flaws] == ["ragged-table"]


def test_a_line_below_a_table_of_pipes_is_no_row() -> None:
    blocks, (grid,) = read("|a|\n|-|\n|b|\ntail *text*\n\n|c|\n|-|\n")[0], read("|a|\n|-|\nb\n")[1]

    assert blocks[1] == Paragraph(("tail text",))
    assert len(grid.rows) == 1


@pytest.mark.parametrize("text", ["a | b | c", "a |", "a"])
def test_a_pipe_makes_no_row(text: str) -> None:
    assert read(text)[1] == ()


@pytest.mark.parametrize("text", ["|a|b|\n|---|\n|c|d|", "a|b|", "a\nb | c | \nd"])
def test_what_looks_like_a_table_of_pipes_and_is_none_is_a_flaw(text: str) -> None:
    _, (lost, found) = read(f"text\n\n{text}\n\n|a|\n|-|\n")

    assert lost.rows == ()
    assert lost.line == 3
    assert [flaw.flaw.code for flaw in lost.flaws] == ["lost-table"]
    assert found.number == 2


@pytest.mark.parametrize(
    "text",
    [
        "vpc:*:get*",
        "vpc:*:*",
        "a vpc:**:get**",
        "vpc:*:get* vpc:*:list*",
        "*:*:*",
        "vpc:_a_:__get__",
    ],
)
def test_the_stars_of_an_action_are_no_emphasis(text: str) -> None:
    blocks, _ = read(text)

    assert blocks == (Paragraph((text,)),)


@pytest.mark.parametrize(
    "text", ["> " * 60 + TABLE, "".join(" " * 2 * i + "- a\n" for i in range(60))]
)
def test_what_markdown_would_drop_for_its_depth_is_a_flaw(text: str) -> None:
    content = read_markdown(text)

    assert isinstance(content, Flaw)
    assert content.code == "bad-document"


PIECES = st.sampled_from(
    [
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<td rowspan=2>",
        "<td colspan=3>",
        "<ul>",
        "<li>",
        "</ul>",
        "<p>",
        "<thead>",
        "</thead>",
        "<tbody>",
        "<br>",
        "<!--",
        "&nbsp;",
        "&#0;",
        "\n\n",
        "    ",
        "```\n",
        "> ",
        "- ",
        "<",
        "\0",
        "\x01",
        "\u2028",
        "权限",
        "|a|b|\n|-|-|\n",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5)).map("".join))
def test_no_page_is_a_crash(text: str) -> None:
    content = read_markdown(text.encode("utf-8", "replace").decode())

    if not isinstance(content, Flaw):
        for number, grid in enumerate(content[1], start=1):
            assert grid.number == number
            assert len({len(row) for row in grid.rows}) <= 1
