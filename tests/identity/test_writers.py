"""What docs/bundles.md says of who can write what holds of a live OPA."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from scopegate.files import replace_file
from scopegate.live.opa import Opa
from scopegate.live.serving import run_server
from scopegate.packing import Package, Signing, encode_json, pack_bundle, sign_bundle
from tests.distribution.keys import Key, make_key
from tests.distribution.live import answers, wait_for
from tests.examples.bundle_service import serve_files

RULES = (("scopegate",), {"scopegate/a.rego": b'package scopegate\n\ndecision := "rules"\n'})
IDENTITIES = (("scopegate_identity",), {"data.json": b'{"scopegate_identity": {}}'})
TAKES_RULES = (
    ("scopegate_identity", "scopegate"),
    {"scopegate/a.rego": b'package scopegate\n\ndecision := "taken"\n'},
)
TAKES_MORE = (
    ("scopegate_identity", "scopegate_config", "system/authz"),
    {"data.json": b'{"scopegate_config": {"of": "identities"}}'},
)
OVERLAP = "detected overlapping roots in manifests for these bundles: [identity, scopegate]"
Bundle = tuple[tuple[str, ...], dict[str, bytes]]


@dataclass(frozen=True)
class Running:
    """An OPA with bundles `scopegate` and `identity`, and the folder of their service."""

    url: str
    folder: Path

    def publish(self, opa: Opa, **bundles: Bundle) -> None:
        for name, bundle in bundles.items():
            replace_file(self.folder / name, pack_bundle(make_package(bundle), opa=opa))

    def wait_for(self, name: str, message: str | None) -> None:
        """Wait until the status of a bundle has this error; None is a bundle that is active."""
        wait_for(lambda: self.has(name, message))

    def has(self, name: str, message: str | None) -> bool:
        status = self.ask("status").get("bundles", {}).get(name, {})
        if message is None:
            return "active_revision" in status and "message" not in status
        return message in status.get("message", "")

    def ask(self, path: str) -> Any:  # noqa: ANN401  any JSON
        return requests.get(f"{self.url}/v1/{path}", timeout=5).json().get("result")


def make_package(bundle: Bundle) -> Package:
    roots, files = bundle
    manifest = {"revision": "1", "roots": roots, "rego_version": 1}
    return Package({**files, ".manifest": encode_json(manifest)}, "1")


@contextmanager
def run(
    opa: Opa, folder: Path, *args: str, keys: Mapping[str, Key] | None = None, **signing: object
) -> Iterator[Running]:
    """Run OPA with both bundles from a service; `signing` is what they have to be signed as."""
    service = folder / "service"
    service.mkdir()
    with serve_files(service) as (url, _):
        bundles: dict[str, dict[str, Any]] = {
            name: {
                "service": "bundles",
                "resource": name,
                "polling": {"min_delay_seconds": 1, "max_delay_seconds": 1},
            }
            for name in ("scopegate", "identity")
        }
        for name, each in signing.items():
            bundles[name]["signing"] = each
        config = folder / "config.json"
        config.write_text(
            json.dumps(
                {
                    "services": {"bundles": {"url": url}},
                    "bundles": bundles,
                    "status": {"prometheus": True},
                    "keys": {
                        id_: {"algorithm": "RS256", "key": key.public}
                        for id_, key in (keys or {}).items()
                    },
                }
            ),
            encoding="utf-8",
        )
        command = ["--config-file", str(config), *args]
        with run_server(opa, command, log=folder / "opa.log") as (server, _):
            wait_for(lambda: answers(server))
            yield Running(server, service)


def test_what_overlaps_an_active_bundle_is_refused(opa: Opa, tmp_path: Path) -> None:
    with run(opa, tmp_path) as running:
        running.publish(opa, scopegate=RULES, identity=IDENTITIES)
        running.wait_for("scopegate", None)
        running.wait_for("identity", None)
        running.publish(opa, identity=TAKES_RULES)
        running.wait_for("identity", OVERLAP)
        assert running.ask("data/scopegate/decision") == "rules"


def test_the_rules_are_refused_where_another_bundle_was_first(opa: Opa, tmp_path: Path) -> None:
    with run(opa, tmp_path) as running:
        running.publish(opa, identity=TAKES_RULES)
        running.wait_for("identity", None)
        running.publish(opa, scopegate=RULES)
        running.wait_for("scopegate", OVERLAP)
        assert running.ask("data/scopegate/decision") == "taken"


def test_a_root_that_nobody_has_is_free_even_over_a_plain_file(opa: Opa, tmp_path: Path) -> None:
    plain = tmp_path / "plain.json"
    plain.write_text('{"scopegate_config": {"of": "operators"}}', encoding="utf-8")
    with run(opa, tmp_path, str(plain)) as running:
        assert running.ask("data/scopegate_config/of") == "operators"
        running.publish(opa, identity=TAKES_MORE)
        running.wait_for("identity", None)
        assert running.ask("data/scopegate_config/of") == "identities"


def test_roots_of_a_bundle_on_the_command_line_are_taken(opa: Opa, tmp_path: Path) -> None:
    folder = tmp_path / "configuration"
    folder.mkdir()
    (folder / ".manifest").write_text('{"roots": ["scopegate_config", "system"]}')
    (folder / "data.json").write_text('{"scopegate_config": {"of": "operators"}}')
    with run(opa, tmp_path, "--bundle", str(folder)) as running:
        running.publish(opa, scopegate=RULES, identity=TAKES_MORE)
        running.wait_for("identity", "detected overlapping roots in manifests")
        running.wait_for("scopegate", None)
        assert running.ask("data/scopegate_config/of") == "operators"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Key]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: make_key(folder / name) for name in ("rules", "identities")}


KEYS_FOR_RULES: dict[str, tuple[dict[str, str], tuple[str, str], str | None]] = {
    "its own": ({"scope": "rules", "keyid": "rules"}, ("rules", "rules"), None),
    "another": (
        {"scope": "rules", "keyid": "rules"},
        ("identities", "rules"),
        "failed to verify JWT signature: crypto/rsa: verification error",
    ),
    "another, and none is named": ({"scope": "rules"}, ("identities", "rules"), None),
    "another for its own scope": ({"scope": "rules"}, ("identities",) * 2, "scope mismatch"),
}


@pytest.mark.parametrize("name", KEYS_FOR_RULES)
def test_a_key_is_for_one_bundle_where_the_bundle_names_it(
    opa: Opa, tmp_path: Path, keys: dict[str, Key], name: str
) -> None:
    wanted, (key_id, scope), message = KEYS_FOR_RULES[name]
    signing = Signing(keys[key_id].private, key_id, scope)
    with run(opa, tmp_path, keys=keys, scopegate=wanted) as running:
        signed = sign_bundle(make_package(RULES), signing, opa=opa)
        replace_file(running.folder / "scopegate", signed)
        running.wait_for("scopegate", message)
