"""What documents and links say is text, whatever it says; and a broken link shows what it can."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from scopegate.live.opa import Opa
from scopegate.tables.corrections import correct_tables
from scopegate.tables.model import Alternative, Case, Document, Endpoint, Mirror, Row, Scopes, Table
from scopegate.tables.store import write_table
from tests.explorer.made import compose_tables, find_route, read_facts, spell_link, spell_policy
from tests.explorer.opening import open_page
from tests.explorer.states import show, wait_for_answer
from tests.routes.made import YES

RAN = "window.ran = true"

HOSTILE = (
    f"""<img src=x onerror="{RAN}"> </script><script>{RAN}</script> <!-- {{{{7*7}}}} ${{7*7}} """
    """'"` &lt;b&gt; \\u003cb\\u003e ]]>"""
)
"""What ends a script, a comment, an attribute and a template, and what would run."""

UNSEEN = f"{HOSTILE} \u2028\u2029\u202e\u0000\ud800"
"""What no document may have, and a link can."""

VALUE = f"<img/src=x/onerror={RAN.replace(' ', '')}></script><!--'\"{{{{7*7}}}}"
"""The same without blanks."""

NAME = HOSTILE.replace("/", "|").replace("\\", "|")
"""The same as the name of a file."""

CORRECTION = """\
corrections:
  - row: {permission: "Corrected", endpoint: "GET /v1/{project_id}/corrected"}
    expect: {actions: ["evs:a:get"]}
    set: {actions: ["evs:a:list"]}
    reason: REASON
    source: REASON
"""


def make_tables(permission: str, value: str) -> Iterator[Row]:
    scopes = Scopes(YES, YES)
    yield Row(
        permission=permission,
        scopes=scopes,
        actions=("evs:a:create",),
        roles=(permission,),
        notes=(permission,),
        cases=(Case(body="x", equals=value), Case(query="y", equals=value)),
        endpoints=(Endpoint("POST", "/v1/{project_id}/a"),),
    )
    yield Row(
        permission=permission,
        scopes=scopes,
        alternatives=(
            Alternative(label=permission, actions=("evs:a:get",), cases=(Case(body="z"),)),
        ),
        endpoints=(Endpoint("PUT", "/v1/{project_id}/a"),),
    )
    yield Row(
        permission=permission,
        scopes=scopes,
        no_authorization=permission,
        endpoints=(Endpoint("GET", "/v1/{project_id}/free"),),
    )
    yield Row(
        permission="Corrected",
        scopes=scopes,
        actions=("evs:a:get",),
        endpoints=(Endpoint("GET", "/v1/{project_id}/corrected"),),
    )


def make_table(permission: str, value: str, name: str, folder: Path) -> Table:
    made = Table(
        provider="made",
        service="evs",
        table="evs/a",
        document=Document(name, "0" * 64, "en", 1),
        mirrors=(Mirror("v1", "v2", permission),),
        rows=tuple(make_tables(permission, value)),
    )
    write_table(made, folder / "tables/made/evs/a.yaml")
    corrections = folder / "corrections/made/evs/a.yaml"
    corrections.parent.mkdir(parents=True)
    corrections.write_text(CORRECTION.replace("REASON", json.dumps(permission)), encoding="utf-8")
    (corrected,) = correct_tables(
        [made], corrections=folder / "corrections", places=folder / "tables"
    )
    return corrected


@pytest.fixture(scope="module")
def hostile_file(project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a table of which every cell is hostile, and of an older edition that was not."""
    folder = tmp_path_factory.mktemp("hostile")
    table = make_table(HOSTILE, VALUE, NAME, folder)
    older = make_table("Do", "x", "a.md", tmp_path_factory.mktemp("older"))
    return compose_tables([table], folder, project=project, opa=opa, older=[older])


def assert_harmless(page: Page) -> None:
    """No element came of any text, and nothing ran."""
    assert page.evaluate("window.ran") is None
    assert page.locator("img, b, main script, header script, iframe").count() == 0
    assert page.locator("script").count() == 5


def test_cells_are_text_in_every_view(browser: Browser, hostile_file: Path) -> None:
    routes = read_facts(hostile_file)["routes"]
    ticked = [route["id"] for route in routes]
    case = f"body.x={VALUE}"
    shown = find_route(hostile_file, "POST", "/v1/{project_id}/a", case)
    corrected = find_route(hostile_file, "GET", "/v2/{project_id}/corrected")
    with open_page(browser, hostile_file, spell_link(route=shown["id"])) as page:
        wait_for_answer(page, "routes")
        assert page.locator(".list").get_by_text(case).count() == 2
        detail = page.locator(".detail")
        for told in (case, HOSTILE, NAME):
            assert detail.get_by_text(told, exact=True).count() == 1
        assert_harmless(page)

        show(page, spell_link(route=corrected["id"]))
        assert HOSTILE in page.locator(".detail .warning").inner_text()
        assert_harmless(page)

        show(page, spell_link(route=shown["id"]))
        page.get_by_role("link", name="Ask for the decision").click()
        page.locator(".answer .verdict.no").wait_for()
        for box in page.locator(".inner [type=checkbox]").all():
            box.check()
        page.locator(".answer .verdict.yes").wait_for()
        assert page.locator(".answer").get_by_text(HOSTILE).count() == 1
        assert_harmless(page)

        show(page, spell_link(view="policy", policy=spell_policy("evs:*")))
        wait_for_answer(page, "policy")
        assert page.locator(".list").get_by_text(case).count() == 2
        assert_harmless(page)

        show(page, spell_link(view="least", ticked=ticked))
        wait_for_answer(page, "least")
        assert page.locator(".list").get_by_text(case).count() == 2
        assert_harmless(page)

        show(page, spell_link(view="changes"))
        wait_for_answer(page, "changes")
        assert page.locator("main").get_by_text(VALUE).count() > 0
        assert page.locator("ins").get_by_text(HOSTILE).count() > 0
        assert_harmless(page)


HOSTILE_CALLS: tuple[object, ...] = (
    None,
    5,
    "text",
    [],
    [1],
    {"grants": 5},
    {"grants": {"0": {}}},
    {"grants": [None, 5, "x", [], {}, {"policy": 5, "kind": [], "id": {}}]},
    {"grants": [{"kind": "toString", "id": UNSEEN, "policy": UNSEEN}]},
    {"grants": [{"kind": "__proto__", "id": "x", "policy": '{"__proto__": {"Statement": 1}}'}]},
    {"grants": [{"kind": "domain", "id": "x", "policy": '[{"Statement": {"0": null}}]'}]},
    {"grants": [{"kind": "domain", "id": "x", "policy": '{"roles": 5}'}]},
    {"grants": [{"kind": "domain", "id": "x", "policy": '{"Statement": [null, 5]}'}]},
    {"method": {}, "path": [], "id": {}, "body": 5, "owner": "yes", "resource": [], "token": {}},
    {"method": UNSEEN, "path": UNSEEN, "id": UNSEEN, "body": UNSEEN, "resource": UNSEEN},
    {"method": UNSEEN, "path": f"/{UNSEEN}", "provider": UNSEEN, "service": UNSEEN, "token": "x"},
    {"body": json.dumps(UNSEEN), "path": "/v1/p1/a", "method": "POST"},
    {"body": "[" * 20_000 + "]" * 20_000},
    {"__proto__": {"grants": 5}, "constructor": 5},
)


@pytest.mark.parametrize("view", ["decide", "routes"])
def test_a_call_of_a_link_may_be_anything(browser: Browser, hostile_file: Path, view: str) -> None:
    with open_page(browser, hostile_file) as page:
        for call in HOSTILE_CALLS:
            show(page, spell_link(view=view, call=call))
            if view == "decide":
                page.locator(".answer :is(.verdict, .trouble, .nothing)").wait_for()
                page.get_by_role("button", name="Add a grant").click()
                page.locator(".answer :is(.verdict, .trouble, .nothing)").wait_for()
                page.locator("fieldset textarea").first.wait_for()
            assert page.locator("body > .trouble").is_hidden(), call
            assert_harmless(page)


@pytest.mark.parametrize("broken", [UNSEEN, "__proto__", "[]", "{%"])
def test_a_value_of_a_link_may_be_anything(
    browser: Browser, hostile_file: Path, broken: str
) -> None:
    names = ("view", "q", "method", "api", "scope", "mark", "route", "ticked", "call")
    broken = broken.encode("utf-8", "replace").decode()
    with open_page(browser, hostile_file) as page:
        for view in ("routes", "decide", "policy", "least", "changes"):
            others = {"view": view, "policy": broken, "at": broken, "kind": broken}
            show(page, spell_link(**{**others, **dict.fromkeys(names[1:], broken)}))
            assert page.locator("nav a[aria-current]").count() == 1
            assert page.locator("main > *").count() == 1
            assert page.locator("body > .trouble").is_hidden()
        for name in (*names, "lang", "at", "kind", "policy", "other"):
            show(page, f"#{name}={broken}&{name}={broken}&&=&")
            assert page.locator("nav a[aria-current]").count() == 1
        assert_harmless(page)


def test_a_link_of_another_edition_shows_what_it_asks(browser: Browser, hostile_file: Path) -> None:
    call = {"method": "TRACE", "path": "/x", "provider": "elsewhere", "service": "ims"}
    link = spell_link(view="decide", call=call, ticked=["00000000"])
    with open_page(browser, hostile_file, link) as page:
        page.locator(".answer .verdict").wait_for()
        chosen = [
            page.get_by_label(name).input_value() for name in ("Method", "Provider", "Service")
        ]
        asked = json.loads(page.locator(".answer details pre").first.text_content() or "")
        assert chosen == ["TRACE", "elsewhere", "ims"]
        assert {**call, **asked["request"]} == asked["request"]

        page.get_by_role("link", name="Least policy").click()
        page.get_by_role("link", name="Tick routes in the list").wait_for()
