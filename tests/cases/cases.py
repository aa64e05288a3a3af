"""The cases written by hand, read from their short form; `evs-snapshots.yaml` explains it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Case:
    """A question and what is wanted of its answer."""

    row: int
    version: str
    note: str
    given: dict[str, Any]
    want: dict[str, Any]
    """Members of the decision, of which `route` has members of the route."""

    def __str__(self) -> str:
        return f"row {self.row}, {self.version}: {self.note}"


def read_page(file: Path) -> dict[str, Any]:
    """The page that a file of cases is about, as it stands in the file."""
    page: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return page


def read_cases(file: Path) -> Iterator[Case]:
    """Every case of a file, for the version that the page prints and for the one it mirrors."""
    page = read_page(file)
    for row in page["rows"]:
        for case in row["cases"]:
            for version in ("v2", "v3"):
                yield build_case(page["table"], row, case, version)


def build_case(table: str, row: dict[str, Any], case: dict[str, Any], version: str) -> Case:
    """One case as the whole input and the whole of what is wanted."""
    method, path = case.get("request", row["request"]).split(" ")
    route = {
        "table": table,
        "row": row["row"],
        "permission": row["permission"],
        "method": method,
        "path": for_version(row["route"], version),
        "mirrored_from": None if version == "v2" else row["route"],
    }
    given: dict[str, Any] = {
        "request": {"method": method, "path": for_version(path, version)},
        "subject": {
            "id": "u1",
            "project_id": "p1",
            "grants": list(map(build_grant, case["grants"])),
        },
    }
    if "resource" in case:
        given["resource"] = {"enterprise_project_id": case["resource"]}
    want = {
        "required": row["required"],
        "missing": [],
        "denied": [],
        **case["want"],
        "route": route,
    }
    return Case(row["row"], version, case["note"], given, want)


def build_grant(grant: dict[str, Any]) -> dict[str, Any]:
    """A grant of one policy with a statement for what it allows and one for what it denies."""
    statements = [
        {"Effect": effect.capitalize(), "Action": grant[effect]}
        for effect in ("allow", "deny")
        if effect in grant
    ]
    return {
        "scope": grant["scope"],
        "policies": [{"Version": "1.1", "Statement": statements}],
    }


def for_version(path: str, version: str) -> str:
    """A path of v2 in another version."""
    return path.replace("/v2/", f"/{version}/", 1)
