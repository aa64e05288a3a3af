"""The commands of README.md, but for `make test`, which would run these very tests."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port
from tests.corpus import test_seed as seed
from tests.docs.blocks import PROJECT, read_blocks
from tests.docs.typing_commands import (
    WAIT,
    change,
    follow_make,
    hide_varying,
    make_checkout,
    type_commands,
)

PAGE = "README.md"
MAKE, SERVE, ASK, ANSWER, DECIDE, COUNT, POLICIES, WHEEL, PROFILE, IMPORT = read_blocks(PAGE)


def run(script: str, folder: Path, opa: Opa) -> str:
    with type_commands(follow_make(script), folder, opa) as printed:
        return hide_varying(printed)


def test_make_builds_as_the_page_says(opa: Opa, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    printed = run(change(MAKE.commands, {"make test\n": ""}), tmp_path, opa)
    assert printed.startswith("✓ bundle/")
    assert f"\n{printed}" in hide_varying(MAKE.printed)


def test_a_server_and_the_command_line_answer_alike(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    shutil.copy(bundle, tmp_path / "bundle")
    address = f"127.0.0.1:{find_free_port()}"
    serve = change(SERVE.commands, {"make serve": f"make serve ARGS='--addr {address}'"})
    start = f"{follow_make(serve).rstrip()} >served 2>&1 &\n{WAIT.format(address=address)}"
    ask = change(ASK.commands, {"127.0.0.1:8181": address})
    assert json.loads(run(start + ask, tmp_path, opa)) == json.loads(hide_varying(ANSWER.text))
    decide = f"{DECIDE.commands.rstrip()} || test $? -eq 1\n"
    assert run(decide, tmp_path, opa) == hide_varying(DECIDE.printed)


def test_what_the_page_counts_is_in_the_inventory(opa: Opa, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    printed = run(COUNT.commands, tmp_path, opa)
    assert printed == hide_varying(COUNT.printed)
    (table,) = yaml.safe_load(printed).values()
    page = (PROJECT / PAGE).read_text(encoding="utf-8")
    ((*counts,),) = re.findall(r"(\d+) rows, (\d+) actions,\s+(\d+) routes", page)
    assert counts == [str(table[name]) for name in ("rows", "actions", "routes")]
    assert set(re.findall(r"\b(?:the|all) (\d+) rows\b", page)) == {str(table["rows"])}


def test_policies_open_and_need_what_the_page_says(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    shutil.copy(bundle, tmp_path / "bundle")
    printed = run(POLICIES.commands, tmp_path, opa).splitlines()
    assert sorted(printed) == sorted(hide_varying(POLICIES.printed).splitlines())


def test_no_clone_is_needed_to_ask_a_bundle(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    for name in ("tables", "rego"):
        shutil.rmtree(tmp_path / name)
    shutil.copy(bundle, tmp_path)
    script = change(WHEEL.commands, {"pip install scopegate-0.1.0-py3-none-any.whl\n": ""})
    printed = run(f"{script.rstrip()} || test $? -eq 1\n", tmp_path, opa)
    assert printed == hide_varying(WHEEL.printed)


def test_another_profile_decides_as_the_page_says(opa: Opa, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    script = f"{PROFILE.commands.rstrip()} || test $? -eq 1\n"
    assert run(script, tmp_path, opa) == hide_varying(PROFILE.printed)


@pytest.mark.skipif(not seed.PAGE.is_file(), reason="the published page is not here")
def test_the_page_is_imported_and_changes_nothing(opa: Opa, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    script = change(IMPORT.commands, {"path/to/evs-snapshots.zh.md": str(seed.PAGE)})
    in_a_repository = "git init --quiet && git add rego tables\n"
    printed = run(in_a_repository + script, tmp_path, opa)
    assert "✓ tables/huaweicloud/evs/snapshots.yaml\n  nothing has changed\n" in printed
    assert "diff --git" not in printed
