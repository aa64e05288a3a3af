"""Where a bundle to be held against another comes from: a file, a folder of tables, a revision."""

from __future__ import annotations

import io
import subprocess
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scopegate.bundle import build_bundle
from scopegate.errors import FaultsError, ScopegateError, quote_text
from scopegate.packing import read_revision
from scopegate.profiles import read_profile, read_profile_tables
from scopegate.tables.corrections import correct_tables
from scopegate.tables.store import read_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scopegate.errors import Fault
    from scopegate.live.opa import Opa
    from scopegate.project import Project
    from scopegate.tables.model import Table

_FOLDERS: Final = ("tables", "corrections")
"""What of a revision is read."""


@dataclass(frozen=True, slots=True)
class PolicyEdition:
    """A bundle, and the revision that its manifest says; `name` is what the user calls it."""

    name: str
    bundle: Path
    revision: str


def is_bundle(name: str) -> bool:
    """Tell whether an edition is a bundle's file, which needs no project."""
    return Path(name).is_file()


def make_edition(
    name: str, work: Path, *, project: Project | None, profile: str | None, opa: Opa
) -> PolicyEdition:
    """Make the bundle that `name` is of, in the folder `work` unless it is one already.

    A path comes before a revision of the same name. Tables, of a folder or of a revision, are
    decided by the rules of `project`, with the corrections that stand beside them; `profile` says
    which of them, None all. Raises FaultsError for what is wrong in tables or corrections, and
    ScopegateError where `name` is nothing of the kind or no bundle comes of it.
    """
    path = Path(name)
    if path.is_file():
        return PolicyEdition(name, path.absolute(), read_revision(path))
    if project is None:
        raise ScopegateError(
            f"{quote_text(name)} is no bundle's file, and there is no project here to build one by:"
            " --project names one"
        )
    is_revision = not path.is_dir()
    if is_revision:
        work.mkdir(parents=True)
        _extract(name, project.folder, work)
        path = work / "tables"
    elif (path / "tables").is_dir():
        path = path / "tables"
    bundle = work.with_name(f"{work.name}.tar.gz")
    try:
        tables = _read_tables(path.absolute(), project, profile)
    except FaultsError as error:
        if is_revision:
            raise FaultsError(_name_places(error.faults, work, name)) from None
        raise
    contents = build_bundle(tables, rego=project.rego, output=bundle, opa=opa)
    return PolicyEdition(name, bundle, contents.revision)


def _read_tables(folder: Path, project: Project, profile: str | None) -> tuple[Table, ...]:
    read = (
        read_profile_tables(read_profile(project.profiles, profile), folder)
        if profile
        else read_tables(folder)
    )
    if not read:
        raise ScopegateError(f"{folder} has no table: nothing to build")
    # Of one provider, or one service, the folder of all is further up.
    for places in (folder, *folder.parents[:2]):
        corrections = places.with_name("corrections")
        if corrections.is_dir():
            return correct_tables(read, corrections=corrections, places=places)
    return read


def _name_places(faults: Iterable[Fault], work: Path, revision: str) -> Iterator[Fault]:
    """Name the files of a revision as git does: where they were read from is gone soon."""
    for fault in faults:
        file = fault.location.file.replace(f"{work}/", f"{revision}:")
        yield replace(fault, location=replace(fault.location, file=file))


def _extract(revision: str, project: Path, work: Path) -> None:
    """Put the tables and corrections of a git revision of the project into a folder."""
    commit = _run_git(
        project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    if commit is None:
        raise ScopegateError(
            f"{quote_text(revision)} is nothing to compare: expected a bundle's file, a folder of"
            f" tables, or a git revision of {project}"
        )
    name = commit.decode().strip()
    listed = _run_git(project, "ls-tree", "-d", "--name-only", name, *_FOLDERS) or b""
    folders = listed.decode().split()
    archive = _run_git(project, "archive", name, *folders) if "tables" in folders else None
    if archive is None:
        raise ScopegateError(f"{project} had no tables/ in {quote_text(revision)}")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(work, filter="data")


def _run_git(folder: Path, *args: str) -> bytes | None:
    """Return what git prints; None where it does not do it. Raises ScopegateError without a git."""
    try:
        done = subprocess.run(
            ["git", "-C", folder, *args],  # noqa: S607  the user's own
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise ScopegateError("there is no git here, which knows the revisions") from None
    return done.stdout if done.returncode == 0 else None
