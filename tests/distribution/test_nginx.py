"""nginx as a bundle service, by examples/bundles/nginx.conf."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from scopegate.files import replace_file
from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port, wait_until_ready
from tests.distribution.conftest import Edition
from tests.distribution.live import EXAMPLES, NAME, answers, run_example, wait_for
from tests.harness.programs import bring

# What the machine's own nginx.conf says; all that nginx writes goes below its folder.
AROUND = """
daemon off;
master_process off;
pid nginx.pid;
events {}
http {
    log_format answers '$status';
    access_log answers.log answers;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include conf.d/*.conf;
}
"""


@contextmanager
def serve_with_nginx(folder: Path) -> Iterator[str]:
    """Serve the files of `folder`/bundles; what was answered is in `folder`/answers.log."""
    address = f"127.0.0.1:{find_free_port()}"
    example = (EXAMPLES / "nginx.conf").read_text()
    changed = example.replace("8080", address).replace("/srv/bundles;", f"{folder}/bundles;")
    (folder / "conf.d").mkdir()
    (folder / "conf.d/scopegate.conf").write_text(changed)
    (folder / "nginx.conf").write_text(AROUND)
    command: list[str | Path] = [
        bring("nginx"),
        "-p",
        str(folder),
        "-c",
        "nginx.conf",
        "-e",
        "error.log",
    ]
    with subprocess.Popen(command) as process:
        try:
            wait_for(lambda: answers(f"http://{address}"))
            yield f"http://{address}"
        finally:
            process.terminate()


@pytest.fixture
def bundles(tmp_path: Path, editions: tuple[Edition, Edition]) -> Path:
    """The folder of the bundles, with the older edition."""
    folder = tmp_path / "bundles"
    replace_file(folder / NAME, editions[0].packed)
    return folder


def test_opa_takes_what_is_new_and_only_that(
    opa: Opa, editions: tuple[Edition, Edition], bundles: Path, tmp_path: Path
) -> None:
    older, newer = editions
    log = tmp_path / "answers.log"
    with (
        serve_with_nginx(tmp_path) as service,
        run_example(opa, "polling.yaml", service, tmp_path) as url,
    ):
        wait_until_ready(url, older.revision, log=tmp_path / "opa.log")
        logged = (tmp_path / "opa.log").read_bytes()
        wait_for(lambda: log.read_text().split().count("304") > 2)
        assert log.read_text().split().count("200") == 1
        assert (tmp_path / "opa.log").read_bytes() == logged
        replace_file(bundles / NAME, newer.packed)
        wait_until_ready(url, newer.revision, log=tmp_path / "opa.log")
        wait_for(lambda: log.read_text().split()[-1] == "304")
        assert log.read_text().split().count("200") == 2


def test_bundles_are_all_that_there_is(bundles: Path, tmp_path: Path) -> None:
    (bundles / "notes.txt").write_text("secret")
    with serve_with_nginx(tmp_path) as service:
        got = requests.get(f"{service}/{NAME}", timeout=5)
        assert got.content == (bundles / NAME).read_bytes()
        assert got.headers["Content-Type"] == "application/gzip"
        assert got.headers["ETag"].startswith('"')
        again = {"If-None-Match": got.headers["ETag"]}
        assert requests.get(f"{service}/{NAME}", headers=again, timeout=5).status_code == 304
        for path in ("", "notes.txt", "../nginx.conf", "other.tar.gz"):
            assert requests.get(f"{service}/{path}", timeout=5).status_code == 404
        assert requests.put(f"{service}/{NAME}", data=b"mine", timeout=5).status_code == 403
