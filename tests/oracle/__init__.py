"""A second implementation of the decision, in plain Python.

It exists to disagree. It is written from what a decision means and the form of a table file, and
shares no line with the generator or the rules: what both get right is right for two reasons, and
what one gets wrong shows. Plain on purpose; each module is to be held against the part of that
that its docstring names.

`docs/decisions.md` says what a decision means; `decide` gives the whole of it for any JSON, also
malformed.
"""

from tests.oracle.decision import REASONS, Decision, decide
from tests.oracle.faults import ABSENT, Fault, Given, find_faults, names_a_fault
from tests.oracle.operator import Operator
from tests.oracle.tables import Documented, read_tables

__all__ = [
    "ABSENT",
    "REASONS",
    "Decision",
    "Documented",
    "Fault",
    "Given",
    "Operator",
    "decide",
    "find_faults",
    "names_a_fault",
    "read_tables",
]
