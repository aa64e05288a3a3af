"""`scopegate serve`: an OPA server with the bundle."""

import os
import socket
from typing import Annotated

import typer
from rich.text import Text

from scopegate.cli.options import BundleOption, ProjectOption, locate_bundle, locate_opa
from scopegate.cli.output import open_console
from scopegate.errors import ScopegateError, spell_command
from scopegate.live.asking import DECISION_PATH
from scopegate.location import show_path
from scopegate.packing import read_revision

_PORTS = 1 << 16

_FIRST_QUESTION = """\
{"input": {
  "request": {"method": "POST", "path": "/v2/p1/snapshots"},
  "subject": {"project_id": "p1", "grants": [{
    "scope": {"iam_project": "p1"},
    "policies": [{"Version": "1.1", "Statement": [
      {"Effect": "Allow", "Action": ["evs:snapshots:*", "evs:volumes:get"]}]}]}]}}}"""


def serve(
    opa_arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="-- OPA_ARGS", help="More arguments for `opa run`."),
    ] = None,
    *,
    addr: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Where to listen.")
    ] = "127.0.0.1:8181",
    bundle: BundleOption = None,
    project: ProjectOption = None,
) -> None:
    """Run an OPA server with the bundle, until Ctrl-C.

    OPA takes the place of this command, so its log and its exit code are what you see. It logs
    errors alone, unless it is told otherwise.

    For example:
      scopegate serve
      scopegate serve --addr 127.0.0.1:9191 --bundle /srv/bundles/huaweicloud.tar.gz
      scopegate serve -- --log-level info --authentication token
    """
    served = locate_bundle(bundle, project)
    opa = locate_opa(project)
    _check_address(addr)
    url = f"http://127.0.0.1{addr}" if addr.startswith(":") else f"http://{addr}"
    console = open_console()
    console.print(
        Text.assemble(
            (show_path(served), "bold"), f"  {read_revision(served)[:12]}  at ", (url, "bold cyan")
        ),
        soft_wrap=True,
    )
    console.print(Text("Ask it from another terminal; Ctrl-C stops it.\n", "dim"))
    console.print(f"curl -s {url}{DECISION_PATH} -d '{_FIRST_QUESTION}'\n", soft_wrap=True)
    command = [str(opa.path), "run", "--server", "--addr", addr, "--skip-version-check"]
    command += ["--log-format", "text", "--log-level", "error", "--bundle", str(served)]
    os.execv(command[0], [*command, *(opa_arguments or [])])  # noqa: S606  no shell is wanted


def _check_address(addr: str) -> None:
    """Check that a server can listen there: OPA says it in many lines, where it cannot."""
    host, colon, port = addr.rpartition(":")
    if not (colon and port.isdecimal() and int(port) < _PORTS):
        raise typer.BadParameter(f"{addr} is not HOST:PORT", param_hint="--addr")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    try:
        socket.create_server((host.strip("[]"), int(port)), family=family).close()
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]
        other = spell_command("serve", "--addr HOST:PORT")
        raise ScopegateError(f"{addr}: {reason}; `{other}` takes another address") from None
