"""What two bundles decide differently, and what shows it."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scopegate.live.opa import Opa
from scopegate.policies.differences import Difference, Kind, WitnessError, find_differences
from scopegate.project import Project, read_project_tables
from scopegate.routes.template import parse_shape
from scopegate.tables.model import Case, Row, Support
from tests.policies.editing import EDITS, draw_question, make_edit, make_engine
from tests.routes.made import NO, YES, make_row, make_table

Compare = Callable[[Sequence[Row], Sequence[Row]], list[Difference]]

SNAPSHOTS = "/v2/{project_id}/snapshots"
PAIRS = int(os.environ.get("SCOPEGATE_PAIRS", "40"))
"""How many pairs of tables are made by chance."""

QUESTIONS = 50
"""How many questions are asked of each pair."""


def read_meaning(decision: dict[str, Any]) -> tuple[object, ...]:
    """What a caller notices: no names of parameters and no provenance."""
    route = decision["route"]
    return (
        decision["allow"],
        decision["reason"],
        decision["required"],
        route and (route["method"], parse_shape(route["path"])),
    )


def fits(difference: Difference, question: dict[str, Any]) -> bool:
    """Whether a difference is about the paths that a question is about."""
    request = question["request"]
    segments = request["path"].partition("?")[0].removeprefix("/").split("/")
    shape = parse_shape(difference.path)
    return (
        (difference.service, difference.method) == (request["service"], request["method"])
        and len(shape) == len(segments)
        and all(each in (None, segment) for each, segment in zip(shape, segments, strict=True))
    )


def test_nothing_differs_but_what_is_told_and_all_that_is_told_does(
    project: Path, opa: Opa, tmp_path: Path
) -> None:
    random = Random(7)  # noqa: S311  no secret
    names = islice(cycle(EDITS), PAIRS)
    edits = {
        f"s{number}": make_edit(random, f"s{number}", name) for number, name in enumerate(names)
    }
    engines = [
        make_engine(tmp_path / name, tables, rego=project / "rego", opa=opa)
        for name, tables in (
            ("before", [each.before for each in edits.values()]),
            ("after", [each.after for each in edits.values()]),
        )
    ]

    found = find_differences(engines[0], engines[1])

    telling = [each for each in found if each.kind is not Kind.WORDING]
    assert {edits[each.service].name for each in telling} > {"add a row", "rename parameters"}
    for each in telling:
        assert edits[each.service].name not in {"leave", "reword"}
        assert each.witnesses
        if each.kind not in {Kind.SCOPE, Kind.SHADOWED}:
            assert (each.kind is Kind.OPENED) == (each.opens and not each.closes)
            assert (each.kind is Kind.CLOSED) == (each.closes and not each.opens)
    witnesses = [witness for each in telling for witness in each.witnesses]
    before, after = (
        engine.decide_all([witness.question for witness in witnesses]) for engine in engines
    )
    assert before == [each.answers.before for each in witnesses]
    assert after == [each.answers.after for each in witnesses]
    assert not [each for each in witnesses if not each.answers.differ]

    questions = [draw_question(random, edit) for edit in edits.values() for _ in range(QUESTIONS)]
    answers = zip(*(engine.decide_all(questions) for engine in engines), strict=True)
    differing = [
        (question, read_meaning(one), read_meaning(other))
        for question, (one, other) in zip(questions, answers, strict=True)
        if read_meaning(one) != read_meaning(other)
    ]
    assert len(differing) > PAIRS
    untold = [each for each in differing if not any(fits(told, each[0]) for told in telling)]
    assert untold == []


@pytest.fixture
def compare(project: Path, opa: Opa, tmp_path: Path) -> Compare:
    """Compares two editions of a service's table: `compare(rows, rows)`."""

    def run(before: Sequence[Row], after: Sequence[Row]) -> list[Difference]:
        engines = [
            make_engine(
                tmp_path / name,
                # One row more keeps a table without the others from being none.
                [make_table(make_row("GET /unrelated", actions="evs:all:list"), *rows)],
                rego=project / "rego",
                opa=opa,
            )
            for name, rows in (("before", before), ("after", after))
        ]
        return find_differences(engines[0], engines[1])

    return run


def spell(differences: Sequence[Difference]) -> list[str]:
    """The kinds of differences, and their requests."""
    return [f"{each.kind} {each}" for each in differences]


def spell_effects(difference: Difference) -> list[str]:
    """What the witnesses of a difference show, and where their grants are made."""
    return [
        " ".join(
            [
                "opens" if each.answers.opens else "closes" if each.answers.closes else "shows",
                each.question["request"]["path"],
                *(
                    f"{','.join(grant['policies'][0]['Statement'][0]['Action'])}@{scope}"
                    for grant in each.question["subject"]["grants"]
                    for scope in grant["scope"]
                ),
            ]
        )
        for each in difference.witnesses
    ]


LIST = make_row("GET /v1/{project_id}/disks", actions="evs:disks:list")
GET = make_row("GET /v1/{project_id}/disks/{id}", actions="evs:disks:get")
DETAIL = make_row("GET /v1/{project_id}/disks/detail", actions="evs:disks:list")


def test_a_route_that_comes_is_opened_and_one_that_goes_is_closed(compare: Compare) -> None:
    (opened,) = compare([GET], [GET, LIST])

    assert spell([opened]) == ["opened GET /v1/{project_id}/disks"]
    assert (opened.before.route, opened.after.required) == (None, ("evs:disks:list",))
    assert opened.after.scopes == ("iam_project", "enterprise_project", "enterprise_projects")
    assert spell_effects(opened) == ["opens /v1/p1/disks evs:disks:list@iam_project"]
    (closed,) = compare([GET, LIST], [GET])
    assert spell([closed]) == ["closed GET /v1/{project_id}/disks"]
    assert spell_effects(closed) == ["closes /v1/p1/disks evs:disks:list@iam_project"]


@pytest.mark.parametrize(
    ("before", "after", "kind", "effects"),
    [
        ("a:b:c a:b:d", "a:b:c", "opened", ["opens /a a:b:c@iam_project"]),
        ("a:b:c", "a:b:c a:b:d", "closed", ["closes /a a:b:c@iam_project"]),
        ("a:b:c", "", "opened", ["opens /a"]),
        ("a:b:*", "a:b:c", "opened", ["opens /a a:b:c@iam_project"]),
        (
            "a:b:c a:b:d",
            "a:b:d a:b:e",
            "moved",
            ["opens /a a:b:d,a:b:e@iam_project", "closes /a a:b:c,a:b:d@iam_project"],
        ),
        # Whoever has the wider one has both.
        ("a:b:*", "a:b:* a:b:c", "moved", ["shows /a"]),
    ],
)
def test_what_is_needed_can_be_less_more_and_something_else(
    compare: Compare, before: str, after: str, kind: str, effects: list[str]
) -> None:
    (found,) = compare([make_row("POST /a", actions=before)], [make_row("POST /a", actions=after)])

    assert spell([found]) == [f"{kind} POST /a"]
    assert spell_effects(found) == effects


@pytest.mark.parametrize(
    ("before", "after", "effects"),
    [
        (
            {"enterprise": NO},
            {"enterprise": YES},
            ["opens /a evs:volumes:get@enterprise_project"],
        ),
        ({"iam": YES}, {"iam": NO}, ["closes /a evs:volumes:get@iam_project"]),
    ],
)
def test_a_grant_counts_where_it_did_not(
    compare: Compare, before: dict[str, Support], after: dict[str, Support], effects: list[str]
) -> None:
    (found,) = compare([make_row("POST /a", **before)], [make_row("POST /a", **after)])

    assert spell([found]) == ["scope POST /a"]
    assert spell_effects(found) == effects


def test_a_list_whose_query_selects_no_more_is_a_difference_in_scope(compare: Compare) -> None:
    listing = make_row("GET /a", actions="evs:x:list evs:y:get")
    (found,) = compare([listing], [replace(listing, actions=("evs:y:get", "evs:x:list"))])

    assert found.kind is Kind.SCOPE
    assert found.before.scopes == (*found.after.scopes, "enterprise_projects")
    assert spell_effects(found) == [
        "closes /a?enterprise_project_id=all_granted_eps evs:x:list,evs:y:get@enterprise_project"
    ]


def test_a_literal_beside_a_parameter_takes_its_path_and_gives_it_back(compare: Compare) -> None:
    (taken,) = compare([GET], [GET, DETAIL])
    (given,) = compare([GET, DETAIL], [GET])

    assert spell([taken, given]) == ["shadowed GET /v1/{project_id}/disks/detail"] * 2
    for found in (taken.before, given.after):
        assert found.route is not None
        assert found.route["path"] == "/v1/{project_id}/disks/{id}"
        assert found.required == ("evs:disks:get",)
    for found in (taken.after, given.before):
        assert found.route is not None
        assert found.route["path"] == "/v1/{project_id}/disks/detail"
    assert (taken.opens, taken.closes) == (True, True)
    assert spell_effects(given)[0] == "opens /v1/p1/disks/detail evs:disks:get@iam_project"


def test_a_path_that_changes_hands_alone_is_shown_by_its_route(compare: Compare) -> None:
    alike = replace(DETAIL, actions=GET.actions)
    (found,) = compare([GET], [GET, alike])

    assert spell([found]) == ["shadowed GET /v1/{project_id}/disks/detail"]
    assert spell_effects(found) == ["shows /v1/p1/disks/detail"]
    before, after = found.witnesses[0].answers.before, found.witnesses[0].answers.after
    assert before["route"]["path"] != after["route"]["path"]


def test_a_path_that_templates_share_needs_what_both_need(compare: Compare) -> None:
    one = make_row("GET /{a}/b", actions="evs:x:get")
    found = compare([one], [one, make_row("GET /a/{b}", actions="evs:y:get")])

    assert spell(found) == ["opened GET /a/{b}", "shadowed GET /a/b"]
    assert found[1].before.required == ("evs:x:get",)
    assert found[1].after.required == ("evs:x:get", "evs:y:get")
    assert spell_effects(found[1]) == ["closes /a/b evs:x:get@iam_project"]


def test_a_parameter_that_becomes_the_project_closes_the_paths_of_others(
    compare: Compare,
) -> None:
    free, bound = make_row("GET /v1/{owner}/a"), make_row("GET /v1/{tenantId}/a")

    (closed,) = compare([free], [bound])
    assert spell([closed]) == ["closed GET /v1/{tenantId}/a"]
    assert spell_effects(closed) == ["closes /v1/x/a evs:volumes:get@iam_project"]
    assert closed.witnesses[0].answers.after["reason"] == "project_mismatch"
    (opened,) = compare([bound], [free])
    assert spell([opened]) == ["opened GET /v1/{owner}/a"]


def test_other_names_of_parameters_and_another_order_are_no_difference(compare: Compare) -> None:
    before = [make_row("GET /v1/{project_id}/a/{b}", actions="evs:a:get evs:b:get")]
    after = [make_row("GET /v1/{tenant_id}/a/{c}", actions="evs:b:get evs:a:get")]

    assert compare(before, after) == []


def test_what_is_documented_otherwise_is_wording(compare: Compare) -> None:
    (found,) = compare([make_row("GET /a")], [make_row("GET /a", permission="Do it")])

    assert (spell([found]), found.witnesses) == (["wording GET /a"], ())
    assert found.words == (("permission", "Do", "Do it"),)


def test_cases_differ_one_by_one(compare: Compare) -> None:
    start = replace(make_row("POST /a", actions="t:t:start"), cases=(Case(body="start"),))
    stop = replace(make_row("POST /a", actions="t:t:stop"), cases=(Case(body="stop"),))

    found = compare([start, stop], [start, replace(stop, actions=("t:t:halt",))])
    assert spell(found) == ["moved POST /a", "moved POST /a [body.stop]"]
    assert found[1].witnesses[0].question["request"]["body"] == {"stop": {}}

    found = compare([start], [replace(start, cases=())])
    assert spell(found) == [
        "opened POST /a [without a body]",
        "wording POST /a [body.start]",
    ]
    assert found[0].witnesses[0].answers.before["reason"] == "body_required"

    # Two cases at once are of none; once the other is none, it is of one.
    halt = replace(stop, cases=(Case(body="halt"),))
    all_of_it = replace(stop, actions=("t:t:start", "t:t:stop"))
    found = compare([start, halt, all_of_it], [start, halt])
    assert sorted(spell(found)) == [
        "opened POST /a [body.halt and body.stop]",
        "opened POST /a [body.start and body.stop]",
        "wording POST /a [body.stop]",
    ]

    # What needs all of both already, needs less once it is of one case.
    both = replace(stop, actions=("t:t:start", "t:t:stop"))
    found = compare([start, both], [start])
    assert spell(found) == ["opened POST /a", "opened POST /a [body.stop]"]
    found = compare([start, both, replace(both, cases=())], [start, replace(both, cases=())])
    assert spell([each for each in found if each.kind is not Kind.WORDING]) == []


def test_what_opens_without_a_body_is_told_beside_what_closes(compare: Compare) -> None:
    cases = [
        replace(make_row("POST /a", actions=f"t:t:{name}"), cases=(Case(body=name),))
        for name in ("one", "two")
    ]
    found = compare(cases, [make_row("POST /a", actions="t:t:one t:t:two")])
    assert [(each.case, each.opens, each.closes) for each in found if each.witnesses] == [
        ("without a body", True, False),
        ("body.one", False, True),
        ("body.two", False, True),
    ]


def test_the_case_of_an_action_is_no_difference(compare: Compare) -> None:
    row = make_row("GET /a", actions="t:t:get")
    assert spell(compare([row], [make_row("GET /a", actions="T:t:Get")])) == []


def test_what_names_no_service_is_asked_where_several_have_the_path(
    project: Path, opa: Opa, tmp_path: Path
) -> None:
    one = [make_table(make_row("GET /a"), name="evs/made")]
    both = [*one, make_table(make_row("GET /{x}"), name="ecs/made")]
    engines = [
        make_engine(tmp_path / str(number), tables, rego=project / "rego", opa=opa)
        for number, tables in enumerate((one, both))
    ]

    found = find_differences(engines[1], engines[0])

    assert {(str(each), each.opens, each.closes) for each in found} == {
        ("GET /{x}", False, True),
        ("GET /a [without a service]", True, False),
    }


def test_another_service_is_another_route(project: Path, opa: Opa, tmp_path: Path) -> None:
    found = find_differences(
        *(
            make_engine(
                tmp_path / name,
                [make_table(make_row("GET /a"), name=f"{name}/made")],
                rego=project / "rego",
                opa=opa,
            )
            for name in ("evs", "ecs")
        )
    )

    assert [(each.kind, each.service) for each in found] == [
        (Kind.OPENED, "ecs"),
        (Kind.CLOSED, "evs"),
    ]


def test_what_no_decision_shows_is_a_defect(
    compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scopegate.policies.differences.choose_witnesses", lambda *_: ())

    with pytest.raises(WitnessError, match=r"evs GET /v1/\{project_id\}/disks: differs, and no"):
        compare([GET], [GET, LIST])


def test_a_row_that_is_lost_among_the_shipped_ones_gives_its_paths_away(
    project: Path, opa: Opa, tmp_path: Path
) -> None:
    (table,) = read_project_tables(Project(project))
    rows = [row for row in table.rows if row.endpoints[0].path != f"{SNAPSHOTS}/detail"]
    before, after = (
        make_engine(tmp_path / name, [each], rego=project / "rego", opa=opa)
        for name, each in (("before", table), ("after", replace(table, rows=tuple(rows))))
    )

    found = find_differences(before, after)

    assert len(rows) == len(table.rows) - 1
    assert spell(found)[:2] == [
        f"shadowed GET {path}/detail" for path in (SNAPSHOTS, SNAPSHOTS.replace("v2", "v3"))
    ]
    assert {each.kind for each in found[2:]} == {Kind.WORDING}
    assert found[0].after.route is not None
    assert found[0].after.route["path"] == f"{SNAPSHOTS}/{{snapshot_id}}"
    assert found[0].opens
    assert found[0].closes
