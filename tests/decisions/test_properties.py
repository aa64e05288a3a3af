"""Inputs that nobody thought of: put together at random, whole and damaged, from the table's words.

Under `CI` they are the same in every run.
"""

import os
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.decisions.inputs.malformed import places, replaced, without
from tests.decisions.inputs.parts import Json, ask
from tests.decisions.inputs.paths import ESCAPES
from tests.harness.confirmation import Confirmer
from tests.oracle import Given, read_tables

TABLES = Path(__file__).parents[2] / "tables"
ROUTES = read_tables(sorted(TABLES.glob("huaweicloud/*/*.yaml")))
EXAMPLES = settings(
    max_examples=500,
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)

NAME = "enterprise_project_id"
projects = st.sampled_from(["p1", "p1", "p1", "p2", "0"])
enterprise_projects = st.sampled_from(["e1", "e1", "e2", "0", "all_granted_eps"])
routes = st.sampled_from(ROUTES)


@st.composite
def paths(draw: st.DrawFn) -> str:
    """A path of a route, now and then with a segment changed, and with a query."""
    segments = [
        draw(st.sampled_from(["p1", "p1", "p1", "p2", "detail", "s1", "%701", "metadata"]))
        if part.startswith("{")
        else part
        for part in draw(routes).segments
    ]
    if draw(st.integers(0, 4)) == 0:
        place = draw(st.integers(0, len(segments) - 1))
        other = st.sampled_from(["", ".", "v2", "v3", "snapshots", "cloudsnapshots", "x", *ESCAPES])
        segments[place : place + draw(st.integers(0, 1))] = draw(st.lists(other, max_size=2))
    values = st.sampled_from(["", "e1", "e2", "e%31", "all_granted_eps", "e1;", "%", "e+1"])
    names = st.sampled_from([NAME, NAME, "limit", "enterprise%5fproject_id", ""])
    pair = st.builds("{}={}".format, names, values)
    query = draw(
        st.one_of(st.just(""), st.lists(pair, max_size=2).map(lambda each: f"?{'&'.join(each)}"))
    )
    return f"/{'/'.join(segments)}{query}"


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """An action of the tables with pieces of it as wildcards or in the other case."""
    action = draw(st.sampled_from(sorted({action for route in ROUTES for action in route.actions})))
    start, end = sorted((draw(st.integers(0, len(action))), draw(st.integers(0, len(action)))))
    piece = action[start:end]
    other = draw(st.sampled_from([piece, piece, "*", "*", piece.upper(), f"{piece}*", "?", "**"]))
    return f"{action[:start]}{other}{action[end:]}" or "*"


statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Allow", "Deny"])},
    optional={
        "Resource": st.sampled_from([["*"], ["*"], ["*"], [], ["x"], {"uri": ["*"]}]),
    },
).flatmap(
    lambda statement: st.builds(
        lambda member, actions, condition: (
            statement | {member: actions} | ({"Condition": {}} if condition else {})
        ),
        st.sampled_from(["Action"] * 9 + ["NotAction"]),
        st.lists(patterns(), min_size=1, max_size=3),
        st.sampled_from([False] * 9 + [True]),
    )
)
policies = st.fixed_dictionaries(
    {
        "Version": st.sampled_from(["1.1", "1.0"]),
        "Statement": st.lists(statements, min_size=1, max_size=3),
    },
    optional={"name": st.just("n")},
)
scopes = st.one_of(
    st.fixed_dictionaries({"iam_project": projects}),
    st.just({"all_resources": True}),
    st.fixed_dictionaries({"domain": st.sampled_from(["d1", "d2"])}),
    st.fixed_dictionaries({"enterprise_project": enterprise_projects}),
)
grants = st.fixed_dictionaries({"scope": scopes, "policies": st.lists(policies, max_size=2)})
subjects = st.builds(
    lambda token, others: token | others,
    st.one_of(*[st.just({"project_id": "p1"})] * 5, st.just({"domain_id": "d1"})),
    st.fixed_dictionaries(
        {"grants": st.lists(grants, max_size=4)},
        optional={
            "id": st.just("u1"),
            "account_owner": st.sampled_from([False, False, False, True]),
        },
    ),
)
requests = st.fixed_dictionaries(
    {"method": routes.map(lambda route: route.method), "path": paths()},
    optional={"service": st.sampled_from(["evs", "evs", "evs", "ecs"])},
)
inputs = st.fixed_dictionaries(
    {"request": requests, "subject": subjects},
    optional={
        "resource": st.fixed_dictionaries(
            {}, optional={"enterprise_project_id": enterprise_projects}
        )
    },
)
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=5)),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(st.text(max_size=5), inside, max_size=3)
    ),
    max_leaves=5,
)


@st.composite
def damaged_inputs(draw: st.DrawFn) -> Json:
    """An input with a member or two missing, replaced by any JSON, or added."""
    damaged = draw(inputs)
    for _ in range(draw(st.integers(1, 2))):
        if not (found := list(places(damaged))):
            break
        place = draw(st.sampled_from(found))
        how = draw(st.sampled_from(["without", "replaced", "joined"]))
        if how == "without":
            damaged = without(damaged, place)
        elif how == "joined" and isinstance(place[-1], str):
            name = draw(st.sampled_from(["domain_id", "NotAction", "Depends", "query", "x"]))
            damaged = replaced(damaged, (*place[:-1], name), draw(json_values))
        else:
            damaged = replaced(damaged, place, draw(json_values))
    return damaged


@EXAMPLES
@given(each=inputs)
def test_any_input(confirm: Confirmer, each: Given) -> None:
    confirm.one(each)


@EXAMPLES
@given(each=damaged_inputs())
def test_any_damaged_input(confirm: Confirmer, each: Given) -> None:
    confirm.one(each)


@EXAMPLES
@given(each=json_values)
def test_any_json(confirm: Confirmer, each: Given) -> None:
    confirm.one(each)


@EXAMPLES
@given(path=st.one_of(st.text(max_size=12), st.from_regex(r"/v2/p1/[ -~]{0,8}(%[0-9a-f]{2}){1,4}")))
def test_any_path(confirm: Confirmer, path: str) -> None:
    confirm.one(ask("GET", path, [], account_owner=True))
