"""Many questions at once to rules that were changed, and whether each answer is right."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scopegate.live.opa import Opa


@dataclass(frozen=True)
class Batch:
    """Questions to rules that have some data of the operator's."""

    query: str
    """Of Rego, whose value is an object: the answers to the input's questions, by their numbers."""
    questions: Sequence[Any]
    is_right: Callable[[int, Any], bool]
    """Tells of the question of a number whether an answer is right; None where there is none."""
    beside: Path
    """The operator's data, as a bundle."""

    def is_answered_by(self, bundle: Path, opa: Opa) -> bool:
        """Tell whether a bundle gives the right answer to every question.

        What builtins refuse is an error: the rules hold also where an OPA is told so.
        """
        args = ["eval", "--stdin-input", "--format", "raw", "--strict-builtin-errors"]
        for each in (bundle, self.beside):
            args += ["--bundle", str(each)]
        done = opa.run([*args, self.query], stdin=json.dumps(self.questions), check=False)
        if done.returncode != 0:
            return False
        answers = json.loads(done.stdout)
        return all(self.is_right(i, answers.get(str(i))) for i in range(len(self.questions)))
