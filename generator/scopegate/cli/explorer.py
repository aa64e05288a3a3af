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
from scopegate.cli.output import DONE, count, list_facts, open_console
from scopegate.errors import ScopegateError, spell_command
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
    found = seek_project((project or Path.cwd()).absolute())
    own = found.locate_bundle(profile) if found and bundle is None else None
    if own and not own.is_file():
        build = spell_command("build", f"--profile {profile}")
        raise ScopegateError(f"there is no bundle at {own}: run `{build}`")
    source = locate_bundle(bundle or own, project)
    opa = locate_opa(project)
    name = source.name.removesuffix(".tar.gz")
    target = (
        output or (found.folder / "build/explorer" if own and found else Path()) / f"{name}.html"
    )
    if target.is_dir():
        raise ScopegateError(f"{show_path(target)} is a folder: expected a file to make")
    needed = read_sdk(sdk, found.folder if found else None)
    differences = None
    if against is not None:
        editions = compare_editions(
            against, show_path(source), project=found, profile=profile if own else None, opa=opa
        )
        differences = spell_editions(*editions)
        # The page is for others: where things are on this machine is not.
        for each in (differences["old"], differences["new"]):
            each["name"] = Path(each["name"]).name if Path(each["name"]).exists() else each["name"]
    made = read_explorer(source, opa=opa, sdk=needed, differences=differences)
    page = compose_page(made).encode()
    replace_file(target.absolute(), page)
    console = open_console()
    console.print(
        Text.assemble(
            DONE,
            " ",
            (show_path(target.absolute()), "bold"),
            f"  {read_revision(source)[:12]}  ",
            (f"{time.perf_counter() - started:.2f} s", "dim"),
        ),
        soft_wrap=True,
    )
    console.print(
        Text.assemble("  ", list_facts(count(len(made.routes), "route"), f"{len(page):,} bytes"))
    )
