"""What each generated Rego module holds: rules grouped by service, as plain values to spell."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from scopegate.render.environment import make_environment, spell_literal
from scopegate.render.plain import spell_plain_form
from scopegate.tables.model import Support

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scopegate.routes.model import Requirement, Route, Source, TemplateRule
    from scopegate.routes.template import Shape
    from scopegate.tables.model import Case

_RULES_FOR_EACH_MODULE: Final = 200
"""OPA compiles larger modules, and many smaller ones, more slowly."""

_LONGEST_SET: Final = 60
"""In characters, for a set on one line."""


def render_routes(rules: Iterable[TemplateRule]) -> dict[str, str]:
    """Render the rules; the result maps a path below `rego/scopegate/routes/` to Rego."""
    template = make_environment().get_template("routes.rego.j2")
    apis: dict[str, list[TemplateRule]] = defaultdict(list)
    for rule in rules:
        apis[rule.api].append(rule)
    modules: dict[str, str] = {}
    for api, own in apis.items():
        for number, start in enumerate(range(0, len(own), _RULES_FOR_EACH_MODULE), start=1):
            suffix = f"_{number}" if number > 1 else ""
            modules[f"{api}{suffix}.rego"] = template.render(
                origin=f"tables/{api}/",
                rules=[
                    _describe_rule(rule) for rule in own[start : start + _RULES_FOR_EACH_MODULE]
                ],
            )
    return modules


def render_schema(text: str, origin: str, name: str) -> str:
    """Render a JSON Schema, read from `origin`, as a module whose rule `name` is the schema.

    `plain_{name}` is an expression that most of what satisfies it matches. Raises ValueError where
    there is none.
    """
    template = make_environment().get_template("schema.rego.j2")
    schema = json.loads(text)
    return template.render(origin=origin, name=name, schema=schema, plain=spell_plain_form(schema))


def _describe_rule(rule: TemplateRule) -> Mapping[str, Any]:
    return {
        "routes": [_describe_route(route) for route in rule.routes],
        "match": _spell_match(rule),
        "guards": list(_spell_guards(rule.shape, rule.excluded)),
    }


def _describe_route(route: Route) -> Mapping[str, Any]:
    requirement = route.requirement
    return {
        "sources": list(_list_sources(route)),
        "method": route.method,
        "key": route.key,
        "actions": sorted(requirement.actions),
        "scopes": ", ".join(_list_scopes(requirement)),
        "projects": sorted(requirement.project_positions),
        "cases": [
            {
                "name": str(each.case),
                "discriminator": _spell_discriminator(each.case),
                "actions": sorted(each.requirement.actions),
                "scopes": ", ".join(_list_scopes(each.requirement)),
            }
            for each in route.cases
        ],
    }


def _list_sources(route: Route) -> Iterator[tuple[str, str]]:
    """List the rows of a route, each after the case that it is for, if it is for one."""
    told: set[Source] = set()
    for each in route.cases:
        for source in each.sources:
            told.add(source)
            yield f" {each.case}", _spell_source(source)
    for source in route.sources:
        if source not in told:
            yield "", _spell_source(source)


def _spell_discriminator(case: Case) -> list[str]:
    """Spell what tells a case apart: the place, the member's name and, if it counts, its value."""
    place = ["query", case.query] if case.body is None else ["body", case.body]
    return [part for part in (*place, case.equals) if part is not None]


def _spell_source(source: Source) -> str:
    document, permission = spell_literal(source.document), spell_literal(source.permission)
    reasons = "; ".join(map(spell_literal, source.reasons))
    corrected = f", corrected: {reasons}" if reasons else ""
    return f"{document}, table {source.document_table}, row {source.row}, {permission}{corrected}"


def _list_scopes(requirement: Requirement) -> Iterator[str]:
    """List the scopes where a grant counts; what is not documented counts in an IAM project."""
    if requirement.scopes.iam_project is not Support.UNSUPPORTED:
        yield "iam_project"
    if requirement.scopes.enterprise_project is Support.SUPPORTED:
        yield "enterprise_projects" if requirement.is_list else "enterprise_project"


def _spell_match(rule: TemplateRule) -> str:
    """Spell the comparison that OPA has an index for; without a parameter nothing is unified."""
    place = (rule.api, *rule.shape)
    spelt = ", ".join("_" if segment is None else spell_literal(segment) for segment in place)
    return f"place {'=' if None in place else '=='} [{spelt}]"


def _spell_guards(shape: Shape, excluded: Sequence[Shape]) -> Iterator[str]:
    """Spell what `_` must not match: the literals of more specific shapes, and nothing at all.

    Only the last segment of a path can be empty. The first of what is compared is the service.
    """
    literals: dict[tuple[int, ...], list[tuple[str, ...]]] = defaultdict(list)
    if shape[-1] is None:
        literals[len(shape) - 1,].append(("",))
    for special in excluded:
        pairs = [
            (position, segment)
            for position, segment in enumerate(special)
            if shape[position] is None and segment is not None
        ]
        positions, segments = zip(*pairs, strict=True)
        literals[positions].append(segments)
    for positions, values in sorted(literals.items()):
        if len(positions) == 1:
            variable = f"place[{positions[0] + 1}]"
            spelt = [spell_literal(value) for (value,) in values]
        else:
            variable = f"[{', '.join(f'place[{position + 1}]' for position in positions)}]"
            spelt = [spell_literal(value) for value in values]
        if len(spelt) == 1:
            yield f"{variable} != {spelt[0]}"
        else:
            yield f"not {variable} in {_spell_members(spelt)}"


def _spell_members(spelt: Sequence[str]) -> str:
    """Spell a set on one line if it is short, else with a line for each member."""
    line = f"{{{', '.join(spelt)}}}"
    if len(line) <= _LONGEST_SET:
        return line
    members = "".join(f"\t\t{each},\n" for each in spelt)
    return f"{{\n{members}\t}}"
