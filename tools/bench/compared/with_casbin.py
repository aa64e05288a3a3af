"""Casbin: paths by `keyMatch3`, roles in domains, as its documentation has it for REST."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

import casbin
from casbin.model import FastModel, Model
from casbin.persist.adapters.string_adapter import StringAdapter

from tools.bench.compared.asked import PROJECT
from tools.bench.compared.engines import Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.bench.compared.asked import Asked, Setting

# What is cheap to compare comes first.
_MODEL: Final = """\
[request_definition]
r = api, method, path, user, project

[policy_definition]
p = api, method, path, role

[role_definition]
g = _, _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.api == p.api && r.method == p.method && g(r.user, p.role, r.project) \
&& keyMatch3(r.path, p.path)
"""
_INDEXED: Final = (0, 1)
"""The fields by which FastEnforcer finds policies: the service and the method."""


class Casbin:
    """A policy for each role and each route that the actions of the role open altogether."""

    def __init__(self, setting: Setting, *, is_fast: bool) -> None:
        # It tells of each refusal, which is for its user to switch off.
        logging.getLogger("casbin").setLevel(logging.ERROR)
        policies = [
            f"p, {route.api}, {route.method}, {route.path}, {role.name}"
            for role in setting.roles
            for route in setting.routes
            if role.actions >= route.requirement.actions
        ]
        users = sorted({f"g, {each.user}, {each.role.name}, {PROJECT}" for each in setting.asked})
        model = FastModel(_INDEXED) if is_fast else Model()
        model.load_model_from_text(_MODEL)
        # Added one by one, each would be compared with all the others.
        adapter = StringAdapter("\n".join([*policies, *users]))
        self._enforcer = (
            casbin.FastEnforcer(model, adapter, cache_key_order=_INDEXED)
            if is_fast
            else casbin.Enforcer(model, adapter)
        )
        self.name = "pycasbin FastEnforcer" if is_fast else "pycasbin Enforcer"
        self.held = f"{len(policies):,} policies"
        self._asked: list[tuple[str, ...]] = []

    def prepare(self, asked: Sequence[Asked]) -> None:
        """Spell the requests, each with its user and project."""
        self._asked = [
            (each.route.api, each.route.method, each.path, each.user, PROJECT) for each in asked
        ]

    def answer(self, number: int) -> tuple[bool, dict[Way, float]]:
        """Enforce one."""
        request = self._asked[number]
        started = time.perf_counter_ns()
        allowed = self._enforcer.enforce(*request)
        return allowed, {Way.CALL: (time.perf_counter_ns() - started) / 1000}
