"""`scopegate policy needs`: the least policy for some calls."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from scopegate.cli.options import (
    AtOption,
    BundleOption,
    JsonOption,
    OpaUrlOption,
    ProjectOption,
    ProviderOption,
    ServiceOption,
    TokenFileOption,
    open_engine,
    parse_at,
    refusing_faults,
)
from scopegate.cli.output import count, open_console, print_json, print_warning
from scopegate.errors import Fault, FaultsError, ScopegateError
from scopegate.files import replace_file
from scopegate.live.asking import Engine
from scopegate.live.questions import Scope
from scopegate.location import Location
from scopegate.policies.callers import describe_place
from scopegate.policies.calls import Call, find_called, list_table, parse_call, read_calls
from scopegate.policies.logs import LoggedCalls, read_log
from scopegate.policies.needs import Needs, Policy, find_needs
from scopegate.policies.routes import BundleRoute, read_routes

_SHOWN = 10
"""How many routes of a kind are listed; the rest are counted."""


def needs(  # noqa: PLR0913  what is called, who is asked, and how it is told
    calls: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="'METHOD PATH'",
            help="Calls: the path of a request or a template, and a [case] where it has one.",
        ),
    ] = None,
    *,
    routes: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A file with such a call on each line; - is stdin."),
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="All routes of a table, as in evs/snapshots."),
    ] = None,
    only_reading: Annotated[
        bool, typer.Option("--only-reading", help="Of tables, only GET and HEAD.")
    ] = False,
    log: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="What OPA's decision log says was called and allowed; - is stdin."
        ),
    ] = None,
    include_denied: Annotated[
        bool,
        typer.Option(
            "--include-denied", help="Of logs, denied calls, too: an attacker's are among them."
        ),
    ] = False,
    at: AtOption = "iam_project",
    wildcards: Annotated[
        bool,
        typer.Option(
            "--wildcards", help="Use a wildcard where it matches no other documented action."
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to put the policy."),
    ] = None,
    service: ServiceOption = None,
    provider: ProviderOption = None,
    as_json: JsonOption = False,
    bundle: BundleOption = None,
    opa_url: OpaUrlOption = None,
    token_file: TokenFileOption = None,
    project: ProjectOption = None,
) -> None:
    """Make the least policy for calls, and prove it: it opens all, and nothing of it is too much.

    Prints a document that the vendor's console takes, or a list of them where its limits ask for
    several. What else is to be said goes to standard error: routes that can't be granted at the
    scope, and what else the same actions open. Exits with 1 where some call can't be granted there.

    For example:
      scopegate policy needs 'POST /v2/p1/snapshots' 'GET /v2/{project_id}/snapshots'
      scopegate policy needs --table evs/snapshots --only-reading -o reader.json
      scopegate policy needs --log decisions.log --wildcards
      scopegate policy needs --routes calls.txt --at enterprise_project
    """
    if not (calls or routes or table or log):
        raise typer.BadParameter("expected calls, or --routes, --table or --log")
    if only_reading and not table:
        raise typer.BadParameter("of what? expected --table", param_hint="--only-reading")
    if include_denied and not log:
        raise typer.BadParameter("of what? expected --log", param_hint="--include-denied")
    scope = parse_at(at)
    _check_output(output)
    with open_engine(
        bundle=bundle, opa_url=opa_url, token_file=token_file, project=project
    ) as engine:
        documented = read_routes(engine)
        logged = [read_log(each, documented, include_denied=include_denied) for each in log or ()]
        with refusing_faults():
            called = _find_called(
                engine, documented, _read_calls(calls or (), routes or ()), service, provider
            )
        tables = [list_table(documented, each, only_reading=only_reading) for each in table or ()]
        asked = _join(documented, called, *tables, *(each.routes for each in logged))
        if not asked:
            raise ScopegateError("no call is left to make a policy for")
        found = find_needs(engine, documented, asked, scope, wildcards=wildcards)
    if as_json:
        print_json(_describe(found, scope, logged))
    elif found.policies:
        _write(found.policies, output)
    if not as_json:
        for each in _list_notes(found, scope, logged):
            open_console(stderr=True).print(each, soft_wrap=True)
    if found.ungrantable:
        raise typer.Exit(1)


def _check_output(output: Path | None) -> None:
    """Check that the policy can be put there, before anything is asked."""
    if output is not None and (output.is_dir() or not output.absolute().parent.is_dir()):
        raise ScopegateError(f"{output}: expected a file in a folder that is there")


def _read_calls(given: Sequence[str], files: Sequence[Path]) -> list[Call]:
    """Read calls of the command line and of files, with all that is wrong about them at once."""
    calls: list[Call] = []
    faults: list[Fault] = []
    for number, text in enumerate(given, start=1):
        try:
            calls.append(parse_call(text, Location(f"argument {number}")))
        except FaultsError as error:
            faults += error.faults
    for file in files:
        try:
            calls += read_calls(file)
        except FaultsError as error:
            faults += error.faults
    if faults:
        raise FaultsError(faults)
    return calls


def _find_called(
    engine: Engine,
    documented: Sequence[BundleRoute],
    calls: Sequence[Call],
    service: str | None,
    provider: str | None,
) -> list[BundleRoute]:
    if not calls:
        return []
    return find_called(engine, documented, calls, service=service, provider=provider)


def _join(documented: Sequence[BundleRoute], *asked: Sequence[BundleRoute]) -> list[BundleRoute]:
    """Put routes together, each once, in the order of the bundle."""
    keys = {route.key for routes in asked for route in routes}
    return [route for route in documented if route.key in keys]


def _write(policies: Sequence[Policy], output: Path | None) -> None:
    document: Any = policies[0] if len(policies) == 1 else list(policies)
    if output is None:
        print_json(document)
    else:
        replace_file(output.absolute(), f"{json.dumps(document, indent=2)}\n".encode())
    if len(policies) > 1:
        print_warning(
            f"{len(policies)} policies, since the vendor's limits ask for it: the console takes"
            " one at a time"
        )


def _describe(found: Needs, scope: Scope, logged: Sequence[LoggedCalls]) -> Mapping[str, Any]:
    return {
        "at": scope.to_json(),
        "policies": found.policies,
        "opened": [route.key for route in found.opened],
        "needs_no_authorization": [route.key for route in found.free],
        "ungrantable": [
            {
                "route": each.route.key,
                "instead": each.instead.to_json() if each.instead else None,
            }
            for each in found.ungrantable
        ],
        "further": [route.key for route in found.further],
        "logs": [
            {**asdict(each.counts), "unknown": each.unknown, "broken": each.broken}
            for each in logged
        ],
    }


def _list_notes(found: Needs, scope: Scope, logged: Sequence[LoggedCalls]) -> Iterator[Text]:
    """List what is to be said beside the policy, a line each."""
    for each in logged:
        yield from _list_logged(each)
    where = describe_place(scope)
    if found.patterns:
        opened = f"{count(len(found.opened), 'route')} opened by {_count_actions(found)}"
        proof = "without any one of these some route is closed"
        yield Text.assemble(("✓ ", "green"), f"{opened} granted {where}; {proof}")
    for lost in found.ungrantable:
        instead = "the account alone may call it"
        if lost.instead:
            instead = f"grant it {describe_place(lost.instead)}"
        told = f"no grant {where} counts for {lost.route}: {instead}"
        yield Text.assemble(("✗ ", "bold red"), told)
    for route in found.opened:
        if route.has_cases and not route.case:
            told = "has cases; without one it is for requests that fit none of them"
            yield Text.assemble(("note  ", "yellow"), f"{route} {told}")
    yield from _list_routes("needs no authorization", found.free)
    yield from _list_routes("opened by the same actions, too", found.further)


def _count_actions(found: Needs) -> str:
    wildcards = sum("*" in pattern for pattern in found.patterns)
    told = f", {wildcards:,} of them patterns," if wildcards else ""
    return f"{count(len(found.patterns), 'action')}{told}"


def _list_logged(logged: LoggedCalls) -> Iterator[Text]:
    counts = logged.counts
    facts = {
        "allowed": counts.allowed,
        "denied": counts.denied,
        "without a route": counts.without_route,
        "masked": counts.masked,
        "of routes that the bundle does not have": counts.of_unknown_routes,
    }
    told = ", ".join(f"{number:,} {what}" for what, number in facts.items() if number)
    yield Text(f"{count(counts.decisions, 'decision')} logged: {told}", "dim")
    for name in logged.unknown:
        yield Text.assemble(("  unknown  ", "yellow"), name)
    if counts.broken_lines:
        numbers = ", ".join(map(str, logged.broken))
        more = ", …" if counts.broken_lines > len(logged.broken) else ""
        broken = f"{count(counts.broken_lines, 'line')} broken: {numbers}{more}"
        yield Text.assemble(("  broken   ", "yellow"), broken)


def _list_routes(what: str, routes: Sequence[BundleRoute]) -> Iterator[Text]:
    if routes:
        yield Text(f"{what}: {count(len(routes), 'route')}", "dim")
    is_mixed = len({route.api for route in routes}) > 1
    for route in routes[:_SHOWN]:
        yield Text(f"    {f'{route.api} ' if is_mixed else ''}{route}")
    if len(routes) > _SHOWN:
        yield Text(f"    … and {len(routes) - _SHOWN:,} more", "dim")
