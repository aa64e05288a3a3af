"""`scopegate decide`: one question, and its decision."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from scopegate.cli.decisions import describe_decision
from scopegate.cli.options import (
    BundleOption,
    JsonOption,
    OpaUrlOption,
    ProjectOption,
    ProviderOption,
    ServiceOption,
    TokenFileOption,
    open_engine,
    read_policies,
)
from scopegate.cli.output import print_block, print_json
from scopegate.errors import ScopegateError
from scopegate.live.questions import ABSENT, Permission, Scope, make_question, parse_scope

_GRANTS = "ACTIONS[@SCOPE]"


def decide(  # noqa: PLR0913  a question has many parts
    method: Annotated[str | None, typer.Argument(metavar="METHOD", help="As in POST.")] = None,
    path: Annotated[
        str | None, typer.Argument(metavar="PATH", help="As in the request line, with its query.")
    ] = None,
    *,
    iam_project: Annotated[
        str | None, typer.Option(metavar="ID", help="The IAM project of the caller's token.")
    ] = None,
    domain: Annotated[
        str | None, typer.Option(metavar="ID", help="Or the domain of the caller's token.")
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="The caller's id. Without --allow and --deny the identity bundle says what was"
            " granted: that of --identity, or of the running OPA.",
        ),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar=_GRANTS,
            help="Actions that a policy of the caller allows, with commas between them. SCOPE is"
            " where it is granted: iam_project=ID, domain=ID, enterprise_project=ID or"
            " all_resources; without one, where the token is valid.",
        ),
    ] = None,
    deny: Annotated[
        list[str] | None, typer.Option(metavar=_GRANTS, help="Actions that a policy denies.")
    ] = None,
    policy: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Policies of the caller, as the vendor's console or API shows them.",
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="SCOPE", help="Where those are granted. Default: where the token is valid."
        ),
    ] = None,
    enterprise_project: Annotated[
        str | None, typer.Option(metavar="ID", help="The enterprise project of the resource.")
    ] = None,
    account_owner: Annotated[
        bool, typer.Option("--account-owner", help="The caller is the account itself.")
    ] = False,
    service: ServiceOption = None,
    provider: ProviderOption = None,
    body: Annotated[
        str | None, typer.Option(metavar="JSON", help="The body of the request.")
    ] = None,
    input_file: Annotated[
        Path | None,
        typer.Option(
            "--input",
            metavar="FILE",
            help="Instead of all this: the input as JSON, bare or as a server takes it,"
            ' {"input": …}; - is standard input.',
        ),
    ] = None,
    print_input: Annotated[
        bool,
        typer.Option(
            "--print-input", help="Print the input as an OPA server takes it; ask nobody."
        ),
    ] = False,
    opa_url: OpaUrlOption = None,
    token_file: TokenFileOption = None,
    bundle: BundleOption = None,
    identity: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="An identity bundle beside it.", exists=True),
    ] = None,
    as_json: JsonOption = False,
    project: ProjectOption = None,
) -> None:
    r"""Decide whether a request may be made, and say why.

    Evaluates the bundle of the project, or asks a running OPA. Exits with 0 for allow, 1 for deny
    and 2 where there is no decision.

    For example:
      scopegate decide POST /v2/p1/snapshots --iam-project p1 \
          --allow evs:snapshots:create,evs:volumes:get
      scopegate decide POST /v2/p1/cloudsnapshots --iam-project p1 --enterprise-project e1 \
          --allow evs:snapshots:create --deny evs:snapshots:create@enterprise_project=e1
      scopegate decide GET /v2/p1/snapshots --iam-project p1 --subject u1 \
          --opa-url http://127.0.0.1:8181 --token-file client.token
      scopegate decide POST /v2/p1/volumes/v1/action --iam-project p1 --allow 'evs:*:*' \
          --body '{"os-extend": {"new_size": 100}}' --bundle bundle/opentelekomcloud.tar.gz
      scopegate decide GET /v2/p1/snapshots --iam-project p1 --policy reader.json \
          --at all_resources
      scopegate decide --input question.json --opa-url http://127.0.0.1:8181 --json
      scopegate decide GET /v3/p1/snapshots --iam-project p1 --allow '*@all_resources' \
          --print-input | curl -d @- http://127.0.0.1:8181/v1/data/scopegate/decision
    """
    flags = (
        *(method, path, iam_project, domain, subject, allow, deny, enterprise_project),
        *(policy, at, service, provider, body),
    )
    if opa_url is not None and identity is not None:
        raise typer.BadParameter("a running OPA has its own", param_hint="--identity")
    if input_file is not None:
        if any(flag is not None for flag in flags) or account_owner:
            raise typer.BadParameter("the input is the whole question", param_hint="--input")
        question = _read_question(input_file)
    else:
        if method is None or path is None:
            raise typer.BadParameter("expected a METHOD and a PATH, or --input FILE")
        token = _choose_token(iam_project, domain)
        where = _parse_scope(at, token)
        granted: list[Mapping[str, Any]] = []
        if policy:
            with open_engine(
                bundle=bundle, opa_url=opa_url, token_file=token_file, project=project
            ) as engine:
                granted = [each.to_json() for each in read_policies(policy, engine)]
        question = make_question(
            method,
            path,
            token=token,
            subject_id=subject,
            permissions=[
                *_parse_permissions("Allow", allow or (), token),
                *_parse_permissions("Deny", deny or (), token),
            ],
            policies=granted,
            at=where,
            enterprise_project=enterprise_project,
            account_owner=account_owner,
            service=service,
            provider=provider,
            body=ABSENT if body is None else _read_body(body),
        )
    if print_input:
        print_json({"input": question})
        return
    with open_engine(
        bundle=bundle,
        opa_url=opa_url,
        token_file=token_file,
        project=project,
        beside=[identity] if identity else (),
    ) as engine:
        decision = engine.decide(question)
    if as_json:
        print_json(decision)
    else:
        print_block(describe_decision(question, decision))
    if not decision["allow"]:
        raise typer.Exit(1)


def _choose_token(iam_project: str | None, domain: str | None) -> Scope:
    match iam_project, domain:
        case str(id_), None:
            return Scope("iam_project", id_)
        case None, str(id_):
            return Scope("domain", id_)
        case _:
            raise typer.BadParameter(
                "a token is valid in one project, or in the domain: expected one of the two",
                param_hint="--iam-project, --domain",
            )


def _parse_permissions(effect: str, given: Sequence[str], token: Scope) -> Iterator[Permission]:
    """Parse `evs:snapshots:*,evs:volumes:get@enterprise_project=e1`."""
    option = f"--{effect.lower()}"
    for each in given:
        listed, at, scope = each.partition("@")
        actions = tuple(listed.split(","))
        if not all(map(str.strip, actions)):
            raise typer.BadParameter(f"{listed!r} has an empty action", param_hint=option)
        where = _parse_scope(scope, token, option) if at else token
        yield Permission(effect, actions, where)


def _parse_scope(text: str | None, token: Scope, option: str = "--at") -> Scope:
    try:
        return token if text is None else parse_scope(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _read_body(text: str) -> Any:  # noqa: ANN401  any JSON
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        raise typer.BadParameter(f"no JSON: {error}", param_hint="--body") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _read_question(file: Path) -> Any:  # noqa: ANN401  any JSON: what is wrong the decision says
    """Read an input, either bare or as a server takes it."""
    name = "standard input" if str(file) == "-" else str(file)
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        question = json.loads(data)
    except ValueError as error:
        raise ScopegateError(f"{name} is no JSON: {error}") from None
    match question:
        case {"input": inner, **others} if not others:
            return inner
        case _:
            return question
