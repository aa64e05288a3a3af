"""Templates that share paths: at most one rule fits a path, and says what the model says."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scopegate.errors import ScopegateError
from scopegate.routes.model import Conflict, Route, TemplateRule
from scopegate.routes.overlaps import build_rules
from scopegate.tables.model import Scopes, Support
from tests.routes.made import NO, UNKNOWN, YES, make_route
from tests.routes.test_template import LENGTHS, PATHS, fits_naively

METHODS = ("DELETE", "GET")
TEMPLATES = [
    f"/{'/'.join((*start, last))}"
    for length in LENGTHS
    for start in itertools.product(["a", "b", "{x}"], repeat=length - 1)
    for last in ("a", "b", "", "{x}")
]
ENDPOINTS = [f"{method} {path}" for method in METHODS for path in TEMPLATES]


@st.composite
def make_routes(draw: st.DrawFn) -> list[Route]:
    """Routes that share many paths, and some requirements; those of one length share the most."""
    length = draw(st.sampled_from([*LENGTHS, None]))
    unused = draw(st.sampled_from(["b", "c"]))
    endpoints = [
        each for each in ENDPOINTS if length in (None, each.count("/")) and unused not in each
    ]
    return [
        make_route(
            endpoint,
            draw(st.sampled_from(["evs:a:get", "evs:b:get", "evs:c:get"])),
            scopes=Scopes(draw(st.sampled_from(Support)), draw(st.sampled_from(Support))),
            row=number,
        )
        for number, endpoint in enumerate(draw(st.lists(st.sampled_from(endpoints), unique=True)))
    ]


def find_rules(rules: Sequence[TemplateRule], path: tuple[str, ...]) -> list[TemplateRule]:
    return [
        rule
        for rule in rules
        if fits_naively(rule.shape, path)
        and not any(fits_naively(shape, path) for shape in rule.excluded)
    ]


def find_unbeaten(routes: Sequence[Route], method: str, path: tuple[str, ...]) -> list[Route]:
    """What the model says of a path, the route that is named first.

    Of the templates that document the method and fit the path, those that no other beats: at least
    as specific in all segments, and more in one.
    """
    literals = {
        index: [segment is not None for segment in route.shape]
        for index, route in enumerate(routes)
        if route.method == method and fits_naively(route.shape, path)
    }
    unbeaten = {
        index: own
        for index, own in literals.items()
        if not any(
            other != own and all(map(int.__ge__, map(int, other), map(int, own)))
            for other in literals.values()
        )
    }
    return [routes[index] for index in sorted(unbeaten, key=unbeaten.__getitem__, reverse=True)]


def intersect(supports: set[Support]) -> Support:
    if len(supports) == 1:
        return supports.pop()
    return NO if NO in supports else UNKNOWN


@settings(max_examples=300, deadline=None)
@given(make_routes())
def test_the_rules_say_of_every_path_what_the_model_says(routes: list[Route]) -> None:
    rules, conflicts = build_rules(routes)
    reported = {(each.method, each.sources) for each in conflicts}

    for path in PATHS:
        fitting = find_rules(rules, path)
        assert len(fitting) <= 1
        for method in METHODS:
            expected = find_unbeaten(routes, method, path)
            found = [each for rule in fitting for each in rule.routes if each.method == method]
            assert len(found) == bool(expected)
            for route in found:
                scopes = [each.requirement.scopes for each in expected]
                assert route.path == expected[0].path
                assert route.requirement.actions == frozenset().union(
                    *(each.requirement.actions for each in expected)
                )
                assert route.requirement.scopes == Scopes(
                    intersect({each.iam_project for each in scopes}),
                    intersect({each.enterprise_project for each in scopes}),
                )
                assert [each.row for each in route.sources] == [
                    source.row for each in expected for source in each.sources
                ]
                differ = len({each.requirement for each in expected}) > 1
                assert differ == ((method, route.sources) in reported)


def build(*routes: Route) -> tuple[list[TemplateRule], tuple[Conflict, ...]]:
    rules, conflicts = build_rules(routes)
    return list(rules), conflicts


def spell_rule(rule: TemplateRule) -> tuple[str, list[str]]:
    """The template of a rule, and its routes as they are named."""
    return (
        "".join(f"/{'_' if segment is None else segment}" for segment in rule.shape),
        [f"{route.method} {route.path}" for route in rule.routes],
    )


def test_a_literal_beats_a_parameter() -> None:
    rules, conflicts = build(make_route("GET /a/{id}"), make_route("GET /a/detail"))

    assert [spell_rule(rule) for rule in rules] == [
        ("/a/_", ["GET /a/{id}"]),
        ("/a/detail", ["GET /a/detail"]),
    ]
    assert [rule.excluded for rule in rules] == [(("a", "detail"),), ()]
    assert conflicts == ()


def test_a_method_that_only_the_general_template_documents_is_inherited() -> None:
    rules, conflicts = build(
        make_route("GET /a/{id}"),
        make_route("DELETE /a/{id}", "evs:a:delete"),
        make_route("GET /a/detail"),
        make_route("POST /a/detail"),
    )

    assert [spell_rule(rule) for rule in rules] == [
        ("/a/_", ["DELETE /a/{id}", "GET /a/{id}"]),
        ("/a/detail", ["DELETE /a/{id}", "GET /a/detail", "POST /a/detail"]),
    ]
    assert rules[1].routes[0].requirement.actions == {"evs:a:delete"}
    assert conflicts == ()


def test_crossing_templates_get_a_rule_for_the_paths_that_they_share() -> None:
    rules, conflicts = build(
        make_route("GET /{id}/b", "evs:b:get", scopes=Scopes(YES, NO), row=1),
        make_route("GET /a/{id}", "evs:a:get", scopes=Scopes(UNKNOWN, YES), row=2),
        make_route("PUT /{id}/b", "evs:b:put", row=3),
    )

    assert [spell_rule(rule) for rule in rules] == [
        ("/_/b", ["GET /{id}/b", "PUT /{id}/b"]),
        ("/a/_", ["GET /a/{id}"]),
        ("/a/b", ["GET /a/{id}", "PUT /{id}/b"]),
    ]
    shared, inherited = rules[2].routes
    assert shared.requirement.actions == {"evs:a:get", "evs:b:get"}
    assert shared.requirement.scopes == Scopes(UNKNOWN, NO)
    assert [source.row for source in shared.sources] == [2, 1]
    assert inherited.requirement.actions == {"evs:b:put"}
    [conflict] = conflicts
    assert (conflict.method, conflict.path) == ("GET", "/a/b")
    assert [source.row for source in conflict.sources] == [2, 1]


def test_what_crosses_is_shared_by_any_number_of_templates() -> None:
    rules, conflicts = build(
        *(
            make_route(f"GET {path}", row=row)
            for row, path in enumerate(("/{x}/{y}/c", "/{x}/b/{y}", "/a/{x}/{y}"), start=1)
        )
    )

    assert dict(map(spell_rule, rules)) == {
        "/_/_/c": ["GET /{x}/{y}/c"],
        "/_/b/_": ["GET /{x}/b/{y}"],
        "/a/_/_": ["GET /a/{x}/{y}"],
        "/_/b/c": ["GET /{x}/b/{y}"],
        "/a/_/c": ["GET /a/{x}/{y}"],
        "/a/b/_": ["GET /a/{x}/{y}"],
        "/a/b/c": ["GET /a/{x}/{y}"],
    }
    assert {conflict.path: len(conflict.sources) for conflict in conflicts} == {
        "/{x}/b/c": 2,
        "/a/{x}/c": 2,
        "/a/b/{y}": 2,
        "/a/b/c": 3,
    }


def test_crossing_templates_that_require_the_same_are_no_conflict() -> None:
    rules, conflicts = build(
        make_route("GET /a/{id}", "evs:a:get", row=1),
        make_route("GET /{id}/b", "evs:a:get", row=2),
    )

    assert [source.row for source in rules[2].routes[0].sources] == [1, 2]
    assert conflicts == ()


def test_what_crosses_a_template_is_spelt_with_its_parameters() -> None:
    _, conflicts = build(
        make_route("GET /a/{x}/{x_id}", "evs:a:get"), make_route("GET /{y}/b/{y_id}", "evs:b:get")
    )

    assert [conflict.path for conflict in conflicts] == ["/a/b/{x_id}"]


def test_a_rule_leaves_out_only_the_most_general_of_what_is_more_specific() -> None:
    rules, _ = build(make_route("GET /{x}/{y}"), make_route("GET /a/{y}"), make_route("GET /a/b"))

    assert [rule.excluded for rule in rules] == [(("a", None),), (("a", "b"),), ()]


def test_no_parameter_is_the_empty_segment_of_a_trailing_slash() -> None:
    rules, conflicts = build(make_route("GET /a/{id}"), make_route("GET /a/"))

    assert [spell_rule(rule) for rule in rules] == [
        ("/a/_", ["GET /a/{id}"]),
        ("/a/", ["GET /a/"]),
    ]
    assert [rule.excluded for rule in rules] == [(), ()]
    assert conflicts == ()


def test_services_do_not_share_paths() -> None:
    rules, conflicts = build(
        make_route("GET /a/{id}", "evs:a:get"),
        make_route("GET /{id}/b", "ecs:b:get", service="ecs"),
    )

    assert [(rule.api, len(rule.excluded)) for rule in rules] == [("made/evs", 0), ("made/ecs", 0)]
    assert conflicts == ()


def test_templates_that_cross_in_too_many_ways_are_refused() -> None:
    side = range(145)
    routes = [
        *(make_route(f"GET /a{number}/{{id}}") for number in side),
        *(make_route(f"GET /{{id}}/b{number}") for number in side),
    ]

    with pytest.raises(ScopegateError, match=r"^made/evs: the path templates cross in more than"):
        build_rules(routes)


def test_a_provider_of_thousands_of_templates_is_no_problem() -> None:
    templates = [
        "/{everything}/{else}/{there}/{is}",
        *(
            f"/v2/{{project_id}}/r{number}{path}"
            for number in range(1000)
            for path in ("", "/{id}", "/{id}/tags", "/detail", "/{id}/{child}")
        ),
    ]

    rules, _ = build_rules([make_route(f"GET {path}") for path in templates])

    assert len(rules) == len(templates)
    assert len(rules[0].excluded) == 1000
