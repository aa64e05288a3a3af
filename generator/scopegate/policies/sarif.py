"""Findings as SARIF 2.1.0, which code review reads (OASIS, Static Analysis Results Format)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from scopegate.policies.findings import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopegate.json_files.policies import PolicyDocument
    from scopegate.policies.findings import Finding

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def describe_findings(
    findings: Sequence[Finding], policies: Sequence[PolicyDocument], *, version: str
) -> dict[str, Any]:
    """Describe findings of policies in files, by the version of scopegate that found them."""
    rules = list(RULES)
    driver = {
        "name": "scopegate",
        "version": version,
        "rules": [
            {
                "id": rule.code,
                "shortDescription": {"text": rule.summary},
                "defaultConfiguration": {"level": rule.severity},
            }
            for rule in RULES.values()
        ],
    }
    results = [_describe(each, policies[each.policy], rules.index(each.code)) for each in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _describe(finding: Finding, policy: PolicyDocument, index: int) -> dict[str, Any]:
    place = policy.place(*finding.keys)
    text = f"{finding.message}; {finding.hint}" if finding.hint else finding.message
    region = {"startLine": place.line or 1, "startColumn": place.column or 1}
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _spell_uri(policy.file)},
                    "region": region,
                },
                "logicalLocations": [
                    {"fullyQualifiedName": policy.pointer(*finding.keys), "kind": "member"}
                ],
            }
        ],
    }


def _spell_uri(file: str) -> str:
    """Spell a file as a URI: relative to the working directory where it is below that."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
