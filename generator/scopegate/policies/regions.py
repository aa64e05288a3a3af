"""Paths that two bundles treat alike: what stands for them is asked, and nothing else need be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from scopegate.routes.overlaps import close_shapes
from scopegate.routes.shapes import ShapeIndex
from scopegate.routes.template import meet, parse_shape, split_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scopegate.live.asking import Engine
    from scopegate.policies.routes import BundleRoute
    from scopegate.routes.template import Shape

_RULES: Final = """\
answer := {number: rule |
    some number, [place, method] in input.places
    rule := data.scopegate.routes.template(place)[method]
}"""


@dataclass(frozen=True, slots=True)
class Region:
    """The requests of a method whose paths fit `shape`, and no narrower shape of either bundle.

    In each of two bundles all of them are of one route, or of none. `shape` is that of a template,
    or what several share.
    """

    provider: str
    service: str
    method: str
    shape: Shape

    @property
    def api(self) -> str:
        """The provider and the service."""
        return f"{self.provider}/{self.service}"

    def spell_path(self, template: str) -> str:
        """Spell the paths: those of a route's template, with the literals of the region in it."""
        return "".join(
            f"/{segment if literal is None else literal}"
            for literal, segment in zip(self.shape, split_template(template), strict=True)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """What a bundle answers of a region, to make requests by.

    A request may need some of `actions`, must have its project at `positions`, and is of one of
    `cases` by what tells it: `{"body.os-extend": ("body", "os-extend")}`.
    """

    actions: tuple[str, ...]
    positions: tuple[int, ...]
    cases: Mapping[str, tuple[Any, ...]]


NO_RULE: Final = Rule((), (), {})


def list_regions(routes: Iterable[BundleRoute]) -> list[Region]:
    """List the regions that the routes of both bundles make, sorted.

    Raises ScopegateError where their templates cross in too many ways.
    """
    shapes: dict[tuple[str, str, str], dict[Shape, None]] = defaultdict(dict)
    for route in routes:
        shapes[route.provider, route.service, route.method][parse_shape(route.path)] = None
    regions = [
        Region(*place, shape)
        for place, own in shapes.items()
        for shape in close_shapes("/".join(place[:2]), ShapeIndex(own))
    ]
    return sorted(regions, key=_rank_region)


def find_shared(regions: Iterable[Region]) -> set[Region]:
    """Find the regions that share a path with another API, whatever the method."""
    by_length: dict[int, dict[tuple[str, Shape], list[Region]]] = defaultdict(dict)
    for region in regions:
        places = by_length[len(region.shape)]
        places.setdefault((region.api, region.shape), []).append(region)
    shared: set[Region] = set()
    for places in by_length.values():
        for (api, shape), (other_api, other) in combinations(places, 2):
            if api != other_api and meet(shape, other) is not None:
                shared.update(places[api, shape], places[other_api, other])
    return shared


def read_rules(engine: Engine, regions: Sequence[Region], value: str) -> list[Rule]:
    """Ask a bundle for its rule of each region; `value` is a segment that is no literal."""
    places = [
        ([region.api, *(value if each is None else each for each in region.shape)], region.method)
        for region in regions
    ]
    found = engine.query(_RULES, {"places": places})
    return [
        _read_rule(found[number]) if number in found else NO_RULE
        for number in map(str, range(len(regions)))
    ]


def _read_rule(rule: Sequence[Any]) -> Rule:
    _, actions, _, positions, *rest = rule
    cases = {name: tuple(case[0]) for each in rest for name, case in each.items()}
    return Rule(tuple(actions), tuple(positions), cases)


def _rank_region(region: Region) -> tuple[str, list[str], str]:
    return region.api, [each or "{" for each in region.shape], region.method
