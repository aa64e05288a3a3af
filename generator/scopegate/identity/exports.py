"""The vendor's exports: files with one answer of an API each, told apart by what is in them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopegate.json_files.nodes import show_value
from scopegate.json_files.reading import list_files, read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from scopegate.errors import Fault
    from scopegate.json_files.nodes import Node

MOST_BYTES: Final = 16 * 1024 * 1024
"""Of one file: many times the largest page that the vendor's calls answer with."""

_KINDS: Final = ("role_assignments", "roles", "users", "groups", "resources", "snapshots")
"""What an answer can list."""


@dataclass(frozen=True, slots=True)
class Export:
    """One answer: `kind` is what it lists, `records` are the objects that are listed.

    `owner` is the group or the user that it was asked for, where the command line names it.
    """

    kind: str
    answer: Node
    records: list[Node]
    owner: str | None


def read_exports(
    paths: Iterable[Path],
    faults: list[Fault],
    *,
    groups: Mapping[Path, str],
    users: Mapping[Path, str],
) -> list[Export]:
    """Read the exports in files and folders; what is wrong is added to `faults`.

    `groups` and `users` have files of members, and whose they are. The same answer in two files is
    read once. The result does not depend on the order of the files. Raises ScopegateError where a
    folder has no export, and OSError where a file cannot be read.
    """
    named = {
        "users": {path.resolve(): id_ for path, id_ in groups.items()},
        "groups": {path.resolve(): id_ for path, id_ in users.items()},
    }
    found: dict[bytes, Export] = {}
    for path in list_files([*paths, *groups, *users]):
        answer = read_document(path, faults, most_bytes=MOST_BYTES)
        kind = _find_kind(answer) if answer else None
        if answer is None or kind is None:
            continue
        owners = {kind_: each.get(path.resolve()) for kind_, each in named.items()}
        for kind_, option in (("users", "group"), ("groups", "user")):
            if kind != kind_ and owners[kind_] is not None:
                answer.report("bad-value", f"expected {kind_}, as --{option} says; found {kind}")
        owner = owners.get(kind)
        spelt = json.dumps([owner, answer.value], sort_keys=True)
        digest = hashlib.sha256(spelt.encode()).digest()
        if digest not in found:
            found[digest] = Export(kind, answer, _list_records(answer, kind), owner)
    return list(found.values())


def find_link(answer: Node, name: str) -> Node | None:
    """Find a link of an answer: to itself (`self`), or to the `next` or the `previous` page."""
    links = answer.find("links")
    link = links.find(name) if links else None
    return link if link and isinstance(link.value, str) and link.value else None


def _find_kind(answer: Node) -> str | None:
    kinds = [kind for kind in _KINDS if isinstance(answer.value, dict) and kind in answer.value]
    if len(kinds) == 1:
        return kinds[0]
    found = " and ".join(kinds) or show_value(answer.value)
    answer.report("unknown-document", f"expected one of {', '.join(_KINDS)}; found {found}")
    return None


def _list_records(answer: Node, kind: str) -> list[Node]:
    # The sample on the page of role assignments has a lone object where its table says array.
    if kind == "role_assignments" and isinstance(answer.value[kind], dict):
        return [answer.take(kind, answer.value[kind])]
    return answer.read_list(kind)
