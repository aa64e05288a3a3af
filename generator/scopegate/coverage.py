"""The unit tests of the rules, and which of the rules by hand they leave untried."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scopegate.bundle import list_rules
from scopegate.errors import ScopegateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from scopegate.live.opa import Opa

_MORE_RUNS: Final = "--coverage-runs"

_FAILURES: Final = frozenset({"fail", "error", "skip"})
"""Members of a test's result, of which one that holds has none."""


@dataclass(frozen=True, slots=True)
class FailedTest:
    """A unit test that does not hold, at `file:line`, and OPA's own words where it broke."""

    place: str
    name: str
    message: str


@dataclass(frozen=True, slots=True)
class UntriedCode:
    """Code that no test evaluates, at `file:line`: its text, of several lines the first."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of the unit tests.

    `files` counts the files by hand that the tests must try in full, and `untried` is what they
    leave of those; it is not known, and empty, where a test failed.
    """

    passed: int
    failed: tuple[FailedTest, ...]
    files: int
    untried: tuple[UntriedCode, ...]


def try_rules(project: Path, opa: Opa) -> Trial:
    """Run the unit tests below `rego/` of the project's folder, and gate each file by hand.

    Raises ScopegateError where the rules do not load.
    """
    results = _run_tests(opa, project) or []
    failed = tuple(_describe_failure(each) for each in results if _FAILURES & each.keys())
    files = list_rules(project / "rego")
    # Once more, since OPA tells the tests or the coverage, and no coverage where a test failed.
    report = {} if failed else _run_tests(opa, project, *_spell_coverage(opa))["files"]
    untried = () if failed else tuple(_list_untried(project, files, report))
    return Trial(len(results) - len(failed), failed, len(files), untried)


def _spell_coverage(opa: Opa) -> Iterator[str]:
    """Spell the options for a report of the coverage alone.

    OPAs that know of it run all tests twice more, to tell why a line is not covered.
    """
    yield "--coverage"
    if _MORE_RUNS in opa.run(["test", "--help"]).stdout:
        yield f"{_MORE_RUNS}="


def _run_tests(opa: Opa, project: Path, *options: str) -> Any:  # noqa: ANN401  any JSON
    # All JSON below rego/ is schemas, which OPA would load as data.
    args = ["test", "rego", "--ignore", "*.json", "--timeout", "2m", "--format", "json", *options]
    done = opa.run(args, cwd=project, check=False)
    if not done.stdout.strip():
        raise ScopegateError(f"opa test failed with code {done.returncode}:\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def _describe_failure(result: Mapping[str, Any]) -> FailedTest:
    location = result["location"]
    message = "is skipped" if result.get("skip") else result.get("error", {}).get("message", "")
    return FailedTest(f"{location['file']}:{location['row']}", result["name"], message)


def _list_untried(
    project: Path, files: Iterable[Path], report: Mapping[str, Any]
) -> Iterator[UntriedCode]:
    """List what a report of OPA calls not covered, once for each line that it begins at."""
    for path in files:
        name = path.relative_to(project).as_posix()
        lines = path.read_text(encoding="utf-8").splitlines()
        found: dict[int, str] = {}
        for code in report[name].get("not_covered", ()):
            start, end = code["start"], code["end"]
            last = end["col"] - 1 if end["row"] == start["row"] else None
            found.setdefault(start["row"], lines[start["row"] - 1][start["col"] - 1 : last])
        for row, text in sorted(found.items()):
            yield UntriedCode(f"{name}:{row}", text.strip())
