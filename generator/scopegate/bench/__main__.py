"""`python -m scopegate.bench`: as `scopegate bench`."""

import typer

from scopegate.bench.command import bench

typer.run(bench)
