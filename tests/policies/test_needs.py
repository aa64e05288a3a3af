"""The least policy for some routes: enough for all of them, and nothing of it is too much."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scopegate.live.asking import BundleEngine, Server
from scopegate.live.questions import Scope
from scopegate.policies.callers import MADE_PROJECT, make_caller, parse_place
from scopegate.policies.findings import find_findings
from scopegate.policies.limits import check_limits
from scopegate.policies.needs import find_needs, split_policies
from scopegate.policies.opening import Class, Pattern, find_outcomes, match_actions
from scopegate.policies.routes import BundleRoute


class Routes(list[BundleRoute]):
    """All routes, which Hypothesis does not print."""

    def __repr__(self) -> str:
        return f"{len(self)} routes"


@pytest.fixture(scope="session")
def every(routes: list[BundleRoute]) -> Routes:
    return Routes(routes)


@settings(max_examples=6, deadline=None)
@given(data=st.data(), wildcards=st.booleans(), place=st.sampled_from(["iam_project", "domain"]))
def test_it_opens_all_and_no_action_of_it_can_be_left_out(
    data: st.DataObject, place: str, server: Server, every: Routes, *, wildcards: bool
) -> None:
    routes = list(every)
    numbers = st.sets(st.integers(0, len(routes) - 1), min_size=1, max_size=8)
    asked = [routes[number] for number in sorted(data.draw(numbers))]
    scope = parse_place(place)

    found = find_needs(server, routes, asked, scope, wildcards=wildcards)

    lost = {each.route.key for each in found.ungrantable}
    assert {route.key for route in (*found.opened, *found.free)} | lost == {r.key for r in asked}
    assert find_opened(server, routes, list(found.policies), scope) == {
        route.key for route in (*found.opened, *found.further)
    }
    needed = {route.key for route in found.opened}
    for pattern in found.patterns:
        others = split_policies([each for each in found.patterns if each != pattern])
        assert not find_opened(server, list(found.opened), others, scope) >= needed, pattern
    assert find_findings(server, routes, found.policies, scope) == []
    required = {action for route in found.opened for action in route.actions}
    documented = {action for route in routes for action in route.actions}
    patterns = [Pattern(0, (), "Allow", each) for each in found.patterns if each not in documented]
    for matched in match_actions(server, patterns, documented):
        assert matched <= required


def find_opened(
    server: Server, routes: list[BundleRoute], policies: list[dict[str, Any]], scope: Scope
) -> set[str]:
    outcomes = find_outcomes(server, routes, make_caller(policies, scope))
    return {each.route.key for each in outcomes if each.kind is Class.OPENED}


def find_routes(routes: list[BundleRoute], *spelt: str) -> list[BundleRoute]:
    return [route for route in routes if str(route) in spelt]


def test_what_a_required_pattern_covers_is_left_out(
    made: BundleEngine, made_routes: list[BundleRoute]
) -> None:
    asked = find_routes(
        made_routes, "PUT /v1/{project_id}/e", "GET /v1/{project_id}/e", "POST /v1/{project_id}/a"
    )
    found = find_needs(made, made_routes, asked, MADE_PROJECT)
    assert found.patterns == ("x:a:create", "x:a:update", "y:*:get*", "y:e:update")
    assert found.further == ()


def test_what_cannot_be_granted_there_is_told_with_where_it_can(
    made: BundleEngine, made_routes: list[BundleRoute]
) -> None:
    asked = find_routes(
        made_routes, "GET /v1/c", "GET /v1/{project_id}/d", "GET /v1/{project_id}/none"
    )
    found = find_needs(made, made_routes, asked, parse_place("enterprise_project"))
    assert (found.patterns, found.policies) == ((), ())
    assert [str(route) for route in found.free] == ["GET /v1/{project_id}/none"]
    assert [(str(each.route), each.instead) for each in found.ungrantable] == [
        ("GET /v1/c", Scope("domain", "d1")),
        ("GET /v1/{project_id}/d", MADE_PROJECT),
    ]


def test_a_wildcard_stands_for_what_is_needed_alone(
    made: BundleEngine, made_routes: list[BundleRoute]
) -> None:
    asked = find_routes(made_routes, "GET /v1/{project_id}/b", "POST /v1/{project_id}/a")
    found = find_needs(made, made_routes, asked, MADE_PROJECT, wildcards=True)
    # x:*:get would be x:c:get, too, and y:e:* y:e:update.
    assert found.patterns == ("x:a:*", "x:b:get", "y:e:get")


@pytest.mark.parametrize("number", [1, 100, 101, 350, 1000])
def test_policies_are_within_the_vendors_limits(number: int) -> None:
    patterns = [f"service:resource{index}:operation" for index in range(number)]
    policies = split_policies(patterns)
    assert [
        action
        for policy in policies
        for statement in policy["Statement"]
        for action in statement["Action"]
    ] == patterns
    assert [found for policy in policies for found in check_limits(policy)] == []
    # As few as that: together two of them would be too large.
    for one, other in pairwise(policies):
        joined = {"Version": "1.1", "Statement": one["Statement"] + other["Statement"]}
        if other is not policies[-1]:
            assert list(check_limits(joined)) != []
