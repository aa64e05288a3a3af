"""`python -m tools.programs NAME`: bring a tool into the project in the working directory."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scopegate.live.opa import find_opa
from tools.programs.bringing import bring
from tools.programs.catalog import OPA, TOOLS
from tools.programs.order import run_as_program

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Bring the tool that the command line names; an OPA that the person named is only checked."""
    parser = argparse.ArgumentParser(prog="python -m tools.programs", description=__doc__)
    parser.add_argument("tool", choices=TOOLS)
    tool = TOOLS[parser.parse_args(argv).tool]
    is_named = tool is OPA and os.environ.get("OPA")
    return run_as_program(lambda: find_opa(Path.cwd()) if is_named else bring(tool, Path.cwd()))


if __name__ == "__main__":
    sys.exit(main())
