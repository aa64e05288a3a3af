"""The commands of docs/identity.md that ask: of a server, and of the bundles themselves."""

import re
import shutil
from pathlib import Path

from scopegate.opa import Opa
from scopegate.serving import find_free_port
from tests.docs.blocks import PROJECT, read_blocks
from tests.docs.typing_commands import make_checkout, type_commands

PAGE = "docs/identity.md"


def test_a_subject_is_asked_for_by_its_id(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    shutil.copytree(bundle.parent, tmp_path / "bundle")
    shutil.copytree(PROJECT / "tests/identity/exports", tmp_path / "exports")
    (build,) = read_blocks(PAGE, "## Build", "### Whole or not at all")
    (ask,) = read_blocks(PAGE, "## Ask", "## Check")
    script = f"{build.commands.rstrip()} >built\n{ask.commands}"
    with type_commands(script.replace("8181", str(find_free_port())), tmp_path, opa) as printed:
        # Of root, as whom the tests run on some machines, OPA warns in a line of JSON.
        told = [line for line in printed.splitlines() if not line.startswith("{")]
    assert hide_revisions(told) == hide_revisions(ask.printed.splitlines())


def hide_revisions(lines: list[str]) -> list[str]:
    """The page need not change with each bundle."""
    return [re.sub(r"^(  revision  )\w{12}$", r"\1…", line) for line in lines]
