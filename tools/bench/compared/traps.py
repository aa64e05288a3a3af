"""Requests that a policy without more thought reads otherwise than the vendor's page means them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.routes.build import build_routes
from tools.bench.compared.asked import PROJECT, Asked, Role, Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from scopegate.tables.model import Table
    from tools.bench.compared.engines import Engine

_LIST: Final = "/v2/{project_id}/cloudsnapshots/detail"
_ONE: Final = "/v2/{project_id}/cloudsnapshots/{snapshot_id}"
_READ: Final = "evs:snapshots:get"


@dataclass(frozen=True, slots=True)
class Trap:
    """A request that must not be allowed, why, and what each engine answers."""

    request: str
    why: str
    answers: Mapping[str, bool]


def set_traps(
    tables: Sequence[Table], make: Callable[[Setting], Iterable[Engine]]
) -> tuple[Trap, ...]:
    """Ask engines that match paths about the routes of the table of EVS snapshots.

    `make` makes them. Who asks may get one snapshot, and nothing else.
    """
    routes = tuple(build_routes(tables)[0])
    by_path = {route.path: route for route in routes if route.method == "GET"}
    role = Role("reader of one", (_READ,), frozenset({_READ}))
    own, other = f"/v2/{PROJECT}/cloudsnapshots", "/v2/another-project/cloudsnapshots"
    asked = {
        f"{own}/detail": (_LIST, "it is the list, which needs another action"),
        f"{own}/%64etail": (_LIST, "a server that decodes `%64` serves the list"),
        f"{other}/s1": (_ONE, "the project is not that of the token"),
        f"{own}/..": (_ONE, "a server that resolves `..` serves something else"),
    }
    setting = Setting(
        routes,
        (role,),
        tuple(
            Asked(by_path[template], path, role, is_allowed=False)
            for path, (template, _) in asked.items()
        ),
    )
    engines = list(make(setting))
    for engine in engines:
        engine.prepare(setting.asked)
    return tuple(
        Trap(
            request=f"GET {path.replace(PROJECT, 'p1').replace('another-project', 'p2')}",
            why=why,
            answers={engine.name: engine.answer(number)[0] for engine in engines},
        )
        for number, (path, (_, why)) in enumerate(asked.items())
    )
