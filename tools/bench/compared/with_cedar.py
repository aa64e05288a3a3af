"""Cedar: an action entity for each action, action groups for wildcards, a policy for each role."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import cedarpy

from tools.bench.compared.asked import PROJECT, name_actions
from tools.bench.compared.engines import Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.bench.compared.asked import Asked, Setting


class Cedar:
    """Whoever may call a route may do each of its actions: these are asked together."""

    name = "cedarpy"

    def __init__(self, setting: Setting) -> None:
        self._actions = name_actions(setting.routes)
        known = sorted({action for actions in self._actions.values() for action in actions})
        entities = [
            *(
                _spell_entity(
                    "Action",
                    action,
                    [
                        _name("Action", pattern)
                        for role in setting.roles
                        for pattern in role.patterns
                        if action in role.actions and pattern != action and _fits(pattern, action)
                    ],
                )
                for action in known
            ),
            *(
                _spell_entity("User", user, [_name("Role", role)])
                for user, role in sorted({(each.user, each.role.name) for each in setting.asked})
            ),
        ]
        policies = "\n".join(
            f"permit(principal in {_spell('Role', role.name)},"
            f" action in [{', '.join(_spell('Action', each) for each in role.patterns)}],"
            f" resource == {_spell('Project', PROJECT)});"
            for role in setting.roles
        )
        self._policies = cedarpy.PolicySet.from_str(policies)
        self._entities = cedarpy.Entities.from_json_str(json.dumps(entities))
        self.held = f"{len(setting.roles):,} policies, {len(entities):,} entities"
        self._asked: list[list[dict[str, Any]]] = []

    def prepare(self, asked: Sequence[Asked]) -> None:
        """Spell the requests, one for each action."""
        self._asked = [
            [
                {
                    "principal": _spell("User", each.user),
                    "action": _spell("Action", action),
                    "resource": _spell("Project", PROJECT),
                    "context": {},
                }
                for action in self._actions[each.route.key]
            ]
            for each in asked
        ]

    def answer(self, number: int) -> tuple[bool, dict[Way, float]]:
        """Ask whether all of one are authorized."""
        requests = self._asked[number]
        started = time.perf_counter_ns()
        answers = cedarpy.is_authorized_batch(requests, self._policies, self._entities)
        allowed = all(each.allowed for each in answers)
        return allowed, {Way.CALL: (time.perf_counter_ns() - started) / 1000}


def _fits(pattern: str, action: str) -> bool:
    parts = zip(pattern.split(":"), action.split(":"), strict=True)
    return all(wanted in ("*", given) for wanted, given in parts)


def _name(kind: str, name: str) -> dict[str, str]:
    return {"type": kind, "id": name}


def _spell(kind: str, name: str) -> str:
    return f"{kind}::{json.dumps(name)}"


def _spell_entity(kind: str, name: str, parents: Sequence[dict[str, str]]) -> dict[str, Any]:
    return {"uid": _name(kind, name), "attrs": {}, "parents": [*parents]}
