"""Envoy and OPA, run by the files of examples/envoy/ but for ports, keys and addresses."""

import json
import re
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scopegate.asking import Server
from scopegate.identity.bundle import build_identity_bundle
from scopegate.identity.model import Identities
from scopegate.opa import Opa, check_opa
from scopegate.serving import find_free_port, run_server
from tests.examples.bundle_service import serve_files
from tests.gateways.envoy.made import IDENTITY
from tests.gateways.envoy.tokens import Issuer
from tests.gateways.envoy.upstream import Upstream, run_upstream
from tests.gateways.envoy.wire import Answer, Wire, connect
from tests.harness.programs import bring

PROJECT = Path(__file__).parents[3]
EXAMPLES = PROJECT / "examples"
SECONDS = 20

PATH_HANDLING = ("normalize_path", "merge_slashes", "path_with_escaped_slashes_action")
"""What envoy.yaml asks of Envoy beyond what it does anyway; so does HEADER_HANDLING."""
HEADER_HANDLING = "common_http_protocol_options"


@dataclass(frozen=True)
class Gateway:
    """A running Envoy, connected to, and what stands behind it."""

    wire: Wire
    upstream: Upstream
    issuer: Issuer
    log: Path
    """What OPA logs."""

    @property
    def port(self) -> int:
        """Where Envoy listens."""
        return self.wire.port

    def call(
        self,
        method: str,
        target: str | bytes,
        caller: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Send a request with the token of a caller of project p1."""
        sent = dict(headers or {})
        if caller is not None:
            sent["Authorization"] = f"Bearer {self.issuer.name(caller)}"
        return self.wire.call(method, target, sent, body)


@dataclass(frozen=True)
class Programs:
    """The programs and files that a gateway is run with."""

    envoy: Path
    opa: Opa
    issuer: Issuer
    bundle: Path


def bring_programs(issuer: Issuer, bundle: Path) -> Programs:
    """Bring them; ScopegateError where there is no Envoy for this machine."""
    return Programs(bring("envoy"), check_opa(str(bring("opa-envoy")), "opa-envoy"), issuer, bundle)


@contextmanager
def run_gateway(
    programs: Programs,
    folder: Path,
    *,
    config: Mapping[str, Any] | None = None,
    hardened: bool = True,
    bundle: Path | None = None,
) -> Iterator[Gateway]:
    """Run all of it; `config` are members that scopegate.json has not, or has otherwise."""
    files = folder / "files"
    files.mkdir()
    shutil.copy(bundle or programs.bundle, files / "huaweicloud.tar.gz")
    build_identity_bundle(
        Identities(**IDENTITY), output=files / "identity.tar.gz", opa=programs.opa
    )
    with ExitStack() as stack:
        upstream = stack.enter_context(run_upstream())
        bundles, _ = stack.enter_context(serve_files(files))
        opa, port = stack.enter_context(run_opa(programs.opa, bundles, folder, config))
        wait_for_bundles(opa)
        wire = stack.enter_context(
            run_envoy(programs, folder, Ports(upstream.port, port), hardened=hardened)
        )
        yield Gateway(wire, upstream, programs.issuer, folder / "opa.log")


def wait_for_bundles(url: str) -> None:
    with Server(url) as server:
        wait_for(server.is_healthy)


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.02)


@contextmanager
def run_opa(
    opa: Opa, bundles: str, folder: Path, config: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, int]]:
    """Run OPA with what a service of bundles has; gives its URL, and the port that Envoy asks."""
    port = find_free_port()
    file = folder / "scopegate.json"
    file.write_text(json.dumps({"scopegate_config": read_config() | dict(config or {})}))
    args = read_args(file)
    for name, value in {
        "services.bundles.url": bundles,
        "plugins.envoy_ext_authz_grpc.addr": f"127.0.0.1:{port}",
    }.items():
        args += ["--set", f"{name}={value}"]
    with run_server(opa, args, log=folder / "opa.log") as (url, _):
        wait_for(lambda: is_listening(port))
        yield url, port


def read_args(config: Path) -> list[str]:
    """The command that opa.yaml tells, less the address, with the files where they are."""
    text = (EXAMPLES / "envoy/opa.yaml").read_text(encoding="utf-8")
    found = re.search(r"^#   (opa run (?:.*\\\n#)*.*)$", text, re.MULTILINE)
    assert found, "opa.yaml does not say how to run it"
    words = shlex.split(found[1].replace("\\\n#", " "))
    assert words[:5] == ["opa", "run", "--server", "--addr", "127.0.0.1:8181"]
    files = {
        "opa.yaml": str(EXAMPLES / "envoy/opa.yaml"),
        "scopegate.json": str(config),
        "../opa/system": str(EXAMPLES / "opa/system"),
    }
    assert files.keys() <= set(words)
    return [files.get(word, word) for word in words[5:]]


def read_decisions(gateway: Gateway) -> list[dict[str, Any]]:
    """The lines of OPA's decision log, less those of requests that OPA-Envoy itself refused."""
    lines = [json.loads(line) for line in gateway.log.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line["msg"] == "Decision Log" and "result" in line]


def read_config() -> dict[str, Any]:
    """What scopegate.json says."""
    document = json.loads((EXAMPLES / "envoy/scopegate.json").read_text(encoding="utf-8"))
    config: dict[str, Any] = document["scopegate_config"]
    return config


@dataclass(frozen=True)
class Ports:
    """Where Envoy finds what it talks to."""

    upstream: int
    opa: int


@contextmanager
def run_envoy(
    programs: Programs, folder: Path, ports: Ports, *, hardened: bool = True
) -> Iterator[Wire]:
    """Run Envoy by envoy.yaml, and connect to it.

    Without `hardened` it handles paths and header names as it does where it is told nothing.
    """
    port = find_free_port()
    file = write_envoy(programs.issuer, folder, port, ports, hardened=hardened)
    command = [str(programs.envoy), "--config-path", str(file), "--log-level", "error"]
    command += ["--concurrency", "1", "--use-dynamic-base-id"]
    with (
        (folder / "envoy.log").open("wb") as log,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process,
    ):
        try:
            wait_for(lambda: is_listening(port) or process.poll() is not None)
            assert process.poll() is None, (folder / "envoy.log").read_text()
            with connect(port) as wire:
                yield wire
        finally:
            process.kill()


def write_envoy(issuer: Issuer, folder: Path, port: int, ports: Ports, *, hardened: bool) -> Path:
    """Write envoy.yaml as it is for this run."""
    config = yaml.safe_load((EXAMPLES / "envoy/envoy.yaml").read_text(encoding="utf-8"))
    (listener,) = config["static_resources"]["listeners"]
    listener["address"]["socket_address"]["port_value"] = port
    for cluster in config["static_resources"]["clusters"]:
        (group,) = cluster["load_assignment"]["endpoints"]
        (endpoint,) = group["lb_endpoints"]
        address = endpoint["endpoint"]["address"]["socket_address"]
        address["port_value"] = ports.opa if cluster["name"] == "opa" else ports.upstream
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    tokens = manager["http_filters"][0]["typed_config"]["providers"]["tokens"]
    keys = folder / "jwks.json"
    keys.write_text(issuer.jwks())
    tokens["local_jwks"]["filename"] = str(keys)
    if not hardened:
        for name in (*PATH_HANDLING, HEADER_HANDLING):
            del manager[name]
    file = folder / "envoy.yaml"
    file.write_text(yaml.safe_dump(config))
    return file


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), SECONDS).close()
    except ConnectionRefusedError:
        return False
    return True
