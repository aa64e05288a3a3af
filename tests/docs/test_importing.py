"""The commands of docs/importing.md, for the published pages that it reads."""

import shutil
from pathlib import Path

import pytest

from scopegate.live.opa import Opa
from tests.corpus.test_corpus import CORPUS
from tests.docs.blocks import read_blocks
from tests.docs.typing_commands import change, make_checkout, type_commands

PAGE = "docs/importing.md"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the published pages are not here")


def test_the_commands_of_the_page(opa: Opa, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    shutil.copy(CORPUS / "seed/evs-snapshots.zh.md", tmp_path)
    (tmp_path / "api-ref").mkdir()
    for page in CORPUS.glob("otc-rst/nat-gateway/**/*.rst"):
        shutil.copy(page, tmp_path / "api-ref")
    for edition in ("otc-md/as/as-policy.md", "otc-rst/auto-scaling/**/as_policies.rst"):
        shutil.copy(next(CORPUS.glob(edition)), tmp_path)
    consoles = [block for block in read_blocks(PAGE) if block.has_commands]
    compare = "scopegate compare as-policy.md as_policies.rst"
    script = change(
        "".join(console.commands for console in consoles), {compare: f"{compare} || test $? -eq 1"}
    )
    with type_commands(script, tmp_path, opa) as printed:
        assert printed == "".join(console.printed for console in consoles)
