"""`python -m scopegate.tools NAME`: bring a tool into the project in the working directory."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scopegate.errors import ScopegateError
from scopegate.opa import find_opa
from scopegate.tools.bringing import bring
from scopegate.tools.catalog import OPA, TOOLS

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Bring the tool that the command line names; an OPA that the person named is only checked."""
    parser = argparse.ArgumentParser(prog="python -m scopegate.tools", description=__doc__)
    parser.add_argument("tool", choices=TOOLS)
    tool = TOOLS[parser.parse_args(argv).tool]
    try:
        if tool is OPA and os.environ.get("OPA"):
            find_opa(Path.cwd())
        else:
            bring(tool, Path.cwd())
    except (ScopegateError, OSError) as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
