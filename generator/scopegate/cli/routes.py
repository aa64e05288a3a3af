"""`scopegate routes`: what the tables document."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from scopegate.cli.options import JsonOption, ProfileOption, ProjectOption, locate_project
from scopegate.cli.output import (
    count,
    list_facts,
    open_console,
    print_block,
    print_error,
    print_json,
)
from scopegate.project import DEFAULT_PROFILE, read_project_tables
from scopegate.render.provenance import Provenance, trace_routes
from scopegate.routes.build import build_routes
from scopegate.routes.model import Requirement, Route, Source
from scopegate.routes.specificity import choose_specific
from scopegate.routes.template import fits, parse_shape, split_template
from scopegate.tables.model import Scopes, Support

_MARKS = {
    Support.SUPPORTED: Text("✓", "green"),
    Support.UNSUPPORTED: Text("✗", "red"),
    Support.UNDOCUMENTED: Text("?", "yellow"),
}

_OTHER_COLUMNS = 34
"""The width of all columns but path and actions."""

_SHORTEST_PATH = 24
"""In a terminal with less room for it a line is longer than the terminal is wide."""


def routes(
    *,
    method: Annotated[
        str | None, typer.Option(metavar="METHOD", help="Only the routes of this method.")
    ] = None,
    path: Annotated[
        str | None,
        typer.Option(
            metavar="PATH",
            help="Only the routes that document the path of a request, /v2/p1/snapshots; or"
            " those whose template has this text in it.",
        ),
    ] = None,
    as_json: JsonOption = False,
    profile: ProfileOption = DEFAULT_PROFILE,
    project: ProjectOption = None,
) -> None:
    """List the routes that the tables of a profile document.

    For each: the actions that it requires, all of them; whether a grant counts in an IAM project
    and in an enterprise project (✓ it does, ✗ it does not, ? the page does not say); the row that
    documents it; and, where the page only says that another version of the API has the same
    authorization, the version that it was mirrored from. Below a route are its cases, which are
    told by the body or the query. JSON has the sha256 of the document for
    each row, too. Exits with 1 where there is none to list.

    For example:
      scopegate routes
      scopegate routes --method DELETE --path snapshots
      scopegate routes --path /v2/p1/snapshots/detail
      scopegate routes --json | jq -r '.[].actions[]' | sort -u
    """
    tables = read_project_tables(locate_project(project), profile)
    documented, _ = build_routes(tables)
    chosen = [route for route in documented if method in (None, route.method)]
    if path is not None:
        chosen = _choose_by_path(chosen, path)
    if as_json:
        provenance = trace_routes(tables, chosen)
        print_json([_describe(route, provenance) for route in chosen])
    elif chosen:
        _show(chosen)
    else:
        print_error(f"no documented route {_spell_choice(method, path)}".rstrip())
    if not chosen:
        raise typer.Exit(1)


def _choose_by_path(routes: Sequence[Route], path: str) -> list[Route]:
    """Choose the routes by a part of their template, or by the path of a request.

    Of the templates of one method that fit a request the more specific ones count, as in the rules.
    """
    requested = parse_shape(path.partition("?")[0])
    fitting = [route for route in routes if path.startswith("/") and fits(route.shape, requested)]
    specific = choose_specific(fitting)
    return [route for route in routes if path in route.path or route in specific]


def _spell_choice(method: str | None, path: str | None) -> str:
    """Spell what was asked for, as it goes on from `no documented route`."""
    parts = []
    if method is not None:
        parts.append(f"has method {method}")
    if path is not None:
        parts.append(f"fits {path}" if path.startswith("/") else f"has {path} in its path")
    return " and ".join(parts)


def _describe(route: Route, provenance: Provenance) -> Mapping[str, Any]:
    first = provenance["routes"][route.key]
    rows = [first, *provenance["further_rows"].get(route.key, ())]
    documents = provenance["documents"]
    return {
        **{name: first[name] for name in ("provider", "service", "method", "path")},
        "actions": sorted(route.requirement.actions),
        "scopes": _describe_scopes(route.requirement.scopes),
        "rows": [
            {
                **{name: row[name] for name in ("table", "row", "permission")},
                "document": _describe_document(documents[f"{route.provider}/{row['table']}"]),
            }
            for row in rows
        ],
        "mirrored_from": first["mirrored_from"],
        "cases": [
            {
                "case": str(each.case),
                "actions": sorted(each.requirement.actions),
                "scopes": _describe_scopes(each.requirement.scopes),
            }
            for each in route.cases
        ],
    }


def _describe_scopes(scopes: Scopes) -> Mapping[str, str]:
    return {
        "iam_project": scopes.iam_project,
        "enterprise_project": scopes.enterprise_project,
    }


def _describe_document(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"name": document["document"], "sha256": document["sha256"], "table": document["table"]}


def _show(routes: Sequence[Route]) -> None:
    console = open_console()
    for (provider, table, document), group in _group_by_table(routes).items():
        console.print(
            Text.assemble((f"{provider}/{table}", "bold"), "  from ", document),
            soft_wrap=True,
        )
        print_block(_tabulate(group, console.width))
        console.print()
    mirrored = sum(route.mirrored_from is not None for route in routes)
    console.print(
        list_facts(
            f"{count(len(routes), 'route')}, {mirrored:,} mirrored",
            "IAM, EP: whether a grant in an IAM project, an enterprise project counts",
        ),
        soft_wrap=True,
    )


def _group_by_table(routes: Sequence[Route]) -> Mapping[tuple[str, str, str], list[Route]]:
    """Group routes by the table of the first row that documents them."""
    groups: dict[tuple[str, str, str], list[Route]] = {}
    for route in routes:
        source = route.sources[0]
        groups.setdefault((route.provider, source.table, source.document), []).append(route)
    return groups


def _tabulate(routes: Sequence[Route], width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("Method", no_wrap=True)
    table.add_column("Path", no_wrap=True)
    table.add_column("Actions", no_wrap=True)
    table.add_column("IAM", justify="center", no_wrap=True)
    table.add_column("EP", justify="center", no_wrap=True)
    table.add_column("Row", no_wrap=True)
    table.add_column("Mirrors", no_wrap=True)
    longest = max(
        len(action)
        for route in routes
        for requirement in (route.requirement, *(each.requirement for each in route.cases))
        for action in requirement.actions or ("none",)
    )
    left = max(width - longest - _OTHER_COLUMNS, _SHORTEST_PATH)
    for route in routes:
        path = _fold_path(route.path, left)
        home = route.sources[0].table
        rows = _spell_rows(route.sources, home)
        cells = _spell_requirement(route.requirement)
        table.add_row(route.method, path, *cells, rows, _spell_mirror(route))
        for each in route.cases:
            rows = _spell_rows(each.sources, home)
            cells = _spell_requirement(each.requirement)
            table.add_row("", Text(f"  {each.case}", "cyan"), *cells, rows)
    return table


def _spell_requirement(requirement: Requirement) -> tuple[str, Text, Text]:
    """Spell the actions that are required, and whether grants in the two scopes count."""
    scopes = requirement.scopes
    actions = "\n".join(sorted(requirement.actions)) or "none"
    return actions, _MARKS[scopes.iam_project], _MARKS[scopes.enterprise_project]


def _fold_path(path: str, width: int) -> str:
    """Break a path before a slash where it is too long for one line."""
    lines = [""]
    for segment in split_template(path):
        if lines[-1] and len(f"{lines[-1]}/{segment}") > width:
            lines.append(" ")
        lines[-1] += f"/{segment}"
    return "\n".join(lines)


def _spell_rows(sources: Sequence[Source], table: str) -> str:
    """Spell rows: those of the table by number, others by name too."""
    return "\n".join(
        str(source.row) if source.table == table else f"{source.table} {source.row}"
        for source in sources
    )


def _spell_mirror(route: Route) -> Text:
    """Spell what a route was mirrored from: the one segment in which the paths differ."""
    printed = split_template(route.mirrored_from or route.path)
    return Text("/".join(set(printed) - set(split_template(route.path))), "dim")
