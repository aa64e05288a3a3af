"""One connection that asks as fast as it is answered: a process, so that none waits for another.

It is told what to do in lines of JSON and answers with one each. Python's own HTTP client would
take as long as the server: here a request is sent as bytes that were made before, and of an answer
only its end is looked for.
"""
# Run as a script, it starts at once: nothing of the project is imported.

from __future__ import annotations

import json
import resource
import socket
import sys
import time
from typing import Any

_WARM_UP = 20
_RECEIVED = 1 << 16


def serve() -> None:
    """Do what each line says, until there is none."""
    for line in sys.stdin:
        told = json.loads(line)
        connection = socket.create_connection((told["host"], told["port"]))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection:
            request = _spell(told)
            for _ in range(_WARM_UP):
                _ask(connection, request)
            print("ready", flush=True)
            sys.stdin.readline()
            print(json.dumps(_ask_for(connection, request, told["seconds"])), flush=True)


def _spell(told: dict[str, Any]) -> bytes:
    body = told["body"].encode()
    head = (
        f"POST {told['path']} HTTP/1.1\r\nHost: {told['host']}:{told['port']}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _ask_for(connection: socket.socket, request: bytes, seconds: float) -> dict[str, Any]:
    """Ask for so long; return what each answer took, in nanoseconds, and the client's own cost."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    taken = []
    started = asked = time.perf_counter_ns()
    end = started + int(seconds * 1e9)
    while asked < end:
        _ask(connection, request)
        answered = time.perf_counter_ns()
        taken.append(answered - asked)
        asked = answered
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"taken": taken, "seconds": (asked - started) / 1e9, "spent": spent}


def _ask(connection: socket.socket, request: bytes) -> None:
    connection.sendall(request)
    received = connection.recv(_RECEIVED)
    while not _is_whole(received):
        more = connection.recv(_RECEIVED)
        if not more:
            raise ConnectionError("the server closes the connection")
        received += more
    if not received.startswith(b"HTTP/1.1 200 "):
        raise ConnectionError(received.decode(errors="replace"))


def _is_whole(received: bytes) -> bool:
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return False
    _, named, length = head.lower().partition(b"\r\ncontent-length: ")
    if named:
        return len(body) >= int(length.partition(b"\r\n")[0])
    return body.endswith(b"0\r\n\r\n")  # in chunks


if __name__ == "__main__":
    serve()
