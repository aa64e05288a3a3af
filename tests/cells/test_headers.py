"""A header cell has a role by its wording, or none."""

import pytest

from scopegate.cells.headers import Header, parse_header
from scopegate.cells.wordings import Role, list_wordings
from scopegate.sources.grid import Paragraph
from tests.cells.made import make_paragraphs


@pytest.mark.parametrize(
    ("wording", "role", "language"),
    [
        ("权限", Role.PERMISSION, "zh"),
        ("授权项", Role.ACTION, "zh"),
        ("授权项(Action)", Role.ACTION, "zh"),
        ("授权项（Action）", Role.ACTION, "zh"),  # full-width brackets
        ("授权范围", Role.SCOPE, "zh"),
        ("对应API接口", Role.ENDPOINT, "zh"),
        ("对应 api 接口", Role.ENDPOINT, "zh"),
        ("Permission", Role.PERMISSION, "en"),
        ("ACTIONS", Role.ACTION, "en"),
        ("Authorization Scope", Role.SCOPE, "en"),
        ("APIs", Role.ENDPOINT, "en"),
        ("IAM Project (Project)", Role.IAM_PROJECT, "en"),
        ("Enterprise Project:", Role.ENTERPRISE_PROJECT, "en"),
        ("Dependent Permission", Role.DEPENDENCY, "en"),
    ],
)
def test_a_header_has_a_role(wording: str, role: Role, language: str) -> None:
    assert parse_header(make_paragraphs(wording)) == Header(wording, role, language)


def test_a_header_may_stand_on_two_lines() -> None:
    assert parse_header((Paragraph(("IAM Project", "(Project)")),)) == Header(
        "IAM Project (Project)", Role.IAM_PROJECT, "en"
    )


@pytest.mark.parametrize("wording", ["授权", "Persimmons", ""])
def test_a_header_that_is_not_listed_has_none(wording: str) -> None:
    assert parse_header(make_paragraphs(*filter(None, [wording]))) == Header(wording)


def test_wordings_are_listed_by_what_they_are_understood_as() -> None:
    listed = list_wordings()

    assert "授权项" in listed["header of action (zh)"]
    assert "norequired" not in listed["no authorization"]
    assert "无需授权" in listed["no authorization"]
    assert "√" in listed["supported"]
