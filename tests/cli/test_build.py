"""`scopegate build`."""

import json
import tarfile
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

import pytest

from scopegate.packing import read_revision
from tests.cli.conftest import Command
from tests.distribution.keys import Key, make_key

BUNDLE = Path("bundle/huaweicloud.tar.gz")
SIGNED = Path("bundle/huaweicloud.signed.tar.gz")
TABLE = Path("tables/huaweicloud/evs/snapshots.yaml")
RULES = Path("rego/scopegate/routes/huaweicloud/evs.rego")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_build_is_told_at_a_glance(scopegate: Command) -> None:
    said = scopegate("build")
    assert said.code == 0
    assert said.err == ""
    assert said.out.startswith(f"✓ {BUNDLE}  {read_revision(BUNDLE)[:12]}  ")
    assert "1 table · 38 routes (19 mirrored) · 20 rules · no conflicts\n" in said.out
    assert f"new  {BUNDLE}" in said.out


def test_a_second_build_changes_nothing(built: Command) -> None:
    before = BUNDLE.read_bytes()
    said = built("build")
    assert said.code == 0
    assert "nothing has changed" in said.out
    assert BUNDLE.read_bytes() == before


def test_what_has_changed_is_listed(built: Command) -> None:
    edit(TABLE, "evs:snapshots:rollback", "evs:snapshots:revert")
    left_over = RULES.with_name("gone.rego")
    left_over.write_text("package scopegate.routes\n")
    said = built("build")
    assert said.code == 0
    changes = [line.split() for line in said.out.splitlines()[2:]]
    assert sorted(changes) == [
        ["changed", str(BUNDLE)],
        ["changed", "bundle/inventory.yaml"],
        ["changed", str(RULES)],
        ["changed", str(RULES.parents[1] / "provenance.json")],
        ["removed", str(left_over)],
    ]


def test_json_is_for_programs(built: Command) -> None:
    said = built("build", "--json", "--output", "other.tar.gz")
    found = json.loads(said.out)
    assert found["revision"] == read_revision(Path("other.tar.gz"))
    assert found["bundle"] == str(Path("other.tar.gz").absolute())
    assert found["changed"] == {"other.tar.gz": "new"}
    assert found["tables"]["huaweicloud/evs/snapshots"]["routes"] == 38
    assert found["tables"]["huaweicloud/evs/snapshots"]["conflicts"] == []


def test_another_place_gets_the_bundle_besides_the_projects_own(built: Command) -> None:
    edit(TABLE, "evs:snapshots:rollback", "evs:snapshots:revert")
    before = BUNDLE.read_bytes()
    said = built("build", "-o", "other.tar.gz")
    assert said.code == 0
    assert said.out.startswith("✓ other.tar.gz  ")
    assert BUNDLE.read_bytes() == Path("other.tar.gz").read_bytes() != before
    lines = [line.split() for line in said.out.splitlines()]
    assert ["changed", str(BUNDLE)] in lines
    assert ["new", "other.tar.gz"] in lines


def test_conflicts_are_named(built: Command) -> None:
    other = TABLE.with_name("more.yaml")
    text = TABLE.read_text(encoding="utf-8").replace("evs/snapshots", "evs/more")
    other.write_text(text.replace("evs:snapshots:rollback", "evs:snapshots:revert"))
    said = built("build")
    assert said.code == 0
    assert "4 conflicts" in said.out
    assert (
        "conflict  POST /v3/{project_id}/cloudsnapshots/{snapshot_id}/rollback:"
        " needs all actions of rows evs/more 12, evs/snapshots 12"
    ) in said.out


def test_a_faulty_table_leaves_all_as_it_was(built: Command) -> None:
    before = {path: path.read_bytes() for path in (BUNDLE, RULES)}
    edit(TABLE, "method: PUT", "method: put")
    edit(TABLE, '"evs:snapshots:rollback"', "rollback")
    said = built("build")
    assert said.code == 1
    assert said.out == ""
    lines = said.err.splitlines()
    assert lines[0] == f"Error: 6 faults in {TABLE}"
    assert f"{TABLE}:45:18: rows[5].endpoints[0].method" in lines
    assert f"{TABLE}:72:15: rows[11].actions[0]" in lines
    assert {path: path.read_bytes() for path in before} == before


def test_rules_that_opa_refuses_leave_all_as_it_was(built: Command) -> None:
    before = BUNDLE.read_bytes()
    Path("rego/scopegate/new.rego").write_text("package scopegate\n\nnew := nothing\n")
    said = built("build")
    assert said.code == 2
    assert "new.rego:3: rego_unsafe_var_error" in said.err
    assert BUNDLE.read_bytes() == before


def test_a_place_that_cannot_be_written_is_named(scopegate: Command) -> None:
    Path("file").touch()
    said = scopegate("build", "-o", "file/bundle.tar.gz")
    assert said.code == 2
    assert said.err.startswith("Error: ")
    assert "file" in said.err


def test_tests_are_left_out_of_the_bundle(built: Command) -> None:
    assert list(Path("rego/scopegate").glob("*_test.rego"))
    assert built("build").code == 0
    with tarfile.open(BUNDLE) as archive:
        assert not [name for name in archive.getnames() if name.endswith("_test.rego")]


def test_long_lists_are_cut(built: Command) -> None:
    other = TABLE.with_name("more.yaml")
    text = TABLE.read_text(encoding="utf-8").replace("evs/snapshots", "evs/more")
    other.write_text(text.replace("evs:snapshots:", "evs:copies:"))
    said = built("build")
    assert said.out.count("conflict  ") == 20
    assert "…         and 18 more\n" in said.out


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return make_key(tmp_path_factory.mktemp("key") / "key.pem")


def test_a_signed_variant_goes_beside_each_bundle(scopegate: Command, key: Key) -> None:
    said = scopegate("build", "--signing-key", str(key.private), "--output", "other/x.tar.gz")
    assert said.code == 0
    assert said.err == ""
    assert "  signed  other/x.signed.tar.gz  key default, no scope\n" in said.out
    assert f"new  {SIGNED}" in said.out
    assert read_revision(SIGNED) == read_revision(BUNDLE)
    assert Path("other/x.signed.tar.gz").read_bytes() == SIGNED.read_bytes() != BUNDLE.read_bytes()


def test_the_signature_says_which_key_and_what_for(scopegate: Command, key: Key) -> None:
    args = ["build", "--signing-key", str(key.private)]
    args += ["--signing-key-id", "2026-11", "--signing-scope", "production"]
    said = scopegate(*args)
    assert f"signed  {SIGNED}  key 2026-11, scope production\n" in said.out
    claims = read_claims(SIGNED)
    assert (claims["keyid"], claims["scope"]) == ("2026-11", "production")
    signed = SIGNED.read_bytes()
    assert json.loads(scopegate(*args, "--json").out)["signed"] == str(SIGNED.absolute())
    assert SIGNED.read_bytes() == signed


def test_without_a_key_nothing_is_signed(scopegate: Command) -> None:
    assert json.loads(scopegate("build", "--json").out)["signed"] is None
    assert not SIGNED.exists()


def test_a_signed_bundle_of_another_revision_is_not_passed_over(
    scopegate: Command, key: Key
) -> None:
    scopegate("build", "--signing-key", str(key.private))
    assert scopegate("build").err == ""
    edit(TABLE, "evs:snapshots:rollback", "evs:snapshots:revert")
    said = scopegate("build")
    assert said.code == 0
    assert said.err == (
        f"Warning: {SIGNED} is of another revision: --signing-key makes a new one\n"
    )
    SIGNED.write_bytes(b"no bundle")
    assert "is of another revision" in scopegate("build").err


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN ENCRYPTED PRIVATE KEY-----"])
def test_a_bad_key_leaves_all_as_it_was(scopegate: Command, key: Key, text: str) -> None:
    scopegate("build", "--signing-key", str(key.private))
    before = {path: path.read_bytes() for path in (BUNDLE, SIGNED, RULES)}
    edit(TABLE, "evs:snapshots:rollback", "evs:snapshots:revert")
    Path("bad.pem").write_text(text)
    said = scopegate("build", "--signing-key", "bad.pem")
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith(
        "Error: bad.pem can't sign the bundle: expected a PEM file with an RSA private key and no"
        " passphrase.\n"
    )
    assert {path: path.read_bytes() for path in before} == before


def test_a_key_that_is_not_there_is_said(built: Command) -> None:
    before = BUNDLE.read_bytes()
    edit(TABLE, "evs:snapshots:rollback", "evs:snapshots:revert")
    said = built("build", "--signing-key", "none.pem")
    assert said.code == 2
    assert "none.pem" in said.err
    assert "does not exist" in said.err
    assert BUNDLE.read_bytes() == before


@pytest.mark.parametrize("option", ["--signing-key-id", "--signing-scope"])
def test_what_is_said_of_a_signature_needs_a_key(scopegate: Command, option: str) -> None:
    said = scopegate("build", option, "x")
    assert said.code == 2
    assert "--signing-key: nothing is signed without it" in said.err
    assert not BUNDLE.exists()


def read_claims(bundle: Path) -> dict[str, Any]:
    with tarfile.open(bundle) as archive:
        file = archive.extractfile("/.signatures.json")
        assert file
        (token,) = json.load(file)["signatures"]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    return claims


PROFILE = """\
description: "Nothing but the snapshots"
includes:
  - provider: "huaweicloud"
    services: ["evs"]
"""


def test_a_profile_has_a_bundle_and_rules_of_its_own(built: Command) -> None:
    Path("bundle/profiles/small.yaml").write_text(PROFILE, encoding="utf-8")
    said = built("build", "--profile", "small")
    assert said.code == 0
    assert said.out.startswith("✓ bundle/small.tar.gz  ")
    lines = [line.split() for line in said.out.splitlines()]
    assert ["new", "build/small/scopegate/routes/huaweicloud/evs.rego"] in lines

    edit(TABLE, "evs:snapshots:rollback", "evs:snapshots:revert")
    said = built("build", "--all-profiles")
    assert [line for line in said.out.splitlines() if line.startswith("✓")] == [
        line for line in said.out.splitlines() if "bundle/huaweicloud.tar.gz  " in line
    ] + [line for line in said.out.splitlines() if "bundle/small.tar.gz  " in line]


def test_wrong_profiles_are_said(built: Command) -> None:
    said = built("build", "--profile", "nowhere")
    assert (said.code, said.out) == (2, "")
    assert '"nowhere" is no profile: ' in said.err
    assert built("build", "--all-profiles", "--json").code == 2
