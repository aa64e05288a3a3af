"""No page has commands that nobody runs."""

from pathlib import Path

import pytest

from tests.docs.blocks import PROJECT, read_blocks

RUN = {
    "docs/bundles.md": "tests/docs/test_bundles.py",
    "docs/identity.md": "tests/docs/test_identity.py",
    "examples/README.md": "tests/docs/test_readme.py",
}
"""Pages, and the tests that run their commands."""
NOT_RUN = {
    "README.md": "make, which builds a .venv",
    "docs/configuration.md": "one command, for files that are the reader's own",
    "docs/confirming.md": "pytest itself: tests/harness/test_own_server.py has its options",
    "docs/importing.md": "the vendor's pages are not here",
    "docs/tables.md": "the vendor's pages are not here",
}
"""Pages whose commands no test runs, and why."""
PAGES = sorted(
    str(page.relative_to(PROJECT))
    for pattern in ("*.md", "docs/*.md", "examples/*.md")
    for page in PROJECT.glob(pattern)
)


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_are_run(page: str) -> None:
    if any(block.has_commands for block in read_blocks(page)):
        assert (page in RUN) != (page in NOT_RUN), "a page with commands that no test runs"
    else:
        assert page not in {**RUN, **NOT_RUN}


@pytest.mark.parametrize(("page", "test"), RUN.items())
def test_the_test_of_a_page_is_there(page: str, test: str) -> None:
    assert page in Path(PROJECT, test).read_text(encoding="utf-8")
