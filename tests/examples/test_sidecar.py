"""The files of examples/, as they are: an OPA that fetches its bundle, and an application."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from scopegate.asking import Server
from scopegate.files import replace_file
from scopegate.opa import Opa
from scopegate.questions import Permission, Scope, make_question
from scopegate.serving import find_free_port, run_server, wait_until_ready
from tests.examples.bundle_service import serve_files
from tests.harness.made import build_made_bundle

EXAMPLES = Path(__file__).parents[2] / "examples"
NAME = "huaweicloud.tar.gz"
SECONDS = 20


@pytest.fixture
def files(bundle: Path, tmp_path: Path) -> Path:
    """The folder of a bundle service that has the bundle as it was built."""
    folder = tmp_path / "files"
    folder.mkdir()
    shutil.copy(bundle, folder / NAME)
    return folder


@contextmanager
def run_sidecar(opa: Opa, bundles: str, folder: Path) -> Iterator[str]:
    """Run OPA as examples/README.md does, but for the address of the service and its haste."""
    changes = {
        "services.bundles.url": bundles,
        "bundles.scopegate.polling.min_delay_seconds": "1",
        "bundles.scopegate.polling.max_delay_seconds": "1",
        "persistence_directory": str(folder / "persisted"),
    }
    args = ["--config-file", str(EXAMPLES / "opa-config.yaml"), "--authorization", "basic"]
    for name, value in changes.items():
        args += ["--set", f"{name}={value}"]
    with run_server(opa, [*args, str(EXAMPLES / "system")], log=folder / "opa.log") as (url, _):
        yield url


@pytest.fixture(scope="module")
def sidecar(
    opa: Opa, bundle: Path, revision: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A sidecar that is ready, for tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("sidecar")
    with serve_files(bundle.parent) as (bundles, _), run_sidecar(opa, bundles, folder) as url:
        wait_until_ready(url, revision, log=folder / "opa.log")
        yield url


def wait_for(what: Callable[[], Any]) -> None:
    deadline = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.05)


def read_status(url: str) -> dict[str, Any]:
    answer = requests.get(f"{url}/v1/status", timeout=5).json()
    status: dict[str, Any] = answer["result"]["bundles"]["scopegate"]
    return status


def read_revision_in_use(url: str) -> str:
    with Server(url) as server:
        revision: str = server.decide({})["revision"]
        return revision


def test_opa_polls_activates_and_keeps_what_is_good(
    opa: Opa, files: Path, revision: str, project: Path, tmp_path: Path
) -> None:
    log = tmp_path / "opa.log"
    with serve_files(files) as (bundles, answers), run_sidecar(opa, bundles, tmp_path) as url:
        wait_until_ready(url, revision, log=log)
        assert read_status(url)["active_revision"] == revision
        wait_for(lambda: len(answers) > 1)
        assert answers[:2] == [200, 304]

        made = sorted((project / "tests/decisions/made/no-authorization").glob("**/*.yaml"))
        new = build_made_bundle(made, rego=project / "rego", output=files / NAME, opa=opa)
        assert new != revision
        wait_until_ready(url, new, log=log)

        replace_file(files / NAME, b"no bundle")
        wait_for(lambda: "message" in read_status(url))
        assert read_status(url)["active_revision"] == new
        assert read_revision_in_use(url) == new

    # Nobody serves bundles any more, and OPA starts once again.
    with run_sidecar(opa, bundles, tmp_path) as url:
        wait_until_ready(url, new, log=log)


def test_nobody_may_change_what_is_decided(
    opa: Opa, files: Path, revision: str, tmp_path: Path
) -> None:
    with serve_files(files) as (bundles, _), run_sidecar(opa, bundles, tmp_path) as url:
        wait_until_ready(url, revision, log=tmp_path / "opa.log")
        refused = [
            requests.put(f"{url}/v1/policies/mine", data="package mine", timeout=5),
            requests.put(f"{url}/v1/data/mine", json={}, timeout=5),
            requests.put(f"{url}/v1/data/scopegate/decision", json={}, timeout=5),
            requests.delete(f"{url}/v1/policies/mine", timeout=5),
            requests.get(f"{url}/v1/data", timeout=5),
            requests.post(f"{url}/v1/query", json={"query": "true"}, timeout=5),
        ]
        assert {answer.status_code for answer in refused} == {401}
        for name in ("allow", "decision"):
            asked = requests.post(f"{url}/v1/data/scopegate/{name}", json={"input": {}}, timeout=5)
            assert "result" in asked.json()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("pretty", 200),
        ("pretty=true&metrics=true", 200),
        ("explain=full", 401),
        ("pretty&instrument", 401),
        ("strict-builtin-errors", 401),
        ("provenance=true", 401),
        ("%65xplain=full", 401),
        ("metrics&new-parameter=", 401),
    ],
)
def test_a_question_has_no_parameters_but_harmless_ones(
    sidecar: str, query: str, status: int
) -> None:
    for name in ("allow", "decision"):
        asked = requests.post(
            f"{sidecar}/v1/data/scopegate/{name}?{query}", json={"input": {}}, timeout=5
        )
        assert asked.status_code == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "scopegate/decision"),
        ("POST", ""),
        ("POST", "scopegate"),
        ("POST", "scopegate/required"),
        ("POST", "scopegate/decision/allow"),
        ("POST", "system/log/mask"),
    ],
)
def test_nothing_but_the_decision_can_be_asked_for(sidecar: str, method: str, path: str) -> None:
    asked = requests.request(method, f"{sidecar}/v1/data/{path}", json={"input": {}}, timeout=5)
    assert asked.status_code == 401


def test_decisions_are_logged_without_what_is_masked(
    opa: Opa, files: Path, revision: str, tmp_path: Path
) -> None:
    log = tmp_path / "opa.log"
    question = {
        "request": {"method": "GET", "path": "/v2/p1/snapshots", "query": {}, "body": {"k": 1}},
        "subject": {"id": "u1", "project_id": "p1", "grants": []},
    }
    with serve_files(files) as (bundles, _), run_sidecar(opa, bundles, tmp_path) as url:
        wait_until_ready(url, revision, log=log)
        with Server(url) as server:
            server.decide(question)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    (logged,) = [
        line
        for line in lines
        if line["msg"] == "Decision Log" and "id" in line["input"].get("subject", {})
    ]
    assert logged["input"] == {
        "request": {"method": "GET", "path": "/v2/p1/snapshots"},
        "subject": {"id": "u1", "project_id": "p1"},
    }
    assert logged["result"]["reason"] == "action_not_granted"
    assert logged["bundles"] == {"scopegate": {"revision": revision}}


@pytest.mark.parametrize("rule", ["allow", "decision"])
def test_the_log_has_neither_the_query_nor_where_there_are_grants(
    opa: Opa, files: Path, revision: str, tmp_path: Path, rule: str
) -> None:
    log = tmp_path / "opa.log"
    question = make_question(
        "POST",
        "/v2/p1/snapshots?secret=s3cr3t?s3cr3t",
        token=Scope("iam_project", "p1"),
        permissions=[Permission("Allow", ("evs:*",), Scope("enterprise_project", "gr4nted"))],
    )
    with serve_files(files) as (bundles, _), run_sidecar(opa, bundles, tmp_path) as url:
        wait_until_ready(url, revision, log=log)
        asked = requests.post(
            f"{url}/v1/data/scopegate/{rule}", json={"input": question}, timeout=5
        ).json()
    assert rule == "allow" or asked["result"]["ineffective"]
    text = log.read_text()
    assert '"path":"/v2/p1/snapshots"' in text
    assert "s3cr3t" not in text
    assert "gr4nted" not in text


@dataclass(frozen=True)
class Application:
    """The application of examples/, at a URL."""

    url: str

    def call(self, method: str, path: str, token: str = "token-of-ann") -> tuple[int, str]:  # noqa: S107
        answer = requests.request(
            method, self.url + path, headers={"X-Auth-Token": token}, timeout=5
        )
        return answer.status_code, answer.json()["reason"]


@contextmanager
def run_application(opa_url: str) -> Iterator[Application]:
    port = str(find_free_port())
    environment = {**os.environ, "OPA_PORT": opa_url.rpartition(":")[2], "PORT": port}
    with subprocess.Popen([sys.executable, EXAMPLES / "app.py"], env=environment) as process:
        application = Application(f"http://127.0.0.1:{port}")
        try:
            wait_for(lambda: is_listening(application))
            yield application
        finally:
            process.terminate()


def is_listening(application: Application) -> bool:
    try:
        application.call("GET", "/")
    except requests.ConnectionError:
        return False
    return True


def test_the_application_serves_what_is_allowed(
    opa: Opa, files: Path, revision: str, tmp_path: Path
) -> None:
    with (
        serve_files(files) as (bundles, _),
        run_sidecar(opa, bundles, tmp_path) as url,
        run_application(url) as application,
    ):
        wait_until_ready(url, revision, log=tmp_path / "opa.log")
        assert application.call("GET", "/v2/p1/snapshots") == (200, "allowed")
        assert application.call("POST", "/v2/p1/snapshots") == (403, "action_not_granted")
        assert application.call("GET", "/v2/p2/snapshots") == (403, "project_mismatch")
        assert application.call("GET", "/v2/p1%2fsnapshots") == (403, "malformed_request")


@pytest.mark.parametrize("token", ["", "token-of-nobody"])
def test_the_application_asks_nothing_for_whom_it_does_not_know(token: str) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        run_application(f"http://127.0.0.1:{silent.getsockname()[1]}") as application,
    ):
        silent.settimeout(0.2)
        # What waited for the application to listen has been asked about.
        with suppress(TimeoutError):
            while True:
                silent.accept()[0].close()
        assert application.call("GET", "/v2/p1/snapshots", token) == (401, "unknown_token")
        with pytest.raises(TimeoutError):
            silent.accept()


def test_the_application_serves_nothing_while_opa_has_no_bundle(opa: Opa, tmp_path: Path) -> None:
    with run_server(opa, [], log=tmp_path / "opa.log") as (url, _), Server(url) as server:
        wait_for(server.is_healthy)
        with run_application(url) as application:
            assert application.call("GET", "/v2/p1/snapshots") == (403, "no_decision")


def test_the_application_serves_nothing_while_opa_is_late_or_away() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        run_application(f"http://127.0.0.1:{silent.getsockname()[1]}") as application,
    ):
        started = time.monotonic()
        assert application.call("GET", "/v2/p1/snapshots") == (403, "no_decision")
        assert time.monotonic() - started < 3
        silent.close()
        assert application.call("GET", "/v2/p1/snapshots") == (403, "no_decision")
