"""A bundle service that keeps a request until there is news, as OPA's long polling wants it."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any

CONTENT_TYPE = "application/vnd.openpolicyagent.bundles"
"""What tells OPA that it may ask the service to wait."""


class Shelf:
    """Has one bundle at a time, and knows which one OPA has."""

    def __init__(self, bundle: bytes) -> None:
        self._changed = Condition()
        self._bundle = bundle
        self._taken = ""
        self._is_open = True
        self.url = ""
        self.waits: list[int] = []
        """The seconds that OPA offered to wait, for each of its requests; 0 where it did not."""
        self.answers: list[int] = []

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self._bundle).hexdigest()}"'

    def publish(self, bundle: bytes) -> None:
        """Put another bundle in the place of the one that is here."""
        with self._changed:
            self._bundle = bundle
            self._changed.notify_all()

    def wait_until_active(self, seconds: float = 30) -> None:
        """Wait until OPA asks for what comes after this bundle: it has activated it."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._taken == self.etag, seconds)

    def take(self, known: str, wait: int) -> bytes | None:
        """The bundle, or None if it is still the one that is known after `wait` seconds."""
        with self._changed:
            self.waits.append(wait)
            self._taken = known
            self._changed.notify_all()
            self._changed.wait_for(lambda: self.etag != known or not self._is_open, timeout=wait)
            news = self.etag != known
            self.answers.append(HTTPStatus.OK if news else HTTPStatus.NOT_MODIFIED)
            return self._bundle if news else None

    def close(self) -> None:
        """Answer whoever waits."""
        with self._changed:
            self._is_open = False
            self._changed.notify_all()


class _Service(BaseHTTPRequestHandler):
    def __init__(self, *args: Any, shelf: Shelf, **kwargs: Any) -> None:  # noqa: ANN401
        self._shelf = shelf
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        wait = re.search(r"\bwait=(\d+)", self.headers["Prefer"])
        bundle = self._shelf.take(self.headers["If-None-Match"] or "", int(wait[1]) if wait else 0)
        with suppress(ConnectionError):  # whoever waited may be gone
            self._answer(bundle)

    def _answer(self, bundle: bytes | None) -> None:
        self.send_response(HTTPStatus.NOT_MODIFIED if bundle is None else HTTPStatus.OK)
        self.send_header("ETag", self._shelf.etag)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(bundle or b"")))
        self.end_headers()
        self.wfile.write(bundle or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody reads it."""


@contextmanager
def serve_shelf(bundle: bytes) -> Iterator[Shelf]:
    """Serve what is on the shelf, whatever the path; `bundle` to begin with."""
    shelf = Shelf(bundle)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Service, shelf=shelf)) as server:
        shelf.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield shelf
        finally:
            shelf.close()
            server.shutdown()
            thread.join()
