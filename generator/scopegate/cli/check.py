"""`scopegate check`: whether tables, generated files, rules and their tests agree."""

import typer
from rich.text import Text

from scopegate.cli.options import ProjectOption, locate_project
from scopegate.cli.output import count, print_done, print_failed, print_faults
from scopegate.coverage import Trial, try_rules
from scopegate.errors import FaultsError, spell_command
from scopegate.live.opa import find_opa
from scopegate.project import (
    DEFAULT_PROFILE,
    FORMS,
    Project,
    compare_project,
    compose_profiles,
)

_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def check(*, project: ProjectOption = None) -> None:
    """Check tables, generated files, rules and their tests.

    Reads every table, makes the generated files in memory and shows how those on disk differ, runs
    the unit tests of the rules, and requires that they try every line of the rules by hand. Nothing
    is written. Exits with 1 where anything is wrong, after all has been looked at.

    For example:
      scopegate check
      scopegate check --project ~/src/scopegate
    """
    found = locate_project(project)
    opa = find_opa(found.folder)
    is_up_to_date = _check_generated(found)
    if not (_check_rules(try_rules(found.folder, opa)) and is_up_to_date):
        raise typer.Exit(1)


def _check_generated(project: Project) -> bool:
    try:
        composed = compose_profiles(project)
    except FaultsError as error:
        print_faults(error.faults)
        return False
    tables = {name for contents in composed.values() for name in contents.inventory["tables"]}
    print_done(f"{count(len(tables), 'table')}, {count(len(composed), 'profile')}")
    differences = compare_project(project, composed).splitlines()
    if differences:
        print_failed(
            "generated files are out of date: run "
            f"`{spell_command('build --all-profiles')}`, and commit what it writes",
            [Text(line, _DIFF_STYLES.get(line[:1], "")) for line in differences],
        )
        return False
    generated = len(composed[DEFAULT_PROFILE].generated) + len(FORMS) + 1
    print_done(f"{count(generated, 'generated file')} up to date")
    return True


def _check_rules(trial: Trial) -> bool:
    if trial.failed:
        print_failed(
            f"{count(len(trial.failed), 'unit test')} of the rules failed",
            [
                Text.assemble((test.place, "bold"), f": {test.name} {test.message}".rstrip())
                for test in trial.failed
            ],
        )
        return False
    print_done(f"{count(trial.passed, 'unit test')} of the rules passed")
    if trial.untried:
        print_failed(
            f"no unit test tries {count(len(trial.untried), 'line')} of the rules by hand",
            [Text.assemble((code.place, "bold"), f": {code.text}") for code in trial.untried],
        )
        return False
    print_done(f"they try every line of the {count(trial.files, 'file')} by hand")
    return True
