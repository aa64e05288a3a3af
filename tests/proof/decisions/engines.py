"""What decides: OPA's server, and other engines that run the same policy.

Each is asked about a batch of inputs, and gives for each a decision, or in words why there is none.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, Protocol, TypeAlias

import requests

from tests.harness.alike import DECISIONS
from tests.oracle import Decision, Given

Answer: TypeAlias = "Decision | str"

_SECONDS: Final = 120
_STOP_SECONDS: Final = 5


class Engine(Protocol):
    """Whatever decides."""

    def decide_all(self, inputs: Sequence[Given]) -> list[Answer]:
        """The answer to each input, in their order."""


class Server:
    """A running OPA, asked about many inputs in one query."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()

    def decide_all(self, inputs: Sequence[Given]) -> list[Answer]:
        """As Engine. What has no decision spoils its batch, so it is asked for one by one then."""
        body: Any = {"query": DECISIONS, "input": inputs}
        response = self._session.post(f"{self._url}/v1/query", json=body, timeout=_SECONDS)
        if response.ok:
            answers: list[Answer] = response.json()["result"][0]["answer"]
            if len(answers) == len(inputs):
                return answers
        if len(inputs) == 1:
            return ["undefined" if response.ok else response.text]
        return [answer for each in inputs for answer in self.decide_all([each])]


class Program:
    """An engine in a process of its own, asked line by line (see tests.proof.decisions.wasm)."""

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        self._process = process
        self._log = log

    def decide_all(self, inputs: Sequence[Given]) -> list[Answer]:
        """As Engine."""
        line = ""
        watch = threading.Timer(_SECONDS, self._process.kill)
        watch.daemon = True
        watch.start()
        try:
            with suppress(BrokenPipeError):
                pipe_to(self._process).write(f"{json.dumps(inputs)}\n")
                pipe_to(self._process).flush()
                line = pipe_from(self._process).readline()
        finally:
            watch.cancel()
        if not line:
            said = self._log.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"{self._process.args!r} has ended: {said}")
        answers: list[Answer] = json.loads(line)
        if len(answers) != len(inputs):
            told = f"{len(answers)} answers to {len(inputs)} inputs"
            raise RuntimeError(f"{self._process.args!r} gives {told}")
        return answers


def pipe_to(process: "subprocess.Popen[str]") -> IO[str]:
    """The standard input of a process that was started with one."""
    assert process.stdin is not None
    return process.stdin


def pipe_from(process: "subprocess.Popen[str]") -> IO[str]:
    """The standard output, as above."""
    assert process.stdout is not None
    return process.stdout


@contextmanager
def start_program(command: Sequence[str], log: Path) -> Iterator[Program]:
    """Run an engine; it is stopped at the end. What it says beside answers goes to `log`."""
    pipe = subprocess.PIPE
    with (
        log.open("wb") as said,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=said, text=True) as process,
    ):
        try:
            yield Program(process, log)
        finally:
            # What a process that has ended did not read is nobody's any more.
            with suppress(OSError):
                pipe_to(process).close()
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def start_wasm(module: Path, data: Mapping[str, Any], folder: Path) -> Iterator[Program]:
    """Run a policy as WebAssembly; what it needs is written into `folder`."""
    file = folder / "wasm.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    command = [sys.executable, "-m", "tests.proof.decisions.wasm", str(module), str(file)]
    with start_program(command, folder / "wasm.log") as program:
        yield program
