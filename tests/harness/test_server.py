"""The harness itself: a server is ready when it decides by the right revision, and not before."""

import subprocess
import time
from pathlib import Path

import pytest

from scopegate.opa import Opa
from tests.harness.bundles import read_revision
from tests.harness.client import Client, NoDecisionError
from tests.harness.server import ServerError, run_opa, wait_until_ready
from tests.oracle import ABSENT

RULES = """package scopegate

decision := {"revision": "r1", "given": input} if input != "undefined"

decision := {"revision": "r1", "given": null} if not input

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


def test_a_server_decides_and_is_gone_afterwards(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    with (
        run_opa(opa.path, bundle, revision="r1", log=tmp_path / "log") as url,
        Client(url) as client,
    ):
        assert client.decide({"a": 1}) == {"revision": "r1", "given": {"a": 1}}
        assert client.decide(ABSENT) == {"revision": "r1", "given": None}
        answers = client.decide_all([3, ABSENT, "x"])
        assert answers == [{"revision": "r1", "given": given} for given in (3, None, "x")]
    with Client(url) as client:
        assert not client.is_healthy()
        with pytest.raises(NoDecisionError, match="Connection"):
            client.decide({})


def test_no_decision_is_said_in_opas_words(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    with (
        run_opa(opa.path, bundle, revision="r1", log=tmp_path / "log") as url,
        Client(url) as client,
    ):
        with pytest.raises(NoDecisionError, match="undefined"):
            client.decide("undefined")
        with pytest.raises(NoDecisionError, match="eval_conflict_error"):
            client.ask("allow", given=True)
        (answer,) = client.decide_all(["undefined"])
        assert isinstance(answer, NoDecisionError)


def test_another_revision_is_not_what_we_wait_for(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(ServerError, match="its decisions are of revision r1, not r2"),
        run_opa(opa.path, bundle, revision="r2", log=tmp_path / "log", seconds=1),
    ):
        pytest.fail("the server is not ready")


def test_the_log_is_shown_when_opa_ends(opa: Opa, tmp_path: Path) -> None:
    bundle = tmp_path / "broken.tar.gz"
    bundle.write_bytes(b"no bundle")
    started = time.monotonic()
    with (
        pytest.raises(ServerError, match=r"OPA ended with code 1\n.*\nerror: .*broken.tar.gz"),
        run_opa(opa.path, bundle, revision="r1", log=tmp_path / "log"),
    ):
        pytest.fail("the server is not ready")
    assert time.monotonic() - started < 10


def test_a_server_that_is_not_there_is_not_ready() -> None:
    with pytest.raises(ServerError, match=r"is not ready after 0\.2 s: it is not healthy"):
        wait_until_ready("http://127.0.0.1:9", "r1", seconds=0.2)


def test_the_revision_is_the_manifests(bundle: Path, tmp_path: Path) -> None:
    assert read_revision(bundle) == "r1"
    empty = tmp_path / "empty.tar.gz"
    subprocess.run(["tar", "czf", str(empty), "-T", "/dev/null"], check=True)
    with pytest.raises(ValueError, match="no manifest"):
        read_revision(empty)
