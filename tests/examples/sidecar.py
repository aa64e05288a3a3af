"""The OPA of examples/opa/, run as its files say."""

import json
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port, run_server
from tests.examples.signing import Signer

EXAMPLES = Path(__file__).parents[2] / "examples"
ROLES = ("client", "metrics", "operator")
SECONDS = 20


@dataclass(frozen=True)
class Answer:
    """What OPA answers, whatever it is."""

    status: int
    text: str

    def read(self) -> Any:  # noqa: ANN401  # whatever was asked for
        return json.loads(self.text)


@dataclass(frozen=True)
class Sidecar:
    """A running OPA at a URL, its log, and a token for each role."""

    url: str
    log: Path
    diagnostics: str
    tokens: Mapping[str, str] = field(repr=False)

    def call(  # noqa: PLR0913  # the parts of a request
        self,
        method: str,
        path: str,
        *,
        role: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        address: str = "",
    ) -> Answer:
        """Send the path just as it is spelled here, which `requests` would not do."""
        sent = dict(headers or {})
        if role is not None:
            sent["Authorization"] = f"Bearer {self.tokens[role]}"
        connection = HTTPConnection((address or self.url).removeprefix("http://"), timeout=SECONDS)
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode())
        finally:
            connection.close()

    def ask(
        self,
        question: object,
        path: str = "/v1/data/scopegate/decision",
        *,
        role: str | None = "client",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask a question, in the form of OPA's v1 API."""
        body = json.dumps({"input": question}).encode()
        return self.call("POST", path, role=role, headers=headers, body=body)

    def read_revision(self) -> str | None:
        """The revision that it decides by; None while there is none."""
        decision = self.ask({}).read().get("result", {})
        revision: str | None = decision.get("revision")
        return revision

    def read_status(self) -> dict[str, Any]:
        answer = self.call("GET", "/v1/status", role="operator").read()
        status: dict[str, Any] = answer["result"]["bundles"]["scopegate"]
        return status


@contextmanager
def run_sidecar(
    opa: Opa, bundles: str, folder: Path, rules: Signer, *, roles: Mapping[str, str] | None = None
) -> Iterator[Sidecar]:
    """Run OPA by the command in hardened.yaml, but for the address of the service and its haste.

    It takes what `rules` signed.
    `roles` are what the file of tokens says instead of a token for each role.
    """
    file = folder / "tokens.json"
    file.unlink(missing_ok=True)
    if roles is None:
        tokens = {role: make_token(file, role) for role in ROLES}
    else:
        tokens = {}
        file.write_text(json.dumps(roles))
    diagnostics = f"127.0.0.1:{find_free_port()}"
    args = [*read_args(file, rules), "--diagnostic-addr", diagnostics]
    changes = {
        "services.bundles.url": bundles,
        "bundles.scopegate.polling.min_delay_seconds": "1",
        "bundles.scopegate.polling.max_delay_seconds": "1",
        "persistence_directory": str(folder / "persisted"),
    }
    for name, value in changes.items():
        args += ["--set", f"{name}={value}"]
    log = folder / "opa.log"
    with run_server(opa, args, log=log) as (url, _):
        sidecar = Sidecar(url, log, f"http://{diagnostics}", tokens)
        wait_for(lambda: is_listening(sidecar))
        yield sidecar


def read_args(tokens: Path, rules: Signer) -> Sequence[str]:
    """The command that hardened.yaml tells, less the address, with the files where they are."""
    words = read_command(EXAMPLES / "opa/hardened.yaml", "#   ")
    assert words[:5] == ["opa", "run", "--server", "--addr", "127.0.0.1:8181"]
    files = {
        "hardened.yaml": str(EXAMPLES / "opa/hardened.yaml"),
        "keys.rules.key=rules.pub.pem": f"keys.rules.key={rules.public}",
        "system": str(EXAMPLES / "opa/system"),
        "system.tokens:tokens.json": f"system.tokens:{tokens}",
    }
    assert files.keys() <= set(words)
    return [files.get(word, word) for word in words[5:]]


def read_command(file: Path, margin: str) -> list[str]:
    """The words of the command that a file tells, on lines that begin with a margin."""
    lines = rf"^{margin}(opa run (?:.*\\\n{margin})*.*)$"
    found = re.search(lines, file.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{file} does not tell how to run OPA"
    return shlex.split(found[1].replace(f"\\\n{margin}", " "))


def make_token(file: Path, role: str) -> str:
    made = subprocess.run(
        [sys.executable, EXAMPLES / "opa/make_token.py", file, role],
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip()


def is_listening(sidecar: Sidecar) -> bool:
    try:
        sidecar.call("GET", "/health")
    except OSError:
        return False
    return True


def wait_for(what: Callable[[], Any]) -> None:
    deadline = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.05)


def wait_for_revision(sidecar: Sidecar, revision: str) -> None:
    wait_for(lambda: sidecar.read_revision() == revision)


def read_decisions(sidecar: Sidecar) -> list[dict[str, Any]]:
    """The lines of its decision log."""
    lines = sidecar.log.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if '"msg":"Decision Log"' in line]
