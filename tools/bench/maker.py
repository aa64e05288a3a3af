"""Made-up tables that look like a provider's, as large as one likes."""

from __future__ import annotations

import hashlib
import itertools
import random
from typing import TYPE_CHECKING, Final, NamedTuple

from scopegate.routes.build import build_routes
from scopegate.tables.model import Document, Endpoint, Row, Scopes, Support, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEED: Final = 38
_PROVIDER: Final = "huaweicloud"
"""Of the tables that the bundle is made from; a made table never leaves memory and the bench."""

_NOUNS: Final = (
    *("volumes", "servers", "images", "backups", "subnets", "ports", "routers", "listeners"),
    *("pools", "members", "certificates", "clusters", "nodes", "instances", "databases", "users"),
    *("topics", "queues", "keypairs", "flavors", "policies", "alarms", "domains", "gateways"),
)
_QUALIFIERS: Final = (
    *("", "public", "private", "shared", "dedicated", "scheduled", "managed", "vendor", "elastic"),
    *("batch", "default", "archived", "external", "internal", "virtual", "regional"),
)
_CHILDREN: Final = ("attachments", "metadata", "tags", "actions", "tasks", "quotas", "replicas")
_ROOTS: Final = (
    *("/v1/{project_id}", "/v2/{project_id}", "/v3/{project_id}", "/v1.0/{tenant_id}"),
    # A quarter of what is documented names no project.
    *("/v2.0", "/v1.1"),
)


class _Operation(NamedTuple):
    """What can be done with a resource: `path` follows that of its collection."""

    method: str
    path: str
    verb: str
    chance: float


_OPERATIONS: Final = (
    _Operation("GET", "", "list", 1.0),
    _Operation("POST", "", "create", 1.0),
    _Operation("GET", "/detail", "list", 0.4),
    _Operation("POST", "/action", "batchUpdate", 0.2),
    _Operation("GET", "/{id}", "get", 1.0),
    _Operation("PUT", "/{id}", "update", 0.8),
    _Operation("DELETE", "/{id}", "delete", 1.0),
    _Operation("POST", "/{id}/action", "operate", 0.5),
    _Operation("GET", "/{id}/{child}", "list", 0.7),
    _Operation("POST", "/{id}/{child}", "create", 0.6),
    _Operation("GET", "/{id}/{child}/{child_id}", "get", 0.5),
    _Operation("PUT", "/{id}/{child}/{child_id}", "update", 0.4),
    _Operation("DELETE", "/{id}/{child}/{child_id}", "delete", 0.5),
    _Operation("GET", "/{id}/{child}/summary", "get", 0.2),
    _Operation("POST", "/{id}/{child}/{child_id}/rollback", "rollback", 0.2),
)
_SCOPES: Final = (
    Scopes(Support.SUPPORTED, Support.SUPPORTED),
    Scopes(Support.SUPPORTED, Support.UNSUPPORTED),
    Scopes(Support.SUPPORTED, Support.UNDOCUMENTED),
)
_SCOPE_WEIGHTS: Final = (6, 3, 1)


def make_tables(base: Table, routes: int, *, services: int = 1) -> tuple[Table, ...]:
    """Return `base` and made tables, which together document exactly `routes` routes.

    The service of `base` is the first of `services`. The same arguments make the same tables, and
    those of a larger number begin with those of a smaller one. Raises ValueError where `base` has
    more routes already.
    """
    missing = routes - count_routes((base,))
    if missing < 0:
        raise ValueError(f"{base.table} has more than {routes} routes")
    chance = random.Random(_SEED)  # noqa: S311  nothing secret
    tables = [base]
    for number, name in enumerate(_name_resources()):
        if missing == 0:
            return tuple(tables)
        service = base.service if number % services == 0 else f"service{number % services}"
        rows = tuple(_make_rows(service, name, chance))[:missing]
        tables.append(_make_table(service, name, rows))
        missing -= len(rows)
    raise AssertionError("resources never run out")


def count_routes(tables: tuple[Table, ...]) -> int:
    """Return how many routes the tables document."""
    return len(build_routes(tables)[0])


def _name_resources() -> Iterator[str]:
    for number in itertools.count():
        for qualifier, noun in itertools.product(_QUALIFIERS, _NOUNS):
            yield "-".join(filter(None, ("made", qualifier, noun, str(number) if number else "")))


def _make_table(service: str, name: str, rows: tuple[Row, ...]) -> Table:
    return Table(
        provider=_PROVIDER,
        service=service,
        table=f"{service}/{name}",
        document=Document(
            name=f"{service}-{name}.zh.md",
            sha256=hashlib.sha256(name.encode()).hexdigest(),
            language="zh",
            table=1,
        ),
        mirrors=(),
        rows=rows,
    )


def _make_rows(service: str, name: str, chance: random.Random) -> Iterator[Row]:
    """Yield the rows of one resource: each is one route, and no two are the same."""
    root = chance.choice(_ROOTS)
    child = chance.choice(_CHILDREN)
    kind = name.replace("-", "_")
    parameters = {
        "{id}": f"{{{kind.removesuffix('s')}_id}}",
        "{child}": child,
        "{child_id}": f"{{{child.removesuffix('s')}_id}}",
    }
    chosen = [each for each in _OPERATIONS if chance.random() < each.chance]
    for operation in chosen:
        path = "/".join(parameters.get(part, part) for part in operation.path.split("/"))
        own = f"{service}:{kind}:{operation.verb}"
        needed = chance.sample(
            [f"{service}:{kind}:get", f"{service}:{child}:get", "vpc:networks:get"],
            k=chance.choice((0, 0, 1, 2)),
        )
        yield Row(
            permission=f"{operation.verb} {name}{path.replace('/', ' ')}",
            actions=tuple(dict.fromkeys((own, *needed))),
            scopes=chance.choices(_SCOPES, _SCOPE_WEIGHTS)[0],
            endpoints=(Endpoint(operation.method, f"{root}/{name}{path}"),),
        )
