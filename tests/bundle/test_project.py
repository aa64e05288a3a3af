"""A project's generated files: all of them up to date, or none of them touched."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from scopegate.errors import FaultsError, ScopegateError
from scopegate.inventory import read_inventory
from scopegate.live.opa import Opa
from scopegate.packing import Signing, locate_signed, read_revision
from scopegate.project import (
    FORMS,
    Project,
    build_project,
    compare_project,
    compose_profiles,
    compose_project,
    find_project,
)
from scopegate.tables.store import write_table
from tests.bundle.conftest import PAGES
from tests.distribution.keys import make_key

EVS = "rego/scopegate/routes/huaweicloud/evs.rego"


def read_all(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder, with the time of its last change."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.glob("**/*"))
        if path.is_file()
    }


def compare(project: Project) -> str:
    return compare_project(project, compose_profiles(project))


@pytest.fixture
def built(made: Project, opa: Opa) -> Project:
    """A project that is up to date."""
    build_project(made, output=made.bundle, opa=opa)
    return made


def test_what_is_committed_is_up_to_date(project: Path) -> None:
    """Run `make bundle`, and commit what it writes."""
    assert compare(Project(project)) == ""


def test_a_build_makes_what_the_comparison_expects(made: Project, opa: Opa) -> None:
    assert f"{EVS} (as it is)" in compare(made)

    build_project(made, output=made.bundle, opa=opa)

    assert compare(made) == ""
    assert made.inventory.is_file()
    assert (made.folder / EVS).is_file()
    assert (made.rego / "scopegate/schemas/question.rego").is_file()


def test_a_build_of_what_is_up_to_date_touches_no_file(built: Project, opa: Opa) -> None:
    before = read_all(built.folder)

    build_project(built, output=built.bundle, opa=opa)

    assert read_all(built.folder) == before


def test_a_build_tells_what_it_changed(made: Project, opa: Opa) -> None:
    routes = made.rego / "scopegate/routes"
    schemas = made.rego / "scopegate/schemas"
    written = {
        routes / "huaweicloud/ecs.rego",
        routes / "huaweicloud/evs.rego",
        routes / "provenance.json",
        schemas / "config.rego",
        schemas / "question.rego",
        made.inventory,
        *(made.schemas / f"{name}.json" for name in FORMS),
        made.bundle,
    }
    first = build_project(made, output=made.bundle, opa=opa)
    assert first.changes == dict.fromkeys(written, "new")

    again = build_project(made, output=made.bundle, opa=opa)
    assert again.contents == first.contents
    assert again.changes == {}

    (schemas / "config.rego").write_text("", encoding="utf-8")
    (schemas / "old.rego").touch()
    assert build_project(made, output=made.bundle, opa=opa).changes == {
        schemas / "config.rego": "changed",
        schemas / "old.rego": "removed",
    }


def test_the_bundle_goes_where_it_is_asked_for(made: Project, opa: Opa, tmp_path: Path) -> None:
    output = tmp_path / "served/made.tar.gz"

    build_project(made, output=output, opa=opa)

    assert output.is_file()
    assert not made.bundle.exists()
    assert compare(made) == ""


def test_what_differs_is_shown(built: Project) -> None:
    path = built.folder / EVS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"evs:a:create"', '"evs:a:destroy"', 1), encoding="utf-8")

    difference = compare(built)

    assert difference.startswith(
        f"--- {EVS} (as it is)\n+++ {EVS} (as `make bundle` writes it)\n@@ "
    )
    changed = [line for line in difference.splitlines()[2:] if line[0] in "+-"]
    assert changed == [
        '-\t\t["evs:a:destroy", "evs:b:get"],',
        '+\t\t["evs:a:create", "evs:b:get"],',
    ]


@pytest.mark.parametrize(
    "name",
    [
        EVS,
        "rego/scopegate/schemas/config.rego",
        "rego/scopegate/schemas/question.rego",
        "bundle/inventory.yaml",
    ],
)
@pytest.mark.parametrize("change", ["missing", "empty", "line ends", "no UTF-8", "one more line"])
def test_whatever_differs_is_a_difference(name: str, change: str, built: Project, opa: Opa) -> None:
    path = built.folder / name
    data = path.read_bytes()
    match change:
        case "missing":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "line ends":
            path.write_bytes(data.replace(b"\n", b"\r\n"))
        case "no UTF-8":
            path.write_bytes(data.replace(b"a", b"\xff", 1))
        case _:
            path.write_bytes(data + b"\n")

    assert name in compare(built)

    build_project(built, output=built.bundle, opa=opa)
    assert path.read_bytes() == data
    assert compare(built) == ""


@pytest.mark.parametrize("text", ["package scopegate.routes\n", ""])
def test_what_no_table_makes_any_more_is_shown_and_removed(
    text: str, built: Project, opa: Opa
) -> None:
    left_over = ["routes/huaweicloud/old.rego", "routes/other/old.rego", "schemas/old.rego"]
    for name in left_over:
        path = built.rego / "scopegate" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    assert compare(built).splitlines() == [
        f"rego/scopegate/{name}: left over; `make bundle` removes it" for name in left_over
    ]

    build_project(built, output=built.bundle, opa=opa)
    assert compare(built) == ""
    assert not any((built.rego / "scopegate" / name).exists() for name in left_over)


def test_a_service_without_tables_leaves_no_rules_behind(built: Project, opa: Opa) -> None:
    shutil.rmtree(built.tables / "huaweicloud/ecs")

    build_project(built, output=built.bundle, opa=opa)

    assert not (built.rego / "scopegate/routes/huaweicloud/ecs.rego").exists()
    assert (built.folder / EVS).exists()


def test_rules_that_opa_refuses_change_nothing(built: Project, opa: Opa) -> None:
    table = built.tables / "huaweicloud/evs/a.yaml"
    table.write_text(table.read_text(encoding="utf-8").replace('"List"', '"l"'), encoding="utf-8")
    (built.rego / "scopegate/routes/huaweicloud/old.rego").write_text("", encoding="utf-8")
    (built.rego / "scopegate/decision.rego").write_text("package scopegate\n}", encoding="utf-8")
    before = read_all(built.folder)

    with pytest.raises(ScopegateError, match=r"decision\.rego:2"):
        build_project(built, output=built.bundle, opa=opa)

    assert read_all(built.folder) == before


def test_a_key_that_opa_refuses_changes_nothing(built: Project, opa: Opa, tmp_path: Path) -> None:
    table = built.tables / "huaweicloud/evs/a.yaml"
    table.write_text(table.read_text(encoding="utf-8").replace('"List"', '"l"'), encoding="utf-8")
    before = read_all(built.folder)

    with pytest.raises(ScopegateError, match="can't sign"):
        build_project(built, output=built.bundle, opa=opa, signing=Signing(tmp_path / "none.pem"))

    assert read_all(built.folder) == before


def test_rules_that_opa_refuses_are_not_the_keys_fault(
    built: Project, opa: Opa, tmp_path: Path
) -> None:
    (built.rego / "scopegate/decision.rego").write_text("package scopegate\n}", encoding="utf-8")

    with pytest.raises(ScopegateError, match=r"^opa build failed(.|\n)*decision\.rego:2"):
        build_project(built, output=built.bundle, opa=opa, signing=Signing(tmp_path / "none.pem"))


def test_a_signed_variant_goes_beside_the_bundle(made: Project, opa: Opa, tmp_path: Path) -> None:
    signing = Signing(make_key(tmp_path / "key.pem").private)
    output = tmp_path / "served/made.tar.gz"

    build_project(made, output=output, opa=opa, signing=signing)

    assert read_revision(locate_signed(output)) == read_revision(output)
    assert not locate_signed(made.bundle).exists()


def test_the_bundle_is_replaced_last(built: Project, opa: Opa) -> None:
    table = built.tables / "huaweicloud/evs/a.yaml"
    table.write_text(table.read_text(encoding="utf-8").replace('"List"', '"l"'), encoding="utf-8")
    before = built.bundle.read_bytes()
    built.inventory.unlink()
    built.inventory.mkdir()

    with pytest.raises(OSError, match=built.inventory.name):
        build_project(built, output=built.bundle, opa=opa)

    assert built.bundle.read_bytes() == before


def test_faulty_tables_change_nothing(built: Project, opa: Opa) -> None:
    for name in ("evs/a", "ecs/a"):
        table = built.tables / f"huaweicloud/{name}.yaml"
        table.write_text(
            table.read_text(encoding="utf-8").replace("method: GET", "method: get"),
            encoding="utf-8",
        )
    before = read_all(built.folder)

    with pytest.raises(FaultsError, match=r"ecs/a\.yaml(.|\n)*evs/a\.yaml"):
        build_project(built, output=built.bundle, opa=opa)

    assert read_all(built.folder) == before


ROW = """\
corrections:
  - row: {permission: "Do", endpoint: "GET /v2/{tenant_id}/a"}
    expect: {actions: ["evs:a:get"]}
    set: {actions: ["evs:a:list"]}
    reason: "It \\"lists\\"."
    source: "api.rst, Request"
"""

MIRRORED = """\
corrections:
  - mirror: {from: "v2", to: "v3", endpoint: "POST /v2/{project_id}/a"}
    reason: "There is none."
    source: "api.rst, URI"
"""


def correct(project: Project, table: str, text: str) -> None:
    """Write corrections of a table of the default provider."""
    path = project.corrections / f"huaweicloud/evs/{table}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_what_is_corrected_is_built_and_told(built: Project, opa: Opa) -> None:
    correct(built, "a-b", ROW)
    correct(built, "a", MIRRORED)

    contents = build_project(built, output=built.bundle, opa=opa).contents

    text = (built.folder / EVS).read_text(encoding="utf-8")
    assert '# GET: "a-b.md", table 1, row 2, "Do", corrected: "It \\"lists\\"."\n' in text
    assert text.count("corrected: ") == text.count('"a-b.md", table 1, row 2, ')
    assert '"huaweicloud/evs POST /v2/{project_id}/a"' in text
    assert '"huaweicloud/evs POST /v3/{project_id}/a"' not in text
    tables = contents.inventory["tables"]
    assert {name: table["corrections"] for name, table in tables.items()} == {
        "huaweicloud/ecs/a": 0,
        "huaweicloud/evs/a": 1,
        "huaweicloud/evs/a-b": 1,
    }
    assert read_inventory(built.inventory)["bundles"]["huaweicloud"]["corrections"] == 2
    assert compare(built) == ""


def test_a_stale_correction_changes_nothing(built: Project, opa: Opa) -> None:
    correct(built, "a-b", ROW.replace("evs:a:get", "evs:a:set"))
    before = read_all(built.folder)

    with pytest.raises(FaultsError, match=r"a-b\.yaml:3:.* \[stale-correction\]$") as raised:
        build_project(built, output=built.bundle, opa=opa)

    both = 'says ["evs:a:set"], as when it was corrected; it says ["evs:a:get"]'
    assert both in str(raised.value)
    assert read_all(built.folder) == before


def test_a_correction_of_no_table_stops_the_build(built: Project) -> None:
    correct(built, "c", ROW)

    with pytest.raises(FaultsError, match=r"evs/c\.yaml: expected a table to correct; there is no"):
        compose_project(built)


def test_a_faulty_correction_of_another_provider_stops_no_build(built: Project, opa: Opa) -> None:
    write_table(replace(PAGES[0], provider="other"), built.tables / "other/evs/a.yaml")
    path = built.corrections / "other/evs/a.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("[]", encoding="utf-8")

    assert build_project(built, output=built.bundle, opa=opa).changes == {}


def test_without_tables_there_is_nothing_to_build(built: Project, opa: Opa) -> None:
    shutil.rmtree(built.tables / "huaweicloud")
    before = read_all(built.folder)

    with pytest.raises(ScopegateError, match="huaweicloud has no table"):
        build_project(built, output=built.bundle, opa=opa)

    assert read_all(built.folder) == before


def test_a_faulty_table_of_another_provider_stops_no_build(built: Project, opa: Opa) -> None:
    write_table(replace(PAGES[0], provider="other"), built.tables / "other/evs/a.yaml")
    (built.tables / "other/evs/b.yaml").write_text("[]", encoding="utf-8")

    assert build_project(built, output=built.bundle, opa=opa).changes == {}


PROFILE = """\
description: "Two providers, and of one of them one service"
includes:
  - provider: "huaweicloud"
    services: ["ecs"]
  - provider: "other"
"""


def test_a_profile_says_which_tables_a_bundle_is_made_of(built: Project, opa: Opa) -> None:
    write_table(replace(PAGES[2], provider="other"), built.tables / "other/ecs/a.yaml")
    (built.profiles / "some.yaml").write_text(PROFILE, encoding="utf-8")
    before = read_all(built.rego)

    some = built.locate_bundle("some")
    contents = build_project(built, "some", output=some, opa=opa).contents

    assert set(contents.inventory["tables"]) == {"huaweicloud/ecs/a", "other/ecs/a"}
    assert read_revision(some) == contents.revision
    # The committed rules are those of the default profile, and stay.
    assert read_all(built.rego) == before
    assert (built.folder / "build/some/scopegate/routes/other/ecs.rego").is_file()
    assert compare(built) == ""
    assert [*read_inventory(built.inventory)["bundles"]] == ["huaweicloud", "some"]

    (built.profiles / "some.yaml").unlink()
    build_project(built, output=built.bundle, opa=opa)
    assert [*read_inventory(built.inventory)["bundles"]] == ["huaweicloud"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PROFILE.replace('["ecs"]', '["as"]'), "huaweicloud/as has no table"),
        (PROFILE.replace('"other"', '"nobody"'), "nobody has no table"),
        (PROFILE.replace('["ecs"]', "[]"), r"some\.yaml:4:15: includes\[0\]\.services: expected a"),
        (PROFILE.replace("services", "service"), "unknown; did you mean services?"),
    ],
)
def test_what_is_wrong_with_a_profile_is_told(built: Project, text: str, message: str) -> None:
    (built.profiles / "some.yaml").write_text(text, encoding="utf-8")
    write_table(replace(PAGES[2], provider="other"), built.tables / "other/ecs/a.yaml")

    with pytest.raises(ScopegateError, match=message):
        compose_project(built, "some")


def test_profiles_are_listed_where_there_is_none_of_the_name(built: Project) -> None:
    with pytest.raises(ScopegateError, match=r'"some" is no profile: .* has huaweicloud$'):
        compose_project(built, "some")


def test_the_project_is_the_nearest_one_upwards(made: Project) -> None:
    below = made.tables / "huaweicloud/evs"
    (made.folder / "tables/huaweicloud/evs/tables").mkdir()

    assert find_project(made.folder) == made
    assert find_project(below) == made


def test_outside_a_project_the_error_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()

    with pytest.raises(ScopegateError, match="--project"):
        find_project(tmp_path)
