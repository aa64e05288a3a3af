"""How the severities of findings look."""

from collections.abc import Mapping
from typing import Final

from scopegate.policies.findings import Severity

SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.NOTE: "cyan",
}
