"""A page's authorization tables, row by row; what is odd costs what it stands in, and is told."""

import pytest

from scopegate.cells.endpoints import NoEndpoint
from scopegate.importing.model import Alternative, PageReading, RowReading
from scopegate.importing.reading import read_authorization
from scopegate.tables.model import Mirror, Scopes, Support
from tests.importing.pages import (
    GOOD_ROW,
    HEADERS,
    SCOPES,
    STATEMENT,
    make_page,
    make_row,
    make_table,
)

S, U, N = Support.SUPPORTED, Support.UNSUPPORTED, Support.UNDOCUMENTED
ENGLISH = ("Permission", "API", "Action")


def read(text: str) -> PageReading:
    return read_authorization(make_page(text))


def read_rows(text: str) -> tuple[RowReading, ...]:
    (table,) = read(text).tables
    return table.rows


def list_diagnostics(text: str) -> list[str]:
    reading = read(text)
    tables = (each for table in reading.tables for each in table.diagnostics)
    return [str(each.fault) for each in (*reading.diagnostics, *tables)]


def test_a_page_becomes_rows() -> None:
    reading = read(f"# 快照\n\n本章节。{STATEMENT}\n\n{make_table(GOOD_ROW)}")

    (table,) = reading.tables
    assert (table.number, table.language, table.headings, table.diagnostics) == (1, "zh", (), ())
    assert reading.mirrors == (Mirror("v2", "v3", STATEMENT),)
    assert (reading.others, reading.diagnostics) == ((), ())
    assert table.rows == (
        RowReading(
            row=1,
            title="创建快照",
            endpoints=(("POST", "/v2/{a}/snapshots", None),),  # type: ignore[arg-type]
            actions=("evs:snapshots:create", "evs:volumes:get"),
            dependencies=(),
            role_dependencies=(),
            alternatives=(),
            scopes=Scopes(S, U),
            no_authorization=None,
            body_action=None,
            no_endpoint=None,
            notes=(),
        ),
    )


def test_empty_paragraphs_vanish() -> None:
    (row,) = read_rows(
        make_table(
            make_row(
                "<p>查询</p><p><a name='x'></a></p>",
                "<p>evs:a:get</p><p></p>",
                SCOPES,
                "<p></p>GET /v2/a",
            )
        )
    )

    assert (row.title, row.actions) == ("查询", ("evs:a:get",))
    assert row.endpoints == (("GET", "/v2/a", None),)


def test_lines_of_a_title_are_joined_and_chinese_ones_without_a_blank() -> None:
    text = make_table(
        make_row("<p>创建共享</p><p>（OpenStack）</p>", "evs:a:get", SCOPES, "GET /v2/a"),
        make_row("<p>Create</p><p>a share</p>", "evs:a:get", SCOPES, "GET /v2/b"),
    )

    assert [row.title for row in read_rows(text)] == ["创建共享（OpenStack）", "Create a share"]


# Columns


def test_columns_are_told_by_their_headers() -> None:
    text = make_table(
        make_row("GET /v2/a", SCOPES, "evs:a:get", "查询"), headers=tuple(reversed(HEADERS))
    )

    (row,) = read_rows(text)

    assert (row.title, row.actions, row.scopes) == ("查询", ("evs:a:get",), Scopes(S, U))


def test_what_cells_hold_tells_what_a_word_alone_does_not() -> None:
    """`Permissions` is a sentence in one page and an action in another."""
    (row,) = read_rows(
        make_table(
            make_row("GET /v2/a", "Queries an a.", "evs:a:get"),
            headers=("API", "API Function", "Permissions"),
        )
    )

    assert (row.title, row.actions) == ("Queries an a.", ("evs:a:get",))


def test_a_header_row_may_be_an_ordinary_first_row() -> None:
    text = make_table(make_row(*HEADERS), GOOD_ROW, headers=())

    assert [row.row for row in read_rows(text)] == [1]


def test_headers_may_fill_two_rows() -> None:
    head = (
        "<thead>"
        + make_row(*(f"<th rowspan=2>{name}</th>" for name in ENGLISH), "<th colspan=2>Scope</th>")
        + make_row("IAM Project", "Enterprise Project")
        + "</thead>"
    )

    (row,) = read_rows(
        f"<table>{head}{make_row('Query', 'GET /v2/a', 'evs:a:get', '√', '×')}</table>"
    )

    assert row.scopes == Scopes(S, U)


def test_a_title_over_all_columns_is_no_header() -> None:
    text = make_table(make_row("<td colspan=4>快照</td>"), make_row(*HEADERS), GOOD_ROW, headers=())

    assert [row.title for row in read_rows(text)] == ["创建快照"]


@pytest.mark.parametrize(
    ("headers", "cells", "scopes"),
    [
        (ENGLISH, (), Scopes(N, N)),
        ((*ENGLISH, "IAM Project"), ("√",), Scopes(S, N)),
        ((*ENGLISH, "IAM Project", "Enterprise Project"), ("√", "-"), Scopes(S, N)),
        ((*ENGLISH, "Enterprise Project"), ("Not supported",), Scopes(N, U)),
        ((*ENGLISH, "Authorization Scope"), ("Supported: IAM projects",), Scopes(S, N)),
    ],
)
def test_scopes_have_a_column_each_or_one_or_none(
    headers: tuple[str, ...], cells: tuple[str, ...], scopes: Scopes
) -> None:
    text = make_table(make_row("Query", "GET /v2/a", "evs:a:get", *cells), headers=headers)

    assert read_rows(text)[0].scopes == scopes


def test_an_unknown_header_whose_cells_leave_one_role_is_read_with_a_warning() -> None:
    text = make_table(GOOD_ROW, headers=("权限", "动作", "授权范围", "对应API接口"))

    assert read_rows(text)[0].actions == ("evs:snapshots:create", "evs:volumes:get")
    (said,) = list_diagnostics(text)
    assert said.startswith("page.md: table 1, column 动作: expected a header that is listed; found")
    assert said.endswith("whose cells hold actions: read as action [guessed-header]")


def test_an_unknown_header_whose_cells_do_not_tell_is_an_error() -> None:
    text = make_table(
        make_row("Query", "GET /v2/a", "evs:a:get", "√"), headers=(*ENGLISH, "Grants")
    )

    assert read_rows(text)[0].scopes == Scopes(N, N)
    assert list_diagnostics(text) == [
        (
            "page.md: table 1, column Grants: expected a header that is listed; "
            'found "Grants", whose cells hold marks of support [unknown-header]'
        )
    ]


@pytest.mark.parametrize("header", ["Remarks", "Dependencies"])
def test_remarks_may_name_what_else_is_needed(header: str) -> None:
    rows = read_rows(
        make_table(
            make_row("a", "evs:a:get", "To see b, configure evs:b:get and evs:c:get."),
            make_row("b", "evs:a:list", "The VPC FullAccess permission is required."),
            make_row("c", "evs:a:put", "N/A"),
            headers=("Operation", "Action", header),
        )
    )

    assert [row.dependencies for row in rows] == [("evs:b:get", "evs:c:get"), (), ()]
    assert [row.role_dependencies for row in rows] == [(), ("VPC FullAccess",), ()]


def test_remarks_may_be_remarks() -> None:
    text = make_table(
        make_row("a", "evs:a:get", "New."), headers=("Operation", "Action", "Remarks")
    )

    assert list_diagnostics(text) == []
    assert read_rows(text)[0].dependencies == ()


def test_all_columns_of_dependencies_count() -> None:
    (row,) = read_rows(
        make_table(
            make_row("a", "GET /a", "evs:a:get", "vpc:a:get", "-"),
            headers=(*ENGLISH, "Dependencies", "Related Actions"),
        )
    )

    assert row.dependencies == ("vpc:a:get",)


def test_what_an_action_depends_on_is_the_action_where_nothing_else_is() -> None:
    text = make_table(
        make_row("a", "GET /a", "evs:a:get"), headers=("Permission", "API", "Related Action")
    )

    assert read_rows(text)[0].actions == ("evs:a:get",)
    assert list_diagnostics(text)[0].endswith(": read as one [guessed-header]")


def test_a_column_of_routes_may_hold_few() -> None:
    text = make_table(
        *(make_row("a", "console only", "evs:a:get") for _ in range(3)),
        make_row("b", "GET /a", "evs:a:get"),
        headers=("Permission", "Function", "Action"),
    )

    assert read_rows(text)[3].endpoints == (("GET", "/a", None),)


def test_actions_that_few_rows_need_are_actions() -> None:
    text = make_table(
        *(make_row("GET /a", "a", "No authorization required") for _ in range(3)),
        make_row("GET /b", "b", "evs:a:get"),
        headers=("API", "API Function", "Permissions"),
    )

    assert [row.title for row in read_rows(text)] == ["a", "a", "a", "b"]
    assert read_rows(text)[3].actions == ("evs:a:get",)


def test_rows_of_a_catalogue_are_rows_though_they_are_called_header() -> None:
    head = make_row("Permission", "Action") + make_row("a", "evs:a:get")
    text = f"<table><thead>{head}</thead>{make_row('b', 'evs:b:get')}</table>"

    assert [row.title for row in read_rows(text)] == ["a", "b"]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (("a (also kms:b:get)", "GET /a", "evs:a:get", "b"), "Permission"),
        (("a", "GET /a", "evs:a:get", "kms:b:get"), "Module"),
    ],
)
def test_an_action_where_none_is_read_is_an_error(cells: tuple[str, ...], column: str) -> None:
    text = make_table(make_row(*cells), headers=(*ENGLISH, "Module"))

    assert read_rows(text)[0].error == "unread-action"
    assert list_diagnostics(text)[0].startswith(f"page.md: table 1, row 1, column {column}: ")


def test_a_heading_with_a_route_is_an_error() -> None:
    heading = make_row("<td colspan=3>Delete: DELETE /a evs:a:delete</td>")
    text = make_table(heading, make_row("a", "GET /a", "evs:a:get"), headers=ENGLISH)

    assert [row.error for row in read_rows(text)] == ["unread-action"]


def test_a_role_alone_is_no_action() -> None:
    text = make_table(make_row("a", "GET /a", "Tenant Administrator"), headers=ENGLISH)

    assert read_rows(text)[0].error == "no-action"


def test_of_a_group_and_its_details_the_details_count() -> None:
    text = make_table(
        make_row("Query", "evs:a:get", "evs:a:getDetail", "GET /v2/a"),
        make_row("List", "evs:a:list", "-", "GET /v2/b"),
        headers=("Permission", "Permissions", "Action", "API"),
    )

    assert [row.actions for row in read_rows(text)] == [("evs:a:getDetail",), ("evs:a:list",)]


def test_a_method_may_have_a_column_of_its_own() -> None:
    text = make_table(
        make_row("Query", "evs:a:get", "GET", "/v2/a"),
        headers=("Permission", "Action", "Method", "URI"),
    )

    assert read_rows(text)[0].endpoints == (("GET", "/v2/a", None),)


def test_paths_apart_from_their_methods_tell_what_their_column_is() -> None:
    text = make_table(
        make_row("Query", "None", "GET", "/v2/a"),
        headers=("Permission", "Action", "Method", "URI"),
    )

    (row,) = read_rows(text)

    assert (row.no_authorization, row.endpoints) == ("None", (("GET", "/v2/a", None),))


# Rows


def test_a_spanning_cell_applies_to_each_of_its_rows() -> None:
    text = make_table(
        make_row(
            "查询", "<td rowspan=2>evs:a:get</td>", f"<td rowspan=2>{SCOPES}</td>", "GET /v2/a"
        ),
        make_row("列表", "GET /v2/b"),
    )

    assert [(r.row, r.title, r.actions, r.scopes) for r in read_rows(text)] == [
        (1, "查询", ("evs:a:get",), Scopes(S, U)),
        (2, "列表", ("evs:a:get",), Scopes(S, U)),
    ]


def test_one_cell_over_all_columns_is_a_heading_and_no_row() -> None:
    (table,) = read(make_table(GOOD_ROW, make_row("<td colspan=4>卷</td>"), GOOD_ROW)).tables

    assert [row.row for row in table.rows] == [1, 2]
    assert table.headings == ('page.md: table 1, row 2: below the heading "卷"',)


def test_a_table_without_a_column_of_routes_is_a_catalogue() -> None:
    text = make_table(
        make_row("Query", "evs:a:get"), make_row("List", "-"), headers=("Permission", "Action")
    )

    rows = read_rows(text)

    assert [row.no_endpoint for row in rows] == [NoEndpoint.NO_API_COLUMN] * 2
    assert [(row.is_catalogue, row.unresolved) for row in rows] == [
        (True, None),
        (True, "no-action"),
    ]


@pytest.mark.parametrize(
    ("sentence", "free"),
    [
        ('"-" indicates that no authorization is required.', True),
        ("A - is a dash.", False),
        ('"-" indicates that no dependent authorization is required.', False),
        ('"-" indicates that enterprise projects are not required.', False),
    ],
)
def test_a_dash_needs_no_action_where_the_page_says_so(sentence: str, free: bool) -> None:  # noqa: FBT001
    (row,) = read_rows(
        f"{sentence}\n\n{make_table(make_row('Query', 'GET /a', '-'), headers=ENGLISH)}"
    )

    assert row.no_authorization == ("-" if free else None)
    assert row.unresolved == (None if free else "no-action")


def test_dependencies_and_system_roles_are_kept_apart() -> None:
    (row,) = read_rows(
        make_table(
            make_row("Query", "GET /a", "evs:a:get", "<p>kms:b:get</p><p>KMS Administrator</p>"),
            headers=(*ENGLISH, "Dependent Permission"),
        )
    )

    assert row.actions == ("evs:a:get",)
    assert row.dependencies == ("kms:b:get",)
    assert row.role_dependencies == ("KMS Administrator",)


def read_requirements(actions: str, dependencies: str) -> RowReading:
    (row,) = read_rows(
        make_table(
            make_row("Query", "GET /a", actions, dependencies),
            headers=(*ENGLISH, "Dependencies"),
        )
    )
    return row


def test_labels_of_actions_and_of_dependencies_are_alternatives() -> None:
    row = read_requirements(
        "<p>evs:z:get</p><ul><li>New: evs:a:get</li><li>Old: evs:b:get</li></ul>",
        "<p>new</p><p>vpc:a:get</p><p>Old:</p><p>vpc:b:get</p>",
    )

    assert (row.actions, row.dependencies) == (("evs:z:get",), ())
    assert row.alternatives == (
        Alternative("New", ("evs:a:get",), ("vpc:a:get",)),
        Alternative("Old", ("evs:b:get",), ("vpc:b:get",)),
    )


def test_one_label_alone_sets_nothing_apart() -> None:
    row = read_requirements("<p>evs:a:get</p><p>Encrypted: evs:b:get</p>", "-")

    assert (row.actions, row.alternatives) == (("evs:a:get", "evs:b:get"), ())


def test_conditions_in_brackets_are_labels_where_all_actions_have_one() -> None:
    every = read_requirements("<p>evs:a:get (for disks)</p><p>evs:b:get (for backups)</p>", "-")
    some = read_requirements("<p>evs:a:get</p><p>evs:b:get (only for backups)</p>", "-")

    assert every.alternatives == (
        Alternative("for disks", ("evs:a:get",)),
        Alternative("for backups", ("evs:b:get",)),
    )
    assert (some.actions, some.alternatives) == (("evs:a:get", "evs:b:get"), ())


@pytest.mark.parametrize(
    "actions",
    [
        "<p>EVS: evs:a:get</p><p>IMS: evs:b:get</p>",
        "<p>Mandatory: evs:a:get</p><p>Optional: evs:b:get</p>",
        "<p>Creating a disk: evs:a:get</p><p>If it is encrypted: evs:b:get</p>",
    ],
)
def test_labels_of_parts_and_conditions_set_no_ways_apart(actions: str) -> None:
    row = read_requirements(actions, "-")

    assert (row.actions, row.alternatives) == (("evs:a:get", "evs:b:get"), ())


def test_conditions_that_exclude_each_other_are_ways() -> None:
    row = read_requirements("<p>For disks: evs:a:get</p><p>For backups: evs:b:get</p>", "-")

    assert [way.label for way in row.alternatives] == ["For disks", "For backups"]


def test_dependencies_under_other_labels_are_needed_in_any_case() -> None:
    row = read_requirements(
        "<p>New: evs:a:get</p><p>Old: evs:b:get</p>",
        "<p>Creating: vpc:a:get</p><p>Using: vpc:b:get</p><p>old: vpc:c:get</p>",
    )

    assert row.dependencies == ("vpc:a:get", "vpc:b:get")
    assert row.alternatives == (
        Alternative("New", ("evs:a:get",)),
        Alternative("Old", ("evs:b:get",), ("vpc:c:get",)),
    )


def test_labels_of_dependencies_alone_are_ways_too() -> None:
    row = read_requirements("evs:a:get", "<p>New: vpc:a:get</p><p>Old: vpc:b:get</p>")

    assert row.actions == ("evs:a:get",)
    assert row.alternatives == (
        Alternative("New", (), ("vpc:a:get",)),
        Alternative("Old", (), ("vpc:b:get",)),
    )


def test_conditional_dependencies_are_dependencies() -> None:
    row = read_requirements(
        "evs:a:get",
        "<p>If it is encrypted: kms:a:get</p><p>If it is in a VPC:</p><p>vpc:a:get</p>"
        "<p>ims:a:get (for images)</p>",
    )

    assert row.dependencies == ("kms:a:get", "vpc:a:get", "ims:a:get")
    assert row.alternatives == ()


def test_conditions_in_brackets_are_labels_of_what_is_below_them_too() -> None:
    row = read_requirements(
        "<ul><li>ims:a:create (only for system disks)</li>"
        "<li>ims:b:create (only for data disks)</li></ul>",
        "<ul><li>ims:a:create (only for system disks)<p>bms:a:get</p><p>obs:*:*</p></li>"
        "<li>ims:b:create (only for data disks)<p>obs:*:*</p></li></ul>",
    )

    assert row.alternatives == (
        Alternative("only for system disks", ("ims:a:create",), ("bms:a:get", "obs:*:*")),
        Alternative("only for data disks", ("ims:b:create",), ("obs:*:*",)),
    )
    assert (row.actions, row.dependencies) == ((), ())


def test_main_actions_are_headings_in_items_of_their_own() -> None:
    row = read_requirements(
        "<ul><li>ims:images:copy</li><li>ims:a:create (required only for some)</li></ul>",
        "<ul><li>ims:images:copy<p>ims:a:create</p><p>obs:a:get</p></li>"
        "<li>ims:a:create (required only for some)<p>kms:a:get</p></li></ul>",
    )

    assert row.actions == ("ims:images:copy", "ims:a:create")
    assert row.dependencies == ("obs:a:get", "kms:a:get")
    assert row.alternatives == ()


def test_a_sentence_among_actions_may_be_above_dependencies() -> None:
    row = read_requirements(
        "<p>ddm:a:create</p><p>Before it, obtain the following dependent permissions:</p>"
        "<ul><li>vpc:a:list</li><li>ecs:*:get*</li></ul>",
        "-",
    )

    assert (row.actions, row.dependencies) == (("ddm:a:create",), ("vpc:a:list", "ecs:*:get*"))


def test_a_sentence_above_dependencies_is_no_label() -> None:
    row = read_requirements(
        "evs:a:get",
        "<ul><li>You must add the following action:<p>vpc:a:get</p></li>"
        "<li>To use images, configure these permissions:<p>ims:a:get</p></li></ul>",
    )

    assert (row.dependencies, row.alternatives) == (("vpc:a:get", "ims:a:get"), ())


def test_a_main_action_over_what_it_needs_is_no_dependency() -> None:
    assert read_requirements("evs:a:get", "<p>evs:a:get:</p><p>vpc:a:get</p>").dependencies == (
        "vpc:a:get",
    )


# Which tables


def test_other_tables_of_a_page_are_counted_and_noted() -> None:
    codes = make_table(make_row("a", "b"), headers=("错误码", "说明"))

    reading = read(codes + make_table(GOOD_ROW) + codes)

    assert [table.number for table in reading.tables] == [2]
    assert reading.others == (
        'page.md: table 1: not read: "错误码" | "说明"',
        'page.md: table 3: not read: "错误码" | "说明"',
    )


def test_a_page_may_have_several_authorization_tables() -> None:
    reading = read(make_table(GOOD_ROW) + make_table(GOOD_ROW, GOOD_ROW))

    assert [(table.number, len(table.rows)) for table in reading.tables] == [(1, 1), (2, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "# 快照",
        f"```\n{make_table(GOOD_ROW)}```",
        make_table(make_row("a", "b"), headers=("Policy", "Description")),
        make_table(make_row("Action", "What to do, such as ecs:*:list"), headers=("Field", "Use")),
        make_table(make_row("Code 1", "Try again."), headers=("Description", "Action")),
    ],
)
def test_a_table_without_actions_is_none_of_authorization(text: str) -> None:
    assert read(text).tables == ()


def test_routes_none_of_which_needs_an_action_are_a_table_of_authorization() -> None:
    (row,) = read_rows(make_table(make_row("Query", "GET /", "None"), headers=ENGLISH))

    assert (row.actions, row.no_authorization, row.unresolved) == ((), "None", None)


def test_a_statement_that_stands_twice_is_one() -> None:
    again = (
        "For the v3 APIs that provide the same functions as their v2 APIs, "
        "their authorization information is the same as that of the v2 APIs."
    )

    reading = read(f"{STATEMENT}{STATEMENT}\n\n- {again}\n\n{make_table(GOOD_ROW)}")

    assert reading.mirrors == (Mirror("v2", "v3", STATEMENT),)


# What is odd


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (make_table(headers=HEADERS), []),  # without a row nothing says that it authorizes
        (
            make_table(make_row("a", "evs:a:get"), headers=("Field", "Use")),
            [
                (
                    ': table 1: expected headers of a table of authorization; found "Field"',
                    "other-table",
                )
            ],
        ),
        *(
            (
                make_table(make_row(*cells), headers=("", "", "")),
                [
                    (
                        ': table 1: expected headers of a table of authorization; found ""',
                        "unread-table",
                    )
                ],
            )
            for cells in (("GET", "/a", "evs:a:get"), ("/a", "evs:a:get", "GET"))
        ),
        (
            make_table(make_row("None", "GET /a"), headers=("API", "Action")).replace(
                "API", "API<i>s</i>"
            ),
            [(": table 1: expected headers of a table of authorization", "unread-table")],
        ),
        (
            make_table(make_row("a GET /a for evs:a:get", "b"), headers=("Field", "Use")),
            [(": table 1: expected headers of a table of authorization", "unread-table")],
        ),
        (
            make_table(
                make_row("a", "evs:a:get", "GET /a", "Project evs:b:get"),
                headers=("Permission", "Action", "API", "Scope"),
            ),
            [(": table 1, row 1, column Scope: expected scopes alone", "unread-action")],
        ),
        (
            make_table(
                make_row("a", "<img>", "evs:a:get", "GET /a"),
                headers=("Permission", "Action", "Action Detail", "API"),
            ),
            [(": table 1, row 1, column Action: expected text; found <img>", "odd-cell")],
        ),
        (
            f"{make_table(GOOD_ROW)}</table>",
            [(": table 1: expected <table> before each </table>", "lost-table")],
        ),
        (
            make_table(make_row("a", "b"), headers=("evs:a:get", "Use")),
            [(": table 1: expected a header without actions; found", "unread-action")],
        ),
        (
            make_table('<tr><td colspan="3">evs:a:get</td></tr>', headers=ENGLISH),
            [(": table 1: expected headers of a table of authorization", "unread-table")],
        ),
        (
            make_table(make_row("a", "GET /a"), headers=("Field", "Use", "More")),
            [(": table 1: expected 3 cells, as in the first row; found 2", "ragged-table")],
        ),
        (
            make_table(
                make_row(*ENGLISH),
                make_row("a", "GET /b", "b:c:d"),
                headers=("Query", "GET /a", "-"),
            ),
            [(": table 1: expected a header without routes; found", "unread-action")],
        ),
        (
            "- Query\n\n  - GET /v2/a\n  - evs:a:get\n",
            [(': expected routes with actions in tables only; found "Query", "GET', "loose-row")],
        ),
        (
            make_table(make_row("GET /a", "evs:a:get"), headers=("Route", "x")).replace("x", "y"),
            [
                (": table 1, column Route: expected a header that is listed", "guessed-header"),
                (": table 1, column y: expected a header that is listed", "guessed-header"),
            ],
        ),
        (
            make_table(make_row(make_table(GOOD_ROW)), headers=("a",)),
            [(": table 1: expected no table inside a table", "lost-table")],
        ),
        (
            make_table(make_row("<t>a</t>", "GET /a", "b:c:d"), headers=ENGLISH),
            [(": table 1, row 1, column Permission: expected text; found <t>", "odd-cell")],
        ),
        (
            make_table(GOOD_ROW).replace("<tr><td>创", "<t><td>创"),
            [(": table 1: expected cells in rows; found 4 in none", "lost-table")],
        ),
        (
            make_table(GOOD_ROW, make_row("查询", "evs:a:get", SCOPES)),
            [
                (": table 1, row 2, column 对应API接口: expected a route", "no-endpoint"),
                (": table 1, row 2, column 对应API接口: expected 4 cells", "ragged-table"),
            ],
        ),
        (
            make_table(GOOD_ROW.replace("</tr>", "<td>a</td></tr>")),
            [
                (": table 1, column 5: expected a header that is listed", "guessed-header"),
                (": table 1, row 1, column 5: expected 4 cells, as in", "ragged-table"),
            ],
        ),
        (
            make_table(GOOD_ROW, "<p>a</p>"),
            [(": table 1: expected no <p> in <tbody>", "odd-table")],
        ),
        (
            make_table(GOOD_ROW).removesuffix("</table>\n\n"),
            [(": table 1: expected </table>: the document ends", "cut-off")],
        ),
        (
            make_table(
                GOOD_ROW,
                make_row("<p>a</p><p>b</p>", "evs", "支持", "get /v2/a"),
                GOOD_ROW,
                make_row("<img>", "-", "<ul><li>支持：<p>全局</p></li></ul>", ""),
            ),
            [
                (": table 1, row 2, column 授权项: expected actions as", "bad-action"),
                (": table 1, row 2, column 对应API接口: expected the method", "repaired-endpoint"),
                (": table 1, row 2, column 授权范围: expected scopes", "odd-scopes"),
                (": table 1, row 4, column 权限: expected text; found <img>", "odd-cell"),
                (": table 1, row 4, column 对应API接口: expected a route", "no-endpoint"),
                (": table 1, row 4, column 授权范围: expected scopes such as", "odd-scopes"),
            ],
        ),
        (
            "| Permission | API | Action |\n|---|---|\n| a | GET /a | b:c:d |\n",
            [
                (":1: table 1: expected a table; Markdown sees rows", "lost-table"),
                (": expected routes with actions in tables only", "loose-row"),
            ],
        ),
    ],
)
def test_what_is_odd_is_told_with_its_place(text: str, told: list[tuple[str, str]]) -> None:
    found = list_diagnostics(text)

    assert len(found) == len(told)
    for spelt, (beginning, code) in zip(found, told, strict=True):
        assert spelt.startswith(f"page.md{beginning}")
        assert spelt.endswith(f"[{code}]")


def test_one_odd_cell_costs_its_row_alone() -> None:
    rows = read_rows(make_table(GOOD_ROW, make_row("查询", "evs", SCOPES, "GET /v2/a"), GOOD_ROW))

    assert [row.unresolved for row in rows] == [None, "bad-action", None]
