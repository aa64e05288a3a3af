"""Pictures of the page, for people to look at: `python -m tests.explorer.pictures FOLDER`.

With `--readme` the one that docs/ shows is made anew instead.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from scopegate.live.opa import find_opa
from scopegate.project import Project, find_project, read_project_tables
from scopegate.tables.model import Table
from tests.explorer.made import (
    compose_tables,
    find_route,
    make_older,
    read_shipped,
    spell_link,
)
from tests.explorer.opening import open_page
from tests.explorer.states import list_states, wait_for_answer
from tests.harness.programs import bring
from tools.bench.browser import ARGUMENTS

WIDTHS = {360: 740, 1280: 900, 1920: 1080}
"""In pixels, with heights that go with them."""

README = Path("docs/explorer.png")

LARGE = ("POST", "/v2.1/{project_id}/servers/{server_id}/action")


def list_all_states(shipped: Path, everything: Path) -> Iterator[tuple[str, str, Path, str]]:
    """What is pictured: a name, the view, and the page with a link."""
    for lang in ("en", "zh"):
        for view, link in list_states(shipped, lang).items():
            yield f"{view}-{lang}", view, shipped, link
    large = find_route(everything, *LARGE)["id"]
    for view in ("routes", "least"):
        yield f"{view}-large", view, everything, spell_link(view=view, route=large, ticked=[large])


def picture(browser: Browser, folder: Path, shipped: Path, everything: Path) -> None:
    for name, view, file, link in list_all_states(shipped, everything):
        for width, height in WIDTHS.items():
            for scheme in ("light", "dark"):
                size = {"width": width, "height": height}
                with open_page(browser, file, link, viewport=size, color_scheme=scheme) as page:
                    wait_for_answer(page, view)
                    page.screenshot(path=folder / f"{name}-{width}-{scheme}.png")


def picture_for_docs(browser: Browser, shipped: Path, target: Path) -> None:
    size = {"width": 1280, "height": 800}
    link = list_states(shipped)["decide"]
    with open_page(browser, shipped, link, viewport=size, color_scheme="light") as page:
        wait_for_answer(page, "decide")
        page.screenshot(path=target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", metavar="FOLDER")
    parser.add_argument("--readme", action="store_true", help=f"write {README} anew")
    given = parser.parse_args()
    if not given.folder and not given.readme:
        parser.error("expected a FOLDER, or --readme")
    project = find_project(Path(__file__)).folder
    opa = find_opa(project)

    def compose(name: str, tables: Sequence[Table], older: Sequence[Table] | None = None) -> Path:
        folder = Path(work, name)
        folder.mkdir()
        return compose_tables(tables, folder, project=project, opa=opa, older=older)

    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=bring("chromium"), args=ARGUMENTS)
        table = read_shipped(project)
        if given.readme:
            picture_for_docs(browser, compose("shipped", [table]), project / README)
        if given.folder:
            given.folder.mkdir(parents=True, exist_ok=True)
            shipped = compose("changed", [table], [make_older(table)])
            everything = compose("all", read_project_tables(Project(project), "all"))
            picture(browser, given.folder, shipped, everything)
        browser.close()


if __name__ == "__main__":
    main()
