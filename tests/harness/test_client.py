"""The harness's client: every answer is a decision or says why it is none."""

from pathlib import Path

import pytest

from scopegate.live.opa import Opa
from scopegate.live.serving import serve_bundle
from tests.harness.client import Client, NoDecisionError
from tests.oracle import ABSENT

RULES = """package scopegate

told := {"allow": false, "reason": "made", "revision": "r1"}

decision := object.union(told, {"given": input}) if input != "undefined"

decision := object.union(told, {"given": null}) if not input

conflict(_) := 1

conflict(x) := 2 if x

allow := conflict(input)
"""


@pytest.fixture(scope="module")
def bundle(opa: Opa, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "decision.rego").write_text(RULES)
    built = folder / "bundle.tar.gz"
    opa.run(["build", "-b", str(folder), "-o", str(built), "-r", "r1"])
    return built


def test_each_question_is_answered(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    with (
        serve_bundle(opa, bundle, revision="r1", log=tmp_path / "log") as url,
        Client(url) as client,
    ):
        assert client.decide({"a": 1})["given"] == {"a": 1}
        assert client.decide(ABSENT)["given"] is None
        answers = client.decide_all([3, ABSENT, "x"])
        assert [answer["given"] for answer in answers] == [3, None, "x"]  # type: ignore[index]
    with Client(url) as client, pytest.raises(NoDecisionError, match="Connection"):
        client.decide({})


def test_no_decision_is_said_in_opas_words(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    with (
        serve_bundle(opa, bundle, revision="r1", log=tmp_path / "log") as url,
        Client(url) as client,
    ):
        with pytest.raises(NoDecisionError, match="undefined"):
            client.decide("undefined")
        with pytest.raises(NoDecisionError, match="eval_conflict_error"):
            client.ask("allow", given=True)
        (answer,) = client.decide_all(["undefined"])
        assert isinstance(answer, NoDecisionError)
