"""What a row requires, from its cells of actions and of dependencies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from scopegate.cells.wordings import (
    CONDITION,
    DEPENDENCIES_FOLLOW,
    PART,
    normalise_wording,
)
from scopegate.importing.model import Alternative

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scopegate.cells.actions import ActionCell, Group

_FEWEST_LABELS = 2
"""One label alone sets nothing apart from anything."""


class Requirements(NamedTuple):
    """What is required in any case, and by each of the ways to use a route."""

    actions: tuple[str, ...]
    dependencies: tuple[str, ...]
    alternatives: tuple[Alternative, ...]


def join_requirements(actions: ActionCell, dependencies: ActionCell) -> Requirements:
    """Join what both cells say, label by label.

    Where the actions have labels, what stands under others among the dependencies is needed in any
    case.
    """
    needed_too = [group for group in actions.groups if _is_needed_too(group)]
    main = [group for group in actions.groups if group not in needed_too] or needed_too
    own, ways = _split(main)
    by_label = {normalise_wording(label): label for label, _ in ways}
    groups = [_unlabel(group) for group in needed_too if main is not needed_too]
    for group in _drop_headings(dependencies.groups, set(actions.actions)):
        label = None if group.label is None else by_label.get(normalise_wording(group.label))
        if label is not None:
            groups.append(replace(group, label=label, in_brackets=False))
        else:
            groups.append(_unlabel(group) if ways or _is_condition(group) else group)
    needed = dict(ways)
    if ways:
        further = {
            label: _join(group for group in groups if group.label == label) for label in needed
        }
        plain = _join(group for group in groups if group.label is None)
    else:
        plain, found = _split(groups)
        further = dict(found)
    return Requirements(
        own,
        plain,
        tuple(
            Alternative(label, needed.get(label, ()), further.get(label, ()))
            for label in (needed or further)
        ),
    )


def _split(
    groups: Sequence[Group],
) -> tuple[tuple[str, ...], list[tuple[str, tuple[str, ...]]]]:
    """Split what is required in any case from what is under two labels or more.

    Conditions are labels where all actions have one: where one has none, it is required in any
    case, and so the others can't be other ways. Neither are parts: services, actions themselves.
    """
    whole = any(group.label is None or not _is_condition(group) for group in groups)
    ways: dict[str, tuple[str, ...]] = {}
    for group in groups:
        if group.label is not None and not (whole and _is_condition(group)):
            ways[group.label] = (*ways.get(group.label, ()), *group.actions)
    if len(ways) < _FEWEST_LABELS or all(map(PART.fullmatch, map(normalise_wording, ways))):
        return _join(groups), []
    return _join(group for group in groups if group.label not in ways), list(ways.items())


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


def _is_condition(group: Group) -> bool:
    """Whether actions are needed on a condition: that they may be needed is what counts."""
    return group.in_brackets or (
        group.label is not None and CONDITION.search(group.label) is not None
    )


def _unlabel(group: Group) -> Group:
    return replace(group, label=None, in_brackets=False)


def _join(groups: Iterable[Group]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(action for group in groups for action in group.actions))
