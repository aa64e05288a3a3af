"""The command line."""

import inspect
import io
import os
import re
import sys
from collections import UserDict
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Annotated, Any, Final, TypedDict

import typer
from typer.core import TyperGroup

from scopegate.cli.output import print_as_error, print_error, print_faults
from scopegate.errors import FaultsError, ScopegateError

COMMANDS: Final[Mapping[str, str]] = {
    "import": "scopegate.cli.import_:import_page",
    "compare": "scopegate.cli.compare:compare",
    "diff": "scopegate.cli.diff:diff",
    "build": "scopegate.cli.build:build",
    "check": "scopegate.cli.check:check",
    "routes": "scopegate.cli.routes:routes",
    "decide": "scopegate.cli.decide:decide",
    "policy": "scopegate.cli.policy:policy",
    "explorer": "scopegate.cli.explorer:explorer",
    "serve": "scopegate.cli.serve:serve",
    "demo": "scopegate.cli.demo:demo",
    "bench": "scopegate.cli.bench:bench",
    "config": "scopegate.cli.config:config",
    "identity": "scopegate.cli.identity:identity",
}
"""Each command, and where the function is that is it, or the group of such functions."""

_SETTINGS: Final = {"help_option_names": ["-h", "--help"]}


class _Help(TypedDict):
    help: str
    short_help: str


_UsageError: Final[Any] = typer.BadParameter.__base__  # typer has no public name for it


def _print_usage_error(error: Any) -> None:  # noqa: ANN401  as above
    """Print what typer would, less the words that it breaks at the end of a line."""
    said = io.StringIO()
    error.show(file=said)
    print_as_error(said.getvalue().rstrip("\n"))


def _keep_lines(function: Callable[..., object]) -> str:
    """Return the docstring of a command, with the lines of its examples marked as such."""
    return re.sub(r"\n\n(?=.*\n +\S)", "\n\n\b\n", inspect.getdoc(function) or "")


def _describe(function: Callable[..., object]) -> _Help:
    """Return the help of a command; in lists its first sentence, which would be cut otherwise."""
    said = _keep_lines(function)
    return {"help": said, "short_help": said.partition("\n\n")[0]}


def make_group(
    describe: Callable[..., object], commands: Mapping[str, Callable[..., object]]
) -> typer.Typer:
    """Make a command that has others; the docstring of `describe` is its help."""
    group = typer.Typer(
        add_completion=False,
        context_settings=_SETTINGS,
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.callback(**_describe(describe))(describe)
    for name, function in commands.items():
        group.command(name, **_describe(function))(function)
    return group


def make_command(name: str, function: Callable[..., object]) -> typer.Typer:
    """Make a command of a function; its docstring is the help."""
    command = typer.Typer(add_completion=False, context_settings=_SETTINGS, rich_markup_mode=None)
    command.command(name, **_describe(function))(function)
    return command


class _CommandsOnDemand(UserDict[str, Any]):
    """Loads a command when it is asked for: none waits for what only the others import."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  the type is private to typer
        module, _, attribute = super().__getitem__(name).partition(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            found = make_command(name, found)
        return typer.main.get_command(found)


class _Commands(TyperGroup):
    """The commands, and what becomes of their errors."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  typer's own
        super().__init__(**attributes)
        self.commands = _CommandsOnDemand(COMMANDS)

    def make_context(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401  as below
        """Parse what stands before the command; say what is wrong with it, and exit with 2."""
        try:
            return super().make_context(*args, **extra)
        except _UsageError as error:
            _print_usage_error(error)
            raise typer.Exit(2) from None

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  the types are private to typer
        """Run the command; say what went wrong, and exit with 1 for faults and 2 for the rest."""
        try:
            return super().invoke(ctx)
        except FaultsError as error:
            print_faults(error.faults)
            raise typer.Exit(1) from None
        except _UsageError as error:
            _print_usage_error(error)
        except ScopegateError as error:
            print_error(str(error))
        except BrokenPipeError:
            # The reader has seen enough, as that of `| head`: nothing is wrong, and nothing is left
            # for Python to write at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except OSError as error:
            parts = (error.filename, error.strerror)
            print_error(": ".join(str(part) for part in parts if part) or str(error))
        raise typer.Exit(2)


app = typer.Typer(
    cls=_Commands,
    context_settings=_SETTINGS,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(asked: bool) -> None:  # noqa: FBT001  typer calls it so
    if asked:
        from importlib import metadata  # noqa: PLC0415  slow, and seldom wanted

        typer.echo(f"scopegate {metadata.version('scopegate')}")
        raise typer.Exit


def describe(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Cloud API permission tables as an Open Policy Agent bundle.

    For example:
      scopegate build                    make the bundle from tables/
      scopegate routes --method DELETE   list what the tables document
      scopegate decide GET /v2/p1/snapshots --iam-project p1 --allow 'evs:*:list'
      scopegate COMMAND --help           more examples for each command

    Exit codes: 0 yes or done, 1 no (denied, faulty, out of date), 2 could not be done.
    """


app.callback(help=_keep_lines(describe))(describe)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # pages are Chinese, terminals may not be
    app(prog_name="scopegate")
