"""`python -m tools.bench`: measure the project in the working directory."""

import sys

from scopegate.cli import make_command
from tools.bench.command import bench
from tools.programs.order import run_as_program

app = make_command("bench", bench)

if __name__ == "__main__":
    sys.exit(run_as_program(lambda: app(prog_name="python -m tools.bench")))
