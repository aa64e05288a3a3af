"""A bundle service as plain as it can be: a server of static files that sends an ETag."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any


class BundleService(SimpleHTTPRequestHandler):
    """Answers 304 to whoever has the file already, and notes each answer in `answers`."""

    def __init__(self, *args: Any, answers: list[int], **kwargs: Any) -> None:  # noqa: ANN401
        self._answers = answers
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        data = file.read_bytes()
        etag = f'"{hashlib.sha256(data).hexdigest()}"'
        known = self.headers["If-None-Match"] == etag
        self.send_response(HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK)
        self.send_header("ETag", etag)
        if not known:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if not known:
            self.wfile.write(data)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002
        self._answers.append(int(code))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody reads it."""


@contextmanager
def serve_files(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Serve the files of a folder; gives the URL, and the status of each answer as it is given."""
    answers: list[int] = []
    handler = partial(BundleService, answers=answers, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", answers
        finally:
            server.shutdown()
            thread.join()
