"""A project to build in, of the rules of this one and tables made up; and a bundle's files."""

import shutil
import tarfile
from pathlib import Path

import pytest

from scopegate.bundle import GENERATED_FOLDERS
from scopegate.project import DEFAULT_PROFILE, Project
from scopegate.tables.model import Table
from scopegate.tables.store import write_table
from tests.routes.made import MIRROR, NO, make_row, make_table

PAGES = (
    make_table(
        make_row("GET /v2/{project_id}/a", actions="evs:a:list", permission="List"),
        make_row("POST /v2/{project_id}/a", actions="evs:a:create evs:b:get", enterprise=NO),
        make_row("GET /v2/{x}/b", "GET /v2/{x}/c", "GET /v2/{x}/d", actions="evs:b:get"),
        make_row("GET /", actions=""),
        name="evs/a",
        mirrors=(MIRROR,),
        provider=DEFAULT_PROFILE,
    ),
    make_table(
        make_row("GET /v2/a/{x}", "GET /{y}/z/{x}"),
        make_row("GET /v2/{tenant_id}/a", actions="evs:a:get"),
        make_row(*(f"GET /v4/{each}/b/{{x}}" for each in "abcde"), "GET /v4/{x}/{y}/{z}"),
        make_row("GET /v4/{y}/d/{x}", *(f"GET /v4/{each}/{{x}}/c" for each in "abcde")),
        name="evs/a-b",
        provider=DEFAULT_PROFILE,
    ),
    make_table(
        make_row("GET /v1/{project_id}/a", actions="ecs:a:get"),
        name="ecs/a",
        provider=DEFAULT_PROFILE,
    ),
)
"""Of two services; with mirrors, conflicts and several templates that cross."""


def make_project(folder: Path, rego: Path, tables: tuple[Table, ...] = PAGES) -> Project:
    """A project in `folder` with the rules by hand in `rego`, where nothing was built yet."""
    shutil.copytree(rego, folder / "rego")
    for generated in GENERATED_FOLDERS:
        shutil.rmtree(folder / "rego" / generated)
    for table in tables:
        write_table(table, folder / "tables" / table.provider / f"{table.table}.yaml")
    shutil.copytree(rego.parent / "bundle/profiles", folder / "bundle/profiles")
    for profile in (folder / "bundle/profiles").iterdir():
        if profile.stem != DEFAULT_PROFILE:
            profile.unlink()
    return Project(folder)


def read_files(bundle: Path) -> dict[str, bytes]:
    """The files of a bundle, by their paths in it."""
    with tarfile.open(bundle) as archive:
        files = {member.name: archive.extractfile(member) for member in archive}
        return {name: file.read() for name, file in files.items() if file}


@pytest.fixture
def made(project: Path, tmp_path: Path) -> Project:
    """A project where nothing was built yet."""
    return make_project(tmp_path / "made", project / "rego")
