"""The oddities of published pages, each with a made document named after it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from scopegate.importing.model import RowReading
from scopegate.importing.survey import survey_pages
from scopegate.tables.model import Support

FOLDER = Path(__file__).parent / "oddities"


def spell_row(row: RowReading) -> dict[str, Any]:
    """Spell what is said of a row, and leave out what is not."""
    scopes = row.scopes.iam_project, row.scopes.enterprise_project
    spelt: dict[str, Any] = {
        "title": row.title,
        "endpoints": [
            f"{method} {path}" + ("" if query is None else f" ? {query}")
            for method, path, query in row.endpoints
        ],
        "actions": list(row.actions),
        "dependencies": list(row.dependencies),
        "roles": list(row.role_dependencies),
        "alternatives": [
            {"label": each.label, "actions": list(each.actions)}
            | ({"dependencies": list(each.dependencies)} if each.dependencies else {})
            for each in row.alternatives
        ],
        "scopes": list(map(str, scopes)) if set(scopes) != {Support.UNDOCUMENTED} else [],
        "no_authorization": row.no_authorization,
        "body_action": row.body_action,
        "no_endpoint": None if row.no_endpoint is None else str(row.no_endpoint),
        "notes": list(row.notes),
        "error": row.error,
    }
    return {name: value for name, value in spelt.items() if value not in ([], None)}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_page_with_an_oddity_is_read(path: Path, tmp_path: Path) -> None:
    oddity = yaml.safe_load(path.read_text(encoding="utf-8"))
    page = tmp_path / f"page.{oddity['format']}"
    page.write_text(oddity["document"], encoding="utf-8")

    survey = survey_pages(page)

    tables = {
        table.number: list(map(spell_row, table.rows))
        for reading in survey.readings
        for table in reading.tables
    }
    expected = oddity["tables"] if "tables" in oddity else {1: oddity["rows"]}
    assert tables == expected
    assert [each.code for each in survey.diagnostics if each.code != "no-endpoint"] == oddity.get(
        "diagnostics", []
    )
