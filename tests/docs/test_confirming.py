"""The commands of docs/confirming.md, asked of an OPA that wants a token."""

import re
import shlex
import sys
from pathlib import Path

from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port
from tests.docs.blocks import PROJECT, Block, read_blocks
from tests.docs.typing_commands import WAIT, change, hide_varying, make_checkout, type_commands

PAGE = "docs/confirming.md"
CONFIRM, REFUSED, ASK = read_blocks(PAGE)
START = """examples/opa/make_token.py tokens.json client >client.token
opa run --server --addr {address} --authentication token --authorization basic --log-level error \
    --set bundles.scopegate.resource=file://{bundle} \
    examples/opa/system system.tokens:tokens.json >served 2>&1 &
{wait}"""


def test_the_commands_of_the_page(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    address = f"127.0.0.1:{find_free_port()}"
    start = START.format(address=address, bundle=bundle, wait=WAIT.format(address=address))
    pytest = f"{shlex.quote(sys.executable)} -m pytest -c {PROJECT / 'pyproject.toml'}"
    script = change(
        f"{start}{CONFIRM.commands}{exiting(REFUSED, 4)}{exiting(ASK, 1)}",
        {".venv/bin/pytest": pytest, "tests/cases": str(PROJECT / "tests/cases")},
    )
    with type_commands(script.replace("127.0.0.1:8181", address), tmp_path, opa) as printed:
        told = printed.replace(address, "127.0.0.1:8181")
    blocks = (CONFIRM, REFUSED, ASK)
    assert hide_counts(told) == hide_counts("".join(block.printed for block in blocks))


def exiting(block: Block, code: int) -> str:
    """The command of a block that is to end with a code."""
    return f"{block.commands.rstrip()} || test $? -eq {code}\n"


def hide_counts(printed: str) -> list[str]:
    """The lines that say something, without counts and the tests' progress."""
    lines = [line for line in hide_varying(printed).splitlines() if line and "%]" not in line]
    return [re.sub(r"^\d+ (decisions|passed)|\b\d+(\.\d+)? ?s$", r"… \1", line) for line in lines]
