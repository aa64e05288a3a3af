"""What a row requires, from its cells of actions and of dependencies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from scopegate.cells.wordings import CONDITION, DEPENDENCIES_FOLLOW, normalise_wording
from scopegate.importing.model import Alternative

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from scopegate.cells.actions import ActionCell, Group

_FEWEST_LABELS = 2
"""One label alone sets nothing apart from anything."""


class Requirements(NamedTuple):
    """What is required in any case, and by each of the ways to use a route."""

    actions: tuple[str, ...]
    dependencies: tuple[str, ...]
    alternatives: tuple[Alternative, ...]


def join_requirements(actions: ActionCell, dependencies: ActionCell) -> Requirements:
    """Join what both cells say, label by label."""
    own, ways = _split([group for group in actions.groups if not _is_needed_too(group)])
    needed_too = [_unlabel(group) for group in actions.groups if _is_needed_too(group)]
    labels = {normalise_wording(label) for label, _ in ways}
    groups = needed_too + [
        _unlabel(group) if _is_condition(group, labels) else group
        for group in _drop_headings(dependencies.groups, set(actions.actions))
    ]
    needed, further = _split(groups)
    by_label = {normalise_wording(label): (label, found) for label, found in further}
    joined = [
        Alternative(label, found, by_label.pop(normalise_wording(label), ("", ()))[1])
        for label, found in ways
    ]
    joined += [Alternative(label, (), found) for label, found in by_label.values()]
    return Requirements(own, needed, tuple(joined))


def _split(
    groups: Sequence[Group],
) -> tuple[tuple[str, ...], list[tuple[str, tuple[str, ...]]]]:
    """Split what is required in any case from what is under two labels or more.

    Conditions in brackets are labels where all actions have one: where one has none, it is
    required in any case, and so the others can't be other ways.
    """
    if any(group.label is None for group in groups):
        groups = [_unlabel(group) if group.in_brackets else group for group in groups]
    ways: dict[str, tuple[str, ...]] = {}
    for group in groups:
        if group.label is not None:
            ways[group.label] = (*ways.get(group.label, ()), *group.actions)
    if len(ways) < _FEWEST_LABELS:
        return _join(groups), []
    return _join(group for group in groups if group.label is None), list(ways.items())


def _drop_headings(groups: Sequence[Group], own: set[str]) -> list[Group]:
    """Drop the main actions where one stands as a heading over what it needs."""
    first = groups[0].actions[0] if groups else None
    if first not in own or len(_join(groups)) == 1:
        return list(groups)
    kept = (
        replace(group, actions=tuple(each for each in group.actions if each not in own))
        for group in groups
    )
    return [group for group in kept if group.actions]


def _is_needed_too(group: Group) -> bool:
    """Whether a group of actions is what the others depend on, as a sentence above it says."""
    return group.label is not None and DEPENDENCIES_FOLLOW.search(group.label) is not None


def _is_condition(group: Group, labels: Collection[str]) -> bool:
    """Whether a dependency is needed on a condition: that it may be needed is what counts.

    `labels` are those of the actions: under such a one it is a dependency of that way.
    """
    if group.label is None or normalise_wording(group.label) in labels:
        return False
    return group.in_brackets or CONDITION.search(group.label) is not None


def _unlabel(group: Group) -> Group:
    return replace(group, label=None, in_brackets=False)


def _join(groups: Iterable[Group]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(action for group in groups for action in group.actions))
