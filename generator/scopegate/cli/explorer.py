"""`scopegate explorer`: a page with the tables and the policy of a bundle."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from scopegate.cli.diff import compare_editions, spell_editions
from scopegate.cli.options import (
    BundleOption,
    ProfileOption,
    ProjectOption,
    locate_bundle,
    locate_opa,
)
from scopegate.cli.output import count, list_facts, open_console, print_made
from scopegate.errors import ScopegateError
from scopegate.explorer.page import compose_page, read_explorer
from scopegate.explorer.sdk import read_sdk
from scopegate.files import replace_file
from scopegate.location import show_path
from scopegate.packing import read_revision
from scopegate.project import DEFAULT_PROFILE, seek_project


def explorer(  # noqa: PLR0913  what to make, of what, and with what
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    bundle: BundleOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to put the page. Default: build/explorer/ and the profile's name, or that"
            " of the bundle in the working directory.",
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="OLD",
            help="Show what has changed since an older bundle, folder of tables or git revision.",
        ),
    ] = None,
    sdk: Annotated[
        Path | None,
        typer.Option(
            "--sdk",
            metavar="FILE",
            help="OPA's SDK for JavaScript, src/opa.js of its package. Default: the project's.",
        ),
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Make a page of a bundle's routes, in which its policy runs.

    The page is one file, for a browser to open: it needs no server and no network. It has the
    documented routes, decides requests as OPA does, shows what a policy opens and makes the least
    policy for some routes.

    For example:
      scopegate explorer
      scopegate explorer --profile opentelekomcloud -o explorer.html
      scopegate explorer --against v1.0
      scopegate explorer --bundle /srv/bundles/huaweicloud.tar.gz --sdk package/src/opa.js
    """
    started = time.perf_counter()
    source = locate_bundle(bundle, project, profile)
    opa = locate_opa(project)
    found = seek_project((project or Path.cwd()).absolute())
    folder = Path() if bundle or not found else found.folder / "build/explorer"
    target = output or folder / f"{source.name.removesuffix('.tar.gz')}.html"
    if target.is_dir():
        raise ScopegateError(f"{show_path(target)} is a folder: expected a file to make")
    needed = read_sdk(sdk, found.folder if found else None)
    differences = None
    if against is not None:
        editions = compare_editions(
            against,
            show_path(source),
            project=found,
            profile=None if bundle else profile,
            opa=opa,
        )
        differences = spell_editions(*editions)
        for each in (differences["old"], differences["new"]):
            each["name"] = _name_for_others(each["name"])
    made = read_explorer(source, opa=opa, sdk=needed, differences=differences)
    page = compose_page(made).encode()
    replace_file(target.absolute(), page)
    print_made(target.absolute(), read_revision(source), time.perf_counter() - started)
    facts = list_facts(count(len(made.routes), "route"), f"{len(page):,} bytes")
    open_console().print(Text.assemble("  ", facts))


def _name_for_others(edition: str) -> str:
    """Name an edition in a page that is sent around, without where a file is on this machine."""
    path = Path(edition)
    return path.name if path.exists() else edition
