"""A running OPA: with scopegate's bundle, or with a policy that looks at every route."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any, Final

from scopegate.routes.template import split_template
from tools.bench.compared.engines import Way
from tools.bench.rounds import DECISION, Connection, Timer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scopegate.routes.model import Route
    from tools.bench.compared.asked import Asked

PLAIN: Final = "plain/allow"
"""The path of the plain policy's rule."""

_PLAIN_RULES: Final = """\
package plain

default allow := false

allow if {
	some route in data.plain_routes
	route.api == concat("/", [input.request.provider, input.request.service])
	route.method == input.request.method
	regex.match(route.path, input.request.path)
	every action in route.actions {
		is_granted(action)
	}
}

is_granted(action) if {
	some grant in input.subject.grants
	grant.scope.iam_project == input.subject.project_id
	some policy in grant.policies
	some statement in policy.Statement
	statement.Effect == "Allow"
	some pattern in statement.Action
	glob.match(pattern, [":"], action)
}
"""


class AskedOpa:
    """An OPA, asked for one rule over HTTP; its own timer tells what the evaluation takes."""

    def __init__(self, connection: Connection, *, name: str, rule: str, held: str) -> None:
        self._connection = connection
        self.name = name
        self.held = held
        self._rule = rule
        self._asked: list[bytes] = []

    def prepare(self, asked: Sequence[Asked]) -> None:
        """Spell the requests as inputs."""
        self._asked = [json.dumps({"input": each.question}).encode() for each in asked]

    def answer(self, number: int) -> tuple[bool, dict[Way, float]]:
        """Ask about one twice: with the server's timers, and without them by the clock."""
        body = self._asked[number]
        answer = self._connection.ask(self._rule, body)
        started = time.perf_counter_ns()
        self._connection.post(self._rule, body)
        taken = (time.perf_counter_ns() - started) / 1000
        evaluation = answer["metrics"][Timer.EVALUATION] / 1000
        result: Any = answer["result"]
        allowed: bool = result["allow"] if self._rule == DECISION else result
        return allowed, {Way.EVALUATION: evaluation, Way.HTTP: taken}


def write_plain(routes: Sequence[Route], folder: Path) -> Path:
    """Write the plain policy and its routes as a bundle, which is a folder; return that."""
    bundle = folder / f"plain-{len(routes)}"
    bundle.mkdir()
    data = {"plain_routes": [_spell_route(route) for route in routes]}
    (bundle / "data.json").write_text(json.dumps(data))
    (bundle / "plain.rego").write_text(_PLAIN_RULES)
    (bundle / ".manifest").write_text(json.dumps({"roots": ["plain", *data]}))
    return bundle


def _spell_route(route: Route) -> Mapping[str, Any]:
    segments = zip(split_template(route.path), route.shape, strict=True)
    path = "".join(
        f"/{'[^/]+' if literal is None else re.escape(segment)}" for segment, literal in segments
    )
    return {
        "api": route.api,
        "method": route.method,
        "path": f"^{path}$",
        "actions": sorted(route.requirement.actions),
    }
