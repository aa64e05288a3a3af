"""In which enterprise project resources are.

A snapshot is in the enterprise project of its disk.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

import yaml

from scopegate.errors import quote_text
from scopegate.identity.answers import RESOURCE, SNAPSHOT
from scopegate.json_files.forms import read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scopegate.json_files.nodes import Node

_TYPES: Final = "resource_types.yaml"
_DISK: Final = "volume_id"
_SNAPSHOT: Final = "snapshot_id"


class Resources:
    """What the exports tell of resources; what is wrong with them are faults."""

    def __init__(self) -> None:
        self._projects: dict[tuple[str, str], tuple[str, Node]] = {}
        self._disks: dict[str, tuple[str, Node]] = {}
        self.unknown_types: Counter[str] = Counter()
        """How many resources of which types have no place in a bundle."""

    def add_resources(self, records: Iterable[Node]) -> None:
        """Add what enterprise projects hold."""
        parameters = read_resource_types()
        for record, told in read_records(RESOURCE, records):
            type_, id_ = told.resource_type, told.resource_id
            project = told.enterprise_project_id
            if type_ not in parameters:
                self.unknown_types[type_] += 1
                continue
            key = (parameters[type_], id_)
            first, place = self._projects.setdefault(key, (project, record))
            if first != project:
                record.report(
                    "conflicting-resource",
                    f"expected {type_} {quote_text(id_)} in enterprise project"
                    f" {quote_text(first)}, as at {place}; found {quote_text(project)}",
                )

    def add_snapshots(self, records: Iterable[Node]) -> None:
        """Add which snapshot was taken of which disk."""
        for record, told in read_records(SNAPSHOT, records):
            id_, disk = told.id, told.volume_id
            first, place = self._disks.setdefault(id_, (disk, record))
            if first != disk:
                record.report(
                    "conflicting-resource",
                    f"expected snapshot {quote_text(id_)} of disk {quote_text(first)}, as at"
                    f" {place}; found {quote_text(disk)}",
                )

    def place_all(self) -> tuple[dict[str, dict[str, str]], int]:
        """Give the enterprise projects by parameter and id, and the number of snapshots left out.

        Those are snapshots of disks of which no enterprise project is known.
        """
        placed: dict[str, dict[str, str]] = {}
        for (parameter, id_), (project, _) in self._projects.items():
            placed.setdefault(parameter, {})[id_] = project
        disks = placed.get(_DISK, {})
        snapshots = {
            snapshot: disks[disk] for snapshot, (disk, _) in self._disks.items() if disk in disks
        }
        if snapshots:
            placed[_SNAPSHOT] = snapshots
        return placed, len(self._disks) - len(snapshots)


@cache
def read_resource_types() -> Mapping[str, str]:
    """Read which parameter names a resource of each type."""
    text = resources.files(__package__).joinpath(_TYPES).read_text(encoding="utf-8")
    types: dict[str, str] = yaml.safe_load(text)
    return types
