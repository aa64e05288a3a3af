"""A project's folder: where its tables, rules and bundles are, and how they are made."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.bundle import GENERATED_FOLDERS, compose_bundle
from scopegate.errors import ScopegateError
from scopegate.files import replace_files
from scopegate.inventory import format_inventory
from scopegate.packing import pack_variants
from scopegate.tables.store import read_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scopegate.bundle import Contents
    from scopegate.opa import Opa
    from scopegate.packing import Signing

PROVIDER: Final = "huaweicloud"
"""The provider whose tables make the bundle, which is named after it."""


@dataclass(frozen=True, slots=True)
class Project:
    """The folder that holds `tables/`, `rego/` and `bundle/`."""

    folder: Path

    @property
    def tables(self) -> Path:
        """The table files, by provider and service."""
        return self.folder / "tables"

    @property
    def rego(self) -> Path:
        """The rules: by hand, and generated in folders of their own."""
        return self.folder / "rego"

    @property
    def bundle(self) -> Path:
        """The bundle that `build_project` makes."""
        return self.folder / "bundle" / f"{PROVIDER}.tar.gz"

    @property
    def inventory(self) -> Path:
        """What the bundle holds, committed beside it."""
        return self.folder / "bundle" / "inventory.yaml"


@dataclass(frozen=True, slots=True)
class Build:
    """What a build made of a project, and what it did to the files that were not up to date.

    `changes` says of a file's path "new", "changed" or "removed".
    """

    contents: Contents
    changes: Mapping[Path, str]


def find_project(start: Path) -> Project:
    """Return the project of the nearest folder from `start` upwards.

    Raises ScopegateError where there is none.
    """
    for folder in (start, *start.parents):
        project = Project(folder)
        if project.tables.is_dir() and project.rego.is_dir():
            return project
    raise ScopegateError(
        f"{start} is in no scopegate project: no folder from here upwards has tables/ and rego/."
        " Name one with --project."
    )


def build_project(
    project: Project, *, output: Path, opa: Opa, signing: Signing | None = None
) -> Build:
    """Bring the generated rules, the bundle in `output` and the inventory up to date.

    With `signing` a signed variant goes beside the bundle. Where OPA refuses the rules or the key
    nothing is changed, and the bundles are replaced last, when all else is in its place. Raises
    what `compose_project` and `pack_variants` do, and OSError where a file cannot be written.
    """
    contents = compose_project(project)
    packed = pack_variants(contents.package, output=output, opa=opa, signing=signing)
    texts = _list_generated(project, contents)
    changes = replace_files({path: text.encode() for path, text in texts.items()})
    for path in _find_left_over(project, contents):
        path.unlink()
        changes[path] = "removed"
    changes |= replace_files(packed)
    return Build(contents, changes)


def compose_project(project: Project) -> Contents:
    """Compose the project's bundle without writing anything.

    Raises FaultsError for what is wrong in table files, ScopegateError where there is no table or
    one of another provider, and what `compose_bundle` raises.
    """
    tables = read_tables(project.tables)
    others = sorted({table.provider for table in tables} - {PROVIDER})
    if others:
        raise ScopegateError(
            f"the bundle is for {PROVIDER}, and there are tables of {', '.join(others)}"
        )
    if not tables:
        raise ScopegateError(f"{project.tables / PROVIDER} has no table: nothing to build")
    return compose_bundle(tables, rego=project.rego)


def compare_project(project: Project, contents: Contents) -> str:
    """Return how the generated files differ from what they should be: empty, or a unified diff.

    A file that is left over has a line of its own.
    """
    differences = [
        _diff(project, path, _read_text(path), text)
        for path, text in _list_generated(project, contents).items()
    ]
    differences.extend(
        f"{path.relative_to(project.folder).as_posix()}: left over; `make bundle` removes it\n"
        for path in _find_left_over(project, contents)
    )
    return "".join(differences)


def _list_generated(project: Project, contents: Contents) -> Mapping[Path, str]:
    inventory = {PROVIDER: {"revision": contents.revision, **contents.inventory}}
    return {
        **{project.rego / name: text for name, text in contents.generated.items()},
        project.inventory: format_inventory(inventory),
    }


def _find_left_over(project: Project, contents: Contents) -> Iterator[Path]:
    for folder in GENERATED_FOLDERS:
        for path in sorted((project.rego / folder).glob("**/*.*")):
            if path.relative_to(project.rego).as_posix() not in contents.generated:
                yield path


def _read_text(path: Path) -> str:
    """Read a file as it is, line ends included, whatever its bytes; "" where there is none."""
    return path.read_bytes().decode(errors="backslashreplace") if path.is_file() else ""


def _diff(project: Project, path: Path, found: str, expected: str) -> str:
    name = path.relative_to(project.folder).as_posix()
    return "".join(
        difflib.unified_diff(
            found.splitlines(keepends=True),
            expected.splitlines(keepends=True),
            f"{name} (as it is)",
            f"{name} (as `make bundle` writes it)",
        )
    )
