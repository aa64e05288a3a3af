"""What the page is told of a bundle is what the bundle and its manifest say."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scopegate.errors import ScopegateError
from scopegate.explorer.page import compose_page, read_explorer
from scopegate.explorer.policy import compile_policy
from scopegate.live.opa import Opa
from scopegate.packing import Package, encode_json, pack_bundle, read_member
from scopegate.project import Project, compose_project
from tests.explorer.made import read_facts


@pytest.fixture
def told(everything_bundle: Path, everything_file: Path) -> tuple[Any, Any, Any]:
    data = json.loads(read_member(everything_bundle, "data.json") or "")
    manifest = json.loads(read_member(everything_bundle, ".manifest") or "")
    return read_facts(everything_file), data["scopegate"]["bundle"], manifest["metadata"]["tables"]


def test_where_routes_are_documented(told: tuple[Any, Any, Any]) -> None:
    facts, bundle, _ = told

    routes = {route["key"]: route for route in facts["routes"]}
    assert routes.keys() == bundle["routes"].keys()
    for key, route in routes.items():
        assert {name: route[name] for name in bundle["routes"][key]} == bundle["routes"][key]
    assert {
        key: route["further_rows"] for key, route in routes.items() if route["further_rows"]
    } == bundle["further_rows"]
    assert {
        key: route["corrections"] for key, route in routes.items() if route["corrections"]
    } == bundle["corrections"]
    assert len(bundle["corrections"]) > 10


def test_conflicts(told: tuple[Any, Any, Any]) -> None:
    facts, _, tables = told
    named = {
        f"{table.rpartition('/')[0]} {conflict.rpartition(' (')[0]}": conflict.rpartition(" (")[2]
        for table, each in tables.items()
        for conflict in each["conflicts"]
    }
    marked = {
        f"{route['provider']}/{route['service']} {route['method']} {route['path']}"
        for route in facts["routes"]
        if route["is_conflicting"]
    }

    assert marked >= {name for name, kind in named.items() if kind != "templates)"}
    for name in marked - named.keys():
        pattern = re.sub(r"\\\{\w+\\\}", r"[^/]+", re.escape(name))
        assert any(
            kind == "templates)" and re.fullmatch(pattern, crossing)
            for crossing, kind in named.items()
        ), name


def test_a_bundle_of_another_make_is_refused_in_words(
    project: Path, opa: Opa, tmp_path: Path
) -> None:
    package = compose_project(Project(project)).package
    manifest = json.loads(package.files[".manifest"])
    del manifest["metadata"]
    files = {**package.files, ".manifest": encode_json(manifest)}
    bundle = tmp_path / "other.tar.gz"
    bundle.write_bytes(pack_bundle(Package(files, package.revision), opa=opa))

    with pytest.raises(ScopegateError, match="it lacks 'metadata': build it again"):
        compose_page(read_explorer(bundle, opa=opa, sdk=""))


def test_a_bundle_that_opa_packed_again_is_one(bundle: Path, opa: Opa, tmp_path: Path) -> None:
    again = tmp_path / "again.tar.gz"
    opa.run(["build", "--bundle", bundle.name, "--output", str(again)], cwd=bundle.parent)

    assert compile_policy(again, opa).data == compile_policy(bundle, opa).data
