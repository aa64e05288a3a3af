"""Routes asked about by their keys are decided as a live OPA decides requests of each."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from playwright.sync_api import Page

from scopegate.live.asking import Server
from scopegate.policies.callers import MADE_PLACES, Caller, make_caller
from scopegate.policies.routes import BundleRoute, Requests, read_routes
from tests.harness.alike import normalize

Json = Mapping[str, Any]


@pytest.fixture(scope="module")
def server(everything_url: str) -> Iterator[Server]:
    with Server(everything_url, seconds=60) as server:
        yield server


@pytest.fixture(scope="module")
def routes(server: Server) -> list[BundleRoute]:
    return read_routes(server)


def policy(*statements: Json, **members: object) -> Json:
    return {"Version": "1.1", "Statement": list(statements), **members}


def allow(*actions: str, **members: object) -> Json:
    return {"Effect": "Allow", "Action": list(actions), **members}


def deny(*actions: str, **members: object) -> Json:
    return {"Effect": "Deny", "Action": list(actions), **members}


GUEST = {"catalog": "BASE", "display_name": "Tenant Guest"}
POLICIES: dict[str, list[Json]] = {
    "nothing": [],
    "everything": [policy(allow("*"))],
    "reading": [policy(allow("*:*:get*", "*:*:LIST*", "*:*:show*"))],
    "half of a service": [policy(allow("evs:*:*", "ecs:cloudServers:*", "vpc:*:*e"))],
    "a Deny": [policy(allow("*"), deny("*:*:delete*", "*:*:*s*"))],
    "Condition": [
        policy(allow("*", Condition={"Bool": {"g:MFAPresent": ["true"]}}), allow("*:*:list"))
    ],
    "Resource": [policy(allow("*"), deny("*:*:create*", Resource=["evs:*:*:volume:*"]))],
    "NotAction": [policy(allow("*")), policy({"Effect": "Deny", "NotAction": ["*:*:list"]})],
    "Depends": [policy(allow("*"), Depends=[GUEST]), policy(allow("*:*:get"), **GUEST)],
    "Depends on what is lacking": [policy(allow("*"), Depends=[GUEST])],
    "malformed": [policy()],
    "escaped": [policy(allow("*"), name='"\\ é')],
}


def ask_by_key(page: Page, routes: Sequence[BundleRoute], question: Json) -> list[Any]:
    asked = {
        "requirements": [
            [route.key, route.actions, ", ".join(sorted(route.scopes)), []] for route in routes
        ],
        "question": question,
    }
    answers = page.evaluate(
        "asked => scopegate.ask('decide_routes', asked).then(JSON.stringify)", asked
    )
    decisions: list[Any] = json.loads(answers)
    return decisions


def assert_alike(
    page: Page, server: Server, asked: Sequence[tuple[Caller, BundleRoute]], requests: Requests
) -> int:
    """Of those who ask, all routes in one question, which is about no path of theirs."""
    questions = [caller.ask(route, requests) for caller, route in asked]
    found: dict[str, list[int]] = defaultdict(list)
    for number, question in enumerate(questions):
        about_any = {**question, "request": {"method": "GET", "path": "/"}}
        found[json.dumps(about_any)].append(number)
    ours: dict[int, Any] = {}
    for text, numbers in found.items():
        some = [asked[number][1] for number in numbers]
        ours |= zip(numbers, ask_by_key(page, some, json.loads(text)), strict=True)
    for number, expected in enumerate(server.decide_all(questions)):
        assert normalize(ours[number]) == normalize(expected), questions[number]
    return len(ours)


@pytest.mark.parametrize("place", MADE_PLACES)
def test_all_routes(
    place: str, everything_page: Page, server: Server, routes: list[BundleRoute]
) -> None:
    """Each by some of the policies, and each policy on some of the routes."""
    asked = [
        (caller, route)
        for i, policies in enumerate(POLICIES.values())
        for caller in (make_caller(policies, MADE_PLACES[place]),)
        for route in routes[i % 9 :: 9]
    ]

    assert len({route.key for _, route in asked}) == len(routes)
    assert assert_alike(everything_page, server, asked, Requests(routes)) > 1000


@pytest.mark.parametrize(
    "subject",
    [
        {"account_owner": True},
        {"id": "u1"},
        {"id": "u1", "grants": []},
        {},
        {"grants": None},
        {"account_owner": "true", "grants": []},
    ],
)
def test_subjects_without_grants(
    subject: Json, everything_page: Page, server: Server, routes: list[BundleRoute]
) -> None:
    callers = (
        Caller(subject, "p1"),
        Caller(subject, None, "d1"),
        Caller(subject, "p1", "d1", "e1"),
    )
    asked = [(caller, route) for i, caller in enumerate(callers) for route in routes[i::30]]

    # A domain's token names no project, and a request by key has none that could be another's.
    asked = [
        (caller, route) for caller, route in asked if caller.project or not route.project_positions
    ]
    assert assert_alike(everything_page, server, asked, Requests(routes)) > 50


def test_grants_at_several_places(
    everything_page: Page, server: Server, routes: list[BundleRoute]
) -> None:
    grants = [
        {"scope": place.to_json(), "policies": POLICIES[name]}
        for place, name in zip(
            MADE_PLACES.values(),
            ("reading", "everything", "a Deny", "half of a service"),
            strict=True,
        )
    ]
    caller = Caller({"grants": grants}, "p1", enterprise_project="e1")

    asked = [(caller, route) for route in routes[::3]]
    assert assert_alike(everything_page, server, asked, Requests(routes)) > 200
