"""Options that several commands have."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from scopegate.errors import ScopegateError
from scopegate.project import Project, find_project

ProjectOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="DIR",
        help="The project's folder. Default: the nearest one upwards with tables/ and rego/.",
        exists=True,
        file_okay=False,
    ),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BundleOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--bundle", metavar="FILE", help="Another bundle than the one of the project."),
]


def locate_project(named: Path | None) -> Project:
    """Return the project that the option names, else the one around the working directory."""
    return find_project((named or Path.cwd()).absolute())


def locate_bundle(named: Path | None, project: Project) -> Path:
    """Return the bundle that the option names, else the project's own.

    Raises ScopegateError where there is none.
    """
    bundle = (named or project.bundle).absolute()
    if not bundle.is_file():
        advice = "" if named else ": run `make bundle`, or `scopegate build`"
        raise ScopegateError(f"there is no bundle at {bundle}{advice}")
    return bundle
