"""`scopegate identity`."""

import json
import shutil
import subprocess
import sys
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scopegate.packing import read_revision
from tests.cli.conftest import Command
from tests.distribution.keys import make_key
from tests.identity.made import EXPORTS

BUNDLE = Path("identity.tar.gz")
AUDITORS = ("--group", "auditors=exports/users-auditors.json")
GOOD = ("exports", *AUDITORS)
PLAIN = ("--group", "auditors=plain/users-auditors.json")


@pytest.fixture(autouse=True)
def _exports(scopegate: Command, bundle: Path) -> None:  # noqa: ARG001  it enters the folder
    shutil.copytree(EXPORTS, "exports")
    shutil.copy(bundle, "bundle")


def test_exports_become_a_bundle(scopegate: Command) -> None:
    said = scopegate("identity", "build", *GOOD, "--account-owner", "root")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"✓ identity.tar.gz  {read_revision(BUNDLE)[:12]}",
        "  5 subjects · 3 groups · 5 policies · 6 resources",
        "  taken at a time that is not told: --taken-at tells it",
        "  note  not used: roles and policies that nobody was granted (1)",
        "  note  groups whose members are not told (1)",
        '  note  not used: resources of type "cdn" (1)',
        "  note  not used: snapshots of disks whose enterprise project is not told (1)",
    ]


def test_the_summary_for_programs(scopegate: Command) -> None:
    said = scopegate("identity", "build", *GOOD, "-o", "a/b.tar.gz", "--json")
    summary: dict[str, Any] = json.loads(said.out)
    assert len(summary.pop("notes")) == 4
    path = Path("a/b.tar.gz").absolute()
    assert summary == {
        "bundle": str(path),
        "signed": None,
        "revision": read_revision(path),
        "subjects": 4,
        "groups": 3,
        "policies": 5,
        "resources": 6,
    }


def test_faults_are_shown_below_their_places_and_the_last_bundle_is_kept(
    scopegate: Command,
) -> None:
    assert scopegate("identity", "build", *GOOD).code == 0
    before = BUNDLE.read_bytes()
    path = Path("exports/roles-custom.json")
    path.write_text(path.read_text(encoding="utf-8").replace("Allow", "allow", 1), encoding="utf-8")
    said = scopegate("identity", "build", *GOOD)
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines() == [
        "Error: 1 fault in exports/roles-custom.json",
        "exports/roles-custom.json:5:61: roles[0].policy.Statement[0].Effect",
        '    expected "Allow" or "Deny"; found "allow"  [bad-value]',
    ]
    assert BUNDLE.read_bytes() == before
    assert scopegate("identity", "check", *GOOD).code == 1


def test_findings_are_listed(scopegate: Command) -> None:
    said = scopegate("identity", "check", *GOOD)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[:4] == [
        "taken at a time that is not told: --taken-at tells it",
        "",
        "note: A pattern of a service that the bundle is not of  [unknown-service]",
        (
            "  Tenant Guest (r-guest): Statement[1].Action[0]: identity:*: the bundle documents"
            " no service identity"
        ),
    ]
    assert said.out.splitlines()[-29:] == [
        "warning: A pattern that is granted where it can't count  [no-effect]",
        (
            "  EVS disks (r-disks): Statement[0].Action[0]: evs:volumes:get counts at no route that"
            " requires it, granted in an enterprise project"
        ),
        "    grant it in an IAM project",
        "    subject bob in enterprise project 0",
        (
            "  Tenant Guest (r-guest): Statement[0].Action[0]: *:*:Get* counts at no route that"
            " requires it, granted in a domain"
        ),
        "    grant it in an IAM project",
        "    group auditors in domain d1",
        (
            "  Tenant Guest (r-guest): Statement[0].Action[1]: *:*:List* counts at no route that"
            " requires it, granted in a domain"
        ),
        "    grant it in an IAM project",
        "    group auditors in domain d1",
        (
            "  EVS snapshots (r-snapshots): Statement[0].Action[1]: evs:volumes:get counts at no"
            " route that requires it, granted in an enterprise project"
        ),
        "    grant it in an IAM project",
        "    subject alice in enterprise project e1",
        "",
        "warning: A statement with what is not evaluated  [not-evaluated]",
        "  Nights (r-nights): Statement[1]: Condition: not evaluated, so it allows nothing",
        "    group operators in IAM project p1",
        "  Nights (r-nights): Statement[2]: Resource: not evaluated, so it allows nothing",
        "    group operators in IAM project p1",
        "",
        "warning: A role without the roles that it depends on  [depends-not-met]",
        (
            "  Server Administrator (r-servers): Depends: takes no effect without Tenant Guest"
            " (BASE) in the same place"
        ),
        "    subject backup in IAM project p2",
        "",
        "error: More resources than a statement may have  [IAM.1040]",
        "  Nights (r-nights): Statement[2].Resource: 11 resources, and at most 10 are allowed",
        "    group operators in IAM project p1",
        "",
        "13 findings",
    ]


def test_a_bundle_is_checked_as_its_exports_are(scopegate: Command) -> None:
    scopegate("identity", "build", *GOOD)
    assert scopegate("identity", "check", str(BUNDLE)) == scopegate("identity", "check", *GOOD)


def test_findings_fail_where_they_are_asked_to(scopegate: Command) -> None:
    lenient = scopegate("identity", "check", *GOOD)
    strict = scopegate("identity", "check", *GOOD, "--strict")
    assert (strict.code, strict.out) == (1, lenient.out)
    Path("empty.json").write_text('{"users": []}', encoding="utf-8")
    none = scopegate("identity", "check", "--group", "g1=empty.json", "empty.json", "--strict")
    assert none.code == 0
    assert none.out.endswith("\nno findings\n")


def test_findings_for_programs(scopegate: Command) -> None:
    taken = (datetime.now(UTC) - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = scopegate("identity", "check", *GOOD, "--json", "--taken-at", taken)
    found = json.loads(said.out)
    assert found["taken_at"] == taken
    assert 10800 <= found["age_seconds"] < 10900
    assert len(found["findings"]) == 13
    assert found["findings"][0] == {
        "code": "no-effect",
        "severity": "warning",
        "policy": "r-disks",
        "display_name": "EVS disks",
        "place": "Statement[0].Action[0]",
        "message": (
            "evs:volumes:get counts at no route that requires it, granted in an enterprise project"
        ),
        "hint": "grant it in an IAM project",
        "grants": [{"subject": "bob", "scope": {"enterprise_project": "0"}}],
    }
    assert json.loads(scopegate("identity", "check", *GOOD, "--json").out)["age_seconds"] is None


def test_the_age_of_a_bundle_is_told(scopegate: Command) -> None:
    taken = (datetime.now(UTC) - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = scopegate("identity", "build", *GOOD, "--taken-at", taken)
    assert f"\n  taken at {taken}, 3 hours ago\n" in said.out
    said = scopegate("identity", "check", str(BUNDLE))
    assert said.out.startswith(f"taken at {taken}, 3 hours ago\n")


def test_many_grants_are_counted(scopegate: Command) -> None:
    answer = json.loads(Path("exports/assignments-2.json").read_bytes())
    answer["role_assignments"] = [
        {
            "group": {"id": f"g{n}"},
            "role": {"id": "r-disks"},
            "scope": {"enterprise_project": {"id": "e1"}},
        }
        for n in range(12)
    ]
    answer["total_num"] = 12
    Path("many.json").write_text(json.dumps(answer), encoding="utf-8")
    files = ("exports/roles-custom.json", "many.json")
    lines = scopegate("identity", "check", *files).out.splitlines()
    assert "    … and 2 more grants" in lines
    assert sum(line.startswith("    group ") for line in lines) == 10


def test_members_for_whom_a_finding_holds_are_counted(scopegate: Command) -> None:
    path = Path("exports/assignments-1.json")
    answer = json.loads(path.read_bytes())
    answer["role_assignments"][2]["group"]["id"] = "auditors"
    path.write_text(json.dumps(answer), encoding="utf-8")
    said = scopegate("identity", "check", *GOOD)
    assert "\n    group testers in IAM project p1, for 2 members\n" in said.out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "Missing argument"),
        (("nowhere",), "'nowhere' does not exist"),
        (("tables",), "tables has no file whose name ends in .json"),
        (("exports", "--group", "auditors"), "is not GROUP_ID=FILE with a file that exists"),
        (("exports", "--group", "=exports/snapshots.json"), "is not GROUP_ID=FILE"),
        (("exports", "--user", "u1=nowhere.json"), "is not USER_ID=FILE"),
        (("exports", *AUDITORS, *AUDITORS), "is named twice"),
        ((*GOOD, "--taken-at", "yesterday"), "'yesterday' is no time in RFC 3339"),
        ((*GOOD, "--account-owner", ""), "an id is not empty"),
    ],
)
@pytest.mark.parametrize("command", ["build", "check"])
def test_wrong_usage_exits_with_2(
    scopegate: Command, command: str, args: tuple[str, ...], message: str
) -> None:
    said = scopegate("identity", command, *args)
    assert (said.code, said.out) == (2, "")
    assert message in " ".join(said.err.replace("│", " ").split())
    assert not BUNDLE.exists()


@pytest.mark.parametrize("more", [("exports",), ("--taken-at", "2026-11-23T10:00:00Z"), AUDITORS])
def test_a_bundle_is_checked_alone(scopegate: Command, more: tuple[str, ...]) -> None:
    scopegate("identity", "build", *GOOD)
    said = scopegate("identity", "check", str(BUNDLE), *more)
    assert said.code == 2
    assert "a bundle is checked alone" in " ".join(said.err.split())


def test_a_bundle_of_rules_is_none_of_identities(scopegate: Command) -> None:
    scopegate("build")
    said = scopegate("identity", "check", "bundle/huaweicloud.tar.gz")
    assert (said.code, said.out) == (1, "")
    for fault in (
        'found "scopegate/decision.rego"  [unknown-file]',
        'expected "scopegate_identity"; found "scopegate"  [bad-value]',
        "unknown; did you mean scopegate_identity?  [unknown-member]",
    ):
        assert f"{fault}\n" in said.err


def test_a_signed_bundle_goes_beside(scopegate: Command, tmp_path: Path) -> None:
    key = make_key(tmp_path / "key.pem")
    said = scopegate("identity", "build", *GOOD, "--signing-key", str(key.private))
    assert said.code == 0, said.err
    assert "signed  identity.signed.tar.gz  key default, no scope" in said.out
    assert read_revision(Path("identity.signed.tar.gz")) == read_revision(Path("identity.tar.gz"))
    checked = scopegate("identity", "check", "identity.signed.tar.gz")
    assert checked == scopegate("identity", "check", "identity.tar.gz")
    with tarfile.open("identity.signed.tar.gz") as archive:
        assert "/.signatures.json" in archive.getnames()


def test_a_key_that_cannot_sign_leaves_all_as_it_was(scopegate: Command, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text("no key")
    said = scopegate("identity", "build", *GOOD, "--signing-key", str(key))
    assert said.code == 2
    assert "can't sign the bundle" in said.err
    assert not Path("identity.tar.gz").exists()


@pytest.mark.parametrize("command", ["build", "check"])
def test_help_has_examples_that_keep_their_lines(scopegate: Command, command: str) -> None:
    said = scopegate("identity", command, "--help")
    assert said.code == 0
    assert f"\n    scopegate identity {command} exports/" in said.out
    assert "\n  For example:\n" in said.out
    assert said.out == scopegate("identity", command, "-h").out


def test_names_that_turn_text_are_shown_as_they_are_spelt(scopegate: Command) -> None:
    path = Path("exports/resources-default.json")
    text = path.read_text(encoding="utf-8").replace('"cdn"', r'"c\u202ed\u001b[31mn"')
    path.write_text(text, encoding="utf-8")
    said = scopegate("identity", "build", *GOOD)
    assert r'not used: resources of type "c\u202ed\u001b[31mn" (1)' in said.out


ODD = "\u202ea\x1b[31m\u2028\x85\x9b\x7f\n\u2066\U000e0041"
SPELT = r"\u202ea\u001b[31m\u2028\u0085\u009b\u007f\n\u2066\udb40\udc41"


@pytest.mark.parametrize("name", ["Nights", "Tenant Guest", "r-nights", "operators", "backup"])
def test_names_in_findings_are_on_one_line_and_seen(scopegate: Command, name: str) -> None:
    for path in Path("exports").iterdir():
        text = path.read_text(encoding="utf-8").replace(f'"{name}"', json.dumps(ODD + name))
        path.write_text(text, encoding="utf-8")
    plain = scopegate("identity", "check", str(shutil.copytree(EXPORTS, "plain")), *PLAIN)
    said = scopegate("identity", "check", *GOOD)
    assert SPELT + name in said.out
    lines = said.out.replace(SPELT, "").splitlines()
    assert sorted(lines) == sorted(plain.out.splitlines())
    assert scopegate("identity", "build", *GOOD).code == 0
    assert scopegate("identity", "check", str(BUNDLE)).out == said.out


def test_names_in_json_are_seen_and_read_back_as_they_were(scopegate: Command) -> None:
    name = f"夜{ODD}\u00ad\ue000"
    path = Path("exports/roles-custom.json")
    text = path.read_text(encoding="utf-8").replace('"Nights"', json.dumps(name))
    path.write_text(text, encoding="utf-8")
    said = scopegate("identity", "check", *GOOD, "--json")
    assert rf'"夜{SPELT}\u00ad\ue000"' in said.out
    assert said.out.replace("\n", "").isprintable()
    assert name in {each["display_name"] for each in json.loads(said.out)["findings"]}


def test_names_of_files_are_on_one_line_and_seen(scopegate: Command) -> None:
    Path(f"exports/{ODD}.json").write_text("{", encoding="utf-8")
    said = scopegate("identity", "build", *GOOD)
    assert said.code == 1
    assert said.err.splitlines()[:2] == [
        f"Error: 1 fault in exports/{SPELT}.json",
        f"exports/{SPELT}.json:1:2",
    ]


def test_blanks_and_all_that_is_seen_stay(scopegate: Command) -> None:
    path = Path("exports/roles-custom.json")
    text = path.read_text(encoding="utf-8").replace('"Nights"', '"夜\u3000\u00a0é 🌙 \\" \\\\"')
    path.write_text(text, encoding="utf-8")
    assert '  夜\u3000\u00a0é 🌙 " \\ (r-nights): ' in scopegate("identity", "check", *GOOD).out


def test_other_commands_do_not_wait_for_it() -> None:
    script = (
        "import sys; from scopegate.cli import app; print('scopegate.cli.identity' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"
