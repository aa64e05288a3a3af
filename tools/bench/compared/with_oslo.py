"""oslo.policy, as OpenStack's services use it: rules that name roles and other rules."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from oslo_config import cfg
from oslo_policy import policy

from tools.bench.compared.asked import PROJECT, name_actions
from tools.bench.compared.engines import Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.bench.compared.asked import Asked, Setting


class OsloPolicy:
    """A rule for each action, of the roles that have it, and one for each route, of its actions."""

    name = "oslo.policy"

    def __init__(self, setting: Setting) -> None:
        options = cfg.ConfigOpts()
        options([], default_config_files=[], default_config_dirs=[])
        self._enforcer = policy.Enforcer(options)
        actions = name_actions(setting.routes)
        known = sorted({action for required in actions.values() for action in required})
        rules = {
            action: " or ".join(
                f"role:{role.name}" for role in setting.roles if action in role.actions
            )
            or "!"
            for action in known
        }
        for route in setting.routes:
            required = [f"rule:{action}" for action in actions[route.key]]
            if route.requirement.project_positions:
                required.append("project_id:%(project_id)s")
            rules[route.key] = " and ".join(required)
        # Of defaults that are registered instead, each call would look at every one.
        self._enforcer.set_rules(policy.Rules.from_dict(rules), use_conf=False)
        self.held = f"{len(rules):,} rules"
        self._asked: list[tuple[str, dict[str, Any], dict[str, Any]]] = []

    def prepare(self, asked: Sequence[Asked]) -> None:
        """Spell the requests: the rule, the target and the credentials."""
        self._asked = [
            (
                each.route.key,
                {"project_id": PROJECT},
                {"user_id": each.user, "project_id": PROJECT, "roles": [each.role.name]},
            )
            for each in asked
        ]

    def answer(self, number: int) -> tuple[bool, dict[Way, float]]:
        """Enforce one."""
        rule, target, credentials = self._asked[number]
        started = time.perf_counter_ns()
        allowed = self._enforcer.enforce(rule, target, credentials)
        return allowed, {Way.CALL: (time.perf_counter_ns() - started) / 1000}
