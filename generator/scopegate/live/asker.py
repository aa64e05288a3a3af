"""One connection that asks as fast as it is answered: a process, so that none waits for another.

It is told what to do in lines of JSON, and answers with such lines. Python's own clients for HTTP
take as long as the server: here a request is sent as bytes that were made before, and of an answer
only its end is looked for.
"""
# Run as a script it starts at once: nothing of the project is imported.

from __future__ import annotations

import json
import socket
import ssl
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WARM_UP = 5
_RECEIVED = 1 << 16
_PATIENCE = 30.0


def serve(read: Callable[[], str], write: Callable[[object], object]) -> None:
    """Do what each line says, until there is none."""
    while line := read():
        try:
            told = json.loads(line)
            with _connect(told) as connection:
                requests = [_spell(told, body) for body in told["bodies"]]
                for request in requests[:_WARM_UP]:
                    _ask(connection, request)
                write({"ready": True})
                read()
                write(_ask_all(connection, requests, told))
        except OSError as error:
            write({"error": str(error)})


def _connect(told: Mapping[str, Any]) -> socket.socket:
    connection = socket.create_connection((told["host"], told["port"]), timeout=_PATIENCE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not told["authorities"]:
        return connection
    context = ssl.create_default_context(cafile=told["authorities"])
    return context.wrap_socket(connection, server_hostname=told["host"])


def _spell(told: Mapping[str, Any], body: str) -> bytes:
    sent = body.encode()
    lines = [
        f"POST {told['path']} HTTP/1.1",
        f"Host: {told['authority']}",
        "Content-Type: application/json",
        f"Content-Length: {len(sent)}",
        *([f"Authorization: Bearer {told['token']}"] if told["token"] else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + sent


def _ask_all(
    connection: socket.socket, requests: list[bytes], told: Mapping[str, Any]
) -> dict[str, Any]:
    """Ask so often or for so long; tell what each answer took, in nanoseconds, and this process."""
    taken: list[int] = []
    spent = time.process_time()
    started = asked = time.perf_counter_ns()
    end = started + int(told["seconds"] * 1e9)
    while len(taken) < told["answers"] and asked < end:
        _ask(connection, requests[len(taken) % len(requests)])
        answered = time.perf_counter_ns()
        taken.append(answered - asked)
        asked = answered
    return {
        "taken": taken,
        "seconds": (asked - started) / 1e9,
        "spent": time.process_time() - spent,
    }


def _ask(connection: socket.socket, request: bytes) -> None:
    connection.sendall(request)
    received = b""
    while not _is_whole(received):
        more = connection.recv(_RECEIVED)
        if not more:
            raise ConnectionError("the connection was closed before an answer had ended")
        received += more
    if not received.startswith(b"HTTP/1.1 200 "):
        status, _, _ = received.partition(b"\r\n")
        raise ConnectionError(f"an answer is {status.decode(errors='replace')}")


def _is_whole(received: bytes) -> bool:
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return False
    _, named, length = head.lower().partition(b"\r\ncontent-length: ")
    if named:
        return len(body) >= int(length.partition(b"\r\n")[0])
    return body.endswith(b"0\r\n\r\n")  # in chunks


def _write(value: object) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve(sys.stdin.readline, _write)
