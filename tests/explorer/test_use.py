"""What people do with the page, and what must not get lost or be said wrongly on the way."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.explorer.made import find_route, spell_link, spell_policy
from tests.explorer.opening import open_page
from tests.explorer.states import DELETE, POLICY, make_call, read_link, show

ROLE = {
    "display_name": "Half",
    "catalog": "BASE",
    "policy": json.loads(spell_policy("evs:*:get")) | {
        "Depends": [{"catalog": "BASE", "display_name": "Other"}]
    },
}  # fmt: skip


def test_a_policy_is_typed_over_without_a_loss(seed: Page) -> None:
    show(seed, spell_link(view="decide", call=make_call("evs:snapshots:*")))
    seed.locator(".answer .verdict").wait_for()
    field = seed.get_by_label("Policy document").first
    field.evaluate(
        "field => field.setSelectionRange(...['Allow', ''].map((end, i) =>"
        " field.value.indexOf('Allow') + (i ? 5 : 0)))"
    )
    field.focus()

    seed.keyboard.type("Deny", delay=60)

    seed.locator(".verdict code").get_by_text("explicitly_denied").wait_for()
    assert field.input_value() == make_call("evs:snapshots:*")["grants"][0]["policy"].replace(  # type: ignore[index]
        "Allow", "Deny"
    )


def test_whoever_asks_about_another_route_stays_who_they_are(seed: Page, seed_file: Path) -> None:
    call = make_call("evs:snapshots:*") | {"id": "proj-77"}
    route = find_route(seed_file, "GET", "/v2/{project_id}/snapshots")
    show(seed, spell_link(call=call, route=route["id"]))

    seed.get_by_role("link", name="Ask for the decision").click()
    seed.locator(".answer .verdict").wait_for()

    asked = read_link(seed)["call"]
    assert isinstance(asked, dict)
    assert (asked["method"], asked["path"]) == ("GET", "/v2/proj-77/snapshots")
    assert asked["grants"] == call["grants"]


def test_nothing_is_granted_that_nobody_granted(seed: Page, seed_file: Path) -> None:
    show(seed, spell_link(route=find_route(seed_file, "DELETE", DELETE)["id"]))

    seed.get_by_role("link", name="Ask for the decision").click()

    seed.locator(".verdict code").get_by_text("action_not_granted").wait_for()
    assert seed.locator(".inner :checked").count() == 0


def test_numbers_keep_their_digits(seed: Page) -> None:
    body = f'{{"n": 1e400, "p": "{"x" * 40_000}"}}'
    show(seed, spell_link(view="decide", call=make_call("evs:*") | {"body": body}))

    seed.locator(".verdict code").get_by_text("malformed_request").wait_for()
    assert "100 digits" in seed.locator(".answer .message").inner_text()


@pytest.mark.parametrize("view", ["decide", "policy"])
def test_a_member_that_is_there_twice_is_refused(seed: Page, view: str) -> None:
    policy = '{"Version": "1.1", "Statement": [{"Effect": "Deny", "Effect": "Allow"}]}'
    call = make_call()
    call["grants"] = [{"kind": "iam_project", "id": "p1", "policy": policy}]
    show(seed, spell_link(view=view, policy=policy, call=call))

    assert '"Effect" twice' in seed.locator("main .trouble").inner_text()


def test_why_a_statement_takes_no_effect_is_said(seed: Page) -> None:
    show(seed, spell_link(view="policy", policy=json.dumps({"roles": [ROLE]})))

    said = seed.locator(".notes li")
    said.wait_for()
    assert said.inner_text() == (
        "Half, statement 1 allows nothing: Depends is not evaluated, or not met"
    )


def test_an_answer_to_what_is_no_longer_ticked_is_not_shown(seed: Page, seed_file: Path) -> None:
    ids = [find_route(seed_file, "GET", path)["id"] for path in (
        "/v2/{project_id}/snapshots", "/v3/{project_id}/snapshots")]  # fmt: skip
    show(seed, spell_link(view="least", ticked=ids))
    seed.locator(".answer pre").wait_for()

    # At once: the second question, what is left, is still being answered.
    seed.evaluate("for (const _ of [1, 2]) document.querySelector('.list .tick').click()")

    seed.locator(".answer .nothing").wait_for()
    seed.wait_for_timeout(500)
    assert seed.locator(".answer pre").count() == 0


def test_routes_of_another_edition_are_missed(seed: Page, seed_file: Path) -> None:
    route = find_route(seed_file, "DELETE", DELETE)["id"]
    show(seed, spell_link(view="least", ticked=[route, "00000000"]))
    assert "1 of the ticked routes" in seed.locator(".listing .warning").inner_text()

    show(seed, spell_link(view="routes", route="00000000"))
    assert "not in this edition" in seed.locator(".detail").inner_text()


def test_a_path_of_a_log_is_found(seed: Page) -> None:
    seed.get_by_role("searchbox").fill("/v2/4f1a/snapshots/77?limit=1")

    assert seed.locator(".count").inner_text() == "3 of 38 routes and cases"
    paths = {each.inner_text() for each in seed.locator(".row .path").all()}
    assert paths == {DELETE}


def test_a_verdict_is_seen_beside_the_form_in_a_narrow_window(
    browser: Browser, seed_file: Path
) -> None:
    link = spell_link(view="decide", call=make_call("evs:*"))
    narrow = {"width": 360, "height": 740}
    with open_page(browser, seed_file, link, viewport=narrow) as page:
        page.locator(".answer .verdict").wait_for()
        brief = page.locator(".brief").bounding_box()

    assert brief
    assert brief["y"] + brief["height"] <= 740


def test_a_policy_that_is_replaced_leaves_no_old_answer(seed: Page) -> None:
    show(seed, spell_link(view="policy", policy=POLICY))
    seed.locator("section tbody tr").first.wait_for()

    deep = '{"a":' * 8000 + "1" + "}" * 8000
    text = '{"Version":"1.1","Statement":[{"Effect":"Deny","Action":["*"],"Condition":%s}]}' % deep  # noqa: UP031
    seed.get_by_label("Policy document").fill(text)

    seed.locator("main .trouble").wait_for()
    assert seed.locator("[role=option]").count() == 0
    assert seed.locator("section tbody tr").count() == 0
