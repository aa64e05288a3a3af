"""The commands of docs/bundles.md, in the order of the page: a signed bundle, and another key."""

import re
import shlex
from pathlib import Path

import pytest

from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port
from scopegate.packing import read_revision
from tests.distribution.live import read_status
from tests.distribution.test_signed import VERIFIES
from tests.docs.blocks import PROJECT, read_blocks
from tests.docs.typing_commands import change, follow_make, make_checkout, type_commands

PAGE = "docs/bundles.md"
HASTE = {
    "sleep 40": "sleep 5",
    "signed.yaml ": "signed.yaml --set bundles.scopegate.polling.min_delay_seconds=1"
    " --set bundles.scopegate.polling.max_delay_seconds=1 ",
}
"""A test does not wait as long as the page does."""


def test_the_signed_bundle_and_another_key(opa: Opa, tmp_path: Path) -> None:
    if opa.version < VERIFIES:
        pytest.skip(f"OPA {opa.version} takes unsigned bundles, too")
    make_checkout(tmp_path, opa)
    build = read_blocks(PAGE, "## What is built", "## Ways to serve it")[0]
    others = read_blocks(PAGE, "## Signed bundles", "## Who can write what")
    assert len(others) == 4
    port, service = find_free_port(), find_free_port()
    script = change(
        "".join(block.commands for block in (build, *others)),
        HASTE | {"8181": str(port), "8080": str(service)},
    )
    with type_commands(script, tmp_path, opa):
        status = read_status(f"http://127.0.0.1:{port}")
    assert status["active_revision"] == read_revision(tmp_path / "bundle/huaweicloud.tar.gz")
    assert "message" not in status


def test_make_signs_as_the_command_does() -> None:
    page = Path(PROJECT, PAGE).read_text(encoding="utf-8")
    (command,) = re.findall(r"`(make bundle SIGNING_[^`]*)`", page)
    _, build = read_blocks(PAGE, "## What is built")[0].commands.splitlines()
    setting, *called = shlex.split(follow_make(command))
    assert setting == "SCOPEGATE_RUN_BY=make"
    assert called == shlex.split(build)
