"""`scopegate routes`."""

import json

import pytest
from rich.text import Text

from tests.cli.conftest import Command


def test_every_route_is_listed(scopegate: Command) -> None:
    said = scopegate("routes")
    assert said.code == 0
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "POST /v2/{project_id}/snapshots evs:snapshots:create ✓ ✗ 1" in lines
    assert "POST /v3/{project_id}/cloudsnapshots evs:snapshots:create ✓ ✓ 2 v2" in lines
    assert sum(line.split(" ")[0] in {"DELETE", "GET", "POST", "PUT"} for line in lines) == 38
    assert "38 routes, 19 mirrored · " in said.out


def test_json_has_all_there_is(scopegate: Command) -> None:
    found = json.loads(scopegate("routes", "--json").out)
    assert len(found) == 38
    assert found[19] == {
        "provider": "huaweicloud",
        "service": "evs",
        "method": "POST",
        "path": "/v3/{project_id}/snapshots",
        "actions": ["evs:snapshots:create", "evs:volumes:get"],
        "scopes": {"iam_project": "supported", "enterprise_project": "unsupported"},
        "rows": [
            {
                "table": "evs/snapshots",
                "row": 1,
                "permission": "创建云硬盘快照（OpenStack Cinder）",
                "document": {
                    "name": "evs-snapshots.zh.md",
                    "sha256": "cc5460ffbc453c61a90344982d65ff7ffe2e8fd6a8d767586f346cde28112025",
                    "table": 1,
                },
            }
        ],
        "mirrored_from": "/v2/{project_id}/snapshots",
        "cases": [],
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--method", "PATCH"), []),
        (("--method", "delete"), []),
        (
            ("--path", "/v2/p1/snapshots"),
            ["POST /v2/{project_id}/snapshots", "GET /v2/{project_id}/snapshots"],
        ),
        (
            ("--path", "/v2/p1/snapshots?limit=1", "--method", "GET"),
            ["GET /v2/{project_id}/snapshots"],
        ),
        # What is more specific counts, as it does in the rules.
        (
            ("--path", "/v3/p1/snapshots/detail"),
            [
                "GET /v3/{project_id}/snapshots/detail",
                "PUT /v3/{project_id}/snapshots/{snapshot_id}",
                "DELETE /v3/{project_id}/snapshots/{snapshot_id}",
            ],
        ),
        (
            ("--path", "v3/{project_id}/os-vendor"),
            ["POST /v3/{project_id}/os-vendor-snapshots/{snapshot_id}/rollback"],
        ),
        (("--path", "/v2/p1"), []),
    ],
)
def test_routes_are_chosen(
    scopegate: Command, options: tuple[str, ...], expected: list[str]
) -> None:
    said = scopegate("routes", "--json", *options)
    assert [f"{each['method']} {each['path']}" for each in json.loads(said.out)] == expected
    assert said.code == (0 if expected else 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--path", "volumes"), "has volumes in its path"),
        (("--path", "/v2/p1?x=1"), "fits /v2/p1?x=1"),
        (("--method", "PATCH"), "has method PATCH"),
        (("--method", "DELETE", "--path", "x"), "has method DELETE and has x in its path"),
    ],
)
def test_nothing_to_list_is_said(
    scopegate: Command, options: tuple[str, ...], message: str
) -> None:
    said = scopegate("routes", *options)
    assert (said.code, said.out) == (1, "")
    assert said.err == f"Error: no documented route {message}\n"


def test_long_paths_are_folded_at_a_slash(
    scopegate: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    said = scopegate("routes", "--path", "os-vendor").out
    lines = Text.from_ansi(said).plain.splitlines()
    assert max(map(len, lines[1:-1])) <= 80
    assert [line[8:34].rstrip() for line in lines[3:6]] == [
        "/v2/{project_id}",
        " /os-vendor-snapshots",
        " /{snapshot_id}/rollback",
    ]
