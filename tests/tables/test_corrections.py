"""Corrections change what a table says where it says what they expect, and only there."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
import yaml

from scopegate.errors import FaultsError
from scopegate.routes.build import build_routes
from scopegate.tables.corrections import (
    CorrectedTable,
    as_corrected,
    correct_table,
    correct_tables,
)
from scopegate.tables.model import Alternative, Case, Endpoint, Scopes, Support, Table
from scopegate.tables.store import write_table
from tests.oracle.tables import Documented, read_tables
from tests.tables.made import TABLE

CREATE, FREE = TABLE.rows
ODD = replace(
    CREATE,
    permission="Odd",
    endpoints=(Endpoint("GET", "/v2/{a}:{b}"),),
    unresolved="odd_path",
)
WAYS = replace(
    CREATE,
    permission="Ways",
    endpoints=(Endpoint("POST", "/v2/ways"),),
    alternatives=(Alternative("On", ("evs:a:on",)), Alternative("Off", ("evs:a:off",))),
)
PAGE = replace(TABLE, rows=(CREATE, FREE, ODD, WAYS))

END = """
    reason: "Since it is so."
    source: "api.rst, Request"
"""

CASES = (
    """\
  - row: {permission: "创建（OpenStack）", endpoint: "PUT /v2/a/"}
    expect: {cases: []}
    set: {cases: [{body: "os-create"}]}"""
    + END
)
MIRRORED = (
    """\
  - mirror: {from: "v2", to: "v3", endpoint: "POST /v2/{project_id}/volumes"}"""
    + END
)
WAY = (
    """\
  - row: {permission: "Ways"}
    alternative: "Off"
    expect: {cases: [], actions: ["evs:a:off"]}
    set: {cases: [{body: "do", equals: "off"}], actions: ["evs:a:disable"]}"""
    + END
)
RESOLVED = (
    """\
  - row: {permission: "Odd", endpoint: "GET /v2/{a}:{b}"}
    expect: {endpoints: [{method: GET, path: "/v2/{a}:{b}"}], unresolved: "odd_path"}
    set: {endpoints: [{method: GET, path: "/v2/{a_and_b}"}], unresolved: ""}"""
    + END
)
REST = (
    """\
  - row: {permission: "版本", endpoint: "GET /"}
    expect: {no_authorization: "无", actions: [], roles: [], dependencies: [], alternatives: [],
             scopes: {iam_project: undocumented, enterprise_project: undocumented}, notes: []}
    set: {no_authorization: "", actions: ["evs:v:get"], roles: ["r"], dependencies: ["evs:v:x"],
          alternatives: [{label: "w", actions: ["evs:w:get"]}],
          scopes: {iam_project: supported, enterprise_project: unsupported}, notes: ["n"]}"""
    + END
)


def correct(folder: Path, *corrections: str, table: Table = PAGE) -> CorrectedTable:
    path = folder / "corrections/made/evs/volumes.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("corrections:\n" + "".join(corrections), encoding="utf-8")
    return correct_table(table, path)


def find_faults(folder: Path, *corrections: str, table: Table = PAGE) -> list[str]:
    with pytest.raises(FaultsError) as raised:
        correct(folder, *corrections, table=table)
    file = folder / "corrections/made/evs/volumes.yaml"
    return [str(fault).removeprefix(f"{file}:").strip() for fault in raised.value.faults]


def test_a_row_says_what_is_set(tmp_path: Path) -> None:
    corrected = correct(tmp_path, CASES)

    assert corrected.rows == (replace(CREATE, cases=(Case(body="os-create"),)), *PAGE.rows[1:])
    assert corrected.reasons == (("Since it is so.",), (), (), ())
    assert corrected.count == 1
    assert as_corrected(corrected) is corrected


def test_an_alternative_says_what_is_set(tmp_path: Path) -> None:
    on, off = correct(tmp_path, WAY).rows[3].alternatives

    assert on == WAYS.alternatives[0]
    assert off == Alternative("Off", ("evs:a:disable",), cases=(Case(body="do", equals="off"),))


def test_a_row_is_resolved(tmp_path: Path) -> None:
    row = correct(tmp_path, RESOLVED).rows[2]

    assert row.unresolved is None
    assert row.endpoints == (Endpoint("GET", "/v2/{a_and_b}"),)


def test_all_that_a_row_says_can_be_corrected(tmp_path: Path) -> None:
    assert correct(tmp_path, REST).rows[1] == replace(
        FREE,
        no_authorization=None,
        actions=("evs:v:get",),
        roles=("r",),
        dependencies=("evs:v:x",),
        alternatives=(Alternative("w", ("evs:w:get",)),),
        scopes=Scopes(Support.SUPPORTED, Support.UNSUPPORTED),
        notes=("n",),
    )


def test_corrections_of_a_row_go_one_after_the_other(tmp_path: Path) -> None:
    second = (
        CASES.replace("cases: []", 'cases: [{body: "os-create"}]')
        .replace('set: {cases: [{body: "os-create"}]', 'set: {cases: [{body: "create"}]')
        .replace("Since", "For")
    )

    corrected = correct(tmp_path, CASES, second)

    assert corrected.rows[0].cases == (Case(body="create"),)
    assert corrected.reasons[0] == ("Since it is so.", "For it is so.")


def test_a_mirrored_route_is_switched_off(tmp_path: Path) -> None:
    def list_paths(table: Table) -> set[str]:
        routes, _ = build_routes([table])
        return {f"{route.method} {route.path}" for route in routes}

    off = list_paths(PAGE) - list_paths(correct(tmp_path, MIRRORED))

    assert off == {"POST /v3/{project_id}/volumes"}


def test_the_routes_of_a_corrected_row_carry_the_reason(tmp_path: Path) -> None:
    routes, _ = build_routes([correct(tmp_path, CASES)])

    reasons = {route.path: route.sources[0].reasons for route in routes}
    assert reasons["/v2/{project_id}/volumes"] == ("Since it is so.",)
    assert reasons["/v3/{project_id}/volumes"] == ("Since it is so.",)
    assert reasons["/v2/ways"] == ()


def test_a_table_without_corrections_is_as_it_was(tmp_path: Path) -> None:
    (table,) = correct_tables([PAGE], corrections=tmp_path, places=tmp_path)

    assert table is PAGE
    assert as_corrected(table).reasons == ((), (), (), ())


def test_the_same_corrections_make_the_same_table(tmp_path: Path) -> None:
    everything = (CASES, MIRRORED, WAY, RESOLVED, REST)

    assert correct(tmp_path, *everything) == correct(tmp_path, *everything)


def test_another_reading_of_the_files_comes_to_the_same(tmp_path: Path) -> None:
    corrected = correct(tmp_path, CASES, MIRRORED, WAY, RESOLVED, REST)
    file = tmp_path / "tables/made/evs/volumes.yaml"
    write_table(PAGE, file)
    again = tmp_path / "again/made/evs/volumes.yaml"
    members = {field.name: getattr(corrected, field.name) for field in fields(Table)}
    write_table(Table(**members), again)

    read = read_tables([file], tmp_path / "corrections")

    def is_off(each: Documented) -> bool:
        return (each.method, each.path) == ("POST", "/v3/{project_id}/volumes")

    assert read == tuple(each for each in read_tables([again]) if not is_off(each))
    assert {(each.method, each.path) for each in read} == {
        (route.method, route.path) for route in build_routes([corrected])[0]
    }


# What is changed in corrections, and how the faults that are then shown begin.
FAULTS = [
    (
        CASES.replace('    reason: "Since it is so."\n', ""),
        ["2:5: corrections[0].reason: missing; expected text of one line, "],
    ),
    (
        CASES.replace("source: ", "sauce: "),
        [
            "2:5: corrections[0].source: missing; expected text of one line, ",
            "6:5: corrections[0].sauce: unknown; did you mean source? [unknown-field]",
        ],
    ),
    (
        CASES.replace("expect: {cases", "expect: {case"),
        ["3:14: corrections[0].expect.case: unknown; did you mean cases? [unknown-field]"],
    ),
    (
        CASES.replace("{cases: []}", "{cases: null}"),
        ["3:21: corrections[0].expect.cases: expected a list of cases, none twice; found nothing"],
    ),
    (
        CASES.replace("PUT /v2", "put /v2"),
        ["2:50: corrections[0].row.endpoint: expected a method and a path as the table has them"],
    ),
    (
        CASES.replace("row: {", 'mirror: {from: "a", to: "b", endpoint: "GET /a"}\n    row: {'),
        ["2:5: corrections[0]: expected one of row and mirror [bad-value]"],
    ),
    (
        CASES.replace(
            'row: {permission: "创建（OpenStack）", endpoint: "PUT /v2/a/"}', 'alternative: "a"'
        ),
        ["2:5: corrections[0]: expected one of row and mirror [bad-value]"],
    ),
    (
        MIRRORED.replace("    reason", "    set: {}\n    reason"),
        [
            (
                "3:5: corrections[0].set: unknown; expected only reason and source beside mirror "
                "[unknown-field]"
            )
        ],
    ),
    (
        CASES.replace("    expect: {cases: []}\n", ""),
        ["2:5: corrections[0].expect: missing; expected fields of the row [missing-field]"],
    ),
    (
        CASES.replace('    set: {cases: [{body: "os-create"}]}\n', ""),
        ["2:5: corrections[0].set: missing; expected fields of the row [missing-field]"],
    ),
    (
        CASES.replace("{cases: []}", "{}").replace('{cases: [{body: "os-create"}]}', "{}"),
        [
            (
                "3:13: corrections[0].expect: expected at least one field of the row; found none "
                "[bad-value]"
            )
        ],
    ),
    (
        CASES.replace('{cases: [{body: "os-create"}]}', "{cases: [], roles: []}"),
        [
            (
                "4:10: corrections[0].set: expected the fields of expect, which are cases; "
                "found roles, cases [bad-value]"
            )
        ],
    ),
    (
        CASES.replace('{cases: [{body: "os-create"}]}', "{cases: []}"),
        [
            (
                "4:10: corrections[0].set: expected something else than expect says; this corrects "
                "nothing [empty-correction]"
            )
        ],
    ),
    (
        WAY.replace("{cases: [], ", "{cases: [], roles: [], ").replace(
            "set: {", "set: {roles: [],"
        ),
        [
            (
                "4:25: corrections[0].expect.roles: unknown; expected one of actions, "
                "dependencies, "
                "cases for an alternative [unknown-field]"
            )
        ],
    ),
    (
        CASES.replace("api.rst", "volumes.md"),
        ["6:13: corrections[0].source: expected another document; the page of the table settles"],
    ),
    (
        CASES.replace('{body: "os-create"}', '{body: "a"}, {body: "a"}'),
        ["4:32: corrections[0].set.cases[1]: expected nothing twice; this is [0] again"],
    ),
    (
        RESOLVED.replace("/v2/{a_and_b}", "/v2/{a}{b}"),
        ["4:43: corrections[0].set.endpoints[0].path: expected a path template: "],
    ),
    (
        WAY + CASES.replace("创建（OpenStack）", "Ways").replace("PUT /v2/a/", "POST /v2/ways"),
        ["10:18: corrections[1].set.cases: expected cases of the row or of its alternatives"],
    ),
    (
        MIRRORED + MIRRORED,
        ["5:13: corrections[1].mirror: expected each mirrored route once; found "],
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS)
def test_a_fault_has_its_place(tmp_path: Path, text: str, expected: list[str]) -> None:
    found = find_faults(tmp_path, text)

    assert [f[: len(e)] for f, e in zip(found, expected, strict=True)] == expected


# What is changed in a correction, and both texts that are then told.
STALE = [
    (
        CASES.replace("cases: []", 'cases: [{query: "a", equals: "b"}]'),
        (
            '3:21: corrections[0].expect.cases: expected that the table says [{query: "a", equals: '
            '"b"}], as when it was corrected; it says []'
        ),
    ),
    (
        RESOLVED.replace('"odd_path"', '"dash"'),
        (
            "3:75: corrections[0].expect.unresolved: expected that the table says "
            '"dash", as when it '
            'was corrected; it says "odd_path"'
        ),
    ),
    (
        REST.replace("project: undocumented", "project: supported", 1),
        (
            "4:22: corrections[0].expect.scopes: expected that the table says "
            "{iam_project: supported, "
            "enterprise_project: undocumented}, as when it was corrected; it says {iam_project: "
            "undocumented, enterprise_project: undocumented}"
        ),
    ),
    (
        CASES.replace("PUT /v2/a/", "PUT /v2/b/"),
        (
            '2:10: corrections[0].row: expected that the table has one row "创建（OpenStack）" of '
            '"PUT /v2/b/"; it has row 1, "创建（OpenStack）" of "POST /v2/{project_id}/volumes", '
            '"PUT /v2/a/"'
        ),
    ),
    (
        WAY.replace('"Ways"', '"Paths"'),
        (
            '2:10: corrections[0].row: expected that the table has one row "Paths"; it has neither '
            "the permission nor the endpoint"
        ),
    ),
    (
        WAY.replace('"Off"', '"Away"', 1),
        (
            "3:18: corrections[0].alternative: expected that row 4 has one "
            'alternative "Away"; it has '
            '"On", "Off"'
        ),
    ),
    (
        MIRRORED.replace('"v3"', '"v4"'),
        (
            '2:13: corrections[0].mirror: expected that the table mirrors "POST /v2/{project_id}/'
            'volumes" from "v2" to "v4"; it mirrors "v2" to "v3"'
        ),
    ),
    (
        MIRRORED.replace("POST", "PATCH"),
        (
            '2:13: corrections[0].mirror: expected that the table mirrors "PATCH /v2/{project_id}/'
            'volumes" from "v2" to "v3"; it has no such endpoint'
        ),
    ),
    (
        MIRRORED.replace("POST /v2/{project_id}/volumes", "GET /"),
        (
            '2:13: corrections[0].mirror: expected that the table mirrors "GET /" '
            'from "v2" to "v3"; '
            'the path has no "v2"'
        ),
    ),
]


@pytest.mark.parametrize(("text", "expected"), STALE)
def test_a_stale_correction_tells_both_texts(tmp_path: Path, text: str, expected: str) -> None:
    assert find_faults(tmp_path, text) == [f"{expected} [stale-correction]"]


def test_a_row_that_is_there_twice_is_not_chosen_from(tmp_path: Path) -> None:
    twice = replace(PAGE, rows=(CREATE, CREATE))

    (fault,) = find_faults(tmp_path, CASES, table=twice)

    assert "expected that the table has one row" in fault
    assert "it has row 1, " in fault
    assert "; row 2, " in fault
    assert fault.endswith("[stale-correction]")


def test_a_label_that_is_there_twice_is_not_chosen_from(tmp_path: Path) -> None:
    ways = replace(WAYS, alternatives=WAYS.alternatives[1:] * 2)

    (fault,) = find_faults(tmp_path, WAY, table=replace(PAGE, rows=(ways,)))

    assert '"Off"; it has "Off", "Off" [stale-correction]' in fault


def test_all_faults_of_all_files_are_shown_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "corrections"
    tables = [replace(PAGE, table=f"evs/{name}") for name in "ab"]
    for table in tables:
        write_table(table, tmp_path / f"tables/made/{table.table}.yaml")
    for name in "abc":
        path = folder / f"made/evs/{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("corrections:\n" + CASES.replace("[]", '[{body: "a"}]'), encoding="utf-8")

    with pytest.raises(FaultsError) as raised:
        correct_tables(tables, corrections=folder, places=tmp_path / "tables")

    assert [(Path(f.location.file).name, f.code) for f in raised.value.faults] == [
        ("c.yaml", "unknown-table"),
        ("a.yaml", "stale-correction"),
        ("b.yaml", "stale-correction"),
    ]


def test_every_committed_correction_names_a_source(project: Path) -> None:
    for path in (project / "corrections").glob("**/*.yaml"):
        for each in yaml.safe_load(path.read_text(encoding="utf-8"))["corrections"]:
            assert each["source"].startswith(("opentelekomcloud-docs/", "https://")), path
