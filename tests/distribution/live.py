"""An OPA that fetches its bundle as a file of examples/bundles/ says, and what it tells of that."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from scopegate.live.opa import Opa
from scopegate.live.serving import run_server
from tests.examples.sidecar import read_command

EXAMPLES = Path(__file__).parents[2] / "examples" / "bundles"
NAME = "huaweicloud.tar.gz"
SIGNED = "huaweicloud.signed.tar.gz"
SECONDS = 30
HASTE = ("polling.min_delay_seconds=1", "polling.max_delay_seconds=1")
"""A test does not wait as long as the examples do."""


@contextmanager
def run_example(opa: Opa, example: str, service: str, folder: Path, *args: str) -> Iterator[str]:
    """Run OPA by an example, changed by more arguments; gives its URL.

    `service` is where the bundles are, and `folder` is for what OPA writes.
    """
    settings = [
        f"services.bundles.url={service}",
        f"persistence_directory={folder / 'persisted'}",
        *(f"bundles.scopegate.{setting}" for setting in HASTE),
    ]
    command = read_options(example)
    for setting in settings:
        command += ["--set", setting]
    with run_server(opa, [*command, *args], log=folder / "opa.log") as (url, _):
        yield url


def read_options(example: str) -> list[str]:
    """The options that the example's command has, less the address and the keys."""
    words = read_command(EXAMPLES / example, "#   ")
    assert words[:5] == ["opa", "run", "--server", "--addr", "127.0.0.1:8181"]
    assert words[5:9] == ["--config-file", example, "--log-level", "error"]
    assert set(words[9::2]) <= {"--set-file"}
    return ["--config-file", str(EXAMPLES / example), *words[7:9]]


def read_status(url: str) -> dict[str, Any]:
    """What `GET /v1/status` says of the bundle; empty as long as nobody answers."""
    try:
        answer = requests.get(f"{url}/v1/status", timeout=5).json()
    except requests.ConnectionError:
        return {}
    status: dict[str, Any] = answer["result"].get("bundles", {}).get("scopegate", {})
    return status


def has_activated(url: str, revision: str) -> bool:
    """Tell whether this revision is the active one."""
    return bool(read_status(url).get("active_revision") == revision)


def wait_for(what: Callable[[], Any]) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.05)


def wait_for_error(url: str) -> str:
    """Wait until the status has an error, and return what it says."""
    wait_for(lambda: "message" in read_status(url))
    status = read_status(url)
    return f"{status['code']}: {status['message']}"


def answers(url: str) -> bool:
    """Tell whether anything answers there."""
    try:
        requests.get(url, timeout=5)
    except requests.ConnectionError:
        return False
    return True
