"""A running OPA asked over several connections at once, as fast as it answers."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from scopegate.errors import ScopegateError
from scopegate.live.asking import split_url

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASKER: Final = Path(__file__).with_name("asker.py")


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it: what each answer took, in microseconds, and how many came in a second.

    `client` are the microseconds of this machine's processors that the asking of one took.
    """

    taken: tuple[float, ...]
    rate: float
    client: float


class Askers:
    """Processes that each have one connection to `url`; a context manager.

    `token` is for an OPA that answers only whom it knows.
    """

    def __init__(self, number: int, url: str, *, token: str | None = None) -> None:
        self._url = url
        self._token = token
        self._stack = ExitStack()
        self._askers = [_Asker(self._stack) for _ in range(number)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def ask(
        self,
        path: str,
        bodies: Sequence[bytes],
        *,
        connections: int = 1,
        answers: int | None = None,
        seconds: float | None = None,
    ) -> Asked:
        """Send each of the bodies in turns over so many of the connections, and wait for answers.

        Each connection asks until it has so many answers, or for so long. Raises ScopegateError
        where an answer is an error.
        """
        host, port, authorities = locate(self._url)
        told = json.dumps(
            {
                "authority": urlsplit(self._url).netloc,
                "host": host,
                "port": port,
                "authorities": authorities,
                "token": self._token,
                "path": path,
                "bodies": [body.decode() for body in bodies],
                "answers": sys.maxsize if answers is None else answers,
                # More than anybody waits.
                "seconds": 1e6 if seconds is None else seconds,
            }
        )
        chosen = self._askers[:connections]
        for asker in chosen:
            asker.tell(told)
        ready = [asker.hear() for asker in chosen]
        for asker, said in zip(chosen, ready, strict=True):
            if "error" not in said:
                asker.tell("")
        heard = [
            said if "error" in said else asker.hear()
            for asker, said in zip(chosen, ready, strict=True)
        ]
        for said in heard:
            if "error" in said:
                raise ScopegateError(f"{self._url}{path}: {said['error']}")
        number = sum(len(each["taken"]) for each in heard)
        return Asked(
            taken=tuple(time / 1000 for each in heard for time in each["taken"]),
            rate=math.fsum(len(each["taken"]) / each["seconds"] for each in heard),
            client=math.fsum(each["spent"] for each in heard) / number * 1e6,
        )


class _Asker:
    """One process, which ends where its standard input does."""

    def __init__(self, stack: ExitStack) -> None:
        process = stack.enter_context(
            subprocess.Popen(
                [sys.executable, str(_ASKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        if process.stdin is None or process.stdout is None:
            raise AssertionError
        self._told: IO[str] = process.stdin
        self._tells: IO[str] = process.stdout
        stack.callback(process.stdin.close)

    def tell(self, line: str) -> None:
        """Write it a line."""
        self._told.write(f"{line}\n")
        self._told.flush()

    def hear(self) -> dict[str, Any]:
        """Read its next line."""
        line = self._tells.readline()
        if not line:
            raise ScopegateError("a process that asks has ended")
        said: dict[str, Any] = json.loads(line)
        return said


def locate(url: str) -> tuple[str, int, str | None]:
    """Return host and port, and for HTTPS the file of the authorities that the client trusts."""
    host, port, is_secure = split_url(url)
    if not is_secure:
        return host.strip("[]"), port, None
    # It takes long to import, and most servers have none.
    from requests.utils import DEFAULT_CA_BUNDLE_PATH  # noqa: PLC0415

    return host.strip("[]"), port, os.environ.get("REQUESTS_CA_BUNDLE") or DEFAULT_CA_BUNDLE_PATH
