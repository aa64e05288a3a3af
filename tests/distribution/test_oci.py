"""An OCI registry as a bundle service, by examples/bundles/oci.yaml."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scopegate.files import replace_file
from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port, wait_until_ready
from tests.distribution.conftest import Edition
from tests.distribution.keys import Key
from tests.distribution.live import (
    EXAMPLES,
    NAME,
    answers,
    has_activated,
    run_example,
    wait_for,
    wait_for_error,
)
from tests.harness.programs import bring

EXAMPLE = "oci.yaml"
HOST = "registry.example.com"
IMAGE = f"{HOST}/policies/scopegate"
CONFIGURATION = """
version: 0.1
storage:
  filesystem:
    rootdirectory: {folder}/storage
http:
  addr: {address}
"""


@dataclass(frozen=True)
class Registry:
    """A registry at an address, and the folder from which bundles are pushed."""

    address: str
    folder: Path

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def push(self, bundle: bytes) -> str:
        """Push a bundle by the very commands of the example; its digest."""
        replace_file(self.folder / NAME, bundle)
        text = (EXAMPLES / EXAMPLE).read_text()
        found = re.search(r"^#   (echo .*\n)#   oras (push (?:.*\\\n# +)*.*)", text, re.MULTILINE)
        assert found
        make_config, push = found.groups()
        subprocess.run(["sh", "-c", make_config], cwd=self.folder, check=True)
        args = shlex.split(push.replace("\\\n#", "").replace(HOST, self.address))
        done = subprocess.run(
            [bring("oras"), *args, "--plain-http"],
            cwd=self.folder,
            capture_output=True,
            check=True,
            text=True,
        )
        digest = re.search(r"^Digest: (sha256:\S+)$", done.stdout, re.MULTILINE)
        assert digest
        return digest[1]

    def name(self, tag: str) -> list[str]:
        """The argument of OPA that names the image here: the example's, with this tag or digest."""
        image = f"{IMAGE}{tag}".replace(HOST, self.address)
        return ["--set", f"bundles.scopegate.resource={image}"]


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    folder = tmp_path / "registry"
    folder.mkdir()
    address = f"127.0.0.1:{find_free_port()}"
    file = folder / "config.yml"
    file.write_text(CONFIGURATION.format(folder=folder, address=address))
    with (
        (folder / "registry.log").open("wb") as log,
        subprocess.Popen(
            [bring("registry"), "serve", file],
            env={**os.environ, "OTEL_TRACES_EXPORTER": "none"},
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            wait_for(lambda: answers(f"http://{address}"))
            yield Registry(address, folder)
        finally:
            process.terminate()


def test_opa_pulls_what_a_tag_means_now(
    registry: Registry, opa: Opa, editions: tuple[Edition, Edition], tmp_path: Path
) -> None:
    older, newer = editions
    assert f"resource: {IMAGE}:latest\n" in (EXAMPLES / EXAMPLE).read_text()
    registry.push(older.packed)
    with run_example(opa, EXAMPLE, registry.url, tmp_path, *registry.name(":latest")) as url:
        wait_until_ready(url, older.revision, log=tmp_path / "opa.log")
        registry.push(newer.packed)
        wait_until_ready(url, newer.revision, log=tmp_path / "opa.log")


def test_a_digest_never_means_another_bundle(
    registry: Registry, opa: Opa, editions: tuple[Edition, Edition], tmp_path: Path
) -> None:
    older, newer = editions
    digest = registry.push(newer.packed)
    registry.push(older.packed)
    with run_example(opa, EXAMPLE, registry.url, tmp_path, *registry.name(f"@{digest}")) as url:
        wait_until_ready(url, newer.revision, log=tmp_path / "opa.log")


@pytest.fixture
def verify(known_keys: list[str]) -> list[str]:
    """The arguments that make OPA verify as examples/bundles/signed.yaml does."""
    settings = ("bundles.scopegate.signing.scope=production", "keys.2026-11.algorithm=RS256")
    return [*known_keys[:2], *(part for setting in settings for part in ("--set", setting))]


def test_what_a_registry_has_is_verified_too(
    registry: Registry,
    opa: Opa,
    editions: tuple[Edition, Edition],
    keys: dict[str, Key],
    verify: list[str],
) -> None:
    older, newer = editions
    registry.push(older.sign(opa, keys["2026-11"]))
    args = [*registry.name(":latest"), *verify]
    with run_example(opa, EXAMPLE, registry.url, registry.folder, *args) as url:
        wait_until_ready(url, older.revision, log=registry.folder / "opa.log")
        registry.push(newer.packed)
        assert "bundle missing .signatures.json file" in wait_for_error(url)
        assert has_activated(url, older.revision)
