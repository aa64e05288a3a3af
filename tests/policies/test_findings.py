"""What is odd about policies: one small policy for each code, and what is in order."""

import pytest

from scopegate.errors import ScopegateError
from scopegate.json_files.places import spell_path
from scopegate.live.asking import BundleEngine, Server
from scopegate.live.questions import Scope
from scopegate.policies.callers import MADE_PROJECT, parse_place
from scopegate.policies.findings import RULES, Finding, find_findings
from scopegate.policies.routes import BundleRoute
from tests.policies.made import Policy, allow, deny, make_policy

GUEST = {"catalog": "BASE", "display_name": "Guest"}
DEPENDING = make_policy(allow("x:a:get"), display_name="Admin", catalog="BASE", Depends=[GUEST])

NEEDS = "`scopegate policy needs` names what calls need"
IN_VAIN = (
    "counts at no route that requires it, granted in an enterprise project;"
    " grant it in an IAM project"
)
EXAMPLES: list[tuple[str, str, Policy, str, str]] = [
    (
        "unknown-action",
        "iam_project",
        make_policy(allow("x:a:get", "x:a:gte")),
        "Statement[0].Action[1]",
        "no documented route requires x:a:gte; did you mean x:a:get?",
    ),
    (
        "unknown-service",
        "iam_project",
        make_policy(allow("x:a:get", "other:a:get")),
        "Statement[0].Action[1]",
        "other:a:get: the bundle documents no service other; ",
    ),
    (
        "matches-nothing",
        "iam_project",
        make_policy(allow("x:a:get", "x:*:drop")),
        "Statement[0].Action[1]",
        "x:*:drop matches no documented action; ",
    ),
    (
        "covered",
        "iam_project",
        make_policy(allow("x:a:get"), allow("X:A:*t")),
        "Statement[0].Action[0]",
        "x:a:get is covered by X:A:*t at Statement[1].Action[0]; it can be left out",
    ),
    (
        "denied-whole",
        "iam_project",
        make_policy(allow("x:a:get", "y:e:get"), deny("x:*:get")),
        "Statement[0].Action[0]",
        "x:a:get is allowed, and what routes require of it is denied; ",
    ),
    (
        "no-effect",
        "enterprise_project=e7",
        make_policy(allow("x:a:get", "x:d:list")),
        "Statement[0].Action[1]",
        f"x:d:list {IN_VAIN}",
    ),
    (
        "companion-missing",
        "iam_project",
        make_policy(allow("x:a:create")),
        "Statement[0].Action[0]",
        "x:a:create is not enough for POST /v1/{project_id}/a; missing: x:a:update, y:e:get",
    ),
    (
        "too-broad",
        "iam_project",
        make_policy(allow("y:*")),
        "Statement[0].Action[0]",
        f"y:* allows all of y; writing routes opened: 1; {NEEDS}",
    ),
    (
        "not-evaluated",
        "iam_project",
        make_policy(allow("x:a:get"), allow("x:b:get", Condition={}, Resource=["a"])),
        "Statement[1]",
        "Condition and Resource: not evaluated, so it allows nothing; ",
    ),
    (
        "depends-not-met",
        "iam_project",
        DEPENDING,
        "Depends",
        "takes no effect without Guest (BASE) in the same place; ",
    ),
    (
        "IAM.1028",
        "iam_project",
        make_policy(*[allow("x:a:get")] + [deny(f"z:{n}:get") for n in range(8)]),
        "Statement",
        "9 statements, and at most 8 are allowed; ",
    ),
]
IN_ORDER = [
    make_policy(allow("x:a:get", "y:e:get")),
    make_policy(allow("x:a:get", "x:b:get")),
    make_policy(allow("X:A:GET")),
    # A companion alone, and an action that opens something else.
    make_policy(allow("x:a:update")),
    make_policy(allow("x:a:get"), deny("x:b:*")),
    make_policy(allow("x:*:get")),
]


def find(
    engine: BundleEngine,
    routes: list[BundleRoute],
    *policies: Policy,
    scope: Scope = MADE_PROJECT,
) -> list[Finding]:
    return find_findings(engine, routes, policies, scope)


@pytest.mark.parametrize(
    ("code", "place", "policy", "path", "said"), EXAMPLES, ids=[each[0] for each in EXAMPLES]
)
def test_each_code_has_a_policy_that_shows_it(  # noqa: PLR0913, PLR0917  an example has many parts
    code: str,
    place: str,
    policy: Policy,
    path: str,
    said: str,
    made: BundleEngine,
    made_routes: list[BundleRoute],
) -> None:
    found = find(made, made_routes, policy, scope=parse_place(place))

    told = [each for each in found if each.code == code]
    assert [(spell_path(each.keys), f"{each.message}; {each.hint}") for each in told] == [
        (path, said)
    ]
    if not code.startswith("IAM."):
        assert [each.code for each in found] == [code]


def test_every_code_is_shown_or_a_limit() -> None:
    shown = {code for code, *_ in EXAMPLES}
    assert {code for code in RULES if not code.startswith("IAM.")} == shown - {"IAM.1028"}


@pytest.mark.parametrize("number", range(len(IN_ORDER)))
def test_what_is_in_order_is_no_finding(
    number: int, made: BundleEngine, made_routes: list[BundleRoute]
) -> None:
    assert find(made, made_routes, IN_ORDER[number]) == []


def test_what_stands_twice_is_told_once(made: BundleEngine, made_routes: list[BundleRoute]) -> None:
    policy = make_policy(allow("x:a:get", "x:a:get", "X:a:get"))
    assert [(each.code, each.keys[-1]) for each in find(made, made_routes, policy)] == [
        ("covered", 1),
        ("covered", 2),
    ]


def test_what_fails_closed_covers_and_denies_as_the_rules_have_it(
    made: BundleEngine, made_routes: list[BundleRoute]
) -> None:
    condition = {"Condition": {"Bool": {"g:MFAPresent": ["true"]}}}
    allowing = make_policy(allow("x:a:get"), allow("x:*:get", **condition))
    assert [each.code for each in find(made, made_routes, allowing)] == ["not-evaluated"]
    # For the vendor it holds for some alone: whom, scopegate does not know.
    denying = make_policy(allow("x:a:get"), deny("x:*:get", **condition), deny("x:a:get"))
    found = find(made, made_routes, denying)
    assert [each.code for each in found] == ["denied-whole", "not-evaluated"]
    assert found[1].message == "Condition: not evaluated, so it denies all that its actions match"
    everything = make_policy(allow("x:a:get"), {"Effect": "Deny", "NotAction": ["y:e:get"]})
    [found_alone] = find(made, made_routes, everything)
    assert found_alone.message == "NotAction: not evaluated, so it denies everything"


PART = ", other than as a part of y:*:get*"
FORM = "expected service:resource:operation"


@pytest.mark.parametrize(
    ("text", "severity", "more", "hint"),
    [
        # A part of what a table requires as a pattern opens nothing by itself.
        ("y:e:getAll", "note", PART, ""),
        ("y:f:*", "note", PART, ""),
        ("x:a", "warning", "", FORM),
        ("x:a:getMore", "warning", "", "did you mean x:a:get?"),
        ("X:a:crate", "warning", "", "did you mean X:a:create?"),
        ("x:aa:*", "warning", "", "did you mean x:a:*?"),
        ("yy:e:get", "warning", "", "did you mean y:e:get?"),
        ("x:q:drop", "note", "", ""),
        ("x:*:drop", "note", "", ""),
    ],
)
def test_what_is_unknown_is_told_with_what_may_be_meant(  # noqa: PLR0913, PLR0917
    text: str,
    severity: str,
    more: str,
    hint: str,
    made: BundleEngine,
    made_routes: list[BundleRoute],
) -> None:
    says = f"no documented route requires {text}"
    if "*" in text:
        says = f"{text} matches no documented action"
    [found] = find(made, made_routes, make_policy(allow(text)))
    assert (found.severity, found.message, found.hint) == (severity, says + more, hint)


def test_a_companion_may_be_in_another_part(
    made: BundleEngine, made_routes: list[BundleRoute]
) -> None:
    policies = [make_policy(allow("x:a:create", "x:a:update")), make_policy(allow("y:e:get"))]
    for groups, expected in (
        ("aa", []),
        ("ab", ["companion-missing"]),
        (None, ["companion-missing"]),
    ):
        found = find_findings(made, made_routes, policies, MADE_PROJECT, groups=groups)
        assert [each.code for each in found] == expected


def test_a_whole_service_is_all_that_it_may_ever_have(
    made: BundleEngine, made_routes: list[BundleRoute]
) -> None:
    narrow = make_policy(allow("y:e:*", "y:*:get*"))
    assert [each.code for each in find(made, made_routes, narrow)] == []
    [found] = find(made, made_routes, make_policy(allow("*")))
    assert found.message == "* allows everything; writing routes opened: 2"


def test_a_grant_in_vain_is_told_where_it_would_count(
    made: BundleEngine, made_routes: list[BundleRoute]
) -> None:
    for place in ("iam_project", "enterprise_project"):
        [found] = find(made, made_routes, make_policy(allow("x:c:get")), scope=parse_place(place))
        assert (found.code, found.hint) == ("no-effect", "grant it in a domain")


def test_what_the_rules_refuse_is_no_finding(
    made: BundleEngine, made_routes: list[BundleRoute]
) -> None:
    policy = make_policy(allow("x:a:get", *(f"x:a:get{number}" for number in range(10_001))))
    with pytest.raises(ScopegateError, match=r"the rules refuse to decide: .* more than 10000"):
        find(made, made_routes, policy)


def test_a_role_beside_those_that_it_names_is_in_order(
    made: BundleEngine, made_routes: list[BundleRoute]
) -> None:
    guest = make_policy(allow("y:e:get"), display_name="Guest", catalog="BASE")
    assert find(made, made_routes, DEPENDING, guest) == []


def test_limits_are_for_custom_policies(made: BundleEngine, made_routes: list[BundleRoute]) -> None:
    statements = [allow("x:a:get", *[f"x:a:{'g' * n}*" for n in range(3)])] * 9
    for catalog, expected in (("CUSTOMED", True), ("BASE", False)):
        found = find(made, made_routes, make_policy(*statements, catalog=catalog))
        assert ("IAM.1028" in {each.code for each in found}) is expected


def test_a_misspelt_action_of_the_shipped_table(server: Server, routes: list[BundleRoute]) -> None:
    policy = make_policy(allow("evs:snapshots:lst"))
    [found] = find_findings(server, routes, [policy], MADE_PROJECT)
    assert (found.code, found.hint) == ("unknown-action", "did you mean evs:snapshots:list?")
