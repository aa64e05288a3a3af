"""The commands of docs/identity.md, in the order of the page, print what it says."""

import shutil
from pathlib import Path

from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port
from tests.docs.blocks import read_blocks
from tests.docs.typing_commands import change, hide_varying, make_checkout, type_commands
from tests.identity.made import EXPORTS

PAGE = "docs/identity.md"


def test_the_commands_of_the_page(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    shutil.copy(bundle, tmp_path / "bundle")
    shutil.copytree(EXPORTS, tmp_path / "exports")
    consoles = [block for block in read_blocks(PAGE) if block.has_commands]
    assert len(consoles) == 3
    script = "".join(console.commands for console in consoles)
    script = change(script, {"8181": str(find_free_port())})
    with type_commands(script, tmp_path, opa) as printed:
        pass
    assert hide_varying(printed) == hide_varying("".join(each.printed for each in consoles))
