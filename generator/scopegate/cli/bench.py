"""`scopegate bench`: how long a running OPA takes for decisions."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich import box
from rich.table import Table

from scopegate.cli.options import (
    BundleOption,
    JsonOption,
    ProjectOption,
    TokenFileOption,
    locate_bundle,
    locate_opa,
)
from scopegate.cli.output import count, list_facts, open_console, print_block, print_json
from scopegate.errors import ScopegateError
from scopegate.live.asking import BundleEngine, Server, read_token
from scopegate.live.measuring import Measured, Quantiles, Times, measure_server
from scopegate.live.questions import POLICY_VERSION, Question
from scopegate.policies.callers import MADE_PROJECT, Caller
from scopegate.policies.routes import BundleRoute, Requests, choose_segment, read_routes

_MANY: Final = 100
_ROUTES: Final = 20
"""How many routes are asked about, of all that the bundle has."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of question, as people call it, and what the server decided of the first of them."""

    name: str
    reason: str
    questions: Sequence[Question]


def bench(  # noqa: PLR0913  # one for each option
    *,
    opa_url: Annotated[str, typer.Option("--opa-url", metavar="URL", help="The running OPA.")],
    token_file: TokenFileOption = None,
    requests: Annotated[
        int, typer.Option(metavar="N", min=1, help="How often each kind of question is asked.")
    ] = 400,
    connections: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, max=64, help="Connections over which all are asked at once, last."
        ),
    ] = 4,
    bundle: BundleOption = None,
    as_json: JsonOption = False,
    project: ProjectOption = None,
) -> None:
    """Measure how long a running OPA takes for decisions.

    It is asked about routes of its own bundle: with a policy that allows the call, with a hundred,
    with one that does not, and about a path that no route has. For each kind: what the evaluation
    takes by the server's own timer, and the answer there and back; and how many times that of the
    floor it is, of a question that costs no evaluation. That ratio hardly depends on the machine.
    Then all are asked at once over several connections, each of a process of its own here.

    A server that lets nobody ask for its routes (POST /v1/query) needs --bundle with the file of
    the bundle that it has. What else it does not tell is left out.

    For example:
      scopegate bench --opa-url http://127.0.0.1:8181
      scopegate bench --opa-url https://opa.example.com --token-file client.token \
          --bundle bundle/huaweicloud.tar.gz --connections 8
      scopegate bench --opa-url http://127.0.0.1:8181 --json | jq .load.rate
    """
    token = read_token(token_file) if token_file else None
    with Server(opa_url, token=token) as server:
        revision = server.decide({})["revision"]
        routes = _read_routes(server, bundle, project)
        kinds = [
            _Kind(name, server.decide(questions[0])["reason"], questions)
            for name, questions in _make_questions(routes).items()
        ]
    number = sum(route.case is None for route in routes)
    console = open_console(stderr=True)
    with console.status("asking"):
        measured = measure_server(
            opa_url.rstrip("/"),
            {kind.name: kind.questions for kind in kinds},
            token=token,
            requests=requests,
            connections=connections,
        )
    if as_json:
        print_json(_describe(revision, number, kinds, measured, connections))
        return
    console = open_console()
    facts = (f"revision {revision[:12]}", count(number, "route"))
    console.print(list_facts(opa_url, *facts), soft_wrap=True)
    console.print()
    print_block(_tabulate(kinds, measured))
    console.print()
    console.print(_spell_load(measured, connections), soft_wrap=True)


def _read_routes(server: Server, bundle: Path | None, project: Path | None) -> list[BundleRoute]:
    if bundle is not None:
        engine = BundleEngine(locate_bundle(bundle, project), opa=locate_opa(project))
        return read_routes(engine)
    try:
        return read_routes(server)
    except ScopegateError as error:
        raise ScopegateError(
            f"{error}; for a server that may not be asked for its routes, --bundle names the file"
            " of the bundle that it has"
        ) from None


def _make_questions(routes: Sequence[BundleRoute]) -> Mapping[str, list[Question]]:
    """Make the questions of each kind, about routes that are spread over all of the bundle."""
    fit = [
        route
        for route in routes
        if route.actions and not route.has_cases and "iam_project" in route.scopes
    ]
    if not fit:
        raise ScopegateError("no route of the bundle is opened by a policy in an IAM project")
    chosen = fit[:: -(-len(fit) // _ROUTES)]
    requests = Requests(routes)
    literals = {segment for route in routes for segment in route.path.split("/")}
    nothing = _make_caller([_make_policy(chosen[0].actions)]).ask(chosen[0], requests)
    nothing["request"]["path"] = f"/{choose_segment('nothing', literals)}"
    others = [_make_policy([f"other{number}:things:get"]) for number in range(_MANY - 1)]
    return {
        "one policy allows": [
            _make_caller([_make_policy(route.actions)]).ask(route, requests) for route in chosen
        ],
        "the last of 100 policies allows": [
            _make_caller([*others, _make_policy(route.actions)]).ask(route, requests)
            for route in chosen
        ],
        "an action is not granted": [
            _make_caller(others[:1]).ask(route, requests) for route in chosen
        ],
        "no such route": [nothing],
    }


def _make_caller(policies: Sequence[Mapping[str, Any]]) -> Caller:
    grant = {"scope": MADE_PROJECT.to_json(), "policies": [*policies]}
    return Caller({"id": "u1", "grants": [grant]}, MADE_PROJECT.id)


def _make_policy(actions: Sequence[str]) -> Mapping[str, Any]:
    statement = {"Effect": "Allow", "Action": [*actions]}
    return {"Version": POLICY_VERSION, "Statement": [statement]}


def _tabulate(kinds: Sequence[_Kind], measured: Measured) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("µs", no_wrap=True)
    table.add_column("Decision", no_wrap=True)
    for column in ("Evaluation", "p99", "× floor", "There and back", "p99", "× floor"):
        table.add_column(column, justify="right", no_wrap=True)
    floor = measured.floor
    if floor:
        table.add_row("the floor", "", *_spell_times(floor, None))
    for kind in kinds:
        table.add_row(kind.name, kind.reason, *_spell_times(measured.questions[kind.name], floor))
    return table


def _spell_times(times: Times, floor: Times | None) -> tuple[str, ...]:
    return (
        *_spell_quantiles(times.evaluation, floor.evaluation if floor else None),
        *_spell_quantiles(times.round_trip, floor.round_trip if floor else None),
    )


def _spell_quantiles(found: Quantiles | None, floor: Quantiles | None) -> tuple[str, ...]:
    if found is None:
        return ("–", "–", "")
    ratio = f"{found.median / floor.median:.1f}" if floor else ""
    return (f"{found.median:,.0f}", f"{found.p99:,.0f}", ratio)


def _spell_load(measured: Measured, connections: int) -> str:
    load = measured.load
    over = count(connections, "connection")
    return (
        f"{load.rate:,.0f} decisions a second over {over}, of all kinds in turns; to ask and to"
        f" read took {load.client:,.0f} µs of a processor here, which has {os.cpu_count()}."
    )


def _describe(
    revision: str,
    routes: int,
    kinds: Sequence[_Kind],
    measured: Measured,
    connections: int,
) -> Mapping[str, Any]:
    """Spell all as JSON: times in microseconds."""
    return {
        "revision": revision,
        "routes": routes,
        "floor": measured.floor and asdict(measured.floor),
        "questions": [
            {
                "question": kind.name,
                "reason": kind.reason,
                **asdict(measured.questions[kind.name]),
            }
            for kind in kinds
        ],
        "load": {
            "connections": connections,
            "rate": measured.load.rate,
            "client": measured.load.client,
        },
    }
