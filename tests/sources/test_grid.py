"""Spans are expanded to a rectangle, and what makes no rectangle is a flaw with its place."""

from scopegate.sources.grid import (
    MOST_COLUMNS,
    MOST_ROWS,
    Grid,
    Paragraph,
    SourceCell,
    lay_out_grid,
)


def make_cell(text: str, row_span: int = 1, column_span: int = 1) -> SourceCell:
    return SourceCell((Paragraph((text,)),), row_span, column_span)


def show(grid: Grid) -> list[str]:
    """Spell each row as the first letters of its cells; `.` is an empty cell."""
    return [
        "".join(
            block.lines[0]
            for cell in row
            for block in cell.blocks or (Paragraph((".",)),)
            if isinstance(block, Paragraph)
        )
        for row in grid.rows
    ]


def find_places(grid: Grid) -> list[tuple[int | None, int | None]]:
    return [(flaw.row, flaw.column) for flaw in grid.flaws]


def test_a_cell_is_the_same_cell_in_all_its_slots() -> None:
    grid = lay_out_grid(
        1,
        [[make_cell("a"), make_cell("b"), make_cell("c")]],
        [
            [
                [make_cell("d", row_span=2), make_cell("e", column_span=2)],
                [make_cell("f"), make_cell("g")],
            ]
        ],
    )

    assert show(grid) == ["abc", "dee", "dfg"]
    assert grid.rows[1][0] is grid.rows[2][0]
    assert grid.rows[1][1] is grid.rows[1][2]
    assert grid.header_rows == 1
    assert grid.flaws == ()


def test_a_cell_over_rows_and_columns_moves_the_cells_around_it() -> None:
    grid = lay_out_grid(
        1,
        [],
        [
            [
                [make_cell("a"), make_cell("b", row_span=2, column_span=2), make_cell("c")],
                [make_cell("d"), make_cell("e")],
            ]
        ],
    )

    assert show(grid) == ["abbc", "dbbe"]
    assert grid.flaws == ()


def test_a_row_span_ends_with_its_row_group() -> None:
    grid = lay_out_grid(
        1, [], [[[make_cell("a", row_span=9)], []], [[make_cell("b", row_span=0)], []]]
    )

    assert show(grid) == ["a", "a", "b", "b"]
    assert grid.flaws == ()


def test_a_short_row_is_a_flaw_at_the_first_slot_without_a_cell() -> None:
    grid = lay_out_grid(
        1, [], [[[make_cell("a"), make_cell("b"), make_cell("c")], [make_cell("d")]]]
    )

    assert show(grid) == ["abc", "d.."]
    assert find_places(grid) == [(1, 1)]
    assert grid.flaws[0].flaw.code == "ragged-table"
    assert grid.flaws[0].flaw.message == "expected 3 cells, as in the first row; found 1"


def test_a_long_row_is_a_flaw_at_the_first_cell_too_many() -> None:
    grid = lay_out_grid(1, [], [[[make_cell("a")], [make_cell("b"), make_cell("c")]]])

    assert find_places(grid) == [(1, 1)]


def test_cells_that_overlap_are_a_flaw() -> None:
    grid = lay_out_grid(
        1,
        [],
        [
            [
                [make_cell("a"), make_cell("b", row_span=2), make_cell("c")],
                [make_cell("d", column_span=3)],
            ]
        ],
    )

    assert find_places(grid) == [(1, 0)]


def test_spans_beyond_all_measure_are_a_flaw_and_take_no_time() -> None:
    wide = make_cell("a", row_span=65_534, column_span=MOST_COLUMNS)
    wider = make_cell("b", row_span=65_534, column_span=99_999)

    grid = lay_out_grid(1, [], [[[wide], *([[wider]] * 9_000)]])

    assert find_places(grid)[:2] == [(None, None), (1, MOST_COLUMNS)]
    assert grid.flaws[0].flaw.code == "too-large"
    assert len(grid.rows) == MOST_ROWS


def test_a_table_without_rows_is_an_empty_grid() -> None:
    assert lay_out_grid(1, [], [[], []]).rows == ()
