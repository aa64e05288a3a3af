"""Envoy and OPA, run by the files of examples/envoy/ but for ports, keys and addresses."""

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scopegate.identity.bundle import compose_identities
from scopegate.identity.model import Identities
from scopegate.live.asking import Server
from scopegate.live.opa import Opa, check_opa
from scopegate.live.serving import find_free_port, run_server
from scopegate.packing import Package
from scopegate.project import Project, read_project_tables
from tests.examples.bundle_service import serve_files
from tests.examples.sidecar import EXAMPLES, read_command
from tests.examples.signing import IDENTITY, RULES, Signer, compose_rules, make_signer
from tests.gateways.envoy import made
from tests.gateways.envoy.tokens import Issuer, make_issuer
from tests.gateways.envoy.upstream import Upstream, run_upstream
from tests.gateways.envoy.wire import Answer, Wire, connect
from tests.harness.programs import bring

PROJECT = Path(__file__).parents[3]
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
    """The programs that a gateway is run with, and who makes tokens and bundles for them."""

    envoy: Path
    opa: Opa
    issuer: Issuer
    rules: Signer
    identity: Signer


def bring_programs(folder: Path) -> Programs:
    """Bring them, with keys in a folder; ScopegateError where this machine has no Envoy."""
    return Programs(
        bring("envoy"),
        check_opa(str(bring("opa-envoy")), "opa-envoy"),
        make_issuer(folder),
        make_signer(folder, "rules"),
        make_signer(folder, "identity"),
    )


@contextmanager
def run_gateway(
    programs: Programs,
    folder: Path,
    *,
    config: Mapping[str, Any] | None = None,
    hardened: bool = True,
    project: Path = PROJECT,
) -> Iterator[Gateway]:
    """Run all of it; `config` are members that scopegate.json has not, or has otherwise.

    `project` is whose rules decide.
    """
    files = folder / "files"
    files.mkdir()
    programs.rules.sign(compose_tables(project), files / RULES, programs.opa)
    programs.identity.sign(compose_callers(), files / IDENTITY, programs.opa)
    with ExitStack() as stack:
        upstream = stack.enter_context(run_upstream())
        bundles, _ = stack.enter_context(serve_files(files))
        opa, port = stack.enter_context(run_opa(programs, bundles, folder, config))
        wait_for_bundles(opa)
        wire = stack.enter_context(
            run_envoy(programs, folder, Ports(upstream.port, port), hardened=hardened)
        )
        yield Gateway(wire, upstream, programs.issuer, folder / "opa.log")


def compose_tables(project: Path = PROJECT) -> Package:
    """Compose the bundle of the tables, by the rules of a project."""
    return compose_rules(read_project_tables(Project(PROJECT)), project)


def compose_callers() -> Package:
    """Compose the bundle of who was granted what."""
    return compose_identities(Identities(**made.IDENTITY))


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
    programs: Programs, bundles: str, folder: Path, config: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, int]]:
    """Run OPA with what a service of bundles has; gives its URL, and the port that Envoy asks."""
    port = find_free_port()
    file = folder / "scopegate.json"
    file.write_text(json.dumps({"scopegate_config": read_config() | dict(config or {})}))
    args = read_args(programs, file)
    for name, value in {
        "services.bundles.url": bundles,
        "plugins.envoy_ext_authz_grpc.addr": f"127.0.0.1:{port}",
    }.items():
        args += ["--set", f"{name}={value}"]
    with run_server(programs.opa, args, log=folder / "opa.log") as (url, _):
        wait_for(lambda: is_listening(port))
        yield url, port


def read_args(programs: Programs, config: Path) -> list[str]:
    """The command that opa.yaml tells, less the address, with the files where they are."""
    words = read_command(EXAMPLES / "envoy/opa.yaml", "#   ")
    assert words[:5] == ["opa", "run", "--server", "--addr", "127.0.0.1:8181"]
    files = {
        "opa.yaml": str(EXAMPLES / "envoy/opa.yaml"),
        "scopegate.json": str(config),
        "../opa/system": str(EXAMPLES / "opa/system"),
    }
    for signer in (programs.rules, programs.identity):
        key = f"keys.{signer.name}.key"
        files[f"{key}=../opa/{signer.public.name}"] = f"{key}={signer.public}"
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
