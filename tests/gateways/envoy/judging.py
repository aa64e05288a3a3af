"""Whether a caller may have what an upstream serves, as the oracle sees it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.gateways.envoy.made import IDENTITY
from tests.oracle import Decision, Documented, Operator, decide


@dataclass(frozen=True)
class Judge:
    """Knows the tables, and what the operator configured."""

    tables: Sequence[Documented]
    config: Mapping[str, Any]
    _known: dict[tuple[str, str, str], bool] = field(default_factory=dict)

    def decide(self, caller: str, method: str, path: str) -> Decision:
        """What the rules must say of a request with a token of project p1."""
        given: dict[str, Any] = {
            "request": {"method": method, "path": path, "service": "evs"},
            "subject": {"id": caller, "project_id": "p1"},
        }
        operator = Operator(config=dict(self.config), identity=IDENTITY)
        return decide(self.tables, given, "", operator)

    def may_have(self, caller: str, method: str, segments: Sequence[str]) -> bool:
        """Whether a caller may have the route of some segments; a route of nobody's does no harm.

        A segment with a character that no literal and no project has is spelled without it: it is
        a parameter's, or it is nothing.
        """
        path = "/".join(["", *(re.sub(r"[^A-Za-z0-9_-]", "_", each) for each in segments)])
        asked = caller, method, path
        if asked not in self._known:
            decision = self.decide(*asked)
            nobodys = {"no_matching_route", "malformed_request"}
            self._known[asked] = decision["allow"] or decision["reason"] in nobodys
        return self._known[asked]
