"""Requests as bytes: no client that would bring a path into order before it sends it."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

SECONDS = 20


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where the connection ended without an answer."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def reason(self) -> str | None:
        """Why OPA refused; None where it did not, or was not asked."""
        return self.headers.get("x-scopegate-reason")


class Wire:
    """A connection to one port, opened again where the other side closes it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._open: tuple[socket.socket, BinaryIO] | None = None

    def close(self) -> None:
        if self._open:
            for each in reversed(self._open):
                each.close()
        self._open = None

    def send(self, request: bytes) -> Answer:
        """Send bytes, and read one answer."""
        if self._open is None:
            connection = socket.create_connection(("127.0.0.1", self.port), SECONDS)
            # Else each request waits for the acknowledgement of the one before.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open = connection, connection.makefile("rb")
        connection, file = self._open
        try:
            connection.sendall(request)
            answer = read_answer(file, has_body=not request.startswith(b"HEAD "))
        except ConnectionError:
            answer = Answer(0)
        if not answer.status or answer.headers.get("connection") == "close":
            self.close()
        return answer

    def call(
        self,
        method: str,
        target: str | bytes,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Send a request with a target just as it is spelled."""
        if isinstance(target, str):
            target = target.encode("latin-1")
        lines = {"Host": "evs.example.com", **(headers or {})}
        if body:
            lines["Content-Length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return self.send(
            method.encode() + b" " + target + b" HTTP/1.1\r\n" + head.encode() + b"\r\n" + body
        )


@contextmanager
def connect(port: int) -> Iterator[Wire]:
    wire = Wire(port)
    try:
        yield wire
    finally:
        wire.close()


def read_answer(file: BinaryIO, *, has_body: bool) -> Answer:
    first = file.readline()
    if not first:
        return Answer(0)
    headers = {}
    while line := file.readline().rstrip(b"\r\n").decode("latin-1"):
        name, _, value = line.partition(": ")
        headers[name] = value
    size = int(headers.get("content-length", "0")) if has_body else 0
    return Answer(int(first.split()[1]), headers, file.read(size))
