"""The command line."""

from pathlib import Path

from scopegate.opa import find_opa
from scopegate.project import build_project, find_project


def main() -> None:
    """Build the bundle."""
    project = find_project(Path.cwd())
    contents = build_project(project, output=project.bundle, opa=find_opa(project.folder))
    print(contents.revision)  # noqa: T201
