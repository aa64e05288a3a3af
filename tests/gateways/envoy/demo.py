"""Five telling requests through Envoy: `python -m tests.gateways.envoy.demo`."""

import json
import tempfile
from pathlib import Path
from typing import NamedTuple

from scopegate.cli.output import open_console
from tests.gateways.envoy.running import bring_programs, run_gateway


class Scene(NamedTuple):
    """A request, and what its answer shows."""

    title: str
    caller: str | None
    method: str
    path: str
    lesson: str


SCENES = (
    Scene(
        "Get a snapshot",
        "getter",
        "GET",
        "/v2/p1/snapshots/s1",
        "The token says who calls, the identity bundle what was granted: it passes.",
    ),
    Scene(
        "List the snapshots, where only getting one was granted",
        "getter",
        "GET",
        "/v2/p1/snapshots/detail",
        "The answer is the one that the service itself would give.",
    ),
    Scene(
        "The same, in other letters",
        "getter",
        "GET",
        "/v2/p1/snapshots/s1%2f..%2fdetail",
        "What two servers could read differently is refused.",
    ),
    Scene(
        "Call without a token",
        None,
        "GET",
        "/v2/p1/snapshots",
        "No identity, no access …",
    ),
    Scene(
        "Ask whether all is well, without a token",
        None,
        "GET",
        "/health",
        "… but to what the operator lets through.",
    ),
)


def main() -> None:
    """Run Envoy, OPA and a test upstream, and show what callers get."""
    console = open_console()
    with tempfile.TemporaryDirectory(prefix="scopegate-") as name:
        folder = Path(name)
        with run_gateway(bring_programs(folder), folder) as gateway:
            for number, scene in enumerate(SCENES, start=1):
                answer = gateway.call(scene.method, scene.path, scene.caller)
                seen = "reached the upstream" if gateway.upstream.take() else "went no further"
                said = json.loads(answer.body)["error"] if answer.body else {}
                told = " ".join(filter(None, (said.get("code"), said.get("message"))))
                console.print(f"{number}  {scene.title}", style="bold", soft_wrap=True)
                who = f"token of {scene.caller}" if scene.caller else "no token"
                console.print(f"   {scene.method} {scene.path}  ({who})", soft_wrap=True)
                console.print(f"   {answer.status}  {told}".rstrip(), soft_wrap=True)
                console.print(f"   It {seen}. {scene.lesson}", style="dim", soft_wrap=True)
                console.print()


if __name__ == "__main__":
    main()
