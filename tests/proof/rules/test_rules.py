"""Mutants are those that are expected, somebody notices them, and who survives is explained."""

from pathlib import Path

import pytest

from scopegate.live.opa import Opa
from scopegate.project import Project
from tests.decisions.inputs.parts import allow_everything, ask
from tests.harness.made import write_data_bundle
from tests.oracle import Operator, decide, read_tables
from tests.proof.rules import list_mutants, report
from tests.proof.rules.mutants import Mutant, find_mutants
from tests.proof.rules.questions import list_tables, make_batch
from tests.proof.rules.survivors import read_survivors
from tests.proof.rules.trials import Bench, Outcome

MADE = """\
package made

import data.made.other

# METADATA
# title: é
default revision := "é"

revision := input.revision

allow if {
	some name in input.names
	not name == "x"
	count(input.list) > 9
	value := {each | some each in input.list; each <= 2}
	every each in value {
		each.a in {true, null}
	}
	other.rule with input as {"a": 1}
}

word("a") := `^a` if input.a

else := "b" if not input.b == 3 # the last

# What comes next.
else := input.x in [1 | some _ in value] if {
	[_, x] := input.c
}

sum := input.a + 1

list := [input.b] if input.b

list := [b | b := input.b] if input.b
"""
"""Of every kind of place, with letters of two bytes, and bodies of `else` on its line."""

EXPECTED = {
    'default revision := "é"': [
        "nothing",
        'default revision := "é~"',
    ],
    "revision := input.revision": [
        "nothing",
    ],
    "some name in input.names": [
        "true",
    ],
    'not name == "x"': [
        'name == "x"',
        "true",
        'not name != "x"',
        'not name == "x~"',
    ],
    "count(input.list) > 9": [
        "not count(input.list) > 9",
        "true",
        "count(input.list) <= 9",
        "count(input.list) >= 9",
        "count(input.list) > 10",
    ],
    "value := {each | some each in input.list; each <= 2}": [
        "true",
        "value := {each | true; each <= 2}",
        "value := {each | some each in input.list; not each <= 2}",
        "value := {each | some each in input.list; true}",
        "value := {each | some each in input.list; each < 2}",
        "value := {each | some each in input.list; each > 2}",
        "value := {each | some each in input.list; each <= 3}",
    ],
    "every each in value { each.a in {true, null} }": [
        "true",
    ],
    "each.a in {true, null}": [
        "not each.a in {true, null}",
        "true",
        "each.a in {false, null}",
        "each.a in {true, false}",
    ],
    'other.rule with input as {"a": 1}': [
        'not other.rule with input as {"a": 1}',
        "true",
        "other.rule",
        'other.rule with input as {"a~": 1}',
        'other.rule with input as {"a": 2}',
    ],
    'word("a") := `^a` if input.a': [
        'word("a~") := `^a` if input.a',
        'word("a") := "" if input.a',
        'word("a") := `^a~` if input.a',
        'word("a") := `^a` if not input.a',
        'word("a") := `^a` if true',
    ],
    'else := "b" if not input.b == 3 # the last # What comes next.': [
        "nothing",
    ],
    'else := "b" if not input.b == 3 # the last': [
        'else := "b~" if not input.b == 3 # the last',
        'else := "b" if input.b == 3 # the last',
        'else := "b" if true # the last',
        'else := "b" if not input.b != 3 # the last',
        'else := "b" if not input.b == 4 # the last',
    ],
    "else := input.x in [1 | some _ in value] if { [_, x] := input.c }": [
        "nothing",
    ],
    "else := input.x in [1 | some _ in value] if {": [
        "else := (input.x in [1 | some _ in value]) == false if {",
        "else := input.x in [1 | true] if {",
    ],
    "[_, x] := input.c": [
        "true",
    ],
    "sum := input.a + 1": [
        "sum := input.a - 1",
        "sum := input.a + 2",
    ],
    "list := [input.b] if input.b": ["nothing", "list := [input.b] if not input.b"],
    "list := [b | b := input.b] if input.b": [
        "nothing",
        "list := [b | true] if input.b",
        "list := [b | b := input.b] if not input.b",
        "list := [b | b := input.b] if true",
    ],
}
"""What each line becomes."""


@pytest.fixture(scope="module")
def bench(project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench.set_up(Project(project), tmp_path_factory.mktemp("rules"), opa)


def change(project: Path, file: str, before: str, after: str) -> Mutant:
    text = (project / file).read_text(encoding="utf-8")
    start = text.index(before)
    return Mutant(file, "rule", text, start, start + len(before), after)


def test_mutants_of_a_made_module(opa: Opa) -> None:
    found = find_mutants("made.rego", MADE, opa)
    lines: dict[str, list[str]] = {}
    for mutant in found:
        lines.setdefault(mutant.key.before, []).append(mutant.key.after or "nothing")
    assert lines == EXPECTED
    assert str(found[0]).startswith("made.rego:7: ")


def test_a_unit_test_notices(project: Path, bench: Bench) -> None:
    mutant = change(project, "rego/scopegate/path/query.rego", "position + 1", "position + 2")
    assert bench.try_out(mutant, []) is Outcome.KILLED_BY_TESTS
    assert (bench.folder / mutant.file).read_text(encoding="utf-8") == mutant.text


def test_what_opa_refuses_is_stillborn(project: Path, bench: Bench) -> None:
    before = 'position := indexof(input.request.path, "?")'
    mutant = change(project, "rego/scopegate/path/query.rego", before, "true")
    assert bench.try_out(mutant, []) is Outcome.STILLBORN


def test_a_decision_that_is_not_the_oracles_is_noticed(
    project: Path, opa: Opa, bench: Bench, tmp_path: Path
) -> None:
    rows = read_tables(list_tables(Project(project)))
    named = {"provider": "huaweicloud", "service": "evs"}
    given = ask("GET", "/v2/p1/cloudsnapshots/s1", allow_everything(), **named)
    expected = decide(rows, given, bench.revision, Operator())
    assert expected["allow"]
    beside = write_data_bundle(tmp_path / "operator", {"scopegate_config": {}})
    batch = make_batch([given], [expected], Operator(), beside)
    mutant = change(
        project, "rego/scopegate/decision.rego", '"allow": true,\n', '"allow": false,\n'
    )
    assert batch.is_answered_by(bench.bundle, opa)
    with bench.change(mutant):
        assert not batch.is_answered_by(bench.bundle, opa)
    assert batch.is_answered_by(bench.bundle, opa)


def test_who_survives_without_an_explanation_fails() -> None:
    [first, second, third] = (
        Mutant("made.rego", "a", "a := 1\n", 5, 6, other) for other in ("2", "3", "4")
    )
    outcomes = {
        first: Outcome.SURVIVED,
        second: Outcome.KILLED_BY_TESTS,
        third: Outcome.STILLBORN,
    }
    found = report([first, second, third], outcomes, {}, seed=1)
    assert found.figures["killed %"] == 50.0
    assert found.failures == [
        "nobody notices made.rego:1: a := 1 → a := 2",
        "50.0 % are killed: less than 95.0 %",
    ]
    explained = {first.key: "x", second.key: "x", third.key._replace(rule="b"): "x"}
    assert report([first, second, third], outcomes, explained, seed=1).failures == [
        "survivors.yaml explains what does not survive: made.rego: a: a := 1 → a := 3",
        "survivors.yaml explains what is no mutant: made.rego: b: a := 1 → a := 4",
        "50.0 % are killed: less than 95.0 %",
    ]


def test_every_explanation_is_of_a_mutant(project: Path, opa: Opa) -> None:
    known = {mutant.key for mutant in list_mutants(Project(project), opa)}
    assert read_survivors().keys() <= known
