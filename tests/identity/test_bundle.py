"""Identities become a bundle that OPA loads, and come back out of it."""

import gzip
import hashlib
import io
import json
import random
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from scopegate.errors import FaultsError, ScopegateError
from scopegate.identity import unpacking
from scopegate.identity.bundle import build_identity_bundle, is_bundle, read_identity_bundle
from scopegate.identity.model import Identities
from scopegate.live.opa import Opa
from scopegate.packing import read_revision
from tests.identity.made import EXPORTS, INPUT_SCHEMA, assemble

AUDITORS = {EXPORTS / "users-auditors.json": "auditors"}
IDENTITIES = assemble(
    [EXPORTS], groups=AUDITORS, account_owners=("root",), taken_at="2026-11-23T10:00:00+01:00"
).identities
DATA = IDENTITIES.to_json()


MANIFEST = {"revision": "1", "roots": ["scopegate_identity"], "rego_version": 1}


def change(**members: object) -> dict[str, Any]:
    return {"scopegate_identity": {**DATA, **members}}


def link_to(target: str, type_: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo("/.signatures.json")
    member.type, member.linkname = type_, target
    return member


def pack(path: Path, data: object, **more: object) -> Path:
    """Pack data with a manifest, and other files, in the place of these too; None is no file."""
    return archive(path, {"/data.json": data, "/.manifest": MANIFEST, **more}.items())


def archive(
    path: Path, files: Iterable[tuple[str, object]], format_: int = tarfile.GNU_FORMAT
) -> Path:
    """Pack files, or members of an archive that have their names from elsewhere."""
    with tarfile.open(path, "w:gz", format=format_) as archive:
        for name, data in files:
            match data:
                case None:
                    continue
                case tarfile.TarInfo():
                    archive.addfile(data)
                    continue
                case bytes():
                    content = data
                case _:
                    content = json.dumps(data).encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def find_faults(path: Path) -> list[str]:
    with pytest.raises(FaultsError) as caught:
        read_identity_bundle(path, INPUT_SCHEMA)
    return [str(fault).replace(f"{path.parent}/", "") for fault in caught.value.faults]


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
    read = read_identity_bundle(path, INPUT_SCHEMA)
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
        ({**change(), "system": {}}, "system: [unknown-member] unknown; expected scopegate"),
        (change(subjects={"u1": {"grants": 1}}), "subjects.u1.grants: [bad-value] expected a list"),
        (change(subjects={"u1": {"account_owner": 1}}), "subjects.u1.account_owner: [bad-value] "),
        (change(subjects={"u1": {"name": "x"}}), "subjects.u1.name: [unknown-member] "),
        (
            change(groups=DATA["groups"] | {"g1": {"grants": [], "members": []}}),
            "groups.g1.members: [unknown-member] unknown; expected grants",
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
        read_identity_bundle(pack(tmp_path / "x.tar.gz", document), INPUT_SCHEMA)
    [found] = caught.value.faults
    field = str(found.location.field).removeprefix("scopegate_identity").removeprefix(".")
    assert f"{field}: [{found.code}] {found.message}".startswith(fault)


def test_all_faults_of_a_bundle_are_told_at_once(tmp_path: Path) -> None:
    path = pack(tmp_path / "x.tar.gz", change(more=1, taken_at=2, subjects={"u1": {"x": 1}}))
    with pytest.raises(FaultsError) as caught:
        read_identity_bundle(path, INPUT_SCHEMA)
    assert len(caught.value.faults) == 3


FILES = "x.tar.gz: expected data.json, .manifest, .signatures.json alone; found"
TAKEN_OVER: dict[str, tuple[dict[str, object], str]] = {
    "rego": (
        {"scopegate/decision.rego": b"package scopegate\nallow := true"},
        f'{FILES} "scopegate/decision.rego" [unknown-file]',
    ),
    "rego below its root": (
        {"/scopegate_identity/more.rego": b"package scopegate_identity.more"},
        f'{FILES} "scopegate_identity/more.rego" [unknown-file]',
    ),
    "data in a folder": (
        {"/scopegate_config/data.json": {"decide_by": "nothing"}},
        f'{FILES} "scopegate_config/data.json" [unknown-file]',
    ),
    "data as YAML": ({"/data.yaml": b"system: {}"}, f'{FILES} "data.yaml" [unknown-file]'),
    "data as YML": ({"/a/data.yml": b"system: {}"}, f'{FILES} "a/data.yml" [unknown-file]'),
    "wasm": ({"/policy.wasm": b"\0asm"}, f'{FILES} "policy.wasm" [unknown-file]'),
    "plan": ({"/plan.json": {}}, f'{FILES} "plan.json" [unknown-file]'),
    "patch": ({"/patch.json": {}}, f'{FILES} "patch.json" [unknown-file]'),
    "another manifest": ({"/a/.manifest": MANIFEST}, f'{FILES} "a/.manifest" [unknown-file]'),
    "an odd name": ({"/a\u202e\n.rego": b""}, rf'{FILES} "a\u202e\n.rego" [unknown-file]'),
    "out of the folder": ({"/../data.json": {}}, f'{FILES} "../data.json" [unknown-file]'),
    "data twice": ({"data.json": {}}, "x.tar.gz: expected data.json once [duplicate-file]"),
    "data twice, spelt differently": (
        {".//./data.json": {}},
        "x.tar.gz: expected data.json once [duplicate-file]",
    ),
    "a link": (
        {"/.signatures.json": link_to("data.json", tarfile.SYMTYPE)},
        "x.tar.gz: expected .signatures.json as a plain file [bad-archive]",
    ),
    "no data": ({"/data.json": None}, "x.tar.gz: expected data.json [missing-file]"),
    "no manifest": ({"/.manifest": None}, "x.tar.gz: expected .manifest [missing-file]"),
    "data that are no JSON": (
        {"/data.json": b""},
        "x.tar.gz/data.json:1:1: expected JSON: Expecting value [not-json]",
    ),
    "a manifest that is no JSON": (
        {"/.manifest": b"{}x"},
        "x.tar.gz/.manifest:1:3: expected JSON: Extra data [not-json]",
    ),
    "a manifest that is no object": (
        {"/.manifest": []},
        "x.tar.gz/.manifest:1:1: expected an object; found a list of 0 [bad-value]",
    ),
    "a further root": (
        {"/.manifest": MANIFEST | {"roots": ["scopegate_identity", "system/authz"]}},
        (
            'x.tar.gz/.manifest:1:51: roots[1]: expected "scopegate_identity"; found "system/authz"'
            " [bad-value]"
        ),
    ),
    "all roots": (
        {"/.manifest": MANIFEST | {"roots": [""]}},
        'x.tar.gz/.manifest:1:29: roots[0]: expected "scopegate_identity"; found "" [bad-value]',
    ),
    "no root": (
        {"/.manifest": MANIFEST | {"roots": []}},
        "x.tar.gz/.manifest:1:28: roots: expected at least one; found none [bad-value]",
    ),
    "roots not told, which are all": (
        {"/.manifest": {"revision": "1"}},
        "x.tar.gz/.manifest:1:1: roots: missing [missing-member]",
    ),
    "roots by another name, which OPA takes": (
        {"/.manifest": MANIFEST | {"Roots": [""]}},
        "x.tar.gz/.manifest:1:80: Roots: unknown; did you mean roots? [unknown-member]",
    ),
    "old Rego": (
        {"/.manifest": MANIFEST | {"rego_version": 0}},
        "x.tar.gz/.manifest:1:68: rego_version: expected 1; found 0 [bad-value]",
    ),
    "data of others": (
        {"/data.json": change() | {"scopegate_config": {}}},
        (
            "x.tar.gz/data.json:1:2543: scopegate_config: unknown; did you mean scopegate_identity?"
            " [unknown-member]"
        ),
    ),
}


@pytest.mark.parametrize("name", TAKEN_OVER)
def test_what_does_not_belong_into_an_identity_bundle_is_a_fault(tmp_path: Path, name: str) -> None:
    files, fault = TAKEN_OVER[name]
    assert find_faults(pack(tmp_path / "x.tar.gz", change(), **files)) == [fault]


def test_all_that_does_not_belong_is_told_at_once(tmp_path: Path) -> None:
    files = [
        ("scopegate/a.rego", b""),
        ("data.json", {}),
        (".manifest", {"roots": ["scopegate"], "revision": 1}),
        ("system/data.json", {}),
    ]
    assert [each.rpartition("[")[2] for each in find_faults(archive(tmp_path / "x", files))] == [
        "unknown-file]",
        "unknown-file]",
        "bad-value]",
        "bad-value]",
        "missing-member]",
    ]


def test_a_bundle_that_other_programs_pack_is_one(tmp_path: Path) -> None:
    folder = tarfile.TarInfo("./")
    folder.type = tarfile.DIRTYPE
    files = {"": folder, "./data.json": change(), "./.manifest": MANIFEST}
    for format_ in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        path = archive(tmp_path / "x.tar.gz", files.items(), format_)
        assert read_identity_bundle(path, INPUT_SCHEMA).to_json() == DATA


def make_header(type_: bytes, records: bytes) -> bytes:
    """Headers for the next file, or for all, as a member of an archive."""
    member = tarfile.TarInfo("headers")
    member.type = type_
    member.size = len(records)
    return member.tobuf(tarfile.USTAR_FORMAT) + records.ljust(512, b"\0")


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        # OPA calls the file below by its own name, Python by the one that is told for all.
        (
            make_header(b"g", b"18 path=data.json\n"),
            b"",
            "x.tar.gz: expected files, and nothing beside them [bad-archive]",
        ),
        (
            make_header(b"x", b"29 GNU.sparse.name=data.json\n"),
            b"",
            "x.tar.gz: expected data.json as a plain file [bad-archive]",
        ),
        (
            b"",
            b"no header".ljust(512, b"\0"),
            "x.tar.gz: expected files, and nothing beside them [bad-archive]",
        ),
        (
            b"",
            bytes(512) + tarfile.TarInfo("a.rego").tobuf() + bytes(1024),
            "x.tar.gz: expected files, and nothing beside them [bad-archive]",
        ),
    ],
)
def test_an_archive_that_others_read_differently_is_a_fault(
    tmp_path: Path, before: bytes, after: bytes, fault: str
) -> None:
    path = tmp_path / "x.tar.gz"
    whole = gzip.decompress(pack(path, None).read_bytes()).rstrip(b"\0")
    manifest = whole.ljust(-(-len(whole) // 512) * 512, b"\0")
    content = json.dumps(change()).encode()
    data = tarfile.TarInfo("evil.rego" if before else "data.json")
    data.size = len(content)
    block = data.tobuf() + content.ljust(-(-len(content) // 512) * 512, b"\0")
    path.write_bytes(gzip.compress(manifest + before + block + after + bytes(1024)))
    assert fault in find_faults(path)


def test_what_is_no_bundle_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.tar.gz"
    whole = pack(path, change()).read_bytes()
    assert isinstance(read_identity_bundle(path, INPUT_SCHEMA), Identities)
    damaged = whole[:-8] + bytes(8)
    for content in (b"\x1f\x8b", b"\x1f\x8bnothing", whole[:-40], b"", damaged, whole + b"x"):
        path.write_bytes(content)
        with pytest.raises(ScopegateError, match=r"x\.tar\.gz is no bundle"):
            read_identity_bundle(path, INPUT_SCHEMA)
    path.write_bytes(whole)
    monkeypatch.setattr(unpacking, "_MOST_BYTES", 10)
    with pytest.raises(ScopegateError, match="has more than 10 bytes"):
        read_identity_bundle(path, INPUT_SCHEMA)


def test_headers_without_an_end_are_no_bundle(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type = tarfile.GNUTYPE_LONGNAME
    path = tmp_path / "x.tar.gz"
    path.write_bytes(gzip.compress(header.tobuf() * 5000))
    with pytest.raises(ScopegateError, match=r"x\.tar\.gz is no bundle"):
        read_identity_bundle(path, INPUT_SCHEMA)


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
            read_identity_bundle(path, INPUT_SCHEMA)
        except ScopegateError:
            refused += 1
    assert refused > 20
