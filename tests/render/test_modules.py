"""Rules as Rego: OPA reads back what was rendered, whatever the tables hold."""

import itertools
import json
import os
import random
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from scopegate.live.opa import Opa
from scopegate.render.environment import spell_block
from scopegate.render.modules import render_routes, render_schema
from scopegate.routes.build import build_routes
from scopegate.routes.model import Route, TemplateRule
from scopegate.routes.overlaps import build_rules
from scopegate.tables.model import Table
from tests.render.parsed import ParsedModule, parse_module
from tests.routes.made import MIRROR, NO, UNKNOWN, YES, make_route, make_row, make_table
from tests.routes.test_overlaps import TEMPLATES, find_rules
from tests.routes.test_template import PATHS

HOSTILE = (
    'new\nline "quotes" \\ backslash \\n \\u0022',
    '"} if {true',
    '",\n\t}\n} if true\n\ntemplate(_, _) := {} if true\n#',
    "{{ rule }} {% for x in y %} {# note #}",
    '`raw` $"{input}" ${x} %v',
    "line\u2028paragraph\u2029next\x85tab\tcr\r\x00\x1b[2J\x7f",
    "right\u202eto\u2066left\u200f\ufeff\u200b",
    "😀 e\u0301 \U000e0041 创建云硬盘快照（OpenStack Cinder）",
    "\u00a0 \u3000 </script> # not a comment",
    "template(place) := {}",
)
DOCUMENTS = ('a"\npackage evil\n# .md', "{{ origin }}\u2028.md", "\u202e页面.md", "a\\", "#")


def render(tables: Sequence[Table]) -> tuple[Mapping[str, str], Sequence[TemplateRule]]:
    rules, _ = build_rules(build_routes(tables)[0])
    return render_routes(rules), rules


def write(modules: Mapping[str, str], folder: Path) -> Path:
    for name, text in modules.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def describe(route: Route) -> list[Any]:
    """What a rule says of a route."""
    requirement = route.requirement
    scopes = {
        "iam_project": requirement.scopes.iam_project is not NO,
        "enterprise_project": requirement.scopes.enterprise_project is YES
        and not requirement.is_list,
        "enterprise_projects": requirement.scopes.enterprise_project is YES and requirement.is_list,
    }
    return [
        f"{route.provider}/{route.service} {route.method} {route.path}",
        sorted(requirement.actions),
        ", ".join(name for name, counts in scopes.items() if counts),
        sorted(requirement.project_positions),
    ]


def read_source(comment: str) -> tuple[str, str, int, int, str]:
    """Method, document, table, row and permission of a comment above a rule."""
    method, rest = comment.split(": ", 1)
    document, end = json.JSONDecoder().raw_decode(rest)
    table, row, permission = rest[end:].removeprefix(", ").split(", ", 2)
    return (
        method,
        document,
        int(table.removeprefix("table ")),
        int(row.removeprefix("row ")),
        json.loads(permission),
    )


def parse_only_module(opa: Opa, modules: Mapping[str, str], folder: Path) -> ParsedModule:
    [name] = modules
    return parse_module(opa, write(modules, folder) / name)


@pytest.fixture(scope="module")
def hostile() -> tuple[Mapping[str, str], Sequence[TemplateRule]]:
    """Rules of every kind, of tables whose texts would rather be Rego."""
    texts = itertools.cycle(HOSTILE)
    return render(
        [
            make_table(
                make_row(f"GET /v2/{number}/a", actions="evs:a:list", permission=next(texts)),
                make_row(f"POST /v2/{number}/a", actions="", permission=next(texts)),
                make_row(f"GET /v2/{{project_id}}/{number}", iam=NO, permission=next(texts)),
                make_row(f"GET /{number}/{{x}}", enterprise=UNKNOWN, permission=next(texts)),
                make_row(f"PUT /{number}/{{x}}/", actions="z:z b:b a:a", permission=next(texts)),
                make_row("GET /{x}/same/{y}", "GET /", permission=next(texts)),
                name=f"evs/made-{number}",
                mirrors=(MIRROR,),
                document=document,
            )
            for number, document in enumerate(DOCUMENTS)
        ]
    )


def test_every_value_is_read_back_as_it_was(
    hostile: tuple[Mapping[str, str], Sequence[TemplateRule]], opa: Opa, tmp_path: Path
) -> None:
    modules, rules = hostile
    assert {route.sources[0].permission for rule in rules for route in rule.routes} >= set(HOSTILE)

    parsed = parse_only_module(opa, modules, tmp_path)

    assert (parsed.package, parsed.imports) == ("data.scopegate.routes", 0)
    assert [rule.name for rule in parsed.rules] == ["template"] * len(rules)
    assert [rule.value for rule in parsed.rules] == [
        {route.method: describe(route) for route in rule.routes} for rule in rules
    ]


def test_every_rule_names_its_rows_above_it(
    hostile: tuple[Mapping[str, str], Sequence[TemplateRule]], opa: Opa, tmp_path: Path
) -> None:
    modules, rules = hostile
    header = "Code generated by `make bundle` from tables/made/evs/; DO NOT EDIT."

    parsed = parse_only_module(opa, modules, tmp_path)

    for rule, spelt in zip(rules, parsed.rules, strict=True):
        assert all(comment.isprintable() for comment in spelt.comments)
        assert [read_source(comment) for comment in spelt.comments] == [
            (route.method, source.document, 1, source.row, source.permission)
            for route in rule.routes
            for source in route.sources
        ]
    assert len(parsed.comments) == 3 + sum(len(rule.comments) for rule in parsed.rules)
    assert parsed.comments[0].strip() == header
    assert next(iter(modules.values())).startswith(f"# {header}\npackage scopegate.routes\n")


def test_opa_formats_and_checks_nothing_away(
    hostile: tuple[Mapping[str, str], Sequence[TemplateRule]], opa: Opa, tmp_path: Path
) -> None:
    modules, _ = hostile
    folder = str(write(modules, tmp_path))

    assert opa.run(["fmt", "--list", "--fail", folder]).stdout == ""
    opa.run(["check", "--strict", folder])


def test_regal_has_nothing_to_say(
    hostile: tuple[Mapping[str, str], Sequence[TemplateRule]], project: Path, tmp_path: Path
) -> None:
    modules, _ = hostile
    write(modules, tmp_path / "rego/scopegate/routes")

    done = subprocess.run(
        [
            *(project / ".tools/bin/regal", "lint", "--no-color"),
            *("--config-file", project / ".regal/config.yaml", "rego"),
        ],
        cwd=tmp_path,
        env={**os.environ, "REGAL_DISABLE_VERSION_CHECK": "1"},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_rendering_again_makes_the_same_text(
    hostile: tuple[Mapping[str, str], Sequence[TemplateRule]],
) -> None:
    modules, rules = hostile

    assert render_routes(rules) == modules


def test_a_row_without_actions_has_an_empty_list(opa: Opa, tmp_path: Path) -> None:
    modules, _ = render([make_table(make_row("GET /a", actions="", permission="Free"))])

    parsed = parse_only_module(opa, modules, tmp_path)

    assert parsed.rules[0].value["GET"][1] == []


def test_a_large_service_is_split_into_modules(opa: Opa, tmp_path: Path) -> None:
    rules, _ = build_rules(
        [
            *(make_route(f"GET /a/r{number}") for number in range(401)),
            *(make_route(f"GET /a/r{number}", service="ecs") for number in range(200)),
        ]
    )

    modules = render_routes(rules)

    assert list(modules) == [
        "made/evs.rego",
        "made/evs_2.rego",
        "made/evs_3.rego",
        "made/ecs.rego",
    ]
    folder = write(modules, tmp_path)
    parsed = [parse_module(opa, folder / name) for name in modules]
    assert [len(module.rules) for module in parsed] == [200, 200, 1, 200]
    keys = [rule.value["GET"][0] for module in parsed for rule in module.rules]
    assert keys == [rule.routes[0].key for rule in rules]


def test_opa_looks_at_no_rule_but_the_one_that_fits(
    hostile: tuple[Mapping[str, str], Sequence[TemplateRule]], opa: Opa, tmp_path: Path
) -> None:
    modules, _ = hostile
    folder = str(write(modules, tmp_path))

    for path in ("v2/3/a", "v2/p1/3", "3/x", "3/x/", "x/same/y", ""):
        segments = json.dumps(["made/evs", *path.split("/")])
        query = f"data.scopegate.routes.template({segments})"
        command = ["eval", "--data", folder, "--explain", "full", "--format", "pretty", query]
        assert opa.run(command).stdout.count("Index data.scopegate.routes.template (matched 1 rule")


def test_opa_applies_to_each_path_the_rule_that_the_generator_says(
    opa: Opa, tmp_path: Path
) -> None:
    # Services of few templates and of many, since what is left out depends on what is there.
    chance = random.Random(38)  # noqa: S311  nothing secret
    services = {
        f"s{size}": [
            make_route(f"GET {path}", service=f"s{size}") for path in chance.sample(TEMPLATES, size)
        ]
        for size in range(1, len(TEMPLATES), 2)
    }
    rules, _ = build_rules(route for routes in services.values() for route in routes)
    paths = [list(path) for path in PATHS]
    asked = {"services": list(services), "paths": paths}
    query = """{service: [found |
        some path in input.paths
        found := [actions |
            actions := data.scopegate.routes.template(array.concat([service], path)).GET[1]
        ]
    ] | some service in input.services}"""
    rego = str(write(render_routes(rules), tmp_path))

    command = ["eval", "--format", "raw", "--stdin-input", "--data", rego, query]
    answer = opa.run(command, stdin=json.dumps(asked))

    answered = json.loads(answer.stdout)
    for service in services:
        own = [rule for rule in rules if rule.api == service]
        for path, found in zip(PATHS, answered[service], strict=True):
            expected = [rule.routes[0].requirement.actions for rule in find_rules(own, path)]
            assert [set(actions) for actions in found] == expected


@pytest.mark.parametrize("name", ["question", "config"])
def test_a_schema_is_read_back_as_it_was(opa: Opa, tmp_path: Path, name: str) -> None:
    schema = {
        "title": HOSTILE[2],
        "type": "object",
        "properties": {text: {"enum": [text, None, True, -1.5], "items": {}} for text in HOSTILE},
        "required": [],
    }

    text = render_schema(json.dumps(schema), "rego/schemas/made.json", name)

    parsed = parse_only_module(opa, {f"schemas/{name}.rego": text}, tmp_path)
    assert (parsed.package, parsed.imports) == ("data.scopegate.schemas", 0)
    assert [rule.name for rule in parsed.rules] == [name, f"plain_{name}"]
    assert parsed.rules[0].value == schema
    assert text.splitlines()[0] == (
        "# Code generated by `make bundle` from rego/schemas/made.json; DO NOT EDIT."
    )
    assert opa.run(["fmt", "--list", "--fail", str(tmp_path)]).stdout == ""
    assert spell_block(schema) in text


def test_opa_knows_the_plain_form(opa: Opa, tmp_path: Path) -> None:
    values = ["`raw`", "创建（OpenStack Cinder）", ".+*?()|[]{}^$", "{{ name }}", "😀"]
    schema = {"type": "object", "properties": {text: {"enum": [text]} for text in values}}
    text = render_schema(json.dumps(schema), "rego/schemas/made.json", "made")
    folder = write({"schemas/made.rego": text}, tmp_path)

    is_plain = 'data.scopegate.schemas.plain_made(sprintf("%v", [[each]]))'
    query = f"[each | some each in input; {is_plain}]"
    command = ["eval", "--format", "raw", "--stdin-input", "--data", str(folder), query]
    asked = [{each: each for each in values}, {values[0]: values[1]}, json.dumps({}), [{}], {}]
    answer = json.loads(opa.run(command, stdin=json.dumps(asked)).stdout)

    assert answer == [asked[0], {}]
