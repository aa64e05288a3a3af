"""A project's folder: where its tables, rules and bundles are, and how they are made."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scopegate.bundle import GENERATED_FOLDERS, compose_bundle
from scopegate.errors import ScopegateError
from scopegate.files import replace_files
from scopegate.inventory import format_inventory, read_inventory, sum_inventory
from scopegate.packing import pack_variants
from scopegate.profiles import PROFILE_FORM, list_profiles, read_profile, read_profile_tables
from scopegate.tables.corrections import CORRECTION_FORM, correct_tables
from scopegate.tables.model import TABLE_FORM
from scopegate.tables.sources import SOURCES_FORM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scopegate.bundle import Contents
    from scopegate.live.opa import Opa
    from scopegate.packing import Signing
    from scopegate.tables.forms import FileForm
    from scopegate.tables.model import Table

DEFAULT_PROFILE: Final = "huaweicloud"
"""The one that is built where none is named, and whose rules are committed."""


FORMS: Final[Mapping[str, FileForm[Any]]] = {
    "table": TABLE_FORM,
    "correction": CORRECTION_FORM,
    "sources": SOURCES_FORM,
    "profile": PROFILE_FORM,
}
"""The forms of the files that people write and import, by the names of their schemas."""


@dataclass(frozen=True, slots=True)
class Project:
    """The folder that holds `tables/`, `rego/` and `bundle/`."""

    folder: Path

    @property
    def tables(self) -> Path:
        """The table files, by provider and service."""
        return self.folder / "tables"

    @property
    def corrections(self) -> Path:
        """What is known better than the tables say, by provider and service as they are."""
        return self.folder / "corrections"

    @property
    def rego(self) -> Path:
        """The rules: by hand, and generated in folders of their own."""
        return self.folder / "rego"

    @property
    def profiles(self) -> Path:
        """The profiles' files."""
        return self.folder / "bundle" / "profiles"

    @property
    def inventory(self) -> Path:
        """What the bundles hold, committed beside them."""
        return self.folder / "bundle" / "inventory.yaml"

    @property
    def schemas(self) -> Path:
        """The JSON Schemas of what people write and import, for editors."""
        return self.tables / "schemas"

    @property
    def bundle(self) -> Path:
        """The bundle of the default profile."""
        return self.locate_bundle(DEFAULT_PROFILE)

    def locate_bundle(self, profile: str) -> Path:
        """Return where the bundle of a profile belongs."""
        return self.folder / "bundle" / f"{profile}.tar.gz"

    def locate_generated(self, profile: str) -> Path:
        """Return where the generated rules of a profile belong: `rego`, or a folder not kept."""
        return self.rego if profile == DEFAULT_PROFILE else self.folder / "build" / profile


@dataclass(frozen=True, slots=True)
class Build:
    """What a build made of a project, and what it did to the files that were not up to date.

    `changes` says of a file's path "new", "changed" or "removed".
    """

    contents: Contents
    changes: Mapping[Path, str]


def find_project(start: Path, *, advice: str = "Name one with --project.") -> Project:
    """Return the project of the nearest folder from `start` upwards.

    Raises ScopegateError, with the advice, where there is none.
    """
    if project := seek_project(start):
        return project
    raise ScopegateError(
        f"{start} is in no scopegate project: no folder from here upwards has tables/ and rego/."
        f" {advice}"
    )


def seek_project(start: Path) -> Project | None:
    """Return the project of the nearest folder from `start` upwards; None where there is none."""
    for folder in (start, *start.parents):
        project = Project(folder)
        if project.tables.is_dir() and project.rego.is_dir():
            return project
    return None


def build_project(
    project: Project,
    profile: str = DEFAULT_PROFILE,
    *,
    output: Path,
    opa: Opa,
    signing: Signing | None = None,
) -> Build:
    """Bring the generated rules, the bundle in `output` and the inventory of a profile up to date.

    With `signing` a signed variant goes beside the bundle. Where OPA refuses the rules or the key
    nothing is changed, and the bundles are replaced last, when all else is in its place. Raises
    what `compose_project` and `pack_variants` do, and OSError where a file cannot be written.
    """
    contents = compose_project(project, profile)
    packed = pack_variants(contents.package, output=output, opa=opa, signing=signing)
    texts = _list_generated(project, {profile: contents})
    changes = replace_files({path: text.encode() for path, text in texts.items()})
    for path in _find_left_over(project, profile, contents):
        path.unlink()
        changes[path] = "removed"
    changes |= replace_files(packed)
    return Build(contents, changes)


def compose_project(project: Project, profile: str = DEFAULT_PROFILE) -> Contents:
    """Compose the bundle of a profile without writing anything.

    Raises FaultsError for what is wrong in the tables that it includes, or in their corrections,
    ScopegateError where there is no such profile or no table of it, and what `compose_bundle`
    raises.
    """
    return compose_bundle(read_project_tables(project, profile), rego=project.rego)


def read_project_tables(project: Project, profile: str = DEFAULT_PROFILE) -> tuple[Table, ...]:
    """Read the tables of a profile, with their corrections applied.

    Raises FaultsError for what is wrong in them or in those, and ScopegateError where there is no
    such profile or no table of it.
    """
    read = read_profile_tables(read_profile(project.profiles, profile), project.tables)
    return correct_tables(read, corrections=project.corrections, places=project.tables)


def compose_profiles(project: Project) -> dict[str, Contents]:
    """Compose the bundles of all profiles, by their names, without writing anything.

    Raises what `compose_project` does, for any of them.
    """
    return {name: compose_project(project, name) for name in list_profiles(project.profiles)}


def compare_project(project: Project, composed: Mapping[str, Contents]) -> str:
    """Return how the committed files differ from what they should be: empty, or a unified diff.

    A file that is left over has a line of its own. `composed` has all profiles.
    """
    differences = [
        _diff(project, path, _read_text(path), text)
        for path, text in _list_generated(project, composed).items()
        if not path.is_relative_to(project.folder / "build")
    ]
    default = composed[DEFAULT_PROFILE]
    differences.extend(
        f"{path.relative_to(project.folder).as_posix()}: left over; `make bundle` removes it\n"
        for path in _find_left_over(project, DEFAULT_PROFILE, default)
    )
    return "".join(differences)


def _list_generated(project: Project, composed: Mapping[str, Contents]) -> Mapping[Path, str]:
    """List the texts that profiles make."""
    return {
        **{
            project.locate_generated(profile) / name: text
            for profile, contents in composed.items()
            for name, text in contents.generated.items()
        },
        **{project.schemas / f"{name}.json": form.spell_schema() for name, form in FORMS.items()},
        project.inventory: format_inventory(_update_inventory(project, composed)),
    }


def _update_inventory(
    project: Project, composed: Mapping[str, Contents]
) -> dict[str, dict[str, Any]]:
    """Put profiles into the inventory; what it says of others, and of their tables, stays."""
    known = read_inventory(project.inventory)
    profiles = set(list_profiles(project.profiles))
    bundles = {name: each for name, each in known["bundles"].items() if name in profiles}
    tables = {} if profiles <= composed.keys() else known["tables"]
    tables = {
        name: each for name, each in tables.items() if (project.tables / f"{name}.yaml").is_file()
    }
    for name, contents in composed.items():
        bundles[name] = sum_inventory(contents.revision, contents.inventory)
        tables.update(contents.inventory["tables"])
    return {"bundles": bundles, "tables": tables}


def _find_left_over(project: Project, profile: str, contents: Contents) -> Iterator[Path]:
    home = project.locate_generated(profile)
    for folder in GENERATED_FOLDERS:
        for path in sorted((home / folder).glob("**/*.*")):
            if path.relative_to(home).as_posix() not in contents.generated:
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
