"""The command of docs/explorer.md."""

import shutil
from pathlib import Path

from scopegate.explorer.sdk import SDK_NAME
from scopegate.live.opa import Opa
from tests.docs.blocks import read_blocks
from tests.docs.typing_commands import follow_make, hide_varying, make_checkout, type_commands
from tests.harness.programs import bring_or_skip

PAGE = "docs/explorer.md"
(MAKE,) = read_blocks(PAGE)


def test_the_page_is_made_as_the_page_says(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    sdk = bring_or_skip(SDK_NAME)
    make_checkout(tmp_path, opa)
    shutil.copy(bundle, tmp_path / "bundle")
    (tmp_path / ".tools/bin").mkdir(parents=True)
    shutil.copy(sdk, tmp_path / ".tools/bin")

    with type_commands(follow_make(MAKE.commands), tmp_path, opa) as printed:
        assert hide_varying(printed) == hide_varying(MAKE.printed)
