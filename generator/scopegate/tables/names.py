"""The names of tables: where their files stand, and how people name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from scopegate.errors import ScopegateError, quote_text

NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class TableName:
    """The name of a table, all of whose parts match `NAME`: `huaweicloud/evs/snapshots`."""

    provider: str
    service: str
    own: str

    def __str__(self) -> str:
        """Spell the name as people write it."""
        return f"{self.provider}/{self.table}"

    @property
    def table(self) -> str:
        """The name within its provider, as files and decisions show it: `evs/snapshots`."""
        return f"{self.service}/{self.own}"

    @property
    def path(self) -> PurePosixPath:
        """The place of the table's file below the folder of tables."""
        return PurePosixPath(f"{self}.yaml")


def parse_table_name(text: str) -> TableName:
    """Read a name as people write it; raises `ScopegateError` where it is none."""
    parts = text.split("/")
    match parts:
        case [provider, service, own] if all(map(NAME.fullmatch, parts)):
            return TableName(provider, service, own)
        case _:
            raise ScopegateError(
                f"{quote_text(text)} is no name of a table: expected provider/service/table in "
                "lower-case letters, digits and hyphens, as in huaweicloud/evs/snapshots"
            )
