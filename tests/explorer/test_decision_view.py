"""The view of a decision: the answer is a live OPA's, and what is copied works elsewhere."""

import json
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from scopegate.live.opa import Opa
from tests.explorer.made import spell_link, spell_policy
from tests.explorer.opening import open_page
from tests.explorer.states import make_call, show
from tests.harness.client import Client

ALL = ("evs:snapshots:delete", "evs:snapshots:get", "evs:volumes:get")

CALLS: dict[str, dict[str, Any]] = {
    "allowed": make_call(*ALL),
    "scope_unsupported": make_call(*ALL[:2]),
    "action_not_granted": {**make_call(*ALL[:1]), "grants": []},
    "project_mismatch": make_call(*ALL, path="/v2/p2/snapshots/x"),
    "no_matching_route": make_call(*ALL, path="/v2/p1/nothing's/x?q='$(id)'`id`\"\\"),
    "explicitly_denied": {
        **make_call(),
        "grants": [
            {"kind": "all_resources", "id": "", "policy": spell_policy("evs:*", effect="Deny")}
        ],
    },
    "malformed_request": make_call(*ALL, path="no path"),
    "account_owner": {**make_call(*ALL), "owner": True, "resource": "e1"},
}

# What is copied, held instead of put into a clipboard that others use, too.
HOLD = """navigator.clipboard.writeText = async (text) => { window.held = text; }"""


@pytest.fixture(scope="module")
def page(browser: Browser, seed_file: Path) -> Iterator[Page]:
    with open_page(browser, seed_file) as opened:
        opened.evaluate(
            "Object.defineProperty(navigator, 'clipboard', { value: {}, configurable: true })"
        )
        opened.evaluate(HOLD)
        yield opened


def ask(page: Page, reason: str) -> tuple[Any, Any]:
    """Ask what is decided for that reason; the input and the decision that are shown."""
    show(page, spell_link(view="decide", call=CALLS[reason]))
    page.locator(".verdict code").get_by_text(reason, exact=True).wait_for()
    texts = page.locator(".answer details pre").all_text_contents()
    asked, decided = map(json.loads, texts)
    return asked, decided


def copy(page: Page, name: str) -> str:
    page.evaluate("window.held = undefined")
    page.get_by_role("button", name=name).click()
    page.wait_for_function("() => window.held !== undefined")
    held: str = page.evaluate("window.held")
    return held


@pytest.mark.parametrize("reason", CALLS)
def test_the_answer_is_that_of_a_live_opa(page: Page, client: Client, reason: str) -> None:
    asked, decided = ask(page, reason)

    assert sort_lists(client.decide(asked)) == sort_lists(decided)
    assert decided["reason"] == reason
    verdict = "✓ Allowed" if decided["allow"] else "✗ Denied"
    assert page.locator(".verdict strong").text_content() == verdict
    assert page.locator(".message").text_content() == decided["message"]
    last = page.locator(".steps li").last.text_content() or ""
    assert last.startswith(verdict[0])
    assert last.endswith(f" {reason}")
    assert page.locator(".steps li").filter(has_text="✗").count() == (not decided["allow"])


def sort_lists(value: Any) -> Any:  # noqa: ANN401  any JSON
    """Sets are lists whose order WebAssembly does not keep."""
    if isinstance(value, dict):
        return {name: sort_lists(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted(map(sort_lists, value), key=str)
    return value


@pytest.mark.parametrize("reason", CALLS)
def test_what_is_copied_for_a_shell_asks_the_same(page: Page, reason: str, tmp_path: Path) -> None:
    asked, _ = ask(page, reason)

    curl = shlex.split(copy(page, "Copy as curl"))
    assert curl[:2] == ["curl", "--json"]
    assert json.loads(curl[2]) == {"input": asked}
    assert curl[3:] == ["http://127.0.0.1:8181/v1/data/scopegate/decision"]

    command = copy(page, "Copy as scopegate decide")
    told = tmp_path / "told"
    script = f'scopegate() {{ echo "$*"; cat; }}\n{command}\n'
    with told.open("w") as output:
        subprocess.run(["bash", "-euc", script], check=True, stdout=output, cwd=tmp_path)
    arguments, _, text = told.read_text(encoding="utf-8").partition("\n")
    assert arguments == "decide --input -"
    assert json.loads(text) == asked


@pytest.mark.parametrize("reason", CALLS)
def test_what_is_copied_for_opa_test_passes(
    page: Page, bundle: Path, opa: Opa, tmp_path: Path, reason: str
) -> None:
    ask(page, reason)

    text = copy(page, "Copy as a test for opa test")
    assert run_test(bundle, opa, tmp_path / "case_test.rego", text)
    for word in ("true", "false"):
        other = {"true": "false", "false": "true"}[word]
        changed = text.replace(f'{{"allow":{word}', f'{{"allow":{other}')
        if changed != text:
            assert not run_test(bundle, opa, tmp_path / "case_test.rego", changed)


def run_test(bundle: Path, opa: Opa, file: Path, text: str) -> bool:
    file.write_text(text, encoding="utf-8")
    command = [str(opa.path), "test", str(bundle), str(file), "--format", "json"]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    (told,) = json.loads(ran.stdout)
    assert told["package"] == "data.scopegate_cases_test"
    return ran.returncode == 0


def test_the_link_that_is_copied_is_that_of_the_page(page: Page) -> None:
    ask(page, "allowed")

    assert copy(page, "Copy the link to this") == page.url


def test_what_is_no_json_says_so(page: Page) -> None:
    ask(page, "allowed")

    for field, text, said in (
        ("Body (JSON)", "{", "This is no JSON"),
        ("Policy document", '{"Version": "1.1",', "This is no JSON"),
        ("Policy document", "5", "Expected a policy"),
    ):
        ask(page, "allowed")
        page.get_by_label(field).first.fill(text)
        assert said in (page.locator(".answer .trouble").text_content() or "")
        assert page.locator(".answer .verdict").count() == 0
        page.get_by_label(field).first.fill("")
        page.locator(".answer .verdict").wait_for()


def test_ticking_an_action_writes_the_policy(page: Page) -> None:
    ask(page, "scope_unsupported")
    policy = page.get_by_label("Policy document").first

    page.get_by_label("evs:volumes:get").first.check()
    page.locator(".verdict.yes").wait_for()
    (statement,) = json.loads(policy.input_value())["Statement"]
    assert statement == {"Effect": "Allow", "Action": [*ALL]}

    for action in ALL:
        page.get_by_label(action).first.uncheck()
    page.locator(".verdict.no").wait_for()
    assert policy.input_value() == ""


def test_every_reason_has_a_step(project: Path) -> None:
    view = (project / "generator/scopegate/explorer/page/decide.js").read_text(encoding="utf-8")
    documented = (project / "docs/decisions.md").read_text(encoding="utf-8")
    steps = view[view.index("const STEPS") : view.index("];", view.index("const STEPS"))]

    named = {word for word in steps.split('"')[1::2] if not word.startswith("step_")}
    rules = (project / "rego/scopegate/decision.rego").read_text(encoding="utf-8")
    for reason in named:
        assert f"`{reason}`" in documented
        assert f'"{reason}"' in rules
    assert CALLS.keys() <= named
