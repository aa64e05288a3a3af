"""The hook for pre-commit, and examples/ci/, run in repositories of a test's own."""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from scopegate.live.opa import Opa
from tests.cli.test_diff import FILE, drop_row
from tests.docs.blocks import read_blocks
from tests.docs.typing_commands import make_checkout
from tests.examples.deployments import read
from tests.examples.sidecar import EXAMPLES

GOOD = '{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["evs:snapshots:get"]}]}'
ODD = GOOD.replace("snapshots:get", "snapshots:lst")
BROKEN = "{}"
POLICIES = {"good": GOOD, "odd": ODD, "broken": BROKEN}
MEMBERS = {
    "id": str,
    "name": str,
    "description": str,
    "entry": str,
    "language": str,
    "types": list,
    "files": str,
    "require_serial": bool,
    "minimum_pre_commit_version": str,
}
"""What https://pre-commit.com/#new-hooks documents, as far as it is used, and its types."""
WORKFLOW = "ci/scopegate.yaml"
SCRIPTS = sorted((EXAMPLES / "ci").glob("*.sh"))
WHO = ("AUTHOR", "COMMITTER")
"""Whom git wants to know of a commit."""
LINT, COMPARE = "Lint the policies", "Tell what the tables open and close"

Done = subprocess.CompletedProcess[str]
Shell = Callable[..., Done]


@pytest.fixture
def hook(project: Path) -> dict[str, Any]:
    text = (project / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    (only,) = yaml.safe_load(text)
    return dict(only)


@pytest.fixture
def workflow() -> dict[Any, Any]:
    found: dict[Any, Any] = read(WORKFLOW)
    return found


@pytest.fixture
def shell(opa: Opa, project: Path, tmp_path: Path) -> Shell:
    """Runs a script as GitHub does, in a clone of the project: `shell("env", PROFILE="x")`."""
    make_checkout(tmp_path, opa)
    commands = f"{tmp_path / 'programs'}:{os.environ['PATH']}"

    def run(script: str, **more: str) -> Done:
        return subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=tmp_path,
            env={
                "PATH": commands,
                "HOME": str(tmp_path),
                "LC_ALL": "C.UTF-8",
                "OPA": str(opa.path),
                "PYTHONPATH": str(project / "generator"),
                **more,
            },
            capture_output=True,
            check=False,
            encoding="utf-8",
        )

    return run


@pytest.fixture
def base(shell: Shell, tmp_path: Path) -> Shell:
    """The same, in a git repository with a commit of the tables and a branch for another."""
    (tmp_path / ".gitignore").write_text("/differences.md\n/summary.md\n/bundle/*.tar.gz\n")
    do(shell, "git init -q -b main && git add . && git commit -q -m base")
    do(shell, "git checkout -q -b change")
    return shell


def do(shell: Shell, script: str) -> None:
    names = {f"GIT_{who}_{what}": "a@example.com" for who in WHO for what in ("NAME", "EMAIL")}
    done = shell(script, **names)
    assert done.returncode == 0, done.stderr


def merge(shell: Shell) -> None:
    """Commit the change and merge it: that is what GitHub checks out of a pull request."""
    do(shell, "git commit -q -a -m change && git checkout -q main")
    do(shell, "git merge -q --no-ff -m merge change")


def list_steps(workflow: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def find_run(workflow: Mapping[str, Any], name: str) -> str:
    (step,) = [each for each in list_steps(workflow) if each.get("name") == name]
    return str(step["run"])


def test_the_hook_is_defined_as_pre_commit_documents_it(hook: dict[str, Any]) -> None:
    assert {name: type(value) for name, value in hook.items()} == MEMBERS
    assert hook["language"] == "python"
    assert hook["types"] == ["json"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", hook["minimum_pre_commit_version"])
    assert "Needs an OPA, 1.0.0 or newer" in hook["description"]
    assert hook["require_serial"] is True


def test_the_hook_enters_a_program_that_the_package_installs(
    hook: dict[str, Any], project: Path
) -> None:
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    assert shlex.split(hook["entry"])[0] in tomllib.loads(text)["project"]["scripts"]


@pytest.mark.parametrize(
    ("file", "selected"),
    [("policies/a.json", True), ("cloud/policies/b.json", True), ("package.json", False)],
)
def test_the_hook_looks_at_policies_alone(
    hook: dict[str, Any], file: str, *, selected: bool
) -> None:
    assert bool(re.search(hook["files"], file)) is selected


@pytest.mark.parametrize(
    ("names", "code", "told"),
    [
        (("good",), 0, "nothing found · 1 document"),
        (("good", "odd"), 1, "policies/odd.json:1:65: Statement[0].Action[0]: warning: "),
        (("good", "broken"), 2, "policies/broken.json:1:1"),
    ],
)
def test_the_hook_lints_the_files_of_a_commit(  # noqa: PLR0913, PLR0917  fixtures, and what is expected
    hook: dict[str, Any],
    shell: Shell,
    bundle: Path,
    tmp_path: Path,
    names: tuple[str, ...],
    code: int,
    told: str,
) -> None:
    mine = tmp_path / "mine"
    (mine / "policies").mkdir(parents=True)
    for name in names:
        (mine / f"policies/{name}.json").write_text(POLICIES[name], encoding="utf-8")
    do(shell, "cd mine && git init -q && git add .")
    # As pre-commit has it: the entry, the arguments, and the files that are staged.
    command = [*shlex.split(hook["entry"]), "--bundle", str(bundle)]

    done = shell(f"cd mine && git diff --staged --name-only | xargs {shlex.join(command)}")

    # xargs says 123 for what its command does not say with 0.
    assert done.returncode == (123 if code else 0)
    assert told in done.stdout + done.stderr
    assert shell(f"cd mine && {shlex.join(command)} policies").returncode == code


def test_the_hook_finds_a_role_beside_the_one_that_depends_on_it(
    hook: dict[str, Any], shell: Shell, bundle: Path, tmp_path: Path
) -> None:
    depends = [{"catalog": "BASE", "display_name": "Tenant Guest"}]
    role = {"display_name": "Mine", "policy": {**json.loads(GOOD), "Depends": depends}}
    (tmp_path / "mine.json").write_text(json.dumps(role), encoding="utf-8")
    command = f"{hook['entry']} --bundle {shlex.quote(str(bundle))} mine.json"

    assert "[depends-not-met]" in shell(command).stdout
    found = shell(f"{command} examples/policies/tenant-guest.json").stdout
    assert found
    assert "[depends-not-met]" not in found


def test_the_page_configures_the_hook_that_is_there(hook: dict[str, Any]) -> None:
    (text,) = [block.text for block in read_blocks("examples/README.md") if "repos:" in block.text]
    (repository,) = yaml.safe_load(text)["repos"]
    (configured,) = repository["hooks"]
    assert configured["id"] == hook["id"]
    assert configured.keys() <= {"id", "args", "files"}
    assert configured["args"][0] == "--bundle"
    assert re.search(configured["files"], "cloud/policies/a.json")
    assert len(repository["rev"]) == 40


def test_the_workflow_satisfies_its_schema() -> None:
    args = ["-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run(
        [sys.executable, *args, str(EXAMPLES / WORKFLOW)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_actions_are_pinned_by_their_commits_with_the_version_beside() -> None:
    lines = re.findall(r"uses: .*", (EXAMPLES / WORKFLOW).read_text(encoding="utf-8"))
    assert len(lines) == 5
    for line in lines:
        assert re.fullmatch(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)


def test_jobs_may_do_no_more_than_they_need(workflow: dict[Any, Any]) -> None:
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "policies": {"contents": "read", "security-events": "write"},
        "tables": {"contents": "read"},
    }
    # `pull_request_target` would run what a stranger sends with the rights of the repository.
    assert workflow[True].keys() == {"pull_request", "push"}  # YAML 1.1 reads `on` as a boolean
    for step in list_steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_nothing_is_put_into_a_script_before_the_shell_reads_it(workflow: dict[str, Any]) -> None:
    runs = [step["run"] for step in list_steps(workflow) if "run" in step]
    assert len(runs) == 5
    assert not [run for run in runs if "${{" in run]


def test_what_the_workflow_calls_is_there(workflow: dict[str, Any], project: Path) -> None:
    called = set(re.findall(r"[\w/-]+\.(?:sh|txt)\b", json.dumps(workflow["jobs"])))
    assert {f"examples/ci/{script.name}" for script in SCRIPTS} < called
    for name in called:
        assert (project / name).is_file()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_are_for_any_posix_shell(script: Path) -> None:
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert os.access(script, os.X_OK)
    for name in ("dash", "busybox"):
        if found := shutil.which(name):
            command = [found, *(["sh"] if name == "busybox" else []), "-n", str(script)]
            assert subprocess.run(command, check=False).returncode == 0


@pytest.mark.parametrize("intact", [True, False])
def test_an_opa_is_put_in_its_place_if_it_is_the_one(
    workflow: dict[str, Any], shell: Shell, tmp_path: Path, *, intact: bool
) -> None:
    curl = tmp_path / "programs/curl"
    curl.write_text(
        '#!/bin/sh\nfor url; do :; done\necho "$url" >asked\n'
        'while [ "$1" != --output ]; do shift; done\nprintf opa >"$2"\n'
    )
    curl.chmod(0o755)
    env = dict(workflow["env"])
    assert re.fullmatch(r"[0-9a-f]{64}", env["OPA_SHA256"])
    if intact:
        env["OPA_SHA256"] = hashlib.sha256(b"opa").hexdigest()

    done = shell("examples/ci/opa.sh brought", **env)

    asset = f"v{env['OPA_VERSION']}/opa_linux_amd64_static"
    assert (tmp_path / "asked").read_text().endswith(f"/releases/download/{asset}\n")
    assert (done.returncode == 0) is intact
    found = [file.name for file in (tmp_path / "brought").iterdir()]
    assert found == (["opa"] if intact else [])


@pytest.mark.parametrize(("name", "code"), [("good", 0), ("odd", 1), ("broken", 2)])
def test_policies_are_linted_with_the_bundle_of_the_tables(
    workflow: dict[str, Any], shell: Shell, tmp_path: Path, name: str, code: int
) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / f"policies/{name}.json").write_text(POLICIES[name], encoding="utf-8")
    profile = workflow["env"]["PROFILE"]
    built = shell(find_run(workflow, "Build the bundle"), PROFILE=profile)
    assert built.returncode == 0, built.stderr

    done = shell(find_run(workflow, LINT), PROFILE=profile)

    assert done.returncode == code
    sarif = tmp_path / "scopegate.sarif"
    assert sarif.exists() is (code < 2)
    if code == 0:
        assert done.stdout == "nothing found · 1 document\n"
    if code == 1:
        assert "policies/odd.json:1:65: Statement[0].Action[0]: warning: " in done.stdout
        (run,) = json.loads(sarif.read_text(encoding="utf-8"))["runs"]
        place = run["results"][0]["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "policies/odd.json"}
    if code == 2:
        assert "policies/broken.json:1:1" in done.stderr


def compare(workflow: Mapping[str, Any], shell: Shell, folder: Path) -> tuple[Done, str]:
    """Run the step of a pull request; gives the job's summary, too."""
    summary = folder / "summary.md"
    done = shell(
        find_run(workflow, COMPARE),
        PROFILE=workflow["env"]["PROFILE"],
        GITHUB_STEP_SUMMARY=str(summary),
    )
    return done, summary.read_text(encoding="utf-8")


def edit(folder: Path, old: str, new: str) -> None:
    text = (folder / FILE).read_text(encoding="utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_pull_request_that_changes_words_passes(
    workflow: dict[str, Any], base: Shell, tmp_path: Path
) -> None:
    edit(tmp_path, '"创建云硬盘快照"', '"创建快照"')
    merge(base)

    done, summary = compare(workflow, base, tmp_path)

    assert done.returncode == 0, done.stderr
    assert "\n2 differences: 2 wording\n" in summary
    assert done.stdout == summary


def test_a_pull_request_that_opens_a_route_fails_and_names_it(
    workflow: dict[str, Any], base: Shell, tmp_path: Path
) -> None:
    edit(tmp_path, ', "evs:volumes:get"]', "]")
    merge(base)

    done, summary = compare(workflow, base, tmp_path)

    assert done.returncode == 1
    assert "| **opened** | `POST /v2/{project_id}/snapshots` huaweicloud/evs |" in summary


def test_a_path_that_another_route_takes_over_fails_too(
    workflow: dict[str, Any], base: Shell, tmp_path: Path
) -> None:
    drop_row(tmp_path / "tables")
    merge(base)

    done, summary = compare(workflow, base, tmp_path)

    assert done.returncode == 1
    assert "| **shadowed** | `GET /v2/{project_id}/snapshots/detail` huaweicloud/evs |" in summary


def test_what_can_not_be_compared_fails_and_says_so(
    workflow: dict[str, Any], base: Shell, tmp_path: Path
) -> None:
    edit(tmp_path, 'provider: "huaweicloud"', "provider: 1")
    merge(base)

    done, summary = compare(workflow, base, tmp_path)

    assert done.returncode == 2
    assert f"HEAD:{FILE}:3:" in done.stderr
    assert summary == "The tables could not be compared. The log says why.\n"


def test_a_summary_is_no_longer_than_github_takes(
    workflow: dict[str, Any], base: Shell, tmp_path: Path
) -> None:
    script = tmp_path / "examples/ci/compare.sh"
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace("most=1000000", "most=100"), encoding="utf-8")
    edit(tmp_path, ', "evs:volumes:get"]', "]")
    merge(base)

    done, summary = compare(workflow, base, tmp_path)

    assert done.returncode == 1
    assert "| **opened** |" in done.stdout
    assert summary.splitlines()[2:] == [
        "2 differences: 2 opened",
        "",
        "That is too long for a summary. The log has all of it.",
    ]
