"""reStructuredText becomes HTML by docutils, whatever tool it was written for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scopegate.errors import Flaw
from scopegate.sources.grid import Block, Content, Grid, Item, ItemList, Paragraph
from scopegate.sources.rst import read_rst

GRID = """\
+-------------+-----------------------------+
| Action      | API                         |
+=============+=============================+
| evs:a:get   | - GET /v2/{a}               |
|             | - GET /v3/{a}               |
+-------------+-----------------------------+
"""


def read(text: str) -> Content:
    content = read_rst(text)
    assert not isinstance(content, Flaw)
    return content


def read_cells(text: str) -> list[list[tuple[Block, ...]]]:
    (grid,) = read(text).grids
    assert grid.flaws == ()
    return [[cell.blocks for cell in row] for row in grid.rows]


def make_cell(*lines: str) -> tuple[Block, ...]:
    return tuple(Paragraph((line,)) for line in lines)


def test_a_grid_table_has_paragraphs_and_lists() -> None:
    (grid,) = read(GRID).grids

    assert grid.header_rows == 1
    assert grid.rows[1][0].blocks == make_cell("evs:a:get")
    assert grid.rows[1][1].blocks == (
        ItemList((Item(make_cell("GET /v2/{a}")), Item(make_cell("GET /v3/{a}")))),
    )


def test_cells_span_rows_and_columns() -> None:
    cells = read_cells(
        "+---+---+---+\n| a | b | c |\n+---+---+---+\n| d | e     |\n|   +---+---+\n|   | f | g |\n"
        "+---+---+---+\n"
    )

    assert cells == [
        [make_cell("a"), make_cell("b"), make_cell("c")],
        [make_cell("d"), make_cell("e"), make_cell("e")],
        [make_cell("d"), make_cell("f"), make_cell("g")],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "=== ===\n a   b\n=== ===\n c   d\n=== ===\n",
        ".. list-table::\n   :header-rows: 1\n\n   * - a\n     - b\n   * - c\n     - d\n",
        '.. csv-table::\n   :header: "a", "b"\n\n   "c", "d"\n',
        ".. table:: A\n\n   +---+---+\n   | a | b |\n   +===+===+\n   | c | d |\n   +---+---+\n",
        ".. only:: html\n\n   === ===\n    a   b\n   === ===\n    c   d\n   === ===\n",
        ".. made:: x\n   :option: y\n\n   === ===\n    a   b\n   === ===\n    c   d\n   === ===\n",
    ],
)
def test_tables_have_many_forms(text: str) -> None:
    (grid,) = read(text).grids

    assert grid.flaws == ()
    assert [[cell.blocks for cell in row] for row in grid.rows] == [
        [make_cell("a"), make_cell("b")],
        [make_cell("c"), make_cell("d")],
    ]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a :ref:`b <c>` :madeup:`d`", "a b d"),
        ("`a <https://b/c>`__", "a"),
        ("a [1]_\n\n.. [1] note", "a"),
        ("H\\ :sub:`2`\\ O :sup:`1`", "H2O"),
        ("|x| y\n\n.. |x| replace:: GET", "GET y"),
        ("vpc:\\*:get\\* vpc:*:list*", "vpc:*:get* vpc:*:list*"),
        ("**bold** ``code``", "bold code"),
        ("https://{Endpoint}/v3/{a}", "https://{Endpoint}/v3/{a}"),
        ("/v2/a_b/{c_d}/e_", "/v2/a_b/{c_d}/e_"),
        ("\\*", "*"),
    ],
)
def test_markup_is_text(markup: str, text: str) -> None:
    first, *_ = read(markup).blocks

    assert first == Paragraph((text,))


def test_a_directive_of_any_name_is_read_wherever_it_stands() -> None:
    cells = read_cells(
        "+----+---------------------+\n| a  | .. restriction:: b  |\n|    |                     |\n"
        "|    |    c                |\n+----+---------------------+\n"
    )

    assert cells == [[make_cell("a"), make_cell("b", "c")]]


def test_a_page_is_read_alike_whatever_was_read_before() -> None:
    text = "+---+-------------------+\n| a | .. never-seen:: b |\n+---+-------------------+\n"
    first = read(text)
    read(".. never-seen::\n")

    assert read(text) == first


@pytest.mark.parametrize(
    ("name", "sections"),
    [("contents", "b\n-\n\n"), ("Contents", "b\n-\n\n"), ("math", ""), ("注意", "")],
)
def test_what_only_docutils_itself_would_make_is_text(name: str, sections: str) -> None:
    blocks = read(f"{sections}..\t{name}:: a\n   :option: c\n\n   d\n").blocks

    assert blocks == make_cell(*("b" * bool(sections)), "a", "d")


def test_a_box_is_read_without_its_name() -> None:
    assert read(".. note::\n\n   a\n").blocks == make_cell("a")


def test_a_dash_alone_is_no_empty_list() -> None:
    assert read_cells("+---+----+\n| a | b  |\n+---+----+\n| - | \\- |\n+---+----+\n")[1] == [
        make_cell("-"),
        make_cell("-"),
    ]


def test_nothing_is_read_from_other_files() -> None:
    content = read(
        ".. include:: /etc/passwd\n\n.. raw:: html\n\n   <table></table>\n\n"
        ".. csv-table::\n   :file: /etc/passwd\n"
    )

    assert "root" not in str(content)
    assert [flaw.flaw.code for grid in content.grids for flaw in grid.flaws] == ["lost-table"]


def list_lost(grids: tuple[Grid, ...]) -> list[tuple[int, int | None]]:
    return [(grid.number, grid.line) for grid in grids if not grid.rows and grid.flaws]


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ("+---+---+\n| a | b |\n+---+---+\n| c too wide | d |\n+---+---+\n", 3),
        ("+---+---+\n| a | b |\n", 3),
        ("+---+--\n| a | b |\n+---+---+\n", 3),
        ("=== ===\na   b\n=== ===\nccccc ddd\n=== ===\n", 3),
        (".. list-table::\n\n   * - a\n     - b\n   * - c\n", 3),
    ],
)
def test_a_table_that_docutils_refuses_is_never_a_table_less(broken: str, line: int) -> None:
    content = read(f"text\n\n{broken}\ntext\n\n=== ===\n a   b\n=== ===\n c   d\n=== ===\n")

    ((number, found),) = list_lost(content.grids)
    assert number == 1
    assert found is not None
    assert abs(found - line) <= 4  # docutils tells the last line of some
    assert len(content.grids) == 2


@pytest.mark.parametrize(
    "text",
    [
        "a.. list-table::\n\n   * - b\n     - c\n",
        ".. list-table::b\n\n   * - c\n     - d\n",
        "a .. csv-table:: b\n\n   c,d\n",
        ".. list-table::\n\n   * - a\n     - b\n*  - c\n   - d\n",
        ".. csv-table::\n\n   a,b\n*  c,d\n",
    ],
)
def test_a_table_whose_directive_or_rows_docutils_does_not_see_is_lost(text: str) -> None:
    assert len(list_lost(read(text).grids)) == 1


def test_only_what_ends_a_table_without_a_blank_line_costs_it_rows() -> None:
    assert list_lost(read(".. note:: a\nb\n\n.. list-table::\n\n   * - c\n").grids) == []


def test_a_row_apart_by_commas_has_the_cells_that_it_has() -> None:
    (grid,) = read(".. csv-table::\n\n   a,b\n   c\n   d,e\n").grids

    assert [(odd.row, odd.flaw.code) for odd in grid.flaws] == [(1, "ragged-table")]


@pytest.mark.parametrize("text", ["::\n\n  +---+\n  | a |\n", ".. code::\n\n  === ===\n  a\n"])
def test_code_is_no_table(text: str) -> None:
    assert read(text).grids == ()


def test_a_table_in_a_table_is_none_of_the_page() -> None:
    (grid,) = read(
        "+-----------+\n| === ===   |\n|  a   b    |\n| === ===   |\n|  c   d    |\n| === ===   |\n"
        "+-----------+\n"
    ).grids

    assert [str(block) for block in grid.rows[0][0].blocks] == ["Foreign(name='<table>')"]


@settings(deadline=None)
@given(st.text(alphabet="+-=| \n*`_:.\\ab{}<>[]#", max_size=300))
def test_nothing_makes_the_reader_fail(text: str) -> None:
    read_rst(text)
