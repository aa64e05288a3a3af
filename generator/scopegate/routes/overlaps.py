"""Templates that share paths: what they require together is settled before rules are written.

The shapes of a service's templates are closed under `meet`. All templates that fit a path then
meet in one shape of the closure: the most specific one that fits it. Each shape gets a rule, which
leaves the paths of more specific shapes to theirs; so one rule at most fits a path.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scopegate.errors import ScopegateError
from scopegate.routes.build import merge_requirements
from scopegate.routes.model import Conflict, Disagreement, TemplateRule
from scopegate.routes.shapes import ShapeIndex
from scopegate.routes.specificity import choose_specific
from scopegate.routes.template import meet, split_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scopegate.routes.model import Route
    from scopegate.routes.template import Shape

_MOST_SHAPES: Final = 20_000
"""For one service. Templates that cross in every combination would make a shape of each."""


def build_rules(
    routes: Iterable[Route],
) -> tuple[tuple[TemplateRule, ...], tuple[Conflict, ...]]:
    """Return the rules in the order of their routes, and the crossing templates in conflict.

    Raises ScopegateError where the templates of a service cross in too many ways.
    """
    apis: dict[str, list[Route]] = defaultdict(list)
    for route in routes:
        apis[route.api].append(route)
    rules: list[TemplateRule] = []
    conflicts: list[Conflict] = []
    for api, documented in apis.items():
        templates: dict[Shape, list[Route]] = defaultdict(list)
        for route in documented:
            templates[route.shape].append(route)
        index = ShapeIndex(templates)
        for shape in close_shapes(api, index):
            fitting = [route for each in index.find_general(shape) for route in templates[each]]
            chosen = [_choose(shape, same) for same in _group_by_method(fitting)]
            conflicts.extend(conflict for _, conflict in chosen if conflict)
            excluded = _find_excluded(shape, index)
            rules.append(TemplateRule(api, shape, excluded, tuple(route for route, _ in chosen)))
    return tuple(rules), tuple(conflicts)


def close_shapes(api: str, templates: ShapeIndex) -> ShapeIndex:
    """Return the shapes of the templates and of all that any number of them share.

    Raises ScopegateError where there are too many; `api` is for its message.
    """
    shapes = ShapeIndex(templates)
    pending = list(templates)
    while pending:
        pending.extend(filter(shapes.add, _list_meets(pending.pop(), templates)))
        if len(shapes) > _MOST_SHAPES:
            raise ScopegateError(
                f"{api}: the path templates cross in more than {_MOST_SHAPES} ways"
            )
    return shapes


def _list_meets(shape: Shape, templates: ShapeIndex) -> Iterator[Shape]:
    for template in templates.find_overlapping(shape):
        shared = meet(shape, template)
        if shared is not None:
            yield shared


def _group_by_method(routes: Iterable[Route]) -> list[list[Route]]:
    methods: dict[str, list[Route]] = defaultdict(list)
    for route in routes:
        methods[route.method].append(route)
    return [methods[method] for method in sorted(methods)]


def _choose(shape: Shape, routes: Sequence[Route]) -> tuple[Route, Conflict | None]:
    """Choose among the routes of one method that fit `shape`: the most specific, or all such."""
    remaining = choose_specific(routes)
    remaining.sort(key=lambda route: [segment is None for segment in route.shape])
    first = remaining[0]
    if len(remaining) == 1:
        return first, None
    # Cases are of one of them: what a request needs of the others besides is not told by any.
    merged = replace(
        first,
        sources=tuple(dict.fromkeys(source for each in remaining for source in each.sources)),
        requirement=merge_requirements([each.requirement for each in remaining]),
        cases=(),
    )
    if all((each.requirement, each.cases) == (first.requirement, ()) for each in remaining):
        return merged, None
    path = _spell_shape(shape, first)
    conflict = Conflict(Disagreement.TEMPLATES, first.api, first.method, path, merged.sources)
    return merged, conflict


def _spell_shape(shape: Shape, route: Route) -> str:
    """Spell the paths that templates share: the route's template with the shape's literals."""
    names = split_template(route.path)
    return "".join(
        f"/{name if literal is None else literal}"
        for literal, name in zip(shape, names, strict=True)
    )


def _find_excluded(shape: Shape, templates: ShapeIndex) -> tuple[Shape, ...]:
    """Find the most general of the shapes that are more specific than `shape`.

    Each is what `shape` shares with one template more.
    """
    special = ShapeIndex(each for each in _list_meets(shape, templates) if each != shape)
    return tuple(
        sorted(
            (each for each in special if special.find_general(each) == [each]),
            key=lambda each: [segment or "" for segment in each],
        )
    )
