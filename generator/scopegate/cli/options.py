"""Options that several commands have."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from scopegate.cli.output import print_warning
from scopegate.errors import ScopegateError, spell_command
from scopegate.packing import DEFAULT_KEY_ID, Signing, read_revision
from scopegate.project import Project, compose_project, find_project

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
ProfileOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Which tables: a file of bundle/profiles/, without its ending.",
    ),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BundleOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--bundle", metavar="FILE", help="Another bundle than the one of the project."),
]
SigningKeyOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="KEY.pem",
        help="Sign a second bundle, *.signed.tar.gz beside each, with this RSA private key.",
        exists=True,
        dir_okay=False,
        readable=True,
    ),
]
SigningKeyIdOption: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="ID", help=f"What OPAs call the key. Default: {DEFAULT_KEY_ID}."),
]
SigningScopeOption: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="SCOPE", help="What the signature is for. Default: no scope."),
]


def read_signing(key: Path | None, key_id: str | None, scope: str | None) -> Signing | None:
    """Return what the options say of a signature; None where there is no key.

    Raises typer.BadParameter where they say something without one.
    """
    if key:
        return Signing(key, key_id or DEFAULT_KEY_ID, scope or "")
    if key_id or scope:
        raise typer.BadParameter("nothing is signed without it", param_hint="--signing-key")
    return None


def locate_project(named: Path | None) -> Project:
    """Return the project that the option names, else the one around the working directory."""
    return find_project((named or Path.cwd()).absolute())


def locate_bundle(named: Path | None, project: Project) -> Path:
    """Return the bundle that the option names, else the project's own.

    Warns where the project's own is no longer what would be built. Raises ScopegateError where
    there is none.
    """
    bundle = (named or project.bundle).absolute()
    if not bundle.is_file():
        advice = "" if named else f": run `{spell_command('build')}`"
        raise ScopegateError(f"there is no bundle at {bundle}{advice}")
    if bundle.resolve() == project.bundle.resolve():
        _warn_of_age(project)
    return bundle


def _warn_of_age(project: Project) -> None:
    """Warn where the project's bundle is older than what it is made from; never fail."""
    try:
        built = read_revision(project.bundle)
    except (ScopegateError, OSError):
        return  # what is wrong with it says whoever loads it
    try:
        is_old = compose_project(project).revision != built
    except (ScopegateError, OSError, ValueError):
        is_old = True  # no bundle comes of these tables and rules: this one was made from others
    if is_old:
        print_warning(
            "the tables or rules have changed since this bundle was built:"
            f" run `{spell_command('build')}`"
        )
