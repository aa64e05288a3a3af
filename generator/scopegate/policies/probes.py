"""Requests that stand for all of a region, and the questions that tell what a bundle says of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from scopegate.live.questions import ABSENT, ALL_RESOURCES, Permission, Scope, make_question
from scopegate.policies.routes import choose_segment, spell_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scopegate.live.questions import Question
    from scopegate.policies.regions import Region, Rule
    from scopegate.routes.template import Shape

PLAIN: Final = "plain"
"""The probe of a subject without grants, whose project the path names."""

IAM_PROJECT: Final = "iam_project"
ENTERPRISE_PROJECT: Final = "enterprise_project"
ENTERPRISE_PROJECTS: Final = "enterprise_projects"
"""Where a grant of the probe is made: in the project; in the enterprise project of the resource; in
one while the query asks for all."""

ENTERPRISE_ID: Final = "e1"
_NAMES: Final = ("provider", "service")
_UNNAMED: Final[Mapping[tuple[str, ...], str]] = {
    ("service",): "without a provider",
    ("provider",): "without a service",
    (): "without a provider and a service",
}
_ALL_GRANTED: Final = ("enterprise_project_id", "all_granted_eps")


@dataclass(frozen=True, slots=True)
class Values:
    """Segments that are no literal of either bundle: a project, and the value of all else."""

    project: str
    value: str


@dataclass(frozen=True, slots=True)
class Variant:
    """What a request has besides its path.

    `case` tells people which: None for those of no case. `is_special` is true for what is told only
    where nothing else tells it: no body, two cases at once, and no name of the service. `named` are
    those of the provider and the service that the request names.
    """

    case: str | None
    body: Any
    query: tuple[tuple[str, str], ...]
    is_special: bool = False
    named: tuple[str, ...] = _NAMES

    @property
    def is_named(self) -> bool:
        """Whether the request names all of its API."""
        return self.named == _NAMES

    def join(self, other: Variant) -> Variant:
        """Make the variant that is both."""
        body = ABSENT if self.body is ABSENT else {**self.body, **other.body}
        case = f"{self.case} and {other.case}"
        return Variant(case, body, (*self.query, *other.query), is_special=True)


@dataclass(frozen=True, slots=True)
class Probe:
    """A request that stands for those of a variant in a region.

    The path has the project of the token wherever a bundle wants it, which is at `positions`.
    """

    region: Region
    variant: Variant
    values: Values
    positions: tuple[int, ...]
    actions: tuple[str, ...]

    def list_questions(self) -> Iterator[tuple[str | int, Question]]:
        """List the questions that tell all of what a bundle says, each with its name.

        An integer is the position at which the path names a foreign project.
        """
        yield PLAIN, self.ask()
        for position in self.positions:
            yield position, self.ask(foreign=position)
        if self.actions:
            for scope in self.list_scopes():
                yield scope, self.ask(self.actions, scope)

    def list_scopes(self) -> tuple[str, ...]:
        """List where grants may count."""
        scopes = (IAM_PROJECT, ENTERPRISE_PROJECT)
        return (*scopes, ENTERPRISE_PROJECTS) if self.region.method == "GET" else scopes

    def ask(
        self, actions: Iterable[str] = (), scope: str = "", *, foreign: int | None = None
    ) -> Question:
        """Ask whether one who was granted the actions, there or at all resources, may do it."""
        project, path = self._choose_path(foreign)
        granted = tuple(actions)
        query = (*self.variant.query, *((_ALL_GRANTED,) if scope == ENTERPRISE_PROJECTS else ()))
        return make_question(
            self.region.method,
            f"{path}?{urlencode(query)}" if query else path,
            token=Scope(IAM_PROJECT, project),
            permissions=[Permission("Allow", granted, _make_scope(scope, project))]
            if granted
            else (),
            enterprise_project=ENTERPRISE_ID if scope == ENTERPRISE_PROJECT else None,
            provider=self.region.provider if "provider" in self.variant.named else None,
            service=self.region.service if "service" in self.variant.named else None,
            body=self.variant.body,
        )

    def _choose_path(self, foreign: int | None) -> tuple[str, str]:
        """Choose the project of the token, and the path that names it everywhere but there."""
        shape = self.region.shape
        # Where a literal stands for the project, that is the one whose requests get any further.
        literals = [shape[each] for each in self.positions if each != foreign]
        project = next((each for each in literals if each), self.values.project)
        segments = [
            literal
            if literal is not None
            else project
            if position in self.positions and position != foreign
            else self.values.value
            for position, literal in enumerate(shape)
        ]
        return project, "/" + "/".join(segments)


def make_probes(
    region: Region, rules: tuple[Rule, Rule], values: Values, *, is_shared: bool
) -> list[Probe]:
    """Make the probes of a region, of which two bundles have these rules.

    `is_shared` says that other APIs have paths of it, too: then a request may not name its own.
    """
    before, after = rules
    positions = tuple(sorted({*before.positions, *after.positions}))
    actions = tuple(sorted({*before.actions, *after.actions}))
    return [
        Probe(region, variant, values, positions, actions)
        for variant in _list_variants(before.cases, after.cases, is_shared=is_shared)
    ]


def choose_values(shapes: Iterable[Shape]) -> Values:
    """Choose values that no shape has as a literal."""
    literals = {segment for shape in shapes for segment in shape if segment is not None}
    return Values(choose_segment("p1", literals), choose_segment("x", literals))


def _list_variants(
    before: Mapping[str, tuple[Any, ...]], after: Mapping[str, tuple[Any, ...]], *, is_shared: bool
) -> Iterator[Variant]:
    """List the variants that the cases of either bundle make.

    A request of two cases is of none; so it matters only where the bundles have other cases, and
    more than two of them make no difference.
    """
    cases = {**before, **after}
    has_body = any(place == "body" for place, *_ in cases.values())
    none = Variant(None, {} if has_body else ABSENT, ())
    singles = [_make_variant(name, case, none) for name, case in cases.items()]
    yield none
    yield from singles
    if is_shared:
        for named, told in _UNNAMED.items():
            yield Variant(told, none.body, (), is_special=True, named=named)
    if has_body:
        yield Variant("without a body", ABSENT, (), is_special=True)
    if before != after:
        for one, other in combinations(singles, 2):
            yield one.join(other)


def _make_variant(name: str, case: tuple[Any, ...], none: Variant) -> Variant:
    body, query = spell_case(case)
    return Variant(name, body or none.body, tuple(query.items()))


def _make_scope(scope: str, project: str) -> Scope:
    match scope:
        case "iam_project":
            return Scope(IAM_PROJECT, project)
        case "enterprise_project" | "enterprise_projects":
            return Scope(ENTERPRISE_PROJECT, ENTERPRISE_ID)
        case _:
            return Scope(ALL_RESOURCES)
