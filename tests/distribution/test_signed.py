"""Signed bundles on a live OPA: what was not signed as it wants is never active."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from scopegate.files import replace_file
from scopegate.live.asking import NoDecisionError, Server
from scopegate.live.opa import Opa, Version
from scopegate.live.serving import run_server, wait_until_ready
from scopegate.packing import read_revision
from tests.distribution.archives import add, change_files, edit, make_delta, remove
from tests.distribution.conftest import Edition
from tests.distribution.keys import Key
from tests.distribution.live import (
    SECONDS,
    SIGNED,
    has_activated,
    read_status,
    run_example,
    wait_for,
    wait_for_error,
)
from tests.examples.bundle_service import serve_files

Editions = tuple[Edition, Edition]
Keys = dict[str, Key]
NOWHERE = "http://127.0.0.1:9"
VERIFIES = Version(1, 21, 3)
"""The oldest OPA to which examples/bundles/signed.yaml may be given."""
RULES = "/scopegate/decision.rego"


@dataclass(frozen=True)
class Verifying:
    """An OPA by examples/bundles/signed.yaml, and the file that its service has for it."""

    url: str
    file: Path

    def publish(self, bundle: bytes) -> None:
        replace_file(self.file, bundle)

    def wait_for(self, revision: str) -> None:
        """Wait until it decides by this revision, and has nothing to complain of."""
        wait_for(lambda: has_activated(self.url, revision) and "message" not in self.status)
        self.check(revision)

    @property
    def status(self) -> dict[str, Any]:
        return read_status(self.url)

    def check(self, revision: str) -> None:
        """It decides by this revision, and says so."""
        assert self.status["active_revision"] == revision
        with Server(self.url) as server:
            assert server.decide({})["revision"] == revision


@pytest.fixture(scope="module")
def verifying(
    opa: Opa, known_keys: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Verifying]:
    if opa.version < VERIFIES:
        pytest.skip(f"OPA {opa.version} takes unsigned bundles, too")
    folder = tmp_path_factory.mktemp("verifying")
    files = folder / "files"
    files.mkdir()
    with (
        serve_files(files) as (service, _),
        run_example(opa, "signed.yaml", service, folder, *known_keys) as url,
    ):
        yield Verifying(url, files / SIGNED)


@pytest.fixture
def serving(verifying: Verifying, opa: Opa, editions: Editions, keys: Keys) -> Verifying:
    """The same where the older edition, signed, is active."""
    older, _ = editions
    verifying.publish(older.sign(opa, keys["2026-11"]))
    verifying.wait_for(older.revision)
    return verifying


TAMPERED = {
    "a changed byte": (edit(RULES, b"\n", b"\r"), "scopegate/decision.rego: digest mismatch"),
    "a removed file": (
        remove("/scopegate/path/query.rego"),
        "file(s) [scopegate/path/query.rego] specified in bundle signatures but not found in",
    ),
    "an added file": (
        add("/scopegate/more.rego", b"package scopegate\n"),
        "file scopegate/more.rego not included in bundle signature",
    ),
    "added data": (
        add("/scopegate/more/data.json", b"{}"),
        "file scopegate/more/data.json not included in bundle signature",
    ),
    "another revision": (
        edit("/.manifest", b'"revision":"', b'"revision":"0'),
        ".manifest: digest mismatch",
    ),
    "other data": (edit("/data.json", b'"evs"', b'"ecs"'), "data.json: digest mismatch"),
    "no signature": (remove("/.signatures.json"), "bundle missing .signatures.json file"),
    "a delta": (make_delta, "delta bundles do not support signature verification"),
}


@pytest.mark.parametrize("way", TAMPERED)
def test_what_was_tampered_with_is_never_active(
    way: str, serving: Verifying, opa: Opa, editions: Editions, keys: Keys
) -> None:
    older, newer = editions
    change, message = TAMPERED[way]
    serving.publish(change_files(newer.sign(opa, keys["2026-11"]), change))
    assert wait_for_error(serving.url).startswith(f"bundle_error: {message}")
    serving.check(older.revision)


SIGNED_OTHERWISE: dict[str, tuple[Callable[[Edition, Opa, Keys], bytes], str]] = {
    "another key that says it is this one": (
        lambda edition, opa, keys: edition.sign(opa, keys["other"]),
        "failed to verify JWT signature: crypto/rsa: verification error",
    ),
    "another key": (
        lambda edition, opa, keys: edition.sign(opa, keys["other"], "other"),
        "verification key corresponding to ID other not found",
    ),
    "one key under the name of another": (
        lambda edition, opa, keys: edition.sign(opa, keys["2026-11"], "2027-05"),
        "failed to verify JWT signature: crypto/rsa: verification error",
    ),
    "another scope": (
        lambda edition, opa, keys: edition.sign(opa, keys["2026-11"], scope="staging"),
        "scope mismatch",
    ),
    "no scope": (
        lambda edition, opa, keys: edition.sign(opa, keys["2026-11"], scope=""),
        "scope mismatch",
    ),
    "nobody": (lambda edition, *_: edition.packed, "bundle missing .signatures.json file"),
}


@pytest.mark.parametrize("signer", SIGNED_OTHERWISE)
def test_what_was_signed_otherwise_is_never_active(
    signer: str, serving: Verifying, opa: Opa, editions: Editions, keys: Keys
) -> None:
    older, newer = editions
    sign, message = SIGNED_OTHERWISE[signer]
    serving.publish(sign(newer, opa, keys))
    assert wait_for_error(serving.url) == f"bundle_error: {message}"
    serving.check(older.revision)


def test_an_error_is_gone_once_the_bundle_is_good(
    serving: Verifying, opa: Opa, editions: Editions, keys: Keys
) -> None:
    _, newer = editions
    serving.publish(b"no bundle")
    wait_for_error(serving.url)
    serving.publish(newer.sign(opa, keys["2026-11"]))
    serving.wait_for(newer.revision)


def test_one_key_follows_another(
    serving: Verifying, opa: Opa, editions: Editions, keys: Keys
) -> None:
    _, newer = editions
    serving.publish(newer.sign(opa, keys["2027-05"], "2027-05"))
    serving.wait_for(newer.revision)


def test_an_older_bundle_that_was_signed_is_taken_and_seen(
    serving: Verifying, opa: Opa, editions: Editions, keys: Keys
) -> None:
    """OPA does not know which of two bundles is the newer one: the revision tells who looks."""
    older, newer = editions
    serving.publish(newer.sign(opa, keys["2026-11"]))
    serving.wait_for(newer.revision)

    serving.publish(older.sign(opa, keys["2026-11"]))

    wait_for(lambda: serving.status["active_revision"] != newer.revision)
    assert "message" not in serving.status
    serving.check(older.revision)
    metrics = requests.get(f"{serving.url}/metrics", timeout=5).text
    found = re.findall(
        r'^last_success_bundle_activation\{.*_revision="(\w+)"', metrics, re.MULTILINE
    )
    assert found == [older.revision]


@pytest.fixture
def persisted(
    opa: Opa, editions: Editions, keys: Keys, known_keys: list[str], tmp_path: Path
) -> Path:
    """What an OPA that runs no more has kept of a signed bundle."""
    older, _ = editions
    files = tmp_path / "files"
    replace_file(files / SIGNED, older.sign(opa, keys["2026-11"]))
    with (
        serve_files(files) as (service, _),
        run_example(opa, "signed.yaml", service, tmp_path, *known_keys) as url,
    ):
        Verifying(url, files).wait_for(older.revision)
    (kept,) = (tmp_path / "persisted").glob("**/bundle.tar.gz")
    return kept


def test_a_restart_decides_by_what_was_kept(
    persisted: Path, opa: Opa, known_keys: list[str], tmp_path: Path
) -> None:
    revision = read_revision(persisted)
    with run_example(opa, "signed.yaml", NOWHERE, tmp_path, *known_keys) as url:
        wait_for(lambda: has_activated(url, revision))
        Verifying(url, persisted).check(revision)


def test_what_was_kept_is_verified_again(
    persisted: Path, opa: Opa, known_keys: list[str], tmp_path: Path
) -> None:
    persisted.write_bytes(change_files(persisted.read_bytes(), edit(RULES, b"\n", b"\r")))
    with run_example(opa, "signed.yaml", NOWHERE, tmp_path, *known_keys) as url:
        wait_for_error(url)
        with Server(url) as server, pytest.raises(NoDecisionError):
            server.decide({})
    assert "digest mismatch" in (tmp_path / "opa.log").read_text()


def test_what_was_kept_goes_with_its_key(
    persisted: Path, opa: Opa, keys: Keys, known_keys: list[str], tmp_path: Path
) -> None:
    private = str(keys["2026-11"].private)
    others = [argument.replace(private, str(keys["other"].private)) for argument in known_keys]
    with run_example(opa, "signed.yaml", NOWHERE, tmp_path, *others) as url:
        wait_for_error(url)
        with Server(url) as server, pytest.raises(NoDecisionError):
            server.decide({})
    assert persisted.is_file()
    assert "failed to verify JWT signature" in (tmp_path / "opa.log").read_text()


@pytest.mark.parametrize("scope", ["production", "staging"])
def test_a_signed_file_is_served_without_a_configuration(
    scope: str, opa: Opa, editions: Editions, keys: Keys, tmp_path: Path
) -> None:
    older, _ = editions
    log = tmp_path / "opa.log"
    bundle = tmp_path / SIGNED
    bundle.write_bytes(older.sign(opa, keys["2026-11"]))
    args = ["--bundle", str(bundle), "--verification-key", f"{keys['2026-11'].private}.pub"]
    with run_server(opa, [*args, "--scope", scope], log=log) as (url, process):
        if scope == "production":
            wait_until_ready(url, older.revision, log=log, process=process)
        else:
            assert process.wait(SECONDS) == 1
            assert "scope mismatch" in log.read_text()


def test_the_page_says_what_the_status_says() -> None:
    page = (Path(__file__).parents[2] / "docs/bundles.md").read_text(encoding="utf-8")
    for _, message in (*TAMPERED.values(), *SIGNED_OTHERWISE.values()):
        assert message.replace("ID other ", "ID … ") in page


def test_without_verification_a_signed_bundle_is_refused(
    opa: Opa, editions: Editions, keys: Keys, tmp_path: Path
) -> None:
    older, _ = editions
    replace_file(tmp_path / SIGNED, older.sign(opa, keys["2026-11"]))
    args = ["--set", f"bundles.scopegate.resource={SIGNED}"]
    with (
        serve_files(tmp_path) as (service, _),
        run_example(opa, "polling.yaml", service, tmp_path, *args) as url,
    ):
        assert wait_for_error(url) == "bundle_error: verification key not provided"
