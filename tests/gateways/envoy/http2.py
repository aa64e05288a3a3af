"""As much of HTTP/2 as it takes to send a request (RFC 9113, 7541)."""

import socket
from collections.abc import Mapping
from typing import BinaryIO

from tests.gateways.envoy.wire import SECONDS

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_HEADERS, _RST_STREAM, _SETTINGS, _GOAWAY = 1, 3, 4, 7
_END_STREAM, _END_HEADERS = 1, 4


def send_http2(port: int, method: str, path: str, headers: Mapping[str, str]) -> None:
    """Send a request without a body, and wait until it was answered or refused."""
    fields = {":method": method, ":scheme": "http", ":authority": "evs.example.com", ":path": path}
    block = b"".join(
        # A literal, never indexed, by its own name.
        b"\x10" + spell(name) + spell(value)
        for name, value in {**fields, **headers}.items()
    )
    with (
        socket.create_connection(("127.0.0.1", port), SECONDS) as connection,
        connection.makefile("rb") as file,
    ):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(
            _PREFACE + frame(_SETTINGS) + frame(_HEADERS, _END_STREAM | _END_HEADERS, 1, block)
        )
        while not is_end(file):
            pass


def is_end(file: BinaryIO) -> bool:
    """Read a frame: whether it is the last one."""
    head = file.read(9)
    if len(head) < len(frame(_SETTINGS)):
        return True
    file.read(int.from_bytes(head[:3]))
    kind, flags, stream = head[3], head[4], int.from_bytes(head[5:])
    return kind in {_RST_STREAM, _GOAWAY} or (stream == 1 and bool(flags & _END_STREAM))


def frame(kind: int, flags: int = 0, stream: int = 0, content: bytes = b"") -> bytes:
    return len(content).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + content


def spell(text: str) -> bytes:
    """A string as it is, after its length."""
    data = text.encode("latin-1")
    rest = len(data) - 0x7F
    if rest < 0:
        return bytes([len(data)]) + data
    length = b"\x7f"
    while rest >= 0x80:
        length += bytes([rest & 0x7F | 0x80])
        rest >>= 7
    return length + bytes([rest]) + data
