"""`scopegate explorer`: one file, of any bundle, the same each time."""

import base64
import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from scopegate.explorer.sdk import SDK_NAME
from tests.cli.conftest import Command
from tests.harness.programs import bring_or_skip

LARGEST = {"huaweicloud": 1_200_000, "all": 4_000_000}
"""Bytes that a page may have."""


@pytest.fixture
def explorer(built: Command) -> Command:
    """The command, where the project has the SDK."""
    sdk = bring_or_skip(SDK_NAME)
    Path(".tools/bin").mkdir(parents=True, exist_ok=True)
    shutil.copy(sdk, ".tools/bin")

    def run(*args: str, **more: Any) -> Any:  # noqa: ANN401
        return built("explorer", *args, **more)

    return run


def read_facts(page: Path) -> Any:  # noqa: ANN401
    found = re.search(r'id="facts">(.*?)</script>', page.read_text(encoding="utf-8"))
    assert found
    return json.loads(found[1])


def test_the_page_is_of_the_profiles_bundle(explorer: Command) -> None:
    said = explorer()

    assert (said.code, said.err) == (0, "")
    page = Path("build/explorer/huaweicloud.html")
    lines = said.out.splitlines()
    assert lines[0].startswith(f"✓ {page}  {read_facts(page)['revision'][:12]}  ")
    assert lines[1] == f"  38 routes · {page.stat().st_size:,} bytes"
    assert page.stat().st_size <= LARGEST["huaweicloud"]


def test_the_same_bundle_makes_the_same_bytes(explorer: Command) -> None:
    assert explorer("-o", "first.html").code == explorer("-o", "second.html").code == 0

    assert Path("first.html").read_bytes() == Path("second.html").read_bytes()


def test_the_page_of_another_bundle_is_made_where_one_is(
    explorer: Command, everything_bundle: Path
) -> None:
    said = explorer("--bundle", str(everything_bundle))

    assert (said.code, said.err) == (0, "")
    assert Path("all.html").stat().st_size <= LARGEST["all"]
    facts = read_facts(Path("all.html"))
    assert len(facts["routes"]) == len({route["id"] for route in facts["routes"]}) == 789


def test_no_project_is_needed(
    explorer: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sdk, bundle = tmp_path / ".tools/bin" / SDK_NAME, tmp_path / "bundle/huaweicloud.tar.gz"
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)

    without = explorer("--bundle", str(bundle))
    said = explorer("--bundle", str(bundle), "--sdk", str(sdk))

    assert without.code == 2
    assert "it is in no project: `npm pack @open-policy-agent/opa-wasm@1.10.0`" in without.err
    assert (said.code, said.err) == (0, "")
    assert [each.name for each in elsewhere.iterdir()] == ["huaweicloud.html"]


def test_changes_since_an_older_edition_are_told(explorer: Command) -> None:
    shutil.copytree("tables", "old")
    table = Path("old/huaweicloud/evs/snapshots.yaml")
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("evs:snapshots:list", "evs:snapshots:get"), "utf-8")

    said = explorer("--against", "old")

    assert (said.code, said.err) == (0, "")
    told = read_facts(Path("build/explorer/huaweicloud.html"))["differences"]
    assert told["old"]["name"] == "old"
    assert {each["kind"] for each in told["differences"]} == {"moved"}
    assert all(each["witnesses"] for each in told["differences"])


def test_what_is_missing_is_named_and_a_page_that_is_there_stays(explorer: Command) -> None:
    page = Path("build/explorer/huaweicloud.html")
    page.parent.mkdir(parents=True)
    page.write_text("of before", "utf-8")
    sdk = Path(".tools/bin", SDK_NAME)
    sdk.write_bytes(sdk.read_bytes() + b" ")

    other = explorer()
    sdk.unlink()
    without = explorer()
    named = explorer("--sdk", "nowhere.js")
    unbuilt = explorer("--profile", "all")

    assert [each.code for each in (other, without, named, unbuilt)] == [2, 2, 2, 2]
    assert f"{SDK_NAME} is not src/opa.js of @open-policy-agent/opa-wasm 1.10.0" in other.err
    assert "run `make explorer`, which brings it" in without.err
    assert "there is no nowhere.js" in named.err
    assert "run `scopegate build --profile all`" in unbuilt.err
    assert page.read_text("utf-8") == "of before"


def test_the_scripts_are_those_that_the_page_lets_run(explorer: Command) -> None:
    explorer("-o", "page.html")

    page = Path("page.html").read_text(encoding="utf-8")
    (script,) = re.findall(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy
