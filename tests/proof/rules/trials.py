"""Whether anybody notices a mutant: the rules' unit tests, else decisions that the oracle knows."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final, Self

from scopegate.live.opa import Opa
from scopegate.project import Project
from tests.proof.rules.asking import Batch
from tests.proof.rules.mutants import Mutant
from tests.proof.rules.questions import write_bundle

_NO_DATA: Final = ("--ignore", "*.json")
"""All JSON below rego/ is schemas, which OPA would load as data."""

_LOADS_AND_FAILS: Final = 2
"""What `opa test` exits with where tests fail; with 1 where it can't load them."""


class Outcome(Enum):
    """What became of a mutant."""

    STILLBORN = "OPA refuses it"
    KILLED_BY_TESTS = "a unit test of the rules fails"
    KILLED_BY_HARNESS = "a decision is not that of the oracle"
    SURVIVED = "nobody noticed"


@dataclass(frozen=True)
class Bench:
    """Copies of the rules, with and without their tests, of which one file at a time is changed."""

    folder: Path
    opa: Opa
    revision: str
    """What the rules say of themselves, whatever is changed."""

    @classmethod
    def set_up(cls, project: Project, folder: Path, opa: Opa) -> Self:
        """Copy a project's rules into a new folder."""
        shutil.copytree(project.rego, folder / "rego")
        return cls(folder, opa, write_bundle(project, folder / "bundle"))

    @property
    def bundle(self) -> Path:
        """The rules without their tests, with their data."""
        return self.folder / "bundle"

    def try_out(self, mutant: Mutant, batches: Sequence[Batch]) -> Outcome:
        """Find out what becomes of a mutant."""
        with self.change(mutant):
            done = self._test("--run", _select_tests(mutant.file))
            if done == 0:
                done = self._test()
            if done == _LOADS_AND_FAILS:
                return Outcome.KILLED_BY_TESTS
            if done != 0:
                # Only its tests may be what OPA refuses, of which it knows the types.
                refused = self._refuses_rules()
                return Outcome.STILLBORN if refused else Outcome.KILLED_BY_TESTS
            if not all(batch.is_answered_by(self.bundle, self.opa) for batch in batches):
                return Outcome.KILLED_BY_HARNESS
            return Outcome.SURVIVED

    @contextmanager
    def change(self, mutant: Mutant) -> Iterator[None]:
        """Have the mutant in the place of what it changes."""
        files = [
            self.folder / mutant.file,
            self.bundle / Path(mutant.file).relative_to("rego"),
        ]
        for file in files:
            file.write_text(mutant.changed, encoding="utf-8")
        try:
            yield
        finally:
            for file in files:
                file.write_text(mutant.text, encoding="utf-8")

    def _test(self, *options: str) -> int:
        args = ["test", "rego", *_NO_DATA, "--timeout", "1m", *options]
        return self.opa.run(args, cwd=self.folder, check=False).returncode

    def _refuses_rules(self) -> bool:
        args = ["check", "rego", *_NO_DATA, "--ignore", "*_test.rego"]
        return self.opa.run(args, cwd=self.folder, check=False).returncode != 0


def _select_tests(file: str) -> str:
    """Select the tests of a file's own package, which notice most, in a tenth of the time."""
    package = ".".join(Path(file).parent.relative_to("rego").parts)
    # What gateways share is tried by the tests of each.
    tests = package.removesuffix("shared") if "gateways" in package else f"{package}_test"
    return f"^data.{tests}"
