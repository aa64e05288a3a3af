"""How long decisions take on large inputs: each list and string at its limit, and beyond it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tools.bench.rounds import DECISION, Connection, Timer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from scopegate.live.questions import Question

_MEGABYTE: Final = 1_000_000
_PROJECT: Final = {"iam_project": "p1"}
_LIST: Final = "/v2/p1/cloudsnapshots/detail"
_STATEMENT: Final = {"Effect": "Allow", "Action": ["evs:snapshots:get"]}
_NAMED: Final = 9
"""How many others a role depends on."""


@dataclass(frozen=True, slots=True)
class Large:
    """The evaluation, in milliseconds, of inputs with ever more of one thing.

    `quarter`, `half` and `whole` are parts of what there may be at most. `beyond` is the time of an
    input of a megabyte, and `is_refused` whether that is malformed. What has no limit in `most` is
    the megabyte itself.
    """

    what: str
    most: int
    quarter: float
    half: float
    whole: float
    beyond: float
    is_refused: bool

    @property
    def slowest(self) -> float:
        """The longest of the times."""
        return max(self.quarter, self.half, self.whole, self.beyond)


def measure_large(connection: Connection, rego: Path) -> tuple[Large, ...]:
    """Measure what grows in an input, up to the limits that the schema below `rego` has.

    Each input is asked about once: it takes long enough for its time to wander little.
    """
    schema = json.loads((rego / "schemas" / "input.json").read_text(encoding="utf-8"))
    limits: Mapping[str, int] = schema["limits"]
    return tuple(
        _measure(connection, what, limits.get(noun), make) for what, (noun, make) in _MADE.items()
    )


def _measure(
    connection: Connection, what: str, limit: int | None, make: Callable[[int], Question]
) -> Large:
    each = len(json.dumps(make(1000))) // 1000
    most = limit or _MEGABYTE // each
    quarter, half, whole = (_ask(connection, make(most // part))[0] for part in (4, 2, 1))
    beyond, reason = _ask(connection, make(_MEGABYTE // each))
    return Large(what, most, quarter, half, whole, beyond, reason == "malformed_request")


def _ask(connection: Connection, question: Question) -> tuple[float, str]:
    """Return the milliseconds of the evaluation, and the reason of the decision."""
    body = json.dumps({"input": question}, separators=(",", ":")).encode()
    answer = connection.ask(DECISION, body)
    return answer["metrics"][Timer.EVALUATION] / 1e6, answer["result"]["reason"]


def _ask_for_list(grants: list[dict[str, Any]], **request: Any) -> Question:  # noqa: ANN401  JSON
    return {
        "request": {"method": "GET", "path": _LIST, **request},
        "subject": {"project_id": "p1", "grants": grants},
    }


def _grant(*statements: dict[str, Any], **policy: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    return {"Version": "1.1", "Statement": list(statements), **policy}


def _make_path(number: int) -> Question:
    return _ask_for_list([], path=("/v2/p1/snapshots/%41" + "x" * number)[:number])


def _make_query(number: int) -> Question:
    return _ask_for_list([], query={f"n{each}": [""] for each in range(number // 2)})


def _make_body(number: int) -> Question:
    return _ask_for_list([], body=[{}] * number)


def _make_grants(number: int) -> Question:
    policies = [_grant(_STATEMENT)]
    return _ask_for_list(
        [{"scope": {"enterprise_project": f"e{n}"}, "policies": policies} for n in range(number)]
    )


def _make_policies(number: int) -> Question:
    return _ask_for_list([{"scope": _PROJECT, "policies": [_grant(_STATEMENT)] * number}])


def _make_statements(number: int) -> Question:
    # Each is looked at by itself, since it fails closed.
    closed = {**_STATEMENT, "Condition": {}}
    return _ask_for_list([{"scope": _PROJECT, "policies": [_grant(*[closed] * number)]}])


def _make_patterns(number: int) -> Question:
    statement = {"Effect": "Allow", "Action": [f"evs*{each}*s*l*" for each in range(number)]}
    return _ask_for_list([{"scope": _PROJECT, "policies": [_grant(statement)]}])


def _make_dependencies(number: int) -> Question:
    """Make a chain of roles, of which each depends on the next ones."""
    roles = range(number // (_NAMED + 1))
    policies = [
        _grant(
            _STATEMENT,
            catalog="BASE",
            display_name=f"r{role}",
            Depends=[
                {"catalog": "BASE", "display_name": f"r{role + each}"}
                for each in range(1, _NAMED + 1)
                if role + each in roles
            ],
        )
        for role in roles
    ]
    return _ask_for_list([{"scope": _PROJECT, "policies": policies}])


_MADE: Final[Mapping[str, tuple[str, Callable[[int], Question]]]] = {
    "characters of a path": ("characters", _make_path),
    "values of a query": ("values", _make_query),
    "values of a body": ("", _make_body),
    "grants, each elsewhere": ("grants", _make_grants),
    "policies": ("policies", _make_policies),
    "statements with conditions": ("statements", _make_statements),
    "patterns with four wildcards": ("patterns", _make_patterns),
    "roles and what they depend on": ("dependencies", _make_dependencies),
}
"""What grows, the limit's name in the schema, and how an input with so much of it is made."""
