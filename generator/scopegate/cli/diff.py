"""`scopegate diff`: what one edition of the rules lets callers do otherwise than another."""

import os
import tempfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from scopegate.cli.differences import (
    describe_difference,
    spell_counts,
    spell_markdown,
    spell_renumbered,
    spell_value,
    split_renumbered,
)
from scopegate.cli.options import (
    JsonOption,
    ProjectOption,
    locate_project,
    refusing_faults,
)
from scopegate.cli.output import (
    DONE,
    FAILED,
    make_grid,
    open_console,
    print_block,
    print_json,
    showing_questions,
)
from scopegate.live.asking import BundleEngine
from scopegate.live.opa import Opa, check_opa, find_opa
from scopegate.policies.differences import Difference, Kind, count_kinds, find_differences
from scopegate.policies.editions import PolicyEdition, is_bundle, make_edition
from scopegate.project import Project, seek_project


class Failing(StrEnum):
    """What a difference can be for the command to fail."""

    OPENED = "opened"
    CLOSED = "closed"
    ANY = "any"


def diff(  # noqa: PLR0913  three forms, and where the editions come from
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD", help="A bundle, a folder of tables, or a git revision of the project."
        ),
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="What to hold against it.")],
    *,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Of a folder or a revision: the tables of this profile. Default: all.",
        ),
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDS",
            help="Exit with 1 where something is opened, closed, or (any) decided differently.",
        ),
    ] = None,
    as_json: JsonOption = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")
    ] = False,
    project: ProjectOption = None,
) -> None:
    """Tell what callers may do otherwise: what a new edition opens and closes.

    Both are asked; nothing is read out of the lines of tables or rules. Each difference comes with
    a witness: a request, and what its caller was granted, that the two decide differently. Tables
    of a folder or a revision are decided by the rules of the project, with the corrections beside
    them. Exits with 0 where --fail-on says nothing else, and with 2 where either can't be asked.

    For example:
      scopegate diff old.tar.gz bundle/huaweicloud.tar.gz
      scopegate diff HEAD tables --profile huaweicloud
      scopegate diff v1.0 v1.1 --fail-on opened
      scopegate diff main HEAD --markdown
    """
    if as_json and as_markdown:
        raise typer.BadParameter("expected one form", param_hint="--json, --markdown")
    failing = _parse_failing(fail_on or ())
    needs_project = not (is_bundle(old) and is_bundle(new))
    if profile and not needs_project:
        raise typer.BadParameter("a bundle is of one already", param_hint="--profile")
    named = needs_project or project
    found = locate_project(project) if named else seek_project(Path.cwd().absolute())
    opa = find_opa(found.folder) if found else _find_opa()
    editions, differences = compare_editions(old, new, project=found, profile=profile, opa=opa)
    if as_json:
        print_json(spell_editions(editions, differences))
    elif as_markdown:
        open_console().print(Text(spell_markdown(old, new, differences)), soft_wrap=True, end="")
    else:
        _show(editions, differences)
    if any(_fails(each, failing) for each in differences):
        raise typer.Exit(1)


def compare_editions(
    old: str, new: str, *, project: Project | None, profile: str | None, opa: Opa
) -> tuple[list[PolicyEdition], list[Difference]]:
    """Ask two editions, however they are named, for what they decide differently.

    Where one can't be asked, all that is wrong is told, and the command ends with 2.
    """
    with tempfile.TemporaryDirectory(prefix="scopegate-") as work:
        # Exit code 1 is for what --fail-on asks about, and that is not known.
        with refusing_faults():
            editions = [
                make_edition(name, Path(work, side), project=project, profile=profile, opa=opa)
                for side, name in (("old", old), ("new", new))
            ]
        return editions, _compare(editions, opa)


def _parse_failing(given: Sequence[str]) -> set[Failing]:
    words = [word.strip() for each in given for word in each.split(",")]
    unknown = [word for word in words if word not in {*Failing}]
    if unknown:
        expected = ", ".join(Failing)
        raise typer.BadParameter(
            f"expected some of {expected}; found {unknown[0]!r}", param_hint="--fail-on"
        )
    return {Failing(word) for word in words}


def _find_opa() -> Opa:
    """Find the OPA of somebody who has bundles and no project."""
    if named := os.environ.get("OPA"):
        return check_opa(named, f"OPA={named}")
    return check_opa("opa", "outside a project, without OPA=/path/to/opa")


def _compare(editions: Sequence[PolicyEdition], opa: Opa) -> list[Difference]:
    old, new = (each.bundle for each in editions)
    if old.read_bytes() == new.read_bytes():
        return []  # It takes a while to ask for what is plain.
    engines = BundleEngine(old, opa=opa), BundleEngine(new, opa=opa)
    with showing_questions(*engines):
        return find_differences(*engines)


def _fails(difference: Difference, failing: set[Failing]) -> bool:
    """Tell whether the command fails of it; a scope or another route opens and closes, too."""
    return (
        (Failing.OPENED in failing and (difference.opens or difference.kind is Kind.OPENED))
        or (Failing.CLOSED in failing and (difference.closes or difference.kind is Kind.CLOSED))
        or (Failing.ANY in failing and difference.kind is not Kind.WORDING)
    )


def spell_editions(
    editions: Sequence[PolicyEdition], differences: Sequence[Difference]
) -> dict[str, Any]:
    """Spell two editions and their differences for programs."""
    old, new = ({"name": each.name, "revision": each.revision} for each in editions)
    return {
        "old": old,
        "new": new,
        "counts": {str(kind): number for kind, number in count_kinds(differences).items()},
        "differences": [spell_value(each) for each in differences],
    }


def _show(editions: Sequence[PolicyEdition], differences: Sequence[Difference]) -> None:
    heads = (
        (Text(word), Text(each.name, "bold"), Text(each.revision[:12], "dim"))
        for word, each in zip(("old", "new"), editions, strict=True)
    )
    print_block(make_grid(*heads))
    console = open_console()
    if not differences:
        console.print(Text.assemble(DONE, " no differences: the same is allowed by both"))
        return
    console.print(Text.assemble(FAILED, " ").append_text(spell_counts(differences)))
    told, renumbered = split_renumbered(differences)
    for each in told:
        for line in describe_difference(each):
            console.print(line, soft_wrap=True)
    if renumbered:
        said = f"  {spell_renumbered(renumbered)} (--json lists them)"
        console.print(Text.assemble(("wording", "dim"), said))
