"""What the page says of policies is what `scopegate policy` says, of the same bundle."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from scopegate.live.asking import Server
from scopegate.policies.callers import MADE_PLACES, make_caller
from scopegate.policies.needs import find_needs
from scopegate.policies.opening import find_outcomes, list_patterns, match_actions
from scopegate.policies.routes import BundleRoute, read_routes

KINDS = {"needs no authorization": "free", "in vain": "vain"}
POLICIES: dict[str, Any] = {
    "wildcards": [{"Effect": "Allow", "Action": ["evs:*:get*", "ECS:*:*", "rds:instance:list"]}],
    "denied": [
        {"Effect": "Allow", "Action": ["*"]},
        {"Effect": "Deny", "Action": ["vpc:*:get", "evs:volumes:*"]},
    ],
    "not evaluated": [
        {"Effect": "Allow", "Action": ["evs:*:*"], "Condition": {"Bool": {"g:MFA": ["true"]}}},
        {"Effect": "Deny", "NotAction": ["iam:*:*"]},
    ],
}


@pytest.fixture(scope="module")
def server(everything_url: str) -> Server:
    return Server(everything_url, seconds=60)


@pytest.fixture(scope="module")
def routes(server: Server) -> list[BundleRoute]:
    return read_routes(server)


def ask(page: Page, kind: str, asked: object) -> Any:  # noqa: ANN401
    """The parts of an answer, and the answer."""
    return json.loads(
        page.evaluate(
            """async ([kind, asked]) => {
                const parts = [];
                const answer = await scopegate.ask(kind, asked, (part) => parts.push(...part));
                return JSON.stringify([parts, answer]);
            }""",
            [kind, asked],
        )
    )


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("wildcards", "iam_project"),
        ("wildcards", "enterprise_project"),
        ("denied", "all_resources"),
        ("denied", "domain"),
        ("not evaluated", "enterprise_project"),
    ],
)
def test_the_classes_of_all_routes(
    everything_page: Page, server: Server, routes: list[BundleRoute], name: str, place: str
) -> None:
    scope = MADE_PLACES[place]
    policies = [{"Version": "1.1", "Statement": POLICIES[name]}]
    outcomes = find_outcomes(server, routes, make_caller(policies, scope))
    actions = {action for route in routes for action in route.actions}
    matched = match_actions(server, list_patterns(policies), actions)

    parts, answer = ask(everything_page, "open", {"text": json.dumps(policies), "at": scope.kind})

    assert {each["key"]: (each["kind"], each["message"]) for each in parts} == {
        each.route.key: (KINDS.get(each.kind, str(each.kind)), each.decision["message"])
        for each in outcomes
    }
    assert [each["actions"] for each in answer["patterns"]] == [sorted(each) for each in matched]


def test_policies_that_are_none_are_refused(everything_page: Page) -> None:
    for policy in ({}, {"Version": "1.1", "Statement": [{"Effect": "Allow"}]}, {"Statement": 1}):
        parts, answer = ask(everything_page, "open", {"text": json.dumps([policy]), "at": "domain"})

        assert parts == []
        assert answer["fault"].startswith("subject.grants[0].policies[0]")


@pytest.mark.parametrize("place", ["iam_project", "enterprise_project"])
def test_the_least_policy(
    everything_page: Page, server: Server, routes: list[BundleRoute], place: str
) -> None:
    scope = MADE_PLACES[place]
    asked = routes[::9]
    needs = find_needs(server, routes, asked, scope)

    keys = [route.key for route in asked]
    _, found = ask(everything_page, "least", {"keys": keys, "at": scope.kind})

    assert found["policies"] == list(needs.policies)
    assert found["granted"] == [route.key for route in needs.opened]
    assert found["free"] == [route.key for route in needs.free]
    assert sorted(found["further"]) == sorted(route.key for route in needs.further)
    assert found["lost"] == [
        [each.route.key, each.instead.kind if each.instead else None] for each in needs.ungrantable
    ]


def test_one_question_replaces_another(everything_page: Page) -> None:
    first, second = everything_page.evaluate(
        """async () => {
            const ask = (action) => scopegate.ask("open", {
                text: JSON.stringify(
                    [{ Version: "1.1", Statement: [{ Effect: "Allow", Action: [action] }] }]),
                at: "iam_project",
            });
            const [first, second] = [ask("evs:*:*"), ask("ecs:*:*")];
            return [await first ?? null, await second];
        }"""
    )

    assert first is None
    assert [each["pattern"] for each in second["patterns"]] == ["ecs:*:*"]


def test_where_the_page_is_is_no_secret_of_its_file(everything_file: Path) -> None:
    assert str(everything_file.parent) not in everything_file.read_text(encoding="utf-8")
