"""What stands behind Envoy: a server that notes each request byte by byte, and parses none."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread


@dataclass(frozen=True)
class Seen:
    """A request as it came: the words of its first line, its headers as spelled, its body."""

    method: bytes
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass(frozen=True)
class Upstream:
    """A running upstream, and what it has seen."""

    port: int
    seen: list[Seen] = field(default_factory=list)

    def take(self) -> list[Seen]:
        """What was seen since this was asked last."""
        taken = self.seen[:]
        del self.seen[: len(taken)]
        return taken


@contextmanager
def run_upstream() -> Iterator[Upstream]:
    """Run it until the end; whoever is connected must have gone by then."""

    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True

        def handle(self) -> None:
            while line := self.rfile.readline():
                method, _, rest = line.rstrip(b"\r\n").partition(b" ")
                target = rest.rpartition(b" ")[0]
                headers = tuple(self.read_headers())
                upstream.seen.append(Seen(method, target, headers, self.read_body(dict(headers))))
                self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

        def read_headers(self) -> Iterator[tuple[bytes, bytes]]:
            while line := self.rfile.readline().rstrip(b"\r\n"):
                name, _, value = line.partition(b": ")
                yield name, value

        def read_body(self, headers: dict[bytes, bytes]) -> bytes:
            if headers.get(b"transfer-encoding") != b"chunked":
                return self.rfile.read(int(headers.get(b"content-length", b"0")))
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        upstream = Upstream(server.server_address[1])
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield upstream
        finally:
            server.shutdown()
            thread.join()
