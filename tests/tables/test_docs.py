"""docs/tables.md says what is so."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from scopegate.cells.endpoints import METHODS
from scopegate.importing.diagnostics import CODES
from scopegate.tables.changes import ChangeKind
from scopegate.tables.corrections import CORRECTION_FORM
from scopegate.tables.model import TABLE_FORM

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs" / "tables.md").read_text(encoding="utf-8")
TABLE = (PROJECT / "tables/huaweicloud/evs/snapshots.yaml").read_text(encoding="utf-8")


def list_rows(heading: str) -> list[str]:
    """List the first cells of the table below a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| (.*?) \|", section, re.MULTILINE)[1:]


def list_codes() -> Iterator[str]:
    """List the codes of faults and flaws in the code."""
    package = PROJECT / "generator" / "scopegate"
    for layer in ("sources", "cells", "importing", "tables"):
        for path in (package / layer).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    position = {"Fault": 1, "Flaw": 0}.get(node.func.id)
                    if position is not None:
                        yield ast.literal_eval(node.args[position])


def test_the_example_is_the_beginning_of_the_committed_table() -> None:
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    facts = "".join(line for line in TABLE.splitlines(keepends=True) if not line.startswith("#"))

    assert example
    assert facts.startswith(example[1])


def test_all_fields_of_corrections_are_listed() -> None:
    listed = set(re.findall(r"[a-z_]+", " ".join(list_rows("Corrections"))))
    schema = CORRECTION_FORM.schema

    assert listed == {*schema["properties"], *schema["$defs"]["Correction"]["properties"]}


def test_all_codes_are_listed() -> None:
    listed = re.findall(r"`([a-z-]+)`", "\n".join(list_rows("Faults")))

    assert sorted({*listed, *CODES}) == sorted(set(list_codes()))
    assert {*listed} & {*CODES} <= {"too-large", "bad-encoding"}


def test_all_diagnostics_are_listed() -> None:
    page = (PROJECT / "docs" / "importing.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| (.*) \|$", page, re.MULTILINE)

    assert listed == [(name, code.severity, code.meaning) for name, code in CODES.items()]


def test_all_kinds_of_changes_are_listed() -> None:
    page = (PROJECT / "docs" / "importing.md").read_text(encoding="utf-8")
    section = page.split("\n## What has changed\n")[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)

    assert re.findall(r"`([a-z-]+)`", "\n".join(cells)) == list(ChangeKind)


def test_all_fields_are_listed() -> None:
    section = PAGE.split("\n## Fields\n")[1].split("\n## ")[0]
    named = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`]+)`", section))))
    schema = TABLE_FORM.schema
    members = [definition.get("properties", {}) for definition in schema["$defs"].values()]
    fields = {*schema["properties"]}.union(*members)

    assert fields - named == set()
    listed = set(re.findall(r"[a-z_0-9]+", " ".join(list_rows("Fields"))))
    assert listed - fields == set()


def test_all_methods_are_listed() -> None:
    assert f"({', '.join(METHODS)})" in PAGE
