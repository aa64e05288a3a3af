"""Exports become identities."""

from pathlib import Path
from typing import Any

import pytest

from tests.identity.made import (
    EXPORTS,
    Json,
    assemble,
    make_assignment,
    make_resource,
    make_role,
    write,
)

AUDITORS = {EXPORTS / "users-auditors.json": "auditors"}


def build(folder: Path, **files: object) -> dict[str, Any]:
    paths = write(folder, {f"{name}.json": value for name, value in files.items()})
    return assemble(paths).identities.to_json()


def test_exports_become_the_layout() -> None:
    assembly = assemble(
        [EXPORTS], groups=AUDITORS, account_owners=("root",), taken_at="2026-11-23T10:00:00Z"
    )
    data = assembly.identities.to_json()
    policies = data.pop("policies")
    assert data == {
        "taken_at": "2026-11-23T10:00:00Z",
        "subjects": {
            "root": {"account_owner": True},
            "alice": {
                "groups": ["testers"],
                "grants": [{"scope": {"enterprise_project": "e1"}, "policies": ["r-snapshots"]}],
            },
            "bob": {
                "groups": ["testers"],
                "grants": [{"scope": {"enterprise_project": "0"}, "policies": ["r-disks"]}],
            },
            "carol": {"groups": ["auditors", "testers"]},
            "backup": {"grants": [{"scope": {"iam_project": "p2"}, "policies": ["r-servers"]}]},
        },
        "groups": {
            "testers": {
                "grants": [
                    {"scope": {"iam_project": "p1"}, "policies": ["r-servers", "r-snapshots"]},
                    {"scope": {"all_resources": True}, "policies": ["r-guest"]},
                ]
            },
            "auditors": {"grants": [{"scope": {"domain": "d1"}, "policies": ["r-guest"]}]},
            "operators": {"grants": [{"scope": {"iam_project": "p1"}, "policies": ["r-nights"]}]},
        },
        "resource_parameters": ["image_id", "server_id", "snapshot_id", "volume_id"],
        "enterprise_projects": {
            "volume_id": {"v1": "e1", "v2": "0"},
            "server_id": {"s1": "e1"},
            "image_id": {"i1": "e1"},
            "snapshot_id": {"n1": "e1", "n2": "e1"},
        },
    }
    assert set(policies) == {"r-guest", "r-servers", "r-snapshots", "r-disks", "r-nights"}
    assert policies["r-servers"] == {
        "name": "server_adm",
        "catalog": "BASE",
        "display_name": "Server Administrator",
        "Version": "1.1",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["ecs:*:*", "evs:*:get", "evs:*:list", "evs:snapshots:create"],
            }
        ],
        "Depends": [{"catalog": "BASE", "display_name": "Tenant Guest"}],
    }
    assert assembly.notes == (
        "not used: roles and policies that nobody was granted (1)",
        "groups whose members are not told (1)",
        'not used: resources of type "cdn" (1)',
        "not used: snapshots of disks whose enterprise project is not told (1)",
    )


@pytest.mark.parametrize(
    ("scope", "is_inherited", "expected"),
    [
        ("project=p1", {}, {"iam_project": "p1"}),
        ("project=p1", {"is_inherited": False}, {"iam_project": "p1"}),
        ("enterprise_project=0", {"is_inherited": False}, {"enterprise_project": "0"}),
        ("domain=d1", {"is_inherited": False}, {"domain": "d1"}),
        ("domain=d1", {"is_inherited": True}, {"all_resources": True}),
    ],
)
def test_where_a_grant_is_made(
    tmp_path: Path, scope: str, is_inherited: Json, expected: dict[str, Any]
) -> None:
    record = make_assignment(scope=scope, **is_inherited)
    data = build(tmp_path, a={"role_assignments": [record]}, r={"roles": [make_role()]})
    assert data["subjects"] == {"u1": {"grants": [{"scope": expected, "policies": ["r1"]}]}}


def test_a_lone_record_is_an_object_as_in_the_vendors_sample(tmp_path: Path) -> None:
    answer = {"role_assignments": make_assignment("agency=a1"), "total_num": 1}
    data = build(tmp_path, a=answer, r={"roles": [make_role()]})
    assert set(data["subjects"]) == {"a1"}


def test_members_that_are_null_are_not_there(tmp_path: Path) -> None:
    record = make_assignment() | {"group": None, "agency": None}
    record["scope"]["domain"] = None
    data = build(tmp_path, a={"role_assignments": [record]}, r={"roles": [make_role()]})
    assert set(data["subjects"]) == {"u1"}


def test_a_record_that_stands_twice_is_one_grant(tmp_path: Path) -> None:
    # With include_group the records of a group come again for each of its members.
    group = make_assignment("group=g1")
    data = build(
        tmp_path,
        a={"role_assignments": [make_assignment("user=u1"), group], "total_num": 4},
        b={"role_assignments": [make_assignment("user=u2"), group], "total_num": 4},
        r={"roles": [make_role()]},
    )
    assert data["groups"] == {
        "g1": {"grants": [{"scope": {"iam_project": "p1"}, "policies": ["r1"]}]}
    }


def test_a_group_with_members_and_without_grants_is_there(tmp_path: Path) -> None:
    links = {"self": "https://iam.example.com/v3/users/u1/groups?page=1"}
    data = build(tmp_path, g={"groups": [{"id": "g1"}], "links": links})
    assert data["groups"] == {"g1": {"grants": []}}
    assert data["subjects"] == {"u1": {"groups": ["g1"]}}


def test_the_groups_of_a_user_can_be_named_on_the_command_line(tmp_path: Path) -> None:
    [path] = write(tmp_path, {"g.json": {"groups": [{"id": "g1"}]}})
    assert assemble([tmp_path], users={path: "u1"}).identities.subjects == {
        "u1": {"groups": ["g1"]}
    }


def test_empty_answers_of_two_groups_are_two(tmp_path: Path) -> None:
    a, b = write(
        tmp_path, {"a.json": {"users": [{"id": "u1"}]}, "b.json": {"users": [{"id": "u1"}]}}
    )
    identities = assemble([], groups={a: "g1", b: "g2"}).identities
    assert identities.subjects == {"u1": {"groups": ["g1", "g2"]}}


def test_the_same_role_in_two_lists_is_one(tmp_path: Path) -> None:
    first, second = make_role(domain_id="d1"), make_role(references=3)
    data = build(
        tmp_path,
        a={"role_assignments": [make_assignment()]},
        r={"roles": [first]},
        s={"roles": [second]},
    )
    assert list(data["policies"]) == ["r1"]


def test_the_same_file_twice_is_one(tmp_path: Path) -> None:
    [path] = write(tmp_path, {"r.json": {"resources": [make_resource()], "total_count": 1}})
    copy = tmp_path / "copy.json"
    copy.write_bytes(path.read_bytes())
    assert assemble([path, tmp_path, path]).identities.enterprise_projects == {
        "volume_id": {"v1": "e1"}
    }


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    write(tmp_path, {"s.json": b'\xef\xbb\xbf{"snapshots": []}'})
    assert assemble([tmp_path]).notes == ()


def test_bare_policy_members_are_kept_as_they_are(tmp_path: Path) -> None:
    statement = {
        "Effect": "Deny",
        "NotAction": ["iam:agencies:assume"],
        "Resource": {"uri": ["/iam/agencies/1"]},
        "Condition": {"Bool": {"g:MFAPresent": ["true"]}},
    }
    role = make_role(Statement=[statement], Version="1.0")
    data = build(tmp_path, a={"role_assignments": [make_assignment()]}, r={"roles": [role]})
    assert data["policies"]["r1"]["Statement"] == [statement]
    assert data["policies"]["r1"]["Version"] == "1.0"


def test_the_policies_of_a_grant_are_sorted(tmp_path: Path) -> None:
    ids = [f"r{n}" for n in range(9)]
    data = build(
        tmp_path,
        a={"role_assignments": [make_assignment(role=id_) for id_ in reversed(ids)]},
        r={"roles": [make_role(id_) for id_ in ids]},
    )
    assert data["subjects"]["u1"]["grants"][0]["policies"] == ids


def test_a_snapshot_of_a_disk_in_the_default_enterprise_project(tmp_path: Path) -> None:
    data = build(
        tmp_path,
        e={"resources": [make_resource("v2", "0")]},
        s={"snapshots": [{"id": "n2", "volume_id": "v2"}]},
    )
    assert data["enterprise_projects"]["snapshot_id"] == {"n2": "0"}
