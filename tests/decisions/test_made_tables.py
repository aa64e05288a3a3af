"""Tables made up for what the committed ones do not show: the same questions, and where they meet.

Each folder of `made/` is a set of tables that makes a bundle of its own.
"""

from pathlib import Path

import pytest

from scopegate.live.opa import Opa
from tests.decisions.inputs import KINDS
from tests.decisions.inputs.meetings import meetings
from tests.harness.confirmation import Tally
from tests.harness.made import confirm_made

MADE = Path(__file__).parent / "made"

GRANTS = ("one place", "two places", "subjects", "enterprise projects")
PATHS = ("subjects", "methods", "services", "near paths")
TOPICS = {
    "cases": ("cases", "subjects"),
    "crossing-templates": PATHS,
    "lists": ("enterprise projects", "query spellings"),
    "many-actions": ("one place", "split actions", "patterns"),
    "no-authorization": ("one place", "failing closed", *PATHS),
    "overlapping-templates": PATHS,
    "project-spellings": PATHS,
    "required-patterns": ("one place", "patterns"),
    "several-rows": PATHS,
    "trailing-slashes": (*PATHS, "odd paths"),
    "two-services": PATHS,
    "undocumented-scopes": GRANTS,
    "unsupported-project": GRANTS,
    "without-project": GRANTS,
}
"""The kinds of questions that tell something about each; where its routes meet is asked of all."""


@pytest.mark.parametrize("topic", TOPICS)
def test_every_question_about_made_tables(
    topic: str, project: Path, opa: Opa, tmp_path: Path, tally: Tally
) -> None:
    files = sorted((MADE / topic).glob("*/*/*.yaml"))
    with confirm_made(files, project=project, opa=opa, folder=tmp_path, tally=tally) as confirm:
        routes = confirm.tables
        confirm(given for kind in TOPICS[topic] for route in routes for given in KINDS[kind](route))
        confirm(meetings(routes))


def test_every_folder_is_a_topic() -> None:
    assert {folder.name for folder in MADE.iterdir()} == TOPICS.keys()
