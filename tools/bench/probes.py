"""The questions whose decisions are measured: about one table, which every server has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from scopegate.live.questions import Question

PROVIDER: Final = "huaweicloud"
TABLE: Final = PurePosixPath(PROVIDER, "evs/snapshots.yaml")
"""The table that the questions are about, below `tables/`."""

_PROJECT: Final = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
_DETAIL: Final = f"/v2/{_PROJECT}/cloudsnapshots/detail"
_CREATE: Final = ("POST", f"/v2/{_PROJECT}/snapshots")
_AT_PROJECT: Final = {"iam_project": _PROJECT}
_ENOUGH: Final = ("evs:snapshots:create", "evs:volumes:get")


@dataclass(frozen=True, slots=True)
class Probe:
    """A question and the reason of its decision."""

    name: str
    question: Question
    reason: str


def list_probes() -> tuple[Probe, ...]:
    """List the questions, the most ordinary one first."""
    too_little = _make_grant(_AT_PROJECT, "evs:snapshots:get", "evs:snapshots:list")
    in_enterprise_projects = [
        _make_grant({"enterprise_project": each}, "evs:*:list") for each in ("e1", "e2")
    ]
    faulty = _ask(*_CREATE, _make_grant({"iam_project": ""}, *_ENOUGH))
    return (
        *(
            Probe(f"allowed, {number} {noun}", _ask(*_CREATE, _make_large_grant(number)), "allowed")
            for number, noun in ((1, "policy"), (10, "policies"), (100, "policies"))
        ),
        Probe(
            "allowed by wildcards",
            _ask(*_CREATE, _make_grant(_AT_PROJECT, "evs:snapshots:*", "*:*:get")),
            "allowed",
        ),
        Probe(
            "allowed, service not named",
            _ask(*_CREATE, _make_large_grant(1), service=None),
            "allowed",
        ),
        Probe("action_not_granted", _ask(*_CREATE, too_little), "action_not_granted"),
        Probe(
            "no_matching_route",
            _ask("GET", f"/v2/{_PROJECT}/nothing", too_little),
            "no_matching_route",
        ),
        Probe(
            "list of all_granted_eps",
            _ask(
                "GET", f"{_DETAIL}?enterprise_project_id=all_granted_eps", *in_enterprise_projects
            ),
            "allowed",
        ),
        Probe("malformed_request", faulty, "malformed_request"),
    )


def _ask(method: str, path: str, *grants: dict[str, Any], service: str | None = "evs") -> Question:
    # Its provider is named, since the largest bundle has tables of several.
    named = {"provider": PROVIDER} | ({} if service is None else {"service": service})
    return {
        "request": {"method": method, "path": path, **named},
        "subject": {"id": "u1", "project_id": _PROJECT, "grants": list(grants)},
    }


def _make_grant(scope: dict[str, str], *actions: str) -> dict[str, Any]:
    return {"scope": scope, "policies": [_make_policy("reader", [*actions])]}


def _make_large_grant(policies: int) -> dict[str, Any]:
    """Make a grant of many policies, the last of which is the one that allows."""
    others = [
        _make_policy(
            f"team-{number}",
            [f"ecs:cloudServers{number}:list", f"ecs:cloudServers{number}:get", "vpc:networks:get"],
            ["ims:*:list", f"obs:bucket{number}:*"],
        )
        for number in range(1, policies)
    ]
    return {"scope": _AT_PROJECT, "policies": [*others, _make_policy("owner", [*_ENOUGH])]}


def _make_policy(name: str, *statements: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "Version": "1.1",
        "Statement": [{"Effect": "Allow", "Action": actions} for actions in statements],
    }
