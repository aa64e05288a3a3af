"""Options that several commands have."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from scopegate.bundle import SCHEMAS
from scopegate.cli.output import print_faults, print_warning, showing_questions
from scopegate.errors import FaultsError, ScopegateError, spell_command
from scopegate.json_files.policies import PolicyDocument, read_policy_files
from scopegate.live.asking import BundleEngine, Engine, Server, read_token
from scopegate.live.opa import Opa, find_opa
from scopegate.live.questions import Scope
from scopegate.location import show_path
from scopegate.packing import DEFAULT_KEY_ID, Signing, read_revision
from scopegate.policies.callers import parse_place
from scopegate.project import DEFAULT_PROFILE, Project, compose_project, find_project, seek_project

ProjectOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="DIR",
        help="The project's folder. Default: the nearest one upwards with tables/ and rego/.",
        exists=True,
        file_okay=False,
    ),
]
ProfileOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Which tables: a file of bundle/profiles/, without its ending.",
    ),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BundleOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--bundle",
        metavar="FILE",
        help="Another bundle than the project's own; then no project is needed.",
    ),
]
OpaUrlOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--opa-url", metavar="URL", help="Ask a running OPA instead of evaluating a bundle."
    ),
]
TokenFileOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--token-file", metavar="FILE", help="The token for an OPA that asks for one."),
]
POLICIES = typer.Argument(
    metavar="FILES",
    help="Policies as the vendor's console or API shows them, or folders with such files.",
    exists=True,
)
ServiceOption: TypeAlias = Annotated[
    str | None, typer.Option("--service", metavar="NAME", help="The service that is called.")
]
ProviderOption: TypeAlias = Annotated[
    str | None, typer.Option("--provider", metavar="NAME", help="The provider of that service.")
]
AtOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--at",
        metavar="SCOPE",
        help="Where they are granted: iam_project, enterprise_project, domain, each with =ID or a"
        " made one, or all_resources.",
    ),
]
SigningKeyOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="KEY.pem",
        help="Sign a second bundle, *.signed.tar.gz beside each, with this RSA private key.",
        exists=True,
        dir_okay=False,
        readable=True,
    ),
]
SigningKeyIdOption: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="ID", help=f"What OPAs call the key. Default: {DEFAULT_KEY_ID}."),
]
SigningScopeOption: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="SCOPE", help="What the signature is for. Default: no scope."),
]


def read_signing(key: Path | None, key_id: str | None, scope: str | None) -> Signing | None:
    """Return what the options say of a signature; None where there is no key.

    Raises typer.BadParameter where they say something without one.
    """
    if key:
        return Signing(key, key_id or DEFAULT_KEY_ID, scope or "")
    if key_id or scope:
        raise typer.BadParameter("nothing is signed without it", param_hint="--signing-key")
    return None


def locate_project(named: Path | None) -> Project:
    """Return the project that the option names, else the one around the working directory."""
    return find_project((named or Path.cwd()).absolute())


def locate_opa(project: Path | None) -> Opa:
    """Return the OPA to run, the project's own if there is a project and it has one."""
    found = _seek_project(project)
    return find_opa(found.folder if found else None)


def locate_bundle(named: Path | None, project: Path | None, profile: str = DEFAULT_PROFILE) -> Path:
    """Return the bundle that the option names, else the project's own of a profile.

    `project` is what the other option names; without a project a bundle that is named will do.
    Warns where the project's own is no longer what would be built. Raises ScopegateError where
    there is no bundle.
    """
    bundle = (named or _find_project(project).locate_bundle(profile)).absolute()
    if bundle.is_dir():
        raise ScopegateError(f"{bundle} is a folder: expected the file of a bundle")
    if not bundle.is_file():
        options = "" if profile == DEFAULT_PROFILE else f"--profile {profile}"
        advice = "" if named else f": run `{spell_command('build', options)}`"
        raise ScopegateError(f"there is no bundle at {bundle}{advice}")
    found = _seek_project(project)
    if found and bundle.resolve() == found.bundle.resolve():
        _warn_of_age(found)
    return bundle


@contextmanager
def open_engine(
    *,
    bundle: Path | None,
    opa_url: str | None,
    token_file: Path | None,
    project: Path | None,
    beside: Sequence[Path] = (),
) -> Iterator[Engine]:
    """Open the OPA that the options name: a running one, else one that evaluates a bundle.

    `beside` are bundles of data for the latter. Raises typer.BadParameter where the options do not
    go together, and ScopegateError where there is no bundle or no OPA.
    """
    if opa_url is None:
        if token_file is not None:
            raise typer.BadParameter("nobody is asked without --opa-url", param_hint="--token-file")
        found = locate_bundle(bundle, project)
        engine = BundleEngine(found, beside=beside, opa=locate_opa(project))
        with showing_questions(engine):
            yield engine
        return
    if bundle is not None or beside:
        raise typer.BadParameter(
            "a running OPA has its own", param_hint="--bundle" if bundle else "--identities"
        )
    with (
        Server(opa_url, token=read_token(token_file) if token_file else None) as server,
        showing_questions(server),
    ):
        yield server


def parse_at(text: str) -> Scope:
    """Parse where policies are granted; raises typer.BadParameter where it is no scope."""
    try:
        return parse_place(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--at") from None


def read_policies(files: Sequence[Path], engine: Engine) -> list[PolicyDocument]:
    """Read policies as the bundle of an engine wants them.

    Where they are not that, all that is wrong is told, and the command ends with 2.
    """
    definitions = ask_schema("question", engine)["definitions"]
    with refusing_faults():
        policies = read_policy_files(files, definitions)
    if not policies:
        raise ScopegateError(f"no policy in {', '.join(show_path(each) for each in files)}")
    return policies


@contextmanager
def refusing_faults() -> Iterator[None]:
    """End the command with 2 where what it is given is faulty, and tell all that is wrong."""
    try:
        yield
    except FaultsError as error:
        print_faults(error.faults)
        raise typer.Exit(2) from None


def read_schema(name: str, bundle: Path | None, project: Path | None) -> Mapping[str, Any]:
    """Read one of SCHEMAS: that of the bundle which the option names, else the project's.

    A bundle has those of the project that it was built in. Raises ScopegateError where there is
    no project or no such bundle, or it is one of something else.
    """
    if bundle is not None:
        engine = BundleEngine(locate_bundle(bundle, project), opa=locate_opa(project))
        return ask_schema(name, engine)
    file = _find_project(project).rego / SCHEMAS[name]
    schema: Mapping[str, Any] = json.loads(file.read_bytes())
    return schema


def ask_schema(name: str, engine: Engine) -> Mapping[str, Any]:
    """Ask for one of SCHEMAS as the bundle of an engine has it; raises what `query` does."""
    schema: Mapping[str, Any] = engine.query(f"answer := data.scopegate.schemas.{name}", None)
    return schema


def _find_project(named: Path | None) -> Project:
    """Find the project as `locate_project` does, for a command that a bundle will do for, too."""
    start = (named or Path.cwd()).absolute()
    return find_project(start, advice="Name one with --project, or a bundle with --bundle.")


def _seek_project(named: Path | None) -> Project | None:
    return seek_project((named or Path.cwd()).absolute())


def _warn_of_age(project: Project) -> None:
    """Warn where the project's bundle is older than what it is made from; never fail."""
    try:
        built = read_revision(project.bundle)
    except (ScopegateError, OSError):
        return  # what is wrong with it says whoever loads it
    try:
        is_old = compose_project(project).revision != built
    except (ScopegateError, OSError, ValueError):
        is_old = True  # no bundle comes of these tables and rules: this one was made from others
    if is_old:
        print_warning(
            "the tables or rules have changed since this bundle was built:"
            f" run `{spell_command('build')}`"
        )
