"""What two bundles decide differently: found by asking both, and shown by what both answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from scopegate.errors import ScopegateError
from scopegate.policies.probes import PLAIN, choose_values, make_probes
from scopegate.policies.regions import find_shared, list_regions, read_rules
from scopegate.policies.routes import read_routes
from scopegate.policies.witnesses import (
    Answers,
    Witness,
    ask_both,
    choose_witnesses,
    identify_route,
    list_candidates,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scopegate.live.asking import Decision, Engine
    from scopegate.policies.probes import Probe
    from scopegate.policies.regions import Region

_DOCUMENTS: Final = "answer := data.scopegate.bundle.documents"
_WORDS: Final = ("permission", "table", "row", "mirrored_from", "case")
"""Members of a decision's route that say where it is documented, and open and close nothing."""

_BODY_REQUIRED: Final = "body_required"


class Kind(StrEnum):
    """What a difference is, in the order in which they are told."""

    OPENED = "opened"
    CLOSED = "closed"
    MOVED = "moved"
    SCOPE = "scope"
    SHADOWED = "shadowed"
    WORDING = "wording"


class WitnessError(ScopegateError):
    """A difference that nothing shows: a defect of whoever looks for them, never of a table."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a bundle says of some requests.

    `route` is what its decisions name, None where they are of none. All of `required` is needed; a
    grant of it counts at `scopes`, as docs/architecture.md spells them, which are not known where
    nothing is required or no request gets so far. The project of the token must stand at
    `project_positions` of the path, from 0. `reason` is why one without grants may, or may not.
    """

    route: Mapping[str, Any] | None
    required: tuple[str, ...]
    scopes: tuple[str, ...]
    project_positions: tuple[int, ...]
    reason: str

    @property
    def needs_body(self) -> bool:
        """Whether what is needed is known from a body alone."""
        return self.reason == _BODY_REQUIRED


@dataclass(frozen=True, slots=True)
class Difference:
    """Some requests that two bundles treat differently.

    They are those of `method` with a path of `path`, in `case`: one of the route's, or words for
    requests that are of none (`without a body`); None where the route has none, or for those of
    none. `witnesses` show what opens, and what closes; where nothing does either, one shows what
    else is decided differently. A difference in wording has none, and `words` says what was before
    and after.
    """

    kind: Kind
    provider: str
    service: str
    method: str
    path: str
    case: str | None
    before: Standing
    after: Standing
    witnesses: tuple[Witness, ...] = ()
    words: tuple[tuple[str, Any, Any], ...] = ()

    @property
    def opens(self) -> bool:
        """Whether something that was denied is allowed."""
        return any(each.answers.opens for each in self.witnesses)

    @property
    def closes(self) -> bool:
        """Whether something that was allowed is denied."""
        return any(each.answers.closes for each in self.witnesses)

    @property
    def api(self) -> str:
        """The provider and the service."""
        return f"{self.provider}/{self.service}"

    def __str__(self) -> str:
        """Spell which requests, without the API: `POST /v2/{project_id}/volumes [body.a]`."""
        return f"{self.method} {self.path}{f' [{self.case}]' if self.case else ''}"


@dataclass(frozen=True, slots=True)
class _Found:
    probe: Probe
    answered: Mapping[str | int, Answers]

    @property
    def plain(self) -> Answers:
        return self.answered[PLAIN]

    @property
    def differs(self) -> bool:
        return any(each.differ for each in self.answered.values())


def find_differences(before: Engine, after: Engine) -> list[Difference]:
    """Find what two bundles decide differently, by kind, and then by API, path and method.

    The requests of a method are divided by the templates of both bundles, so that each bundle takes
    those of one part for the same route; and each part by the cases of either. One request stands
    for each, and both bundles are asked what they say of it without grants, with grants in each
    scope, and of the path of another project.

    Raises NoDecisionError where either is no bundle, ScopegateError where their templates cross in
    too many ways, and WitnessError where a difference cannot be shown.
    """
    engines = before, after
    probes = _make_probes(engines)
    asked = [(probe, dict(probe.list_questions())) for probe in probes]
    questions = [question for _, own in asked for question in own.values()]
    answers = iter(ask_both(engines, questions))
    found = [_Found(probe, {name: next(answers) for name in own}) for probe, own in asked]
    shown = _show_differences(engines, [each for each in found if each.differs])
    return sorted(
        [*_drop_implied(list(shown)), *_find_wording(engines, found)],
        key=lambda each: list(Kind).index(each.kind),
    )


def count_kinds(differences: Iterable[Difference]) -> dict[Kind, int]:
    """Count the differences of each kind that there are any of."""
    counts = Counter(each.kind for each in differences)
    return {kind: counts[kind] for kind in Kind if counts[kind]}


def _make_probes(engines: tuple[Engine, Engine]) -> list[Probe]:
    with ThreadPoolExecutor(2) as pool:
        regions = list_regions(route for own in pool.map(read_routes, engines) for route in own)
        values = choose_values(region.shape for region in regions)
        before, after = pool.map(lambda each: read_rules(each, regions, values.value), engines)
    shared = find_shared(regions)
    return [
        probe
        for region, *rules in zip(regions, before, after, strict=True)
        for probe in make_probes(region, (rules[0], rules[1]), values, is_shared=region in shared)
    ]


def _drop_implied(shown: Sequence[tuple[Probe, Difference]]) -> list[Difference]:
    """Leave out requests of a special kind where the others of the region tell what they would."""
    told: dict[Region, set[str]] = defaultdict(set)
    kept = []
    for probe, each in sorted(shown, key=lambda item: item[0].variant.is_special):
        says = {"differs", *(name for name in ("opens", "closes") if getattr(each, name))}
        if not (probe.variant.is_special and says <= told[probe.region]):
            kept.append(each)
        if not (probe.variant.is_special and probe.variant.is_named):
            told[probe.region] |= says
    order = {id(each): number for number, (_, each) in enumerate(shown)}
    return sorted(kept, key=lambda each: order[id(each)])


def _show_differences(
    engines: tuple[Engine, Engine], differing: Sequence[_Found]
) -> Iterator[tuple[Probe, Difference]]:
    """Ask for the witnesses of what differs."""
    asked = [list(list_candidates(each.probe, each.answered)) for each in differing]
    answers = iter(ask_both(engines, [question for own in asked for question in own]))
    for each, questions in zip(differing, asked, strict=True):
        witnesses = choose_witnesses(questions, [next(answers) for _ in questions])
        difference = _make_difference(each, witnesses)
        if not witnesses:
            raise WitnessError(
                f"{difference.api} {difference}: differs, and no decision shows it:"
                " this is a defect of scopegate"
            )
        yield each.probe, difference


def _make_difference(
    found: _Found, witnesses: tuple[Witness, ...], words: tuple[tuple[str, Any, Any], ...] = ()
) -> Difference:
    region = found.probe.region
    before, after = (_read_standing(found, side) for side in ("before", "after"))
    return Difference(
        _classify(found, before, after, witnesses),
        region.provider,
        region.service,
        region.method,
        _spell_path(region, after.route or before.route),
        found.probe.variant.case,
        before,
        after,
        witnesses,
        words,
    )


def _spell_path(region: Region, route: Mapping[str, Any] | None) -> str:
    return region.spell_path(route["path"] if route else "/" * len(region.shape))


def _read_standing(found: _Found, side: str) -> Standing:
    decisions: dict[str | int, Decision] = {
        name: getattr(each, side) for name, each in found.answered.items()
    }
    plain = decisions[PLAIN]
    required = tuple(plain["required"])
    scopes = [
        scope
        for scope in found.probe.list_scopes()
        if required and scope in decisions and _counts(decisions[scope], scope)
    ]
    positions = [
        position
        for position in found.probe.positions
        if decisions[position]["reason"] == "project_mismatch"
    ]
    return Standing(plain["route"], required, tuple(scopes), tuple(positions), plain["reason"])


def _counts(decision: Decision, scope: str) -> bool:
    """Tell whether grants of all that is needed counted where they were made."""
    if scope == "enterprise_projects":
        return bool(decision["allow"] and decision["enterprise_projects"])
    return bool(decision["allow"])


def _classify(
    found: _Found, before: Standing, after: Standing, witnesses: tuple[Witness, ...]
) -> Kind:
    if not found.differs:
        return Kind.WORDING
    if before.route is None:
        return Kind.OPENED
    if after.route is None:
        return Kind.CLOSED
    if identify_route(found.plain.before) != identify_route(found.plain.after):
        return Kind.SHADOWED
    return _classify_needs(before, after, witnesses)


def _classify_needs(before: Standing, after: Standing, witnesses: tuple[Witness, ...]) -> Kind:
    """Classify a difference between what is said of one route."""
    needs = [(each.required, each.project_positions, each.reason) for each in (before, after)]
    if needs[0] == needs[1]:
        return Kind.SCOPE
    opens = any(each.answers.opens for each in witnesses)
    closes = any(each.answers.closes for each in witnesses)
    if opens == closes:
        return Kind.MOVED
    return Kind.OPENED if opens else Kind.CLOSED


def _find_wording(engines: tuple[Engine, Engine], found: Sequence[_Found]) -> Iterator[Difference]:
    """Find what is documented otherwise, and decided alike."""
    documents = [engine.query(_DOCUMENTS, {}) for engine in engines]
    for each in found:
        if each.differs or each.probe.variant.is_special or each.plain.before["route"] is None:
            continue
        before, after = (
            _read_words(decision["route"], own)
            for decision, own in zip((each.plain.before, each.plain.after), documents, strict=True)
        )
        words = tuple(
            (name, before[name], after[name]) for name in before if before[name] != after[name]
        )
        if words:
            yield _make_difference(each, (), words)


def _read_words(
    route: Mapping[str, Any], documents: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Read where a route is documented. The hash of a page changes with each edition of it."""
    document = documents[f"{route['provider']}/{route['table']}"]
    words = {name: route[name] for name in _WORDS}
    return {**words, "document": f"{document['document']}, table {document['table']}"}
