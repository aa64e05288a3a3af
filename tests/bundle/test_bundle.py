"""Tables and rules into a bundle: the same bytes each time, and a revision of what is in it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scopegate.bundle import Contents, build_bundle, compose_bundle
from scopegate.errors import ScopegateError
from scopegate.live.opa import Opa
from scopegate.project import Project, build_project, compose_project
from scopegate.tables.model import Document, Endpoint, Mirror, Row, Scopes, Table
from tests.bundle.conftest import PAGES, make_project, read_files
from tests.routes.made import NO, UNKNOWN, YES, make_row, make_table


def build(project: Project, opa: Opa) -> bytes:
    build_project(project, output=project.bundle, opa=opa)
    return project.bundle.read_bytes()


def test_building_again_makes_the_same_bytes(
    made: Project, opa: Opa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(made, opa)

    # Elsewhere, with the files made in another order, and from there.
    other = make_project(tmp_path / "other/place", made.rego, PAGES[::-1])
    monkeypatch.chdir(tmp_path)
    assert build(other, opa) == first
    monkeypatch.chdir(other.folder)
    assert build(Project(Path()), opa) == first

    # Of the tables themselves, in any order.
    output = tmp_path / "bundle.tar.gz"
    for tables in (PAGES[::-1], PAGES[1:] + PAGES[:1]):
        build_bundle(tables, rego=made.rego, output=output, opa=opa)
        assert output.read_bytes() == first


def test_the_order_of_pythons_sets_plays_no_part(made: Project) -> None:
    script = """if True:
        import sys
        from pathlib import Path
        from scopegate.project import Project, compare_project, compose_profiles, compose_project
        project = Project(Path(sys.argv[1]))
        contents = compose_project(project)
        print(contents.revision, compare_project(project, compose_profiles(project)))
    """
    said = [
        subprocess.run(
            [sys.executable, "-c", script, made.folder],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            check=True,
            capture_output=True,
        ).stdout
        for seed in range(4)
    ]

    assert said[0]
    assert said == said[:1] * 4


def test_the_order_in_which_files_are_listed_plays_no_part(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = compose_project(made)
    glob = Path.glob
    monkeypatch.setattr(Path, "glob", lambda *args: reversed(list(glob(*args))))

    assert compose_project(made) == before


def test_a_bundle_says_what_it_is(made: Project, opa: Opa) -> None:
    contents = build_project(made, output=made.bundle, opa=opa).contents

    files = read_files(made.bundle)
    assert json.loads(files["/.manifest"]) == {
        "revision": contents.revision,
        "roots": ["scopegate"],
        "rego_version": 1,
        "metadata": contents.inventory,
    }
    provenance = json.loads(contents.generated["scopegate/routes/provenance.json"])
    assert json.loads(files["/data.json"]) == {
        "scopegate": {
            "bundle": {
                "revision": contents.revision,
                "apis": {
                    "ecs": {"huaweicloud": "huaweicloud/ecs"},
                    "evs": {"huaweicloud": "huaweicloud/evs"},
                },
                **provenance,
            }
        }
    }
    assert len(contents.revision) == 64
    assert set(contents.inventory["tables"]) == {
        "huaweicloud/ecs/a",
        "huaweicloud/evs/a",
        "huaweicloud/evs/a-b",
    }
    tables = contents.inventory["tables"].values()
    assert sum(len(table["conflicts"]) for table in tables) == len(contents.conflicts) > 0


def test_tables_that_give_no_route_make_no_bundle(project: Path) -> None:
    table = make_table(replace(make_row("GET /a"), unresolved="odd_path"))

    with pytest.raises(ScopegateError, match="no row of these tables gives a route"):
        compose_bundle([table], rego=project / "rego")


def test_a_bundle_has_the_rules_and_no_tests(made: Project, opa: Opa) -> None:
    by_hand = {
        f"/{path.relative_to(made.rego).as_posix()}"
        for path in (made.rego / "scopegate").rglob("*.rego")
        if path.parent.name != "schemas" and not path.name.endswith("_test.rego")
    }
    assert any((made.rego / "scopegate").glob("*_test.rego"))

    build_project(made, output=made.bundle, opa=opa)

    files = read_files(made.bundle)
    assert set(files) == {
        "/.manifest",
        "/data.json",
        "/scopegate/routes/huaweicloud/ecs.rego",
        "/scopegate/routes/huaweicloud/evs.rego",
        "/scopegate/schemas/config.rego",
        "/scopegate/schemas/question.rego",
        *by_hand,
    }
    assert len(by_hand) > 5
    for name in set(files) - {"/.manifest", "/data.json"}:
        assert files[name] == (made.rego / name[1:]).read_bytes()


def test_rules_in_folders_of_their_own_are_in_the_bundle(made: Project) -> None:
    for name in ("own/more.rego", "own/more_test.rego", "routes/own/left_over.rego"):
        path = made.rego / "scopegate" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("package scopegate.more\n", encoding="utf-8")

    files = compose_project(made).package.files

    assert "scopegate/own/more.rego" in files
    assert "scopegate/own/more_test.rego" not in files
    assert "scopegate/routes/own/left_over.rego" not in files


TABLE = make_table(
    make_row("GET /v2/{x}/a", "GET /a", actions="evs:a:get evs:b:get", permission="Get"),
    make_row("POST /a", actions=""),
    mirrors=(Mirror("v2", "v3", "v3 as v2."),),
)


ROW, *OTHERS = TABLE.rows
DOCUMENT = TABLE.document


def with_document(document: Document) -> Table:
    return replace(TABLE, document=document)


def with_row(row: Row) -> Table:
    return replace(TABLE, rows=(row, *OTHERS))


CELLS = {
    "provider": replace(TABLE, provider="other"),
    "service": replace(TABLE, service="ecs"),
    "table": replace(TABLE, table="evs/other"),
    "document": with_document(replace(DOCUMENT, name="other.md")),
    "hash of the document": with_document(replace(DOCUMENT, sha256="1" * 64)),
    "table of the document": with_document(replace(DOCUMENT, table=2)),
    "mirror": replace(TABLE, mirrors=()),
    "mirrored segment": replace(TABLE, mirrors=(Mirror("v2", "v4", "v3 as v2."),)),
    "permission": with_row(replace(ROW, permission="get")),
    "action": with_row(replace(ROW, actions=("evs:a:get", "evs:b:list"))),
    "own action": with_row(replace(ROW, actions=("evs:a:list", "evs:b:get"))),
    "fewer actions": with_row(replace(ROW, actions=("evs:a:get",))),
    "IAM project": with_row(replace(ROW, scopes=Scopes(NO, YES))),
    "enterprise project": with_row(replace(ROW, scopes=Scopes(YES, UNKNOWN))),
    "method": with_row(
        replace(ROW, endpoints=(Endpoint("PUT", "/v2/{x}/a"), Endpoint("GET", "/a")))
    ),
    "path": with_row(replace(ROW, endpoints=(Endpoint("GET", "/v2/{x}/b"), Endpoint("GET", "/a")))),
    "parameter": with_row(
        replace(ROW, endpoints=(Endpoint("GET", "/v2/{y}/a"), Endpoint("GET", "/a")))
    ),
    "trailing slash": with_row(
        replace(ROW, endpoints=(Endpoint("GET", "/v2/{x}/a/"), Endpoint("GET", "/a")))
    ),
    "fewer endpoints": with_row(replace(ROW, endpoints=(Endpoint("GET", "/v2/{x}/a"),))),
    "fewer rows": replace(TABLE, rows=TABLE.rows[:1]),
}


def compose(table: Table, project: Path) -> Contents:
    return compose_bundle([table], rego=project / "rego")


@pytest.mark.parametrize("cell", CELLS)
def test_another_cell_is_another_revision(cell: str, project: Path) -> None:
    assert compose(CELLS[cell], project).revision != compose(TABLE, project).revision


@pytest.mark.parametrize(
    "table",
    [
        with_document(replace(DOCUMENT, language="zh")),
        replace(TABLE, mirrors=(Mirror("v2", "v3", "The same sentence in other words."),)),
        replace(TABLE, rows=(ROW, replace(OTHERS[0], no_authorization="Free"))),
    ],
)
def test_what_is_in_no_bundle_makes_no_revision(table: Table, project: Path) -> None:
    assert compose(table, project) == compose(TABLE, project)


def edit_rules(made: Project) -> None:
    path = made.rego / "scopegate/decision.rego"
    path.write_bytes(path.read_bytes() + b"\n")


def add_rules(made: Project) -> None:
    (made.rego / "scopegate/more.rego").write_text("package scopegate\n", encoding="utf-8")


def rename_rules(made: Project) -> None:
    path = made.rego / "scopegate/decision.rego"
    path.rename(path.with_name("decided.rego"))


def edit_schema(made: Project) -> None:
    path = made.rego / "schemas/input.json"
    schema: dict[str, Any] = json.loads(path.read_bytes())
    path.write_text(json.dumps({**schema, "title": "Another"}), encoding="utf-8")


def edit_table(made: Project) -> None:
    path = made.tables / "huaweicloud/evs/a.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('"List"', '"list"'), encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [edit_rules, add_rules, rename_rules, edit_schema, edit_table],
    ids=lambda f: f.__name__,
)
def test_another_file_is_another_revision(made: Project, change: Callable[[Project], None]) -> None:
    before = compose_project(made).revision

    change(made)

    assert compose_project(made).revision != before


def test_only_what_is_in_the_bundle_makes_its_revision(made: Project, opa: Opa) -> None:
    before = build(made, opa)
    table = made.tables / "huaweicloud/evs/a.yaml"
    table.write_text(f"# A comment.\n{table.read_text(encoding='utf-8')}", encoding="utf-8")
    for path in (
        made.rego / "scopegate/decision_test.rego",
        made.rego / "scopegate/routes/huaweicloud/evs.rego",
        made.rego / "scopegate/schemas/question.rego",
        made.inventory,
    ):
        path.write_bytes(path.read_bytes() + b"\n# A comment.\n")
    for path in made.rego.glob("**/*.rego"):
        os.utime(path, (0, 0))
        path.chmod(0o600)

    assert build(made, opa) == before


def test_rules_that_opa_refuses_leave_the_last_bundle(made: Project, opa: Opa) -> None:
    before = build(made, opa)
    with (made.rego / "scopegate/decision.rego").open("a", encoding="utf-8") as rules:
        rules.write("\nanother := nothing_like_this(1)\n")

    with pytest.raises(ScopegateError, match="nothing_like_this"):
        build_bundle(PAGES, rego=made.rego, output=made.bundle, opa=opa)

    assert made.bundle.read_bytes() == before
    assert sorted(path.name for path in made.bundle.parent.iterdir()) == [
        "huaweicloud.tar.gz",
        "inventory.yaml",
        "profiles",
    ]
