"""What a decision would refuse for its size is refused where the bundle is made, and read."""

import re
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from scopegate.errors import FaultsError
from scopegate.identity.bundle import build_identity_bundle, read_identity_bundle
from scopegate.identity.model import Grant, Group, Identities, Policy, Subject
from scopegate.identity.sizes import find_excesses
from scopegate.live.asking import Server
from scopegate.live.opa import Opa
from scopegate.live.serving import serve_bundle
from scopegate.packing import read_revision
from tests.identity.made import (
    INPUT_SCHEMA,
    find_faults,
    make_assignment,
    make_role,
    make_statement,
    write,
)

LIMITS = INPUT_SCHEMA["limits"]
LONG = "x" * LIMITS["characters"]


def make_policy(*statements: dict[str, Any], depends: int = 0, name: str = "n") -> Policy:
    roles = [{"catalog": "BASE", "display_name": f"R{number}"} for number in range(depends)]
    policy = Policy(name=name, catalog="BASE", display_name="N", Version="1.1", Statement=[])
    policy["Statement"] = list(statements) or [make_statement()]
    return policy | Policy(Depends=roles) if depends else policy  # type: ignore[typeddict-item]


def give(*policies: str, **scope: str | bool) -> Grant:
    return Grant(scope=scope or {"iam_project": "p1"}, policies=list(policies))


POLICIES = {
    "one": make_policy(),
    "statements": make_policy(*[make_statement()] * 500),
    "patterns": make_policy(make_statement(Action=["a"] * 998, Resource={"uri": ["b"]})),
    "not": make_policy({"Effect": "Deny", "NotAction": ["a"] * 19, "Resource": ["*"]}),
    "needs one": make_policy(depends=1),
    "needs many": make_policy(depends=99),
    "needs the most": make_policy(depends=200),
    # An input as short as one string may be is not refused for its size.
    "needs too many": make_policy(depends=201, name=LONG),
}
DEPENDING = [give("needs one", enterprise_project=f"e{number}") for number in range(194)]
# The grants of a group, those of its members, and one more of a kind that is then one too many.
CASES: dict[str, tuple[list[Grant], list[Grant], Grant]] = {
    "grants": ([give()] * 1500, [give()] * 500, give()),
    "policies": ([give(*["one"] * 1500)], [give(*["one"] * 499)], give("one", "one")),
    "statements": ([give(*["statements"] * 6)], [give(*["statements"] * 4)], give("one")),
    "patterns": (
        [give(*["patterns"] * 5)],
        [give(*["patterns"] * 4, *["not"] * 50)],
        give("one"),
    ),
    "dependencies": (
        [give("needs many", all_resources=True), give(*["one"] * 12)],
        DEPENDING,
        give("one"),
    ),
    "dependencies of one": ([give("one")], [give("needs the most")], give("needs too many")),
    "characters": ([give(iam_project=LONG)], [give(domain=LONG)], give(domain=f"{LONG}x")),
}
TOO_MUCH = {f"{noun} too many": noun for noun in CASES} | {f"{LONG}x": "characters"}
"""The subjects that have too much, and of what."""

IDENTITIES = Identities(
    subjects={
        **{
            f"{noun} in order": Subject(groups=[noun], grants=own)
            for noun, (_, own, _) in CASES.items()
        },
        **{
            f"{noun} too many": Subject(groups=[noun], grants=[*own, more])
            for noun, (_, own, more) in CASES.items()
        },
        LONG: Subject(),
        f"{LONG}x": Subject(),
    },
    groups={noun: Group(grants=grants) for noun, (grants, _, _) in CASES.items()},
    policies=POLICIES,
    enterprise_projects={},
)


def test_what_is_one_too_many_is_found() -> None:
    excesses = find_excesses(IDENTITIES, LIMITS)
    found = {id_: re.findall(r"^expected at most [\d,]+ (.+?) in ", said) for id_, said in excesses}
    assert found == {id_: [noun] for id_, noun in TOO_MUCH.items()}


def test_a_live_opa_refuses_the_same(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    built = tmp_path / "identity.tar.gz"
    build_identity_bundle(IDENTITIES, output=built, opa=opa)
    refused = {}
    request = {"method": "GET", "path": "/v2/p1/snapshots"}
    revision = read_revision(bundle)
    with (
        serve_bundle(
            opa, bundle, beside=[built], revision=revision, log=tmp_path / "opa.log"
        ) as url,
        Server(url, seconds=30) as server,
    ):
        for id_ in IDENTITIES.subjects:
            question = {"request": request, "subject": {"id": id_, "project_id": "p1"}}
            decision = server.decide(question)
            if decision["reason"] == "malformed_request":
                [refused[id_]] = re.findall(r"more than \d+ (.+)", decision["message"])
    assert refused == TOO_MUCH


def test_a_bundle_with_too_much_is_refused(opa: Opa, tmp_path: Path) -> None:
    built = tmp_path / "identity.tar.gz"
    build_identity_bundle(IDENTITIES, output=built, opa=opa)
    with pytest.raises(FaultsError) as caught:
        read_identity_bundle(built, INPUT_SCHEMA)
    assert {fault.code for fault in caught.value.faults} == {"too-much"}
    assert len(caught.value.faults) == len(TOO_MUCH)
    assert str(caught.value.faults[3]).endswith(
        'scopegate_identity.subjects["grants too many"]: expected at most 2,000 grants in all that'
        ' was granted to subject "grants too many"; found 2,001 [too-much]'
    )


def test_exports_with_too_much_are_refused(tmp_path: Path) -> None:
    most = LIMITS["grants"]
    own = [make_assignment(scope=f"enterprise_project=e{number}") for number in range(most // 2)]
    others = [make_assignment("group=g1", f"project=p{number}") for number in range(most // 2 + 1)]
    files = {
        "a.json": {"role_assignments": own, "total_num": len(own) + len(others)},
        "b.json": {"role_assignments": others, "total_num": len(own) + len(others)},
        "c.json": {"roles": [make_role()]},
        "g.json": {"groups": [{"id": "g1"}]},
    }
    write(tmp_path, files)
    found = find_faults([tmp_path], users={tmp_path / "g.json": "u1"})
    assert found == [
        f"a.json: None: [too-much] expected at most 2,000 {noun} in all that was granted to"
        ' subject "u1"; found 2,001'
        for noun in ("grants", "policies")
    ]


def test_many_subjects_of_few_groups_are_measured_at_once() -> None:
    groups = {"g1": Group(grants=DEPENDING), "g2": Group(grants=[give("statements")])}
    identities = Identities(
        subjects={f"u{number}": Subject(groups=["g1", "g2"]) for number in range(100_000)},
        groups=groups,
        policies=POLICIES,
        enterprise_projects={},
    )
    begin = monotonic()
    assert list(find_excesses(identities, LIMITS)) == []
    assert monotonic() - begin < 5
