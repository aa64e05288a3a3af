"""The command of docs/performance.md, asked of a server of our own."""

import re
from pathlib import Path

from scopegate.live.opa import Opa
from tests.docs.blocks import read_blocks
from tests.docs.typing_commands import change, hide_varying, make_checkout, type_commands

PAGE = "docs/performance.md"
(BENCH,) = read_blocks(PAGE)


def hide_figures(printed: str) -> str:
    """What is printed, less its figures and what fills the columns."""
    plain = re.sub(r"[─ ]+", " ", hide_varying(printed))
    return re.sub(r"(?<![\w.])[\d,]*\d(?:\.\d+)?(?![\w.])", "…", plain)


def test_a_server_is_measured_as_the_page_says(opa: Opa, opa_url: str, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    script = change(BENCH.commands, {"http://127.0.0.1:8181": f"{opa_url} --requests 5"})
    with type_commands(script, tmp_path, opa) as printed:
        told = printed.replace(opa_url, "http://127.0.0.1:8181")
    assert hide_figures(told) == hide_figures(BENCH.printed)
