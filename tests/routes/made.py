"""Rows, tables and routes made up in one line each."""

from pathlib import Path
from typing import Final

from scopegate.routes.model import Requirement, Route, Source
from scopegate.routes.template import find_project_positions, parse_shape
from scopegate.tables.model import Document, Endpoint, Mirror, Row, Scopes, Support, Table

YES: Final = Support.SUPPORTED
NO: Final = Support.UNSUPPORTED
UNKNOWN: Final = Support.UNDOCUMENTED

MIRROR: Final = Mirror("v2", "v3", "v3 as v2.")


def make_row(
    *endpoints: str,
    actions: str = "evs:volumes:get",
    iam: Support = YES,
    enterprise: Support = YES,
    permission: str = "Do",
) -> Row:
    """A row of `GET /v2/a`, … that requires the actions, which stand one after the other."""
    return Row(
        permission=permission,
        actions=tuple(actions.split()),
        scopes=Scopes(iam, enterprise),
        endpoints=tuple(Endpoint(*endpoint.split()) for endpoint in endpoints),
        no_authorization=None if actions else "None",
    )


def make_table(
    *rows: Row,
    name: str = "evs/made",
    mirrors: tuple[Mirror, ...] = (),
    provider: str = "made",
    document: str | None = None,
) -> Table:
    """A table of the rows."""
    return Table(
        provider=provider,
        service=name.partition("/")[0],
        table=name,
        document=Document(document or f"{Path(name).name}.md", "0" * 64, "en", 1),
        mirrors=mirrors,
        rows=rows,
    )


def make_route(
    endpoint: str,
    *actions: str,
    service: str = "evs",
    scopes: Scopes = Scopes(YES, YES),  # noqa: B008  frozen
    row: int = 1,
) -> Route:
    """The route `GET /v2/a` as one row documents it; without actions one named after the path."""
    method, path = endpoint.split()
    return Route(
        provider="made",
        service=service,
        method=method,
        path=path,
        shape=parse_shape(path),
        sources=(Source("made.md", 1, f"{service}/made", row, "Do"),),
        mirrored_from=None,
        requirement=Requirement(
            actions=frozenset(actions or [f"evs:{path}:get"]),
            scopes=scopes,
            is_list=False,
            project_positions=frozenset(find_project_positions(path)),
        ),
    )
