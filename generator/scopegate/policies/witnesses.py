"""What shows that two bundles differ: a question, and the decision of each."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scopegate.routes.template import parse_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scopegate.live.asking import Decision, Engine
    from scopegate.live.questions import Question
    from scopegate.policies.probes import Probe

_MEMBERS: Final = (
    "reason",
    "required",
    "enterprise_projects",
    "granted",
    "missing",
    "denied",
    "ineffective",
    "not_evaluated",
)
"""What of a decision says what the caller may do, besides `allow` and the route."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What each of two bundles decides of one question."""

    before: Decision
    after: Decision

    @property
    def opens(self) -> bool:
        """Whether what was denied is allowed."""
        return bool(self.after["allow"] and not self.before["allow"])

    @property
    def closes(self) -> bool:
        """Whether what was allowed is denied."""
        return bool(self.before["allow"] and not self.after["allow"])

    @property
    def differ(self) -> bool:
        """Whether they differ in more than where the route is documented and what it is called."""
        return _read_meaning(self.before) != _read_meaning(self.after)


@dataclass(frozen=True, slots=True)
class Witness:
    """A question that two bundles decide differently."""

    question: Question
    answers: Answers


def ask_both(engines: tuple[Engine, Engine], questions: Sequence[Question]) -> list[Answers]:
    """Ask two bundles the same questions, both at a time."""
    with ThreadPoolExecutor(2) as pool:
        before, after = pool.map(lambda engine: engine.decide_all(questions), engines)
    return [Answers(*each) for each in zip(before, after, strict=True)]


def identify_route(decision: Decision) -> tuple[Any, ...] | None:
    """Tell which route a decision names, whatever its parameters and its case are called."""
    route = decision["route"]
    if route is None:
        return None
    return route["provider"], route["service"], route["method"], parse_shape(route["path"])


def list_candidates(probe: Probe, answered: Mapping[str | int, Answers]) -> Iterator[Question]:
    """List the questions that may show how bundles differ, those that are read most easily first.

    They are of who was granted what one of the bundles requires, or both do, somewhere.
    """
    plain = answered["plain"]
    places = (None, *probe.positions)
    before, after = (tuple(each["required"]) for each in (plain.before, plain.after))
    sets = dict.fromkeys(each for each in (after, before, probe.actions) if each)
    scopes = ("iam_project", "", *probe.list_scopes()[1:])
    for foreign in places:
        yield probe.ask(foreign=foreign)
        for scope in scopes:
            for actions in sets:
                yield probe.ask(actions, scope, foreign=foreign)


def choose_witnesses(
    questions: Iterable[Question], answers: Iterable[Answers]
) -> tuple[Witness, ...]:
    """Choose the first question that is opened and the first that is closed.

    Where there is neither, the first that is decided differently at all; none where none is.
    """
    found: dict[str, Witness] = {}
    for question, each in zip(questions, answers, strict=True):
        kind = "opens" if each.opens else "closes" if each.closes else "differ"
        if each.differ:
            found.setdefault(kind, Witness(question, each))
    telling = [found[kind] for kind in ("opens", "closes") if kind in found]
    return tuple(telling or found.values())


def _read_meaning(decision: Decision) -> tuple[Any, ...]:
    """Read what a decision says of the caller; the case of an action means nothing."""
    return (
        decision["allow"],
        identify_route(decision),
        *(json.dumps(decision[member], sort_keys=True).lower() for member in _MEMBERS),
    )
