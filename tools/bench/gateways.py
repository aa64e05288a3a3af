"""The same request as each gateway tells it: by a caller whom the identity bundle knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONFIGURATION: Final = {"gateways": {"services": {"snapshots": "evs"}}}
"""What APISIX and Kong call the service."""

_HOST: Final = "evs.example.com"
_HEADERS: Final = {"host": _HOST, "accept": "*/*", "user-agent": "made"}


class Caller(NamedTuple):
    """Who calls what, in which project."""

    subject: str
    project: str
    method: str
    path: str
    service: str


def _tell_envoy(caller: Caller) -> Mapping[str, Any]:
    """Tell it as Envoy does, which has found out by a token who calls."""
    payload = {"sub": caller.subject, "project_id": caller.project}
    return {
        "attributes": {
            "request": {
                "http": {
                    "method": caller.method,
                    "path": caller.path,
                    "headers": {":path": caller.path, **_HEADERS},
                }
            },
            "contextExtensions": {"service": caller.service},
            "metadataContext": {
                "filterMetadata": {"envoy.filters.http.jwt_authn": {"jwt_payload": payload}}
            },
        },
    }


def _tell_apisix(caller: Caller) -> Mapping[str, Any]:
    labels = {"subject_id": caller.subject, "project_id": caller.project}
    return {
        "type": "http",
        "request": {
            "scheme": "http",
            "method": caller.method,
            "host": _HOST,
            "port": 9080,
            "path": caller.path,
            "headers": _HEADERS,
            "query": {},
        },
        "var": {
            "server_addr": "127.0.0.1",
            "server_port": "9080",
            "remote_addr": "127.0.0.1",
            "remote_port": "1",
            "timestamp": 1701234567,
        },
        "route": {"id": "1", "name": "snapshots", "uri": "/*", "plugins": {"opa": {}}},
        "service": {"id": "2"},
        "consumer": {"username": "consumer", "plugins": {}, "labels": labels},
    }


def _tell_kong(caller: Caller) -> Mapping[str, Any]:
    return {
        "client_ip": "127.0.0.1",
        "request": {
            "http": {
                "host": _HOST,
                "port": "8000",
                "tls": {},
                "method": caller.method,
                "scheme": "http",
                "path": caller.path,
                "querystring": {},
                "headers": _HEADERS,
            },
        },
        "route": {"id": "1", "name": "snapshots"},
        "service": {"id": "2", "name": "upstream"},
        "consumer": {
            "id": "3",
            "username": "consumer",
            "custom_id": caller.subject,
            "tags": ["team", f"project_id:{caller.project}"],
        },
    }


def _tell_authzen(caller: Caller) -> Mapping[str, Any]:
    return {
        "subject": {
            "type": "user",
            "id": caller.subject,
            "properties": {"project_id": caller.project},
        },
        "action": {"name": caller.method},
        "resource": {
            "type": "route",
            "id": caller.path,
            "properties": {"service": caller.service},
        },
    }


class Gateway(NamedTuple):
    """A gateway's entry point, how it tells a request, and the member with the decision."""

    rule: str
    tell: Callable[[Caller], Mapping[str, Any]]
    decision: str = "decision"


GATEWAYS: Final[Mapping[str, Gateway]] = {
    "Envoy": Gateway("scopegate/gateways/envoy/answer", _tell_envoy),
    "APISIX": Gateway("scopegate/gateways/apisix/answer", _tell_apisix),
    "Kong": Gateway("scopegate/gateways/kong/answer", _tell_kong),
    "AuthZEN": Gateway("scopegate/gateways/authzen/evaluation", _tell_authzen, "context"),
}
