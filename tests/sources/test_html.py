"""HTML becomes blocks by its structure; nothing is dropped without a flaw."""

import pytest

from scopegate.errors import Flaw
from scopegate.sources.grid import Block, Foreign, Grid, Item, ItemList, Paragraph
from scopegate.sources.html import read_html


def read_tables(text: str) -> tuple[Grid, ...]:
    content = read_html(text)
    assert not isinstance(content, Flaw)
    return content[1]


def read_cell(inner: str) -> tuple[Block, ...]:
    (grid,) = read_tables(f"<table><tr><td>{inner}</td></tr></table>")
    assert grid.flaws == ()
    return grid.rows[0][0].blocks


def make_list(*items: tuple[Block, ...] | str) -> ItemList:
    return ItemList(
        tuple(Item((Paragraph((i,)),)) if isinstance(i, str) else Item(i) for i in items)
    )


@pytest.mark.parametrize(
    ("inner", "blocks"),
    [
        ("a", (Paragraph(("a",)),)),
        ("<p>a</p>\n<p>b</p>", (Paragraph(("a",)), Paragraph(("b",)))),
        ("a<p>b</p>c", (Paragraph(("a",)), Paragraph(("b",)), Paragraph(("c",)))),
        ("<p>a<br>b<br><br/>c</p>", (Paragraph(("a", "b", "c")),)),
        ("<p>a</p><p></p><p> &nbsp;\n</p><p><a name='x'></a></p>", (Paragraph(("a",)),)),
        ("", ()),
        ("<p> a \n\t b&nbsp;&nbsp;c </p>", (Paragraph(("a b c",)),)),
        ("a&#8203;b&shy;c<wbr>d", (Paragraph(("abcd",)),)),
        ("/a?b={b}&region={c}&amp;lt=d", (Paragraph(("/a?b={b}&region={c}&lt=d",)),)),
        ("<b>a</b><span>b <i>c</i></span>", (Paragraph(("ab c",)),)),
        ("&lt;a&gt; &amp;amp; &#x6743;", (Paragraph(("<a> &amp; 权",)),)),
        ("<a name='x'><p>a</p></a>b", (Paragraph(("a",)), Paragraph(("b",)))),
        ("<ul><li>a</li><li></li><li>b</li></ul>", (make_list("a", "b"),)),
        ("<ul><li><p></p></li></ul>", ()),
        ("<ol><li>a</ol>b", (make_list("a"), Paragraph(("b",)))),
        (
            "<ul><li>a：<p>b</p></li></ul>",
            (make_list((Paragraph(("a：",)), Paragraph(("b",)))),),
        ),
        (
            "<ul><li>a：<ul><li>b</li><li>c</li></ul></li></ul>",
            (make_list((Paragraph(("a：",)), make_list("b", "c"))),),
        ),
        ("a<img src=x>", (Paragraph(("a",)), Foreign("<img>"))),
        ("<pre>a\n b\n</pre>", (Paragraph(("a", "b")),)),
        (
            "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>",
            (Paragraph(("a",)), make_list("b"), Paragraph(("c",))),
        ),
        ("a<sup>1</sup> b<sup>[2]</sup> c<sup>th</sup>", (Paragraph(("a b cth",)),)),
        ("evs:<em>:get</em> <em>a</em>", (Paragraph(("evs:*:get* a",)),)),
        ("evs:a:get<em></em>", (Paragraph(("evs:a:get",)),)),
        ("evs:<em>:get<br>evs:a:list</em>", (Paragraph(("evs:*:get", "evs:a:list*")),)),
        (
            "evs:<em>:get<p>evs:a:list</p></em>",
            (Paragraph(("evs::get",)), Paragraph(("evs:a:list",))),
        ),
        ("<li>a</li>", (make_list("a"),)),
        ("<s>a</s>", (Foreign("<s>"),)),
        ("<script>a</script>", (Foreign("<script>"),)),
        ("<table><tr><td>a</td></tr></table>", (Foreign("<table>"),)),
        ("<ul><img><li>b</li></ul>", (make_list((Foreign("<img>"),), "b"),)),
        ("<ul>a<li>b</li></ul>", (make_list("a", "b"),)),
        ("<ul><li>b</li>a</ul>", (make_list("b", "a"),)),
        ("<ul>&#8203;<li>b</li> \u200b</ul>", (make_list("b"),)),
        ("<ul><ul><li>b</li></ul></ul>", (make_list((make_list("b"),)),)),
        ("a<!-- <p>b</p> -->c<?d?>", (Paragraph(("ac",)),)),
        ("a " * 9_000, (Foreign("more than 16384 characters"),)),
    ],
)
def test_a_cell_is_read_by_its_structure(inner: str, blocks: tuple[Block, ...]) -> None:
    assert read_cell(inner) == blocks


def test_outermost_tables_are_counted_from_1_in_order() -> None:
    first, second = read_tables(
        "<table><tr><td>a<table><tr><td>x</td></tr></table></td></tr></table>"
        "<div><table><tr><td>b</td></tr></table></div>"
    )

    assert (first.number, second.number) == (1, 2)
    assert first.rows[0][0].blocks == (Paragraph(("a",)), Foreign("<table>"))
    assert second.rows[0][0].blocks == (Paragraph(("b",)),)


def test_a_document_that_ends_inside_a_table_is_told() -> None:
    comment = "<!-- <table> -->"
    whole = "<table><tr><td>a</td></tr></table>"

    first, last = read_tables(f"{comment}{whole}<table><tr><td>b</td></tr>")

    assert first.flaws == ()
    assert [flaw.flaw.code for flaw in last.flaws] == ["cut-off"]


def test_header_rows_are_those_of_a_first_thead() -> None:
    (grid,) = read_tables("<table><thead><tr><th>a</th></tr></thead><tr><td>b</td></tr></table>")
    assert (grid.header_rows, len(grid.rows)) == (1, 2)

    (grid,) = read_tables("<table><tr><th>a</th></tr><tr><td>b</td></tr></table>")
    assert (grid.header_rows, len(grid.rows)) == (0, 2)


def test_row_groups_keep_row_spans_apart() -> None:
    (grid,) = read_tables(
        "<table><tbody><tr><td rowspan=5>a</td></tr></tbody><tr><td rowspan=2>b</td></tr><tr></tr>"
        "<tfoot><tr><td>c</td></tr></tfoot></table>"
    )

    assert grid.flaws == ()
    assert [row[0].blocks for row in grid.rows] == [
        (Paragraph((text,)),) for text in ("a", "b", "b", "c")
    ]


def test_rows_without_a_group_keep_their_place_among_groups() -> None:
    (grid,) = read_tables(
        "<table><tr><td rowspan=2>a</td></tr><tbody><tr><td>b</td></tr></tbody>"
        "<tr><td>c</td></tr></table>"
    )

    assert [row[0].blocks for row in grid.rows] == [(Paragraph((text,)),) for text in "abc"]


def test_captions_and_columns_are_no_flaws() -> None:
    (grid,) = read_tables(
        "<table><caption>a</caption><colgroup><col></colgroup><tr><td>b</td></tr></table>"
    )

    assert grid.flaws == ()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("<table>a<tr><td>b</td></tr></table>", 'expected text in cells only; found "a"'),
        ("<table><tr><td>b</td>a</tr></table>", 'expected text in cells only; found "a"'),
        ("<table><tr><td>b</td></tr><p>a</p></table>", "expected no <p> in <table>"),
        ("<table><tr><p>a</p><td>b</td></tr></table>", "expected no <p> in <tr>"),
        (
            "<table><tr><td rowspan=x>b</td></tr></table>",
            'expected rowspan to be a number, at least 0; found "x"',
        ),
        (
            "<table><tr><td colspan=0>b</td></tr></table>",
            'expected colspan to be a number, at least 1; found "0"',
        ),
    ],
)
def test_what_stands_beside_cells_is_a_flaw(table: str, message: str) -> None:
    (grid,) = read_tables(table)

    assert [(flaw.flaw.code, flaw.flaw.message) for flaw in grid.flaws] == [("odd-table", message)]
    assert grid.flaws[0].row is None


@pytest.mark.parametrize(
    "table",
    [
        "<table><table><tr><td>a</table></table>",
        "<table><tr><th>b</th></tr><table><tr><td>a</td></tr></table></table>",
    ],
)
def test_a_table_in_no_cell_of_another_is_lost(table: str) -> None:
    (grid,) = read_tables(table)

    assert [flaw.flaw.code for flaw in grid.flaws] == ["lost-table"]
    assert "expected no <table> in <table>" in grid.flaws[0].flaw.message


def test_text_of_a_page_is_read_without_its_tables() -> None:
    content = read_html("<h1>a</h1><p>b</p><table><tr><td>c</td></tr></table>d")

    assert not isinstance(content, Flaw)
    assert content[0] == (
        Paragraph(("a",)),
        Paragraph(("b",)),
        Foreign("<table>"),
        Paragraph(("d",)),
    )


def test_an_empty_page_has_nothing() -> None:
    assert read_html(" \n") == ((), ())


def test_a_page_that_the_parser_gives_up_on_is_a_flaw() -> None:
    content = read_html("<div>" * 10_000 + "<table><tr><td>a</td></tr></table>")

    assert isinstance(content, Flaw)
    assert content.code == "bad-document"


def test_entities_of_the_document_itself_are_not_expanded() -> None:
    content = read_html(
        '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "bomb">]>'
        "<p>x &a; &b;</p>"
    )

    assert not isinstance(content, Flaw)
    assert content[0][-1] == Paragraph(("x &a; &b;",))
