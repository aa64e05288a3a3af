"""The oracle's decisions, held against the model sentence by sentence, with tables made here."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.oracle import REASONS, Decision, Documented, Given, decide, read_tables

P1, P2, ALL = {"iam_project": "p1"}, {"iam_project": "p2"}, {"all_resources": True}
D1, E1, E2 = {"domain": "d1"}, {"enterprise_project": "e1"}, {"enterprise_project": "e2"}


def row(
    route: str,
    *actions: str,
    iam: str = "supported",
    enterprise: str = "supported",
    **others: Any,  # noqa: ANN401  # a str, but for `row` and `mirrored_from`
) -> Documented:
    method, path = route.split(" ")
    given: dict[str, Any] = {
        "provider": "made",
        "service": "evs",
        "table": "evs/made",
        "row": 1,
        "permission": "To do it",
        "mirrored_from": None,
    }
    return Documented(
        **(given | others),
        actions=actions,
        iam_project=iam,
        enterprise_project=enterprise,
        method=method,
        path=path,
    )


def allow(scope: dict[str, Any], *actions: str) -> dict[str, Any]:
    return grant(scope, "Allow", *actions)


def deny(scope: dict[str, Any], *actions: str) -> dict[str, Any]:
    return grant(scope, "Deny", *actions)


def grant(scope: dict[str, Any], effect: str, *actions: str) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": list(actions)}
    return {"scope": scope, "policies": [{"Version": "1.1", "Statement": [statement]}]}


def ask(
    request: str,
    *grants: dict[str, Any],
    resource: str | None = None,
    **others: Any,  # noqa: ANN401  # JSON
) -> dict[str, Any]:
    method, path = request.split(" ")
    of_request = {name: others.pop(name) for name in ("service", "query") if name in others}
    token = {} if "domain_id" in others else {"project_id": "p1"}
    given: dict[str, Any] = {
        "request": {"method": method, "path": path, **of_request},
        "subject": {**token, **others, "grants": list(grants)},
    }
    if resource:
        given["resource"] = {"enterprise_project_id": resource}
    return given


def reason(tables: list[Documented], given: Given) -> str:
    found: str = decide(tables, given, "r1")["reason"]
    return found


def members(decision: Decision, *names: str) -> tuple[Any, ...]:
    return tuple(decision[name] for name in names)


CREATE = row(
    "POST /v2/{project_id}/snapshots",
    *("evs:snapshots:create", "evs:volumes:get"),
    enterprise="unsupported",
)
LIST = row("GET /v2/{project_id}/cloudsnapshots/detail", "evs:snapshots:list")
UPDATE = row("PUT /v2/{project_id}/cloudsnapshots/{snapshot_id}", "evs:snapshots:update")


def test_the_example_decision() -> None:
    """The decision that the model shows, for grants that lead to it."""
    grants = [allow(P1, "evs:snapshots:create"), allow(E1, "evs:volumes:get"), allow(P2, "*")]
    table = [CREATE]
    assert decide(table, ask("POST /v2/p1/snapshots", *grants, resource="e1"), "r1") == {
        "allow": False,
        "reason": "scope_unsupported",
        "message": "scope unsupported",
        "route": {
            "provider": "made",
            "service": "evs",
            "method": "POST",
            "path": "/v2/{project_id}/snapshots",
            "table": "evs/made",
            "row": 1,
            "permission": "To do it",
            "mirrored_from": None,
            "case": None,
        },
        "required": ["evs:snapshots:create", "evs:volumes:get"],
        "granted": ["evs:snapshots:create"],
        "missing": ["evs:volumes:get"],
        "denied": [],
        "ineffective": [{"action": "evs:volumes:get", "scope": {"enterprise_project": "e1"}}],
        "enterprise_projects": None,
        "not_evaluated": [],
        "revision": "r1",
    }


def test_every_reason_can_be_given_but_of_cases_and_the_operator() -> None:
    two = [CREATE, row("GET /v2/{project_id}/snapshots", "x:y:z", service="other"), LIST, UPDATE]
    two += [row("GET /v1", "x:y:z"), row("GET /v0")]
    given = {
        reason(two, {}),
        reason(two, ask("GET /v2/p1/snapshots")),
        reason(two, ask("DELETE /v1")),
        reason(two, ask("PUT /v2/p2/cloudsnapshots/s1")),
        reason(two, ask("GET /v1", account_owner=True)),
        reason(two, ask("GET /v0")),
        reason(two, ask("GET /v1", deny(ALL, "*"))),
        reason(two, ask("GET /v1", allow(ALL, "*"))),
        reason(two, ask("GET /v1", allow(E1, "*"))),
        reason(two, ask("GET /v1", allow(D1, "*"))),
        reason(two, ask("GET /v1")),
    }
    assert given == set(REASONS) - {"body_required", "operator_route"}


class TestGrants:
    @pytest.mark.parametrize("scope", [P1, ALL])
    def test_counting_for_a_project_token(self, scope: dict[str, Any]) -> None:
        given = ask("POST /v2/p1/snapshots", allow(scope, "evs:*"))
        assert reason([CREATE], given) == "allowed"

    @pytest.mark.parametrize("scope", [P2, D1, E1])
    def test_not_counting_for_a_project_token(self, scope: dict[str, Any]) -> None:
        given = ask("POST /v2/p1/snapshots", allow(scope, "evs:*"))
        assert not decide([CREATE], given, "r1")["allow"]

    @pytest.mark.parametrize(
        ("scope", "allowed"), [(D1, True), (ALL, True), ({"domain": "d2"}, False), (P1, False)]
    )
    def test_counting_for_a_domain_token(self, scope: dict[str, Any], *, allowed: bool) -> None:
        given = ask("GET /v3/users", allow(scope, "iam:users:list"), domain_id="d1")
        assert decide([row("GET /v3/users", "iam:users:list")], given, "r1")["allow"] is allowed

    def test_all_of_a_rows_actions_are_required(self) -> None:
        one = allow(P1, "evs:snapshots:create")
        other = allow(ALL, "evs:volumes:get")
        assert reason([CREATE], ask("POST /v2/p1/snapshots", one)) == "action_not_granted"
        assert reason([CREATE], ask("POST /v2/p1/snapshots", one, other)) == "allowed"

    def test_a_new_user_may_call_nothing_and_the_account_everything(self) -> None:
        assert reason([CREATE], ask("POST /v2/p1/snapshots")) == "action_not_granted"
        owner = ask("POST /v2/p1/snapshots", deny(ALL, "*"), account_owner=True)
        decision = decide([CREATE], owner, "r1")
        assert members(decision, "allow", "reason") == (True, "account_owner")
        assert decision["required"] == ["evs:snapshots:create", "evs:volumes:get"]
        assert members(decision, "granted", "missing", "denied") == ([], [], [])


class TestOrderOfEvaluation:
    def decide(self, *grants: dict[str, Any], resource: str | None = "e1") -> Decision:
        given = ask("PUT /v2/p1/cloudsnapshots/s1", *grants, resource=resource)
        return decide([UPDATE], given, "r1")

    def test_a_project_allow_beats_an_enterprise_deny(self) -> None:
        assert self.decide(allow(P1, "*"), deny(E1, "*"))["reason"] == "allowed"

    def test_a_project_deny_beats_an_enterprise_allow(self) -> None:
        assert self.decide(deny(P1, "*"), allow(E1, "*"))["reason"] == "explicitly_denied"

    def test_a_deny_beats_an_allow_at_one_level(self) -> None:
        assert self.decide(allow(P1, "*"), deny(ALL, "*"))["reason"] == "explicitly_denied"
        assert self.decide(allow(E1, "*"), deny(E1, "*"))["reason"] == "explicitly_denied"

    def test_the_enterprise_project_is_the_resources(self) -> None:
        assert self.decide(allow(E1, "*"))["reason"] == "allowed"
        assert self.decide(allow(E2, "*"))["reason"] == "action_not_granted"

    def test_an_enterprise_project_is_required_where_one_would_do(self) -> None:
        assert self.decide(allow(E1, "*"), resource=None)["reason"] == "enterprise_project_required"
        assert self.decide(allow(E1, "x"), resource=None)["reason"] == "action_not_granted"
        denied = self.decide(allow(E1, "*"), deny(E1, "*"), resource=None)
        assert denied["reason"] == "action_not_granted"
        denied = self.decide(allow(E1, "*"), deny(P1, "*"), resource=None)
        assert denied["reason"] == "explicitly_denied"

    def test_levels_are_decided_for_each_action(self) -> None:
        two = row("PUT /v1/{id}", "a:b:c", "a:b:d")
        given = ask("PUT /v1/x", allow(P1, "a:b:c"), allow(E1, "a:b:d"), resource="e1")
        assert reason([two], given) == "allowed"
        given = ask("PUT /v1/x", deny(E1, "a:b:c"), allow(E1, "a:b:d"), resource="e1")
        assert members(decide([two], given, "r1"), "granted", "denied") == (["a:b:d"], ["a:b:c"])


class TestScopes:
    @pytest.mark.parametrize("support", ["unsupported", "undocumented"])
    def test_a_grant_in_an_enterprise_project_does_not_take_effect(self, support: str) -> None:
        table = [row("PUT /v1/{id}", "a:b:c", enterprise=support)]
        decision = decide(table, ask("PUT /v1/x", allow(E1, "*"), resource="e1"), "r1")
        assert decision["reason"] == "scope_unsupported"
        assert decision["ineffective"] == [{"action": "a:b:c", "scope": E1}]
        decision = decide(
            table, ask("PUT /v1/x", deny(E1, "*"), allow(P1, "*"), resource="e1"), "r"
        )
        assert decision["reason"] == "allowed"

    def test_an_unsupported_project(self) -> None:
        table = [row("PUT /v1/{id}", "a:b:c", iam="unsupported")]
        decision = decide(table, ask("PUT /v1/x", allow(P1, "*"), allow(P2, "*")), "r1")
        assert decision["reason"] == "scope_unsupported"
        assert decision["ineffective"] == [{"action": "a:b:c", "scope": P1}]
        assert reason(table, ask("PUT /v1/x", allow(ALL, "*"))) == "allowed"
        assert reason(table, ask("PUT /v1/x", allow(E1, "*"), resource="e1")) == "allowed"
        assert reason(table, ask("PUT /v1/x", allow(D1, "*"), domain_id="d1")) == "allowed"

    def test_an_undocumented_project_counts(self) -> None:
        table = [row("PUT /v1/{id}", "a:b:c", iam="undocumented", enterprise="undocumented")]
        assert reason(table, ask("PUT /v1/x", allow(P1, "*"))) == "allowed"

    def test_ineffective_is_sorted_and_tells_mistakes_only(self) -> None:
        grants = [allow(E2, "a:*"), allow(E1, "*"), allow(D1, "a:b:d"), allow(P2, "*")]
        grants += [deny({"domain": "d3"}, "*"), allow({"domain": "d2"}, "a:b:c")]
        table = [row("PUT /v1/{id}", "a:b:d", "a:b:c", enterprise="unsupported")]
        assert decide(table, ask("PUT /v1/x", *grants), "r1")["ineffective"] == [
            {"action": "a:b:c", "scope": {"domain": "d2"}},
            {"action": "a:b:c", "scope": E1},
            {"action": "a:b:c", "scope": E2},
            {"action": "a:b:d", "scope": D1},
            {"action": "a:b:d", "scope": E1},
            {"action": "a:b:d", "scope": E2},
        ]

    def test_a_project_for_a_domain_token_is_a_mistake(self) -> None:
        table = [row("PUT /v1/{id}", "a:b:c")]
        given = ask("PUT /v1/x", allow(P2, "*"), allow({"domain": "d2"}, "*"), domain_id="d1")
        decision = decide(table, given, "r1")
        assert decision["reason"] == "scope_unsupported"
        assert decision["ineffective"] == [{"action": "a:b:c", "scope": P2}]

    def test_every_missing_action_must_be_ineffective(self) -> None:
        given = ask("POST /v2/p1/snapshots", allow(E1, "evs:volumes:get"), resource="e1")
        assert reason([CREATE], given) == "action_not_granted"

    def test_no_authorization(self) -> None:
        assert (
            reason([row("GET /v1")], ask("GET /v1", deny(ALL, "*"))) == "no_authorization_required"
        )
        table = [row("GET /v1/{project_id}")]
        assert reason(table, ask("GET /v1/p2")) == "project_mismatch"


class TestEnterpriseProjects:
    URL = "GET /v2/p1/cloudsnapshots/detail"

    def decide(self, query: str, *grants: dict[str, Any], resource: str | None = None) -> Decision:
        given = ask(f"{self.URL}{query}", *grants, resource=resource)
        return decide([LIST, UPDATE], given, "r1")

    def test_the_query_selects_on_a_list(self) -> None:
        assert self.decide("?enterprise_project_id=e1", allow(E1, "*"))["reason"] == "allowed"
        query = {"enterprise_project_id": ["e1", "e1"]}
        assert reason([LIST], ask(self.URL, allow(E1, "*"), query=query)) == "allowed"
        other = self.decide("?enterprise_project_id=e2", allow(E1, "*"))
        assert other["reason"] == "action_not_granted"

    def test_the_resource_comes_before_the_query(self) -> None:
        decision = self.decide("?enterprise_project_id=e1", allow(E1, "*"), resource="e2")
        assert decision["reason"] == "action_not_granted"
        decision = self.decide(
            "?enterprise_project_id=all_granted_eps", allow(E1, "*"), resource="e1"
        )
        assert members(decision, "reason", "enterprise_projects") == ("allowed", None)

    def test_elsewhere_the_query_is_a_claim(self) -> None:
        given = ask("PUT /v2/p1/cloudsnapshots/s1?enterprise_project_id=e1", allow(E1, "*"))
        assert reason([UPDATE], given) == "enterprise_project_required"
        unsupported = row("GET /v1", "a:b:list", enterprise="unsupported")
        given = ask("GET /v1?enterprise_project_id=all_granted_eps", allow(E1, "*"))
        decision = decide([unsupported], given, "r1")
        assert members(decision, "reason", "enterprise_projects") == ("scope_unsupported", None)

    @pytest.mark.parametrize(
        ("actions", "is_list"),
        [
            (["a:b:list"], True),
            (["a:b:ListAll"], True),
            (["a:listThings"], True),
            (["a:list:get"], False),
            (["a:b:get", "a:b:list"], False),
            (["a:b:list", "a:b:get"], True),
        ],
    )
    def test_a_lists_own_action_is_the_first(self, actions: list[str], *, is_list: bool) -> None:
        given = ask("GET /v1?enterprise_project_id=e1", allow(E1, "*"))
        assert decide([row("GET /v1", *actions)], given, "r1")["allow"] is is_list

    def test_an_empty_value_names_none(self) -> None:
        decision = self.decide("?enterprise_project_id=", allow(E1, "*"))
        assert decision["reason"] == "enterprise_project_required"

    def test_all_granted(self) -> None:
        ask_all = "?enterprise_project_id=all_granted_eps"
        decision = self.decide(ask_all, allow(E2, "*"), allow(E1, "*:*:list"), allow(E1, "x"))
        assert members(decision, "reason", "enterprise_projects") == ("allowed", ["e1", "e2"])
        assert decision["missing"] == ["evs:snapshots:list"]  # level 1 alone
        decision = self.decide(ask_all, allow(P1, "*"), allow(E1, "*"))
        assert members(decision, "reason", "enterprise_projects") == ("allowed", None)
        decision = self.decide(ask_all, allow(E1, "*"), deny(P1, "*"))
        assert members(decision, "reason", "enterprise_projects") == ("explicitly_denied", [])
        decision = self.decide(ask_all, allow(E1, "*"), deny(E1, "*:list"), allow(E2, "x"))
        assert members(decision, "reason", "enterprise_projects") == ("action_not_granted", [])
        decision = self.decide(ask_all, allow(D1, "*"))
        assert members(decision, "reason", "enterprise_projects") == ("scope_unsupported", [])

    def test_all_granted_needs_one_that_allows_every_action(self) -> None:
        table = [row("GET /v1", "a:b:list", "a:b:get")]
        path = "GET /v1?enterprise_project_id=all_granted_eps"
        split = ask(path, allow(E1, "a:b:list"), allow(E2, "a:b:get"))
        assert decide(table, split, "r1")["enterprise_projects"] == []
        mixed = ask(path, allow(E1, "a:b:list"), allow(P1, "a:b:get"))
        decision = decide(table, mixed, "r1")
        assert members(decision, "reason", "enterprise_projects") == ("allowed", ["e1"])
        assert members(decision, "granted", "missing") == (["a:b:get"], ["a:b:list"])


class TestRoutes:
    def test_a_literal_beats_a_parameter_of_the_same_method(self) -> None:
        table = [
            row("GET /v2/{project_id}/snapshots/detail", "evs:snapshots:list", row=4),
            row("GET /v2/{project_id}/snapshots/{snapshot_id}", "evs:snapshots:get", row=8),
            row("DELETE /v2/{project_id}/snapshots/{snapshot_id}", "evs:snapshots:delete", row=10),
        ]
        rows = {
            method: decide(table, ask(f"{method} /v2/p1/snapshots/detail"), "r1")["route"]["row"]
            for method in ("GET", "DELETE")
        }
        assert rows == {"GET": 4, "DELETE": 10}

    def test_crossing_templates_need_the_union_in_the_intersection(self) -> None:
        table = [
            row("GET /v1/{a}/x", "s:a:get", enterprise="unsupported", row=1),
            row("GET /v1/b/{c}", "s:b:get", iam="undocumented", row=2),
        ]
        decision = decide(table, ask("GET /v1/b/x", allow(P1, "*")), "r1")
        assert decision["route"]["path"] == "/v1/b/{c}"  # a literal first from the left
        assert members(decision, "reason", "required") == ("allowed", ["s:a:get", "s:b:get"])
        decision = decide(table, ask("GET /v1/b/x", allow(E1, "*"), resource="e1"), "r1")
        assert decision["reason"] == "scope_unsupported"
        assert decide(table, ask("GET /v1/b/y"), "r1")["required"] == ["s:b:get"]

    def test_rows_without_actions_have_no_say_about_scopes(self) -> None:
        table = [row("GET /v1", row=1, iam="unsupported"), row("GET /v1", "s:a:get", row=2)]
        assert reason(table, ask("GET /v1", allow(P1, "*"))) == "allowed"

    def test_a_parameter_is_not_empty_and_a_trailing_slash_is_a_segment(self) -> None:
        table = [
            row("GET /v1/{a}", "s:a:get"),
            row("GET /v1/x/", "s:b:get"),
            row("GET /", "s:c:get"),
        ]
        assert reason(table, ask("GET /v1/")) == "no_matching_route"
        assert reason(table, ask("GET /v1/y/")) == "no_matching_route"
        assert decide(table, ask("GET /v1/x/"), "r1")["required"] == ["s:b:get"]
        assert decide(table, ask("GET /"), "r1")["required"] == ["s:c:get"]

    def test_the_service_is_part_of_a_route(self) -> None:
        table = [row("GET /v1/{a}", "s:a:get"), row("POST /v1/x", "t:a:get", service="t")]
        assert reason(table, ask("GET /v1/y")) == "action_not_granted"
        assert reason(table, ask("GET /v1/x")) == "ambiguous_service"
        assert reason(table, ask("GET /v1/x", service="evs")) == "action_not_granted"
        assert reason(table, ask("GET /v1/x", service="t")) == "no_matching_route"
        assert reason(table, ask("GET /v1/x", service="")) == "no_matching_route"

    def test_case_counts(self) -> None:
        assert reason([CREATE], ask("post /v2/p1/snapshots")) == "no_matching_route"
        assert reason([CREATE], ask("POST /V2/p1/snapshots")) == "no_matching_route"
        assert reason([CREATE], ask("POST /v2/P1/snapshots")) == "project_mismatch"

    @pytest.mark.parametrize(
        "name", ["project_id", "tenant_id", "projectId", "tenantId", "project-id", "TENANT-ID"]
    )
    def test_spellings_of_the_project(self, name: str) -> None:
        table = [row(f"GET /v1/{{{name}}}", "s:a:get")]
        assert reason(table, ask("GET /v1/p2", allow(ALL, "*"))) == "project_mismatch"
        assert reason(table, ask("GET /v1/%701", allow(ALL, "*"))) == "allowed"
        owner = ask("GET /v1/p1", domain_id="p1", account_owner=True)
        assert reason(table, owner) == "project_mismatch"

    def test_other_parameters_are_no_projects(self) -> None:
        table = [row("GET /v1/{project_ids}/{domain_id}", "s:a:get")]
        assert reason(table, ask("GET /v1/p2/d2", allow(ALL, "*"))) == "allowed"


def test_not_evaluated_lists_what_matches_wherever_it_is_granted() -> None:
    conditional = {"Effect": "Allow", "Action": ["evs:*"], "Condition": {}}
    other = {"Effect": "Allow", "Action": ["ecs:*"], "Condition": {}}
    not_action = {"Effect": "Deny", "NotAction": ["*"]}
    policy = {"Version": "1.1", "Statement": [other, conditional]}
    grants = [
        {"scope": P2, "policies": [{"Version": "1.0", "Statement": [other]}, policy]},
        {"scope": E1, "policies": [{"Version": "1.0", "Depends": [{}], "Statement": [not_action]}]},
    ]
    given = ask("PUT /v2/p1/cloudsnapshots/s1", *grants, allow(P1, "*"))
    decision = decide([UPDATE], given, "r1")
    assert decision["reason"] == "allowed"
    assert decision["not_evaluated"] == [
        {"grant": 0, "policy": 1, "statement": 1, "members": ["Condition"]},
        {"grant": 1, "policy": 0, "statement": 0, "members": ["Depends", "NotAction"]},
    ]


def test_a_table_file_is_read_with_its_mirrors(tmp_path: Path) -> None:
    table = {
        "provider": "made",
        "service": "evs",
        "table": "evs/made",
        "mirrors": [{"from": "v2", "to": "v3", "statement": "as v2, so v3"}],
        "rows": [
            {
                "permission": "To do it",
                "actions": ["s:a:get"],
                "scopes": {"iam_project": "supported", "enterprise_project": "undocumented"},
                "endpoints": [{"method": "GET", "path": "/v2/a"}, {"method": "PUT", "path": "/a"}],
            }
        ],
    }
    file = tmp_path / "made.yaml"
    file.write_text(yaml.safe_dump(table))
    found = read_tables([file])
    assert [(each.method, each.path, each.mirrored_from) for each in found] == [
        ("GET", "/v2/a", None),
        ("GET", "/v3/a", "/v2/a"),
        ("PUT", "/a", None),
    ]
    assert {each.row for each in found} == {1}
    route = decide(found, ask("GET /v3/a"), "r1")["route"]
    assert members(route, "path", "mirrored_from", "row") == ("/v3/a", "/v2/a", 1)
