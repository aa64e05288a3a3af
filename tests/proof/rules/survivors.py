"""The mutants that nobody notices, each with the reason why nobody has to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from tests.proof.rules.mutants import Key

SURVIVORS: Final = Path(__file__).parent / "survivors.yaml"


def read_survivors(file: Path = SURVIVORS) -> Mapping[Key, str]:
    """Read why each of them may survive.

    Of two in one rule that change the same line in the same way, an entry speaks of both.
    """
    groups: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8")) or []
    found: dict[Key, str] = {}
    for group in groups:
        for each in group["mutants"]:
            key = Key(group["file"], group["rule"], each["before"], each["after"])
            assert key not in found, f"twice in {file.name}: {key}"
            found[key] = group["because"]
    return found
