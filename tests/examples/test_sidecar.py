"""The files of examples/, as they are: an OPA that fetches its bundle, and an application."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from scopegate.files import replace_file
from scopegate.live.asking import Server
from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port, run_server
from scopegate.packing import Package, pack_bundle, read_revision
from scopegate.tables.store import read_table
from tests.examples.bundle_service import serve_files
from tests.examples.sidecar import (
    EXAMPLES,
    Sidecar,
    read_command,
    read_decisions,
    run_sidecar,
    wait_for,
    wait_for_revision,
)
from tests.examples.signing import RULES, Signer, compose_rules, make_signer


@pytest.fixture
def files(signed: Path, tmp_path: Path) -> Path:
    """The folder of a bundle service that has the bundle as it was built and signed."""
    folder = tmp_path / "files"
    folder.mkdir()
    shutil.copy(signed, folder)
    return folder


@pytest.fixture
def made(project: Path) -> Package:
    """Rules of a table that was made up."""
    folder = project / "tests/decisions/made/no-authorization"
    return compose_rules([read_table(file) for file in sorted(folder.glob("**/*.yaml"))], project)


def test_the_readme_tells_the_same_command() -> None:
    told = read_command(EXAMPLES / "README.md", "   ")
    assert told == read_command(EXAMPLES / "opa/hardened.yaml", "#   ")


def test_opa_polls_activates_and_keeps_what_is_good(
    opa: Opa, files: Path, rules: Signer, made: Package, tmp_path: Path
) -> None:
    revision = read_revision(files / RULES)
    with (
        serve_files(files) as (bundles, answers),
        run_sidecar(opa, bundles, tmp_path, rules) as sidecar,
    ):
        wait_for_revision(sidecar, revision)
        assert sidecar.read_status()["active_revision"] == revision
        wait_for(lambda: len(answers) > 1)
        assert answers[:2] == [200, 304]

        new = rules.sign(made, files / RULES, opa)
        assert new != revision
        wait_for_revision(sidecar, new)

        replace_file(files / RULES, b"no bundle")
        wait_for(lambda: "message" in sidecar.read_status())
        assert sidecar.read_status()["active_revision"] == new
        assert sidecar.read_revision() == new

    # Nobody serves bundles any more, and OPA starts once again.
    with run_sidecar(opa, bundles, tmp_path, rules) as sidecar:
        wait_for_revision(sidecar, new)


def test_an_idle_opa_logs_nothing_and_tells_the_revision(
    opa: Opa, files: Path, rules: Signer, made: Package, tmp_path: Path
) -> None:
    revision = read_revision(files / RULES)
    with (
        serve_files(files) as (bundles, answers),
        run_sidecar(opa, bundles, tmp_path, rules) as sidecar,
    ):
        wait_for(lambda: 304 in answers)
        # The tests run as root on some machines, of which OPA warns when it starts.
        logged = sidecar.log.read_bytes()
        wait_for(lambda: answers.count(304) > 4)
        assert sidecar.read_status()["active_revision"] == revision
        metrics = sidecar.call("GET", "/metrics", role="metrics").text
        assert f'last_success_bundle_activation{{active_revision="{revision}"' in metrics

        new = rules.sign(made, files / RULES, opa)
        wait_for(lambda: sidecar.read_status()["active_revision"] == new)
        assert sidecar.log.read_bytes() == logged
        sidecar.ask({})
        (line,) = read_decisions(sidecar)
        assert line["bundles"] == {"scopegate": {"revision": new}}

        replace_file(files / RULES, b"no bundle")
        wait_for(lambda: "Bundle load failed" in sidecar.log.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "line",
    [
        r'bundle_loaded_counter\{name="scopegate"\} [1-9]',
        r'last_success_bundle_activation\{active_revision="REVISION",name="scopegate"\} [1-9]',
        r'plugin_status_gauge\{name="bundle",status="OK"\} 1',
        r'http_request_duration_seconds_bucket\{code="200",handler="v1/data",.*le="0.01"\} [1-9]',
        r'http_request_duration_seconds_count\{code="200",handler="v1/data",method="post"\} [1-9]',
    ],
)
def test_prometheus_sees_bundles_and_answers(sidecar: Sidecar, revision: str, line: str) -> None:
    expected = re.compile("^" + line.replace("REVISION", revision), re.MULTILINE)
    sidecar.ask({})
    # What has become of a bundle is told a moment after it has.
    wait_for(lambda: expected.search(sidecar.call("GET", "/metrics", role="metrics").text))


def test_what_the_key_of_rules_did_not_sign_is_never_active(
    opa: Opa, files: Path, rules: Signer, made: Package, tmp_path: Path
) -> None:
    revision = read_revision(files / RULES)
    other = make_signer(tmp_path, "rules")
    with (
        serve_files(files) as (bundles, _),
        run_sidecar(opa, bundles, tmp_path, rules) as sidecar,
    ):
        wait_for_revision(sidecar, revision)
        replace_file(files / RULES, pack_bundle(made, opa=opa))
        wait_for(lambda: "missing .signatures.json" in sidecar.read_status().get("message", ""))
        other.sign(made, files / RULES, opa)
        wait_for(lambda: "verification error" in sidecar.read_status().get("message", ""))
        assert sidecar.read_revision() == revision


@dataclass(frozen=True)
class Application:
    """The application of examples/, at a URL, and its log."""

    url: str
    log: Path

    def call(self, method: str, path: str, token: str = "token-of-ann") -> tuple[int, str]:  # noqa: S107
        answer = requests.request(
            method, self.url + path, headers={"X-Auth-Token": token}, timeout=5
        )
        return answer.status_code, answer.json()["reason"]


@contextmanager
def run_application(opa_url: str, folder: Path, token: str = "any") -> Iterator[Application]:  # noqa: S107
    port = str(find_free_port())
    changes = {"OPA_PORT": opa_url.rpartition(":")[2], "OPA_TOKEN": token, "PORT": port}
    application = Application(f"http://127.0.0.1:{port}", folder / "app.log")
    with (
        application.log.open("wb") as log,
        subprocess.Popen(
            [sys.executable, EXAMPLES / "app.py"], env={**os.environ, **changes}, stderr=log
        ) as process,
    ):
        try:
            wait_for(lambda: is_serving(application))
            yield application
        finally:
            process.terminate()


def is_serving(application: Application) -> bool:
    try:
        application.call("GET", "/", "token-of-nobody")
    except requests.ConnectionError:
        return False
    return True


def test_the_application_serves_what_is_allowed(
    opa: Opa, files: Path, rules: Signer, revision: str, tmp_path: Path
) -> None:
    with (
        serve_files(files) as (bundles, _),
        run_sidecar(opa, bundles, tmp_path, rules) as sidecar,
        run_application(sidecar.url, tmp_path, sidecar.tokens["client"]) as application,
    ):
        wait_for_revision(sidecar, revision)
        assert application.call("GET", "/v2/p1/snapshots") == (200, "allowed")
        assert application.call("POST", "/v2/p1/snapshots") == (403, "action_not_granted")
        assert application.call("GET", "/v2/p2/snapshots") == (403, "project_mismatch")
        assert application.call("GET", "/v2/p1%2fsnapshots") == (403, "malformed_request")
    told = re.findall(r"decision (\S+) is for ann$", application.log.read_text(), re.MULTILINE)
    logged = {line["decision_id"]: line["result"]["reason"] for line in read_decisions(sidecar)}
    assert [logged[decision] for decision in told] == [
        "allowed",
        "action_not_granted",
        "project_mismatch",
        "malformed_request",
    ]


def test_the_application_serves_nothing_where_its_token_is_refused(
    sidecar: Sidecar, tmp_path: Path
) -> None:
    with run_application(sidecar.url, tmp_path) as application:
        assert application.call("GET", "/v2/p1/snapshots") == (403, "no_decision")


@pytest.mark.parametrize("token", ["", "token-of-nobody"])
def test_the_application_asks_nothing_for_whom_it_does_not_know(tmp_path: Path, token: str) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        run_application(f"http://127.0.0.1:{silent.getsockname()[1]}", tmp_path) as application,
    ):
        silent.settimeout(0.2)
        assert application.call("GET", "/v2/p1/snapshots", token) == (401, "unknown_token")
        with pytest.raises(TimeoutError):
            silent.accept()


def test_the_application_serves_nothing_while_opa_has_no_bundle(opa: Opa, tmp_path: Path) -> None:
    with run_server(opa, [], log=tmp_path / "opa.log") as (url, _), Server(url) as server:
        wait_for(server.is_healthy)
        with run_application(url, tmp_path) as application:
            assert application.call("GET", "/v2/p1/snapshots") == (403, "no_decision")


def test_the_application_serves_nothing_while_opa_is_late_or_away(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        run_application(f"http://127.0.0.1:{silent.getsockname()[1]}", tmp_path) as application,
    ):
        started = time.monotonic()
        assert application.call("GET", "/v2/p1/snapshots") == (403, "no_decision")
        assert time.monotonic() - started < 3
        silent.close()
        assert application.call("GET", "/v2/p1/snapshots") == (403, "no_decision")
