"""The vendor's limits for custom policies."""

from typing import Any

import pytest

from scopegate.json_files.places import spell_path
from scopegate.policies.limits import LIMITS, check_limits
from tests.identity.made import Json, make_statement


def make_policy(*statements: Json, **more: Json) -> dict[str, Any]:
    own = list(statements) or [make_statement(Action=["x:a:get"])]
    return {"Version": "1.1", "Statement": own} | more


DEPENDS = [{"catalog": "BASE", "display_name": str(n)} for n in range(21)]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (make_policy(*[make_statement()] * 9), [("IAM.1028", "Statement")]),
        (make_policy(make_statement(Action=["a"] * 101)), [("IAM.1033", "Statement[0].Action")]),
        (
            make_policy({"Effect": "Deny", "NotAction": ["a"] * 101}),
            [("IAM.1033", "Statement[0].NotAction")],
        ),
        (
            make_policy(make_statement(Action=["a", "b" * 129])),
            [("IAM.1034", "Statement[0].Action[1]")],
        ),
        (make_policy(make_statement(Resource=["r"] * 11)), [("IAM.1040", "Statement[0].Resource")]),
        (
            make_policy(make_statement(Resource={"uri": ["r"] * 11})),
            [("IAM.1040", "Statement[0].Resource")],
        ),
        (
            make_policy(
                make_statement(
                    Condition={
                        "Bool": {f"k{n}": ["true"] for n in range(6)},
                        "Null": {f"k{n}": ["true"] for n in range(5)},
                    }
                )
            ),
            [("IAM.1050", "Statement[0].Condition")],
        ),
        (
            make_policy(make_statement(Condition={f"o{n}": [] for n in range(11)})),
            [("IAM.1050", "Statement[0].Condition")],
        ),
        (make_policy(Depends=DEPENDS), [("IAM.1058", "Depends")]),
        (make_policy(make_statement(Resource=["r" * 6200])), [("IAM.1021", "")]),
        # At the limits.
        (make_policy(*[make_statement()] * 8, Depends=DEPENDS[:20]), []),
        (make_policy(make_statement(Action=["b" * 128] + ["a"] * 99, Resource=["r"] * 10)), []),
    ],
)
def test_limits(policy: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert [(code, spell_path(keys)) for code, keys, _ in check_limits(policy)] == expected
    assert LIMITS.keys() >= {code for code, _ in expected}


def test_the_characters_of_a_policy_are_those_of_its_json_without_blanks() -> None:
    empty = (
        '{"Version":"1.1","Statement":[{"Effect":"Allow","Action":["evs:*:get"],"Resource":[""]}]}'
    )
    fitting = "页" * (6144 - len(empty))
    assert list(check_limits(make_policy(make_statement(Resource=[fitting])))) == []
    [found] = check_limits(make_policy(make_statement(Resource=[f"{fitting}页"])))
    assert found == ("IAM.1021", (), "6,145 characters, and at most 6,144 are allowed")
