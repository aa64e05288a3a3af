"""States of the page in which each view tells something, as links."""

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

from playwright.sync_api import Page

from tests.explorer.made import find_route, spell_link, spell_policy

DELETE = "/v2/{project_id}/snapshots/{snapshot_id}"

POLICY = spell_policy("evs:snapshots:*", "evs:volumes:get", "ecs:nothing:here")


def make_call(*actions: str, path: str = "/v2/p1/snapshots/x") -> dict[str, object]:
    """What is asked: to delete a snapshot, by somebody who was granted the actions."""
    return {
        "method": "DELETE",
        "path": path,
        "provider": "huaweicloud",
        "service": "evs",
        "id": "p1",
        "grants": [
            {"kind": "iam_project", "id": "p1", "policy": spell_policy(*actions)},
            {"kind": "enterprise_project", "id": "e1", "policy": spell_policy("evs:volumes:get")},
        ],
    }


def list_states(file: Path, lang: str = "en") -> Mapping[str, str]:
    """A link for each view of the default profile's page; that of changes needs a page of them."""
    shown = find_route(file, "DELETE", DELETE)
    ticked = [
        find_route(file, method, path)["id"]
        for method, path in (
            ("DELETE", DELETE),
            ("POST", "/v2/{project_id}/snapshots"),
            ("GET", "/v3/{project_id}/cloudsnapshots/detail"),
        )
    ]
    return {
        "routes": spell_link(lang, route=shown["id"], ticked=ticked),
        "decide": spell_link(
            lang, view="decide", call=make_call("evs:snapshots:delete", "evs:snapshots:get")
        ),
        "policy": spell_link(lang, view="policy", policy=POLICY),
        "least": spell_link(lang, view="least", ticked=ticked),
        "changes": spell_link(lang, view="changes"),
    }


# What is there once a view has its answer.
ANSWERED = {
    "routes": ".detail h2",
    "decide": ".answer .steps",
    "policy": "section tbody tr",
    "least": ".answer pre",
    "changes": "article",
}


def show(page: Page, link: str) -> None:
    """Follow a link to another state of the page that is open."""
    take_link(page)
    page.evaluate("link => { location.hash = link; }", link)
    wait_for_frames(page)


def take_link(page: Page) -> str:
    """The link of the page, as whoever leaves it has it; else it may be less than a second old."""
    link: str = page.evaluate("dispatchEvent(new Event('pagehide')) && location.hash")
    return link


def read_link(page: Page) -> dict[str, object]:
    """The state that the link of the page says."""
    said: dict[str, object] = dict(parse_qsl(take_link(page).removeprefix("#")))
    if "ticked" in said:
        said["ticked"] = str(said["ticked"]).split(".")
    if "call" in said:
        said["call"] = json.loads(str(said["call"]))
    return said


def wait_for_answer(page: Page, view: str) -> None:
    page.locator(ANSWERED[view]).first.wait_for()
    wait_for_frames(page)


def wait_for_frames(page: Page) -> None:
    """Lists are drawn in the next frame."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
