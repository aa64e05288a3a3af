"""A page becomes a table row by row; whatever is odd about it is a fault with its place."""

import hashlib

import pytest

from scopegate.errors import FaultsError
from scopegate.tables.assembly import Assembly, Counts, assemble_table
from scopegate.tables.model import Document, Endpoint, Mirror, Row, Scopes, Support
from scopegate.tables.names import TableName
from tests.tables.pages import (
    GOOD_ROW,
    HEADERS,
    SCOPES,
    STATEMENT,
    make_page,
    make_row,
    make_table,
)

NAME = TableName("made", "evs", "snapshots")
S, U, N = Support.SUPPORTED, Support.UNSUPPORTED, Support.UNDOCUMENTED


def assemble(text: str, number: int | None = None) -> Assembly:
    return assemble_table(make_page(text), NAME, number)


def find_faults(text: str, number: int | None = None) -> list[str]:
    with pytest.raises(FaultsError) as raised:
        assemble(text, number)
    return list(map(str, raised.value.faults))


def test_a_page_becomes_a_table() -> None:
    text = f"# 快照\n\n本章节。{STATEMENT}\n\n{make_table(GOOD_ROW)}"

    assembly = assemble(text)

    table = assembly.table
    assert (table.provider, table.service, table.table) == ("made", "evs", "evs/snapshots")
    assert table.document == Document("page.md", hashlib.sha256(text.encode()).hexdigest(), "zh", 1)
    assert table.mirrors == (Mirror("v2", "v3", STATEMENT),)
    assert table.rows == (
        Row(
            row=1,
            permission="创建快照",
            actions=("evs:snapshots:create", "evs:volumes:get"),
            scopes=Scopes(S, U),
            endpoints=(Endpoint("POST", "/v2/{a}/snapshots"),),
        ),
    )
    assert assembly.counts == Counts(tables=1, headings=0, rows=1, endpoints=1, mirrored=1)
    assert assembly.notes == ()


def test_two_rows_may_share_a_permission() -> None:
    table = assemble(make_table(GOOD_ROW, GOOD_ROW.replace("POST", "PUT"))).table

    assert [(row.row, row.permission, row.endpoints[0].method) for row in table.rows] == [
        (1, "创建快照", "POST"),
        (2, "创建快照", "PUT"),
    ]


def test_empty_paragraphs_vanish() -> None:
    row = make_row(
        "<p>查询</p><p><a name='x'></a></p>", "<p>evs:a:get</p><p></p>", SCOPES, "<p></p>GET /v2/a"
    )

    (read,) = assemble(make_table(row)).table.rows

    assert read.permission == "查询"
    assert read.actions == ("evs:a:get",)
    assert read.endpoints == (Endpoint("GET", "/v2/a"),)


def test_columns_are_told_by_their_headers() -> None:
    text = make_table(
        make_row("GET /v2/a", SCOPES, "evs:a:get", "查询"), headers=tuple(reversed(HEADERS))
    )

    (read,) = assemble(text).table.rows

    assert (read.permission, read.actions, read.scopes) == ("查询", ("evs:a:get",), Scopes(S, U))


def test_a_header_row_may_be_an_ordinary_first_row() -> None:
    text = make_table(make_row(*HEADERS), GOOD_ROW, headers=())

    assert [row.row for row in assemble(text).table.rows] == [1]


def test_headers_may_be_in_english() -> None:
    text = make_table(
        make_row("Query", "evs:a:get", "GET /v2/a"), headers=("Permission", "Action", "API")
    )

    assembly = assemble(text)

    assert assembly.table.document.language == "en"


def test_without_a_column_of_scopes_they_are_undocumented() -> None:
    text = make_table(
        make_row("查询", "evs:a:get", "GET /v2/a"), headers=("权限", "授权项", "对应API接口")
    )

    assert assemble(text).table.rows[0].scopes == Scopes(N, N)


def test_a_scope_that_is_not_named_is_undocumented() -> None:
    scopes = "<ul><li>支持：<p>企业项目(Enterprise Project)</p></li></ul>"

    (read,) = assemble(make_table(make_row("查询", "evs:a:get", scopes, "GET /v2/a"))).table.rows

    assert read.scopes == Scopes(N, S)


def test_a_row_may_need_no_authorization() -> None:
    (read,) = assemble(make_table(make_row("查询", "无需授权", SCOPES, "GET /v2/a"))).table.rows

    assert (read.actions, read.no_authorization) == ((), "无需授权")


def test_a_spanning_cell_applies_to_each_of_its_rows() -> None:
    text = make_table(
        make_row(
            "查询", "<td rowspan=2>evs:a:get</td>", f"<td rowspan=2>{SCOPES}</td>", "GET /v2/a"
        ),
        make_row("列表", "GET /v2/b"),
    )

    assert [(r.row, r.permission, r.actions, r.scopes) for r in assemble(text).table.rows] == [
        (1, "查询", ("evs:a:get",), Scopes(S, U)),
        (2, "列表", ("evs:a:get",), Scopes(S, U)),
    ]


def test_one_cell_over_all_columns_is_a_heading_and_no_row() -> None:
    text = make_table(GOOD_ROW, make_row("<td colspan=4>卷</td>"), GOOD_ROW)

    assembly = assemble(text)

    assert [row.row for row in assembly.table.rows] == [1, 2]
    assert assembly.counts == Counts(tables=1, headings=1, rows=2, endpoints=2, mirrored=0)
    assert assembly.notes == ('page.md: table 1, row 2: below the heading "卷"',)


def test_other_tables_of_a_page_are_counted_and_noted() -> None:
    codes = make_table(make_row("a", "b"), headers=("错误码", "说明"))

    assembly = assemble(codes + make_table(GOOD_ROW) + codes)

    assert assembly.table.document.table == 2
    assert assembly.counts.tables == 3
    assert assembly.notes == (
        'page.md: table 1: not read: "错误码" | "说明"',
        'page.md: table 3: not read: "错误码" | "说明"',
    )


def test_one_of_several_authorization_tables_is_chosen_by_its_number() -> None:
    text = make_table(GOOD_ROW) + make_table(GOOD_ROW, GOOD_ROW)

    assert len(assemble(text, 2).table.rows) == 2
    (fault,) = find_faults(text)
    headers = '("权限" | "授权项" | "授权范围" | "对应API接口")'
    assert f"tables: table 1 {headers}, table 2 {headers} [several-tables]" in fault


def test_a_statement_about_paths_that_are_not_there_is_noted() -> None:
    assembly = assemble(f"{STATEMENT}\n\n{make_table(GOOD_ROW.replace('/v2/', '/v1/'))}")

    assert assembly.table.mirrors == ()
    assert assembly.notes == (f"page.md: no path has v2: {STATEMENT}",)


def test_a_statement_that_stands_twice_is_one() -> None:
    again = (
        "For the v3 APIs that provide the same functions as their v2 APIs, "
        "their authorization information is the same as that of the v2 APIs."
    )

    assembly = assemble(f"{STATEMENT}{STATEMENT}\n\n- {again}\n\n{make_table(GOOD_ROW)}")

    assert assembly.table.mirrors == (Mirror("v2", "v3", STATEMENT),)
    assert assembly.counts.mirrored == 1


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("# 快照", [(": expected an authorization table; found no tables", "no-table")]),
        (
            make_table(make_row("a", "b"), headers=("错误码", "说明")),
            [(": expected an", "no-table")],
        ),
        (f"```\n{make_table(GOOD_ROW)}```", [(": expected an", "no-table")]),
        (make_table(headers=HEADERS), [(": table 1: expected rows below", "odd-table")]),
        # headers
        (
            make_table(GOOD_ROW, headers=("权限", "动作", "授权范围", "对应API接口")),
            [
                (": table 1, column 2: expected a header of the list", "unknown-header"),
                (": table 1: expected a column of the role action", "missing-column"),
            ],
        ),
        (
            make_table(GOOD_ROW.replace("</tr>", "<td>x</td></tr>"), headers=(*HEADERS, "模块")),
            [(": table 1, column 5: expected a header of the list", "unknown-header")],
        ),
        (
            make_table(
                make_row("查询", "evs:a:get", "evs:b:get", "GET /v2/a"),
                headers=("权限", "授权项", "授权项(Action)", "对应API接口"),
            ),
            [(": table 1, column 授权项(Action): expected one column of", "duplicate-column")],
        ),
        (
            make_table(make_row("查询", "a:b", "GET /v2/a"), headers=("权限", "Action", "API")),
            [(": table 1: expected headers in one language; found zh, en", "odd-table")],
        ),
        (
            make_table(GOOD_ROW).replace("</thead>", make_row(*HEADERS) + "</thead>"),
            [(": table 1: expected one header row; found 2", "odd-table")],
        ),
        # the shape
        (
            make_table(GOOD_ROW, make_row("查询", "evs:a:get", SCOPES)),
            [
                (": table 1, row 2, column 对应API接口: expected 4 cells", "ragged-table"),
                (": table 1, row 2, column 对应API接口: expected a method", "bad-endpoint"),
            ],
        ),
        (
            make_table(GOOD_ROW.replace("</tr>", "<td>a</td></tr>")),
            [(": table 1, row 1, column 5: expected 4 cells, as in", "ragged-table")],
        ),
        (
            make_table(GOOD_ROW, "<p>a</p>"),
            [(": table 1: expected no <p> in <tbody>", "odd-table")],
        ),
        (
            f"|{'|'.join(HEADERS)}|\n|-|-|-|-|\n|a|b:c|d|GET /v2/a|",
            [
                (": table 1: expected a table of HTML; a table of pipes is not", "odd-table"),
                (": table 1, row 1, column 授权范围: expected a list of scopes", "odd-scopes"),
            ],
        ),
        # cells, all at once
        (
            make_table(
                GOOD_ROW,
                make_row("<p>a</p><p>b</p>", "evs", "支持", "get /v2/a"),
                GOOD_ROW,
                make_row("<img>", "-", "<ul><li>支持：<p>全局</p></li></ul>", ""),
            ),
            [
                (": table 1, row 2, column 权限: expected one line of text", "odd-cell"),
                (": table 1, row 2, column 授权项: expected actions", "bad-action"),
                (": table 1, row 2, column 授权范围: expected a list of scopes", "odd-scopes"),
                (": table 1, row 2, column 对应API接口: expected a method", "bad-endpoint"),
                (": table 1, row 4, column 权限: expected text; found <img>", "odd-cell"),
                (": table 1, row 4, column 授权项: expected actions", "bad-action"),
                (": table 1, row 4, column 授权范围: expected scopes such as", "odd-scopes"),
                (": table 1, row 4, column 对应API接口: expected a method", "bad-endpoint"),
            ],
        ),
        (
            make_table(make_row("卷", "<td colspan=2>evs:a:get</td>", "GET /v2/a")),
            [(": table 1, row 1, column 授权范围: expected a list of scopes", "odd-scopes")],
        ),
    ],
)
def test_what_is_odd_is_a_fault_with_its_place(text: str, faults: list[tuple[str, str]]) -> None:
    found = find_faults(text)

    assert len(found) == len(faults)
    for spelt, (beginning, code) in zip(found, faults, strict=True):
        assert spelt.startswith(f"page.md{beginning}")
        assert spelt.endswith(f"[{code}]")


def test_the_number_of_another_table_is_a_fault() -> None:
    (fault,) = find_faults(make_table(GOOD_ROW), 2)

    assert fault.startswith("page.md: expected an authorization table 2; found table 1 (")
