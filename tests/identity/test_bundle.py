"""Identities become a bundle that OPA loads, and come back out of it."""

import hashlib
import io
import json
import random
import tarfile
from pathlib import Path
from typing import Any

import pytest

from scopegate.errors import FaultsError, ScopegateError
from scopegate.identity import bundle as module
from scopegate.identity.bundle import build_identity_bundle, is_bundle, read_identity_bundle
from scopegate.identity.model import Identities
from scopegate.opa import Opa
from scopegate.packing import read_revision
from tests.identity.made import DEFINITIONS, EXPORTS, assemble

AUDITORS = {EXPORTS / "users-auditors.json": "auditors"}
IDENTITIES = assemble(
    [EXPORTS], groups=AUDITORS, account_owners=("root",), taken_at="2026-11-23T10:00:00+01:00"
).identities
DATA = IDENTITIES.to_json()


def pack(path: Path, data: object, name: str = "/data.json") -> Path:
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return path


def test_the_bundle_holds_the_identities(tmp_path: Path, opa: Opa) -> None:
    path = tmp_path / "new" / "identity.tar.gz"
    revision = build_identity_bundle(IDENTITIES, output=path, opa=opa)
    assert revision == read_revision(path)
    assert is_bundle(path)
    with tarfile.open(path) as archive:
        files = {name: archive.extractfile(name) for name in archive.getnames()}
        assert set(files) == {"/data.json", "/.manifest"}
        manifest = json.load(files["/.manifest"] or io.BytesIO())
    assert manifest == {"revision": revision, "roots": ["scopegate_identity"], "rego_version": 1}
    read = read_identity_bundle(path, DEFINITIONS)
    assert read.to_json() == DATA
    assert "r-cse" in IDENTITIES.policies
    assert "r-cse" not in read.policies, "nobody was granted it"
    done = opa.run(
        ["eval", "--bundle", str(path), "--format", "raw", "data.scopegate_identity.subjects.bob"]
    )
    assert json.loads(done.stdout) == DATA["subjects"]["bob"]


def test_building_again_makes_the_same_bytes(tmp_path: Path, opa: Opa) -> None:
    first, second = tmp_path / "a.tar.gz", tmp_path / "b.tar.gz"
    build_identity_bundle(IDENTITIES, output=first, opa=opa)
    files = [*sorted(EXPORTS.glob("*.json"), reverse=True)]
    again = assemble(
        files, groups=AUDITORS, account_owners=("root",), taken_at=IDENTITIES.taken_at
    ).identities
    build_identity_bundle(again, output=second, opa=opa)
    assert first.read_bytes() == second.read_bytes()


def test_the_time_of_the_exports_is_part_of_the_revision(tmp_path: Path, opa: Opa) -> None:
    path = tmp_path / "a.tar.gz"
    told = build_identity_bundle(IDENTITIES, output=path, opa=opa)
    untold = assemble([EXPORTS], groups=AUDITORS, account_owners=("root",)).identities
    assert "taken_at" not in untold.to_json()
    assert build_identity_bundle(untold, output=path, opa=opa) != told


def change(**members: object) -> dict[str, Any]:
    return {"scopegate_identity": {**DATA, **members}}


def change_policy(**members: object) -> dict[str, Any]:
    return change(policies={**DATA["policies"], "r-guest": DATA["policies"]["r-guest"] | members})


def grant_at(scope: object) -> dict[str, Any]:
    return change(subjects={"u1": {"grants": [{"scope": scope, "policies": []}]}})


SCOPE = "subjects.u1.grants[0].scope"
SCOPES = "iam_project, domain, enterprise_project, all_resources"


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ([], "None: [bad-value] expected an object; found a list of 0"),
        ({}, ": [missing-member] missing"),
        ({**change(), "system": {}}, "system: [unknown-member] unknown; expected one of scopegate"),
        (change(subjects={"u1": {"grants": 1}}), "subjects.u1.grants: [bad-value] expected a list"),
        (change(subjects={"u1": {"account_owner": 1}}), "subjects.u1.account_owner: [bad-value] "),
        (change(subjects={"u1": {"name": "x"}}), "subjects.u1.name: [unknown-member] "),
        (
            change(groups=DATA["groups"] | {"g1": {"grants": [], "members": []}}),
            "groups.g1.members: [unknown-member] unknown; expected one of grants",
        ),
        (
            change(groups=DATA["groups"] | {"g1": {"grants": [{"scope": {"domain": "d"}}]}}),
            "groups.g1.grants[0].policies: [missing-member] missing",
        ),
        (grant_at({}), f"{SCOPE}: [bad-value] expected an object with one of {SCOPES}"),
        (grant_at([]), f"{SCOPE}: [bad-value] expected an object with one of {SCOPES}"),
        (
            grant_at({"iam_project": "p1", "system": 1}),
            f"{SCOPE}.system: [unknown-member] unknown; expected one of {SCOPES}",
        ),
        (
            grant_at({"iam_project": "p1", "domain": "d1"}),
            (
                f"{SCOPE}: [bad-value] expected an object with one of {SCOPES}, and its value;"
                ' found iam_project: "p1" and domain: "d1"'
            ),
        ),
        (grant_at({"domain": ""}), f"{SCOPE}: [bad-value] "),
        (grant_at({"all_resources": False}), f"{SCOPE}: [bad-value] "),
        (
            change(subjects={"u1": {"groups": ["g9"]}}),
            (
                "subjects.u1.groups[0]: [unknown-group] expected one of the groups in the bundle;"
                ' found "g9"'
            ),
        ),
        (
            change(subjects={"u1": {"grants": [{"scope": {"domain": "d"}, "policies": ["r9"]}]}}),
            (
                "subjects.u1.grants[0].policies[0]: [unknown-role] expected one of the policies in"
                ' the bundle; found "r9"'
            ),
        ),
        (change_policy(Version="2"), 'policies.r-guest.Version: [bad-value] expected "1.0" or'),
        (change_policy(flag="x"), "policies.r-guest.flag: [unknown-member] unknown; expected one"),
        (change_policy(name=None), "policies.r-guest.name: [bad-value] expected a string; found"),
        (
            change_policy(Depends=[{"catalog": "BASE", "display_name": "x", "id": "y"}]),
            "policies.r-guest.Depends[0].id: [unknown-member] ",
        ),
        (
            change_policy(Statement=[{"Effect": "Deny", "Action": ["*"], "Principal": "*"}]),
            "policies.r-guest.Statement[0].Principal: [unknown-member] ",
        ),
        (
            change(enterprise_projects=DATA["enterprise_projects"] | {"volume_id": {"v1": ""}}),
            "enterprise_projects.volume_id.v1: [bad-value] expected a string that is not empty",
        ),
        (
            change(resource_parameters=["volume_id"]),
            "resource_parameters: [bad-value] expected the names in enterprise_projects, sorted",
        ),
        (change(taken_at="today"), "taken_at: [bad-value] expected a time: 'today' is no time in"),
        (change(taken_at="2026-02-30T10:00:00Z"), "taken_at: [bad-value] expected a time: day is"),
        (change(more=1), "more: [unknown-member] unknown; expected one of taken_at, subjects, "),
    ],
)
def test_what_is_no_identity_is_a_fault(tmp_path: Path, document: object, fault: str) -> None:
    with pytest.raises(FaultsError) as caught:
        read_identity_bundle(pack(tmp_path / "x.tar.gz", document), DEFINITIONS)
    [found] = caught.value.faults
    field = str(found.location.field).removeprefix("scopegate_identity").removeprefix(".")
    assert f"{field}: [{found.code}] {found.message}".startswith(fault)


def test_all_faults_of_a_bundle_are_told_at_once(tmp_path: Path) -> None:
    path = pack(tmp_path / "x.tar.gz", change(more=1, taken_at=2, subjects={"u1": {"x": 1}}))
    with pytest.raises(FaultsError) as caught:
        read_identity_bundle(path, DEFINITIONS)
    assert len(caught.value.faults) == 3


def test_what_is_no_bundle_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.tar.gz"
    whole = pack(path, change()).read_bytes()
    assert isinstance(read_identity_bundle(path, DEFINITIONS), Identities)
    for content in (b"\x1f\x8b", b"\x1f\x8bnothing", whole[:-40], b""):
        path.write_bytes(content)
        with pytest.raises(ScopegateError, match=r"is no (identity )?bundle"):
            read_identity_bundle(path, DEFINITIONS)
    with pytest.raises(ScopegateError, match="it has no data"):
        read_identity_bundle(pack(path, {}, "/other.json"), DEFINITIONS)
    with pytest.raises(FaultsError, match="not-json"):
        read_identity_bundle(pack(path, b"{"), DEFINITIONS)
    monkeypatch.setattr(module, "_MOST_BYTES", 10)
    with pytest.raises(ScopegateError, match="has more than 10 bytes of data"):
        read_identity_bundle(pack(path, change()), DEFINITIONS)


def test_a_damaged_bundle_is_refused_or_read(tmp_path: Path) -> None:
    path = tmp_path / "x.tar.gz"
    names = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(2000)]
    disks = {"volume_id": dict.fromkeys(names, "e1")}
    whole = pack(path, change(enterprise_projects=disks)).read_bytes()
    chosen = random.Random(1)  # noqa: S311  no secret
    refused = 0
    for _ in range(120):
        damaged = bytearray(whole)
        damaged[chosen.randrange(2, len(whole))] ^= 1 << chosen.randrange(8)
        path.write_bytes(damaged)
        try:
            read_identity_bundle(path, DEFINITIONS)
        except ScopegateError:
            refused += 1
    assert refused > 20
