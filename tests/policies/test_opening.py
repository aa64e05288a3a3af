"""What policies open: whatever a live OPA answers to the requests of the routes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scopegate.live.asking import BundleEngine, Server
from scopegate.live.questions import Scope
from scopegate.policies.callers import MADE_PROJECT, make_caller, parse_place
from scopegate.policies.opening import Class, Outcome, find_outcomes, find_reaches
from scopegate.policies.routes import BundleRoute, Requests
from tests.harness.client import Client

Policy = dict[str, Any]


def make_policy(*statements: tuple[str, str], **members: Any) -> Policy:  # noqa: ANN401
    return {
        "Version": "1.1",
        "Statement": [
            {"Effect": effect, "Action": actions.split()} | members
            for effect, actions in statements
        ],
    }


def find_kinds(outcomes: list[Outcome]) -> dict[str, Class]:
    return {str(each.route): each.kind for each in outcomes}


@pytest.fixture(scope="session")
def snapshots(routes: list[BundleRoute]) -> list[BundleRoute]:
    return [route for route in routes if route.table == "evs/snapshots"]


@pytest.mark.parametrize(
    ("policy", "place", "route", "kind"),
    [
        ("evs:snapshots:create evs:volumes:get", "iam_project", "POST snapshots", Class.OPENED),
        ("evs:snapshots:create", "iam_project", "POST snapshots", Class.PARTLY),
        ("evs:snapshots:create evs:volumes:get", "domain", "POST snapshots", Class.IN_VAIN),
        ("EVS:*", "enterprise_project", "POST snapshots", Class.IN_VAIN),
        ("evs:snapshots:create", "enterprise-project", "POST cloudsnapshots", Class.OPENED),
        ("evs:snapshots:list", "all_resources", "POST snapshots", Class.CLOSED),
        ("-evs:volumes:* *", "iam_project=p9", "POST snapshots", Class.DENIED),
        ("-evs:volumes:* *", "iam_project=p9", "POST cloudsnapshots", Class.OPENED),
    ],
)
def test_each_class_is_told(  # noqa: PLR0913, PLR0917  what is granted, and what comes of it
    policy: str, place: str, route: str, kind: Class, server: Server, snapshots: list[BundleRoute]
) -> None:
    denied = [each.removeprefix("-") for each in policy.split() if each.startswith("-")]
    allowed = [each for each in policy.split() if not each.startswith("-")]
    statements = [("Allow", " ".join(allowed))]
    statements += [("Deny", " ".join(denied))] if denied else []
    method, name = route.split()

    caller = make_caller([make_policy(*statements)], parse_place(place))
    kinds = find_kinds(find_outcomes(server, snapshots, caller))

    assert kinds[f"{method} /v2/{{project_id}}/{name}"] is kind


def test_what_needs_no_authorization_is_not_opened(
    server: Server, routes: list[BundleRoute]
) -> None:
    outcomes = find_outcomes(server, routes, make_caller([], MADE_PROJECT))

    kinds = {each.kind for each in outcomes}
    assert kinds == {Class.FREE, Class.CLOSED}
    assert all(not each.route.actions for each in outcomes if each.kind is Class.FREE)


def test_a_token_of_the_domain_calls_what_names_no_project(
    server: Server, routes: list[BundleRoute]
) -> None:
    caller = make_caller([make_policy(("Allow", "*"))], Scope("domain", "d1"))

    outcomes = find_outcomes(server, routes, caller)

    for each in outcomes:
        if each.route.actions:
            expected = Class.IN_VAIN if each.route.project_positions else Class.OPENED
            assert each.kind is expected, each.route


PIECES = st.sampled_from(["evs", "ecs", "*", "snapshots", "servers", "get", "list*", "c*", "G*t"])
PATTERNS = st.lists(PIECES, min_size=1, max_size=3).map(":".join)
POLICIES = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from(["Allow", "Allow", "Deny"]),
            st.lists(PATTERNS, min_size=1, max_size=3).map(" ".join),
        ),
        min_size=1,
        max_size=3,
    ).map(lambda statements: make_policy(*statements)),
    min_size=1,
    max_size=2,
)
PLACES = st.sampled_from(["iam_project", "enterprise_project", "domain", "all_resources"])


@pytest.fixture(scope="session")
def some(routes: list[BundleRoute]) -> "Some":
    return Some([each for each in routes if each.service in {"evs", "ecs"}][::3])


class Some(list[BundleRoute]):
    """Some routes, which Hypothesis does not print."""

    def __repr__(self) -> str:
        return f"{len(self)} routes"


@settings(max_examples=5, deadline=None)
@given(policies=POLICIES, place=PLACES)
def test_what_is_opened_is_what_is_allowed(
    policies: list[Policy], place: str, evaluating: BundleEngine, everything: Client, some: Some
) -> None:
    routes = list(some)
    caller = make_caller(policies, parse_place(place))
    requests = Requests(routes)

    outcomes = find_outcomes(evaluating, routes, caller)

    decisions = everything.decide_all([caller.ask(route, requests) for route in routes])
    assert [each.kind is Class.OPENED for each in outcomes] == [
        isinstance(decision, dict) and decision["reason"] == "allowed" for decision in decisions
    ]


@settings(max_examples=5, deadline=None)
@given(policies=POLICIES)
def test_what_a_pattern_does_alone_is_what_is_missed_without_it(
    policies: list[Policy], server: Server, some: Some
) -> None:
    routes = list(some)
    outcomes = find_outcomes(server, routes, make_caller(policies, MADE_PROJECT))

    reaches = find_reaches(server, outcomes, policies, MADE_PROJECT)

    for reach in reaches:
        _, k, _, j = reach.pattern.place
        without = [make_copy(policy) for policy in policies]
        del without[reach.pattern.policy]["Statement"][k]["Action"][j]
        changed = find_outcomes(server, routes, make_caller(drop_empty(without), MADE_PROJECT))
        assert reach.alone == tuple(
            before.route
            for before, after in zip(outcomes, changed, strict=True)
            if before.decision["allow"] != after.decision["allow"]
        )
        actions = {action for route in routes for action in route.actions}
        assert actions.issuperset(reach.actions)


def make_copy(policy: Policy) -> Policy:
    statements = [each | {"Action": [*each["Action"]]} for each in policy["Statement"]]
    return policy | {"Statement": statements}


def drop_empty(policies: list[Policy]) -> list[Policy]:
    kept = [
        policy | {"Statement": [each for each in policy["Statement"] if each["Action"]]}
        for policy in policies
    ]
    return [policy for policy in kept if policy["Statement"]]
