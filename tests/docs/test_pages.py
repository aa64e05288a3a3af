"""No page has commands that nobody runs."""

from pathlib import Path

import pytest

from tests.docs.blocks import PROJECT, read_blocks

RUN = {
    "README.md": "tests/docs/test_readme.py",
    "docs/bundles.md": "tests/docs/test_bundles.py",
    "docs/configuration.md": "tests/docs/test_configuration.py",
    "docs/confirming.md": "tests/docs/test_confirming.py",
    "docs/editions.md": "tests/docs/test_editions.py",
    "docs/explorer.md": "tests/docs/test_explorer.py",
    "docs/identity.md": "tests/docs/test_identity.py",
    "docs/performance.md": "tests/docs/test_performance.py",
    "docs/policies.md": "tests/docs/test_policies.py",
    "docs/importing.md": "tests/docs/test_importing.py",
    "docs/tables.md": "tests/docs/test_tables.py",
    "examples/README.md": "tests/docs/test_examples_readme.py",
}
"""Pages, and the tests that run their commands."""
PAGES = sorted(
    str(page.relative_to(PROJECT))
    for pattern in ("*.md", "docs/*.md", "examples/*.md")
    for page in PROJECT.glob(pattern)
)


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_are_run(page: str) -> None:
    has_commands = any(block.has_commands for block in read_blocks(page))
    assert has_commands == (page in RUN), "a page with commands that no test runs, or with none"


@pytest.mark.parametrize(("page", "test"), RUN.items())
def test_the_test_of_a_page_is_there(page: str, test: str) -> None:
    assert page in Path(PROJECT, test).read_text(encoding="utf-8")
