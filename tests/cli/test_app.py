"""What all commands have in common."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pytest

from scopegate.cli import COMMANDS
from scopegate.live.opa import Opa
from tests.cli.conftest import Command, run
from tests.identity.made import EXPORTS
from tests.setup.programs import write_program

QUESTION = ("GET", "/v2/p1/snapshots", "--iam-project", "p1")
SCOPEGATE = (sys.executable, "-c", "from scopegate.cli import main; main()")

BASH = shutil.which("bash")

# No command may wait for what it does not use: these take longer to import than a build takes.
SLOW = {"aiohttp", "lxml", "opa_client", "requests"}


def drop_styles(shown: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", shown)


def test_help_names_every_command_and_the_exit_codes() -> None:
    said = run("--help")
    assert said.code == 0
    assert all(f"\n  {name} " in said.out for name in COMMANDS)
    assert "Exit codes: 0" in said.out


@pytest.mark.parametrize("columns", ["40", "80", "200"])
@pytest.mark.parametrize("group", [(), ("config",), ("identity",)], ids=" ".join)
def test_what_lists_say_of_commands_is_said_whole(
    monkeypatch: pytest.MonkeyPatch, group: tuple[str, ...], columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    listed = run(*group, "--help").out.partition("\nCommands:\n")[2]
    summaries = re.split(r"^  \w+ +", listed, flags=re.MULTILINE)[1:]
    assert summaries
    assert all(each.endswith(".\n") and not each.endswith("..\n") for each in summaries)


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (("de",), {"decide", "demo"}),
        (("identity", ""), {"build", "check"}),
        (("decide", "--to"), {"--token-file"}),
        (("no-such-command", "--to"), set()),
    ],
)
@pytest.mark.skipif(not BASH, reason="there is no bash")
def test_bash_completes_commands_and_options(
    tmp_path: Path, words: tuple[str, ...], completed: set[str]
) -> None:
    program = shlex.join(SCOPEGATE)
    write_program(tmp_path / "scopegate", f'exec {program} "$@"')
    script = f"""
eval "$(scopegate --show-completion)"
COMP_WORDS=(scopegate {shlex.join(words)})
COMP_CWORD={len(words)}
_scopegate_completion scopegate
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(
        [str(BASH), "-c", script],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert ({*done.stdout.split()}, done.stderr) == (completed, "")


def test_nothing_asked_for_is_answered_with_help() -> None:
    said = run()
    assert said.code == 2
    assert "Commands:" in said.out + said.err


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command_has_examples(name: str) -> None:
    said = run(name, "--help")
    assert said.code == 0
    assert f"\n    scopegate {name}" in said.out, "examples keep their lines"
    assert "\n  For example:\n" in said.out
    assert said.out == run(name, "-h").out


def test_version_is_told() -> None:
    assert run("--version").out.startswith("scopegate 0.")


@pytest.mark.parametrize("name", ["build", "decide", "demo", "routes"])
def test_lines_for_programs_have_no_blanks_at_their_ends(built: Command, name: str) -> None:
    more = QUESTION if name == "decide" else ()
    lines = built(name, *more).out.splitlines()
    assert lines
    assert [line for line in lines if line != line.rstrip()] == []


def test_what_was_meant_is_guessed() -> None:
    said = run("routs")
    assert said.code == 2
    assert "Did you mean 'routes'?" in said.err
    assert said.out == ""


@pytest.mark.parametrize("name", ["build", "check", "routes", "serve", "demo"])
def test_outside_of_a_project_nothing_can_be_done(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run(name)
    assert said.code == 2
    assert said.err.startswith("Error: ")
    assert "is in no scopegate project" in said.err
    assert ("or a bundle with --bundle" in said.err) == (name in {"serve", "demo"})
    assert said.out == ""


def test_where_a_bundle_is_named_no_project_is_needed(
    bundle: Path, opa: Opa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPA", str(opa.path))
    named = ("--bundle", str(bundle))
    assert run("demo", *named).code == 0
    decided = run("decide", *QUESTION, "--allow", "evs:*:list", *named)
    assert (decided.code, decided.err) == (0, "")
    Path("data.yaml").write_text("scopegate_config: {identites: true}\n")
    checked = run("config", "check", "data.yaml", *named)
    assert (checked.code, "did you mean identities?" in checked.err) == (1, True)
    exports = shutil.copytree(EXPORTS, "exports")
    auditors = "auditors=exports/users-auditors.json"
    built = run("identity", "build", str(exports), "--group", auditors, *named)
    assert (built.code, built.err) == (0, "")
    other = run("config", "check", "data.yaml", "--bundle", "identity.tar.gz")
    assert (other.code, "is it a scopegate bundle?" in other.err) == (2, True)


@pytest.mark.parametrize(
    "args",
    [
        ("decide", *QUESTION),
        ("config", "check", "data.yaml"),
        ("identity", "build", "data.yaml"),
    ],
    ids=lambda args: args[0],
)
def test_without_a_project_a_bundle_must_be_named(
    args: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data.yaml").touch()
    said = run(*args)
    assert (said.code, said.out) == (2, "")
    assert said.err.endswith(" Name one with --project, or a bundle with --bundle.\n")


def test_the_project_is_found_upwards_and_by_its_option(
    scopegate: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = scopegate("routes", "--json")
    monkeypatch.chdir(tmp_path / "tables" / "huaweicloud")
    assert scopegate("routes", "--json") == expected
    monkeypatch.chdir(tmp_path.parent)
    assert scopegate("routes", "--json", "--project", str(tmp_path)) == expected
    assert scopegate("routes", "--project", str(tmp_path / "nowhere")).code == 2


def test_a_missing_opa_is_said(scopegate: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPA")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    said = scopegate("build")
    assert said.code == 2
    assert "no OPA" in said.err


@pytest.mark.parametrize(
    "args",
    [
        ["build"],
        ["routes"],
        ["decide", *QUESTION],
        ["--version"],
    ],
    ids=lambda args: args[0],
)
def test_commands_import_no_more_than_they_use(built: Command, args: list[str]) -> None:
    assert built("routes").code == 0
    script = (
        "import json, sys\n"
        "from scopegate.cli import app\n"
        f"try: app({args})\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    loaded = set(json.loads(done.stderr))
    assert "scopegate.cli" in loaded
    assert not SLOW & loaded


@pytest.mark.parametrize(
    "args",
    [
        ["decide", "GET", "/"],
        ["decide", "GET", "/", "--domain", "d1", "--allow", "*@nowhere=somewhere"],
        ["serve", "--bundle", "/a/path/that/is/not/there/and/is/longer/than/what/is/left/b.tar.gz"],
        ["build", "--signing-key", "/a/path/that/is/not/there/and/is/rather/long/too/key.pem"],
        ["config", "check", "faulty.yaml"],
    ],
)
def test_no_word_of_an_error_is_broken_at_the_end_of_a_line(
    scopegate: Command, monkeypatch: pytest.MonkeyPatch, args: list[str]
) -> None:
    Path("faulty.yaml").write_text(
        "scopegate_config: {a_long_name_that_nobody_knows_of_those_who_wrote_it_all: 1}"
    )
    for_programs = scopegate(*args).err
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    said = drop_styles(scopegate(*args).err)
    assert said.split() == for_programs.split()
    assert said != for_programs
    assert all(len(line) <= 80 or " " not in line.strip() for line in said.splitlines())


@pytest.mark.parametrize(
    ("args", "command", "target"),
    [
        (("decide", *QUESTION), "scopegate build", "make bundle"),
        (("check",), "scopegate build --all-profiles", "make bundles"),
        (
            ("decide", *QUESTION, "--opa-url", "http://127.0.0.1:9"),
            "scopegate serve",
            "make serve",
        ),
    ],
)
def test_a_hint_is_what_its_reader_would_type(
    scopegate: Command,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    command: str,
    target: str,
) -> None:
    Path("bundle/inventory.yaml").unlink(missing_ok=True)
    said = scopegate(*args).err.splitlines()[0]
    assert f"`{command}`" in said
    monkeypatch.setenv("SCOPEGATE_RUN_BY", "make")
    under_make = scopegate(*args).err.splitlines()[0]
    assert under_make == said.replace(f"`{command}`", f"`{target}`")


def run_at_terminal(columns: int, *args: str) -> str:
    """Run the command line where standard error is a terminal; return what it shows there."""
    leader, follower = os.openpty()
    termios.tcsetwinsize(follower, (24, columns))
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}
    for name in ("COLUMNS", "TTY_COMPATIBLE", "FORCE_COLOR"):
        environment.pop(name, None)
    with open(leader, "rb", buffering=0) as shown:  # noqa: PTH123  no path
        subprocess.run([*SCOPEGATE, *args], stderr=follower, check=False, env=environment)
        os.close(follower)
        said = bytearray()
        with suppress(OSError):  # how Linux says that nobody writes any more
            while part := shown.read(65536):
                said += part
    return drop_styles(said.decode().replace("\r\n", "\n"))


@pytest.mark.parametrize(
    "args",
    [
        ("routes", "--no-option-of-this-one"),
        ("--no-option-of-any", "routes"),
        ("routes", "a-word-more", "another-one", "and-a-third"),
        ("routes", "--method"),
        ("serve", "--project", "a/folder/that/is/not/there"),
        ("config", "check"),
        ("identity", "check", "--group", "without-file", "a/file.json"),
        ("no-such-command-as-far-as-i-know",),
    ],
)
def test_no_word_of_what_the_parser_says_is_broken(args: tuple[str, ...]) -> None:
    done = subprocess.run([*SCOPEGATE, *args], capture_output=True, check=False, text=True)
    assert done.returncode == 2
    assert "Error: " in done.stderr
    said = run_at_terminal(40, *args)
    assert said.split() == done.stderr.split()
    assert all(len(line) <= 40 or " " not in line.strip() for line in said.splitlines())


def test_a_terminal_without_chinese_gets_what_it_can_show(built: Command) -> None:
    question = ("decide", *QUESTION)
    assert "查询" in built(*question).out
    for more in ([], ["--json"]):
        done = subprocess.run(
            [*SCOPEGATE, *question, *more],
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1
        assert rb"\u67e5\u8be2" in done.stdout
        assert done.stderr == b""
