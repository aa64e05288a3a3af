"""A server on this machine that stands for one that has downloads."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Serve the files of a folder, at the address that this gives."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def say_nothing() -> Iterator[str]:
    """Let connections be made, at the address that this gives, and answer none."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        yield f"http://127.0.0.1:{server.server_port}"
