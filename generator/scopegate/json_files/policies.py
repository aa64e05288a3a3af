"""The vendor's policy documents: what their form has to be, and files of them.

The form is that of a policy in rego/schemas/input.json. A file is a document as it is, or what the
console and IAM's API make of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft7Validator

from scopegate.errors import FaultsError, quote_text
from scopegate.json_files.nodes import show_value
from scopegate.json_files.places import spell_pointer
from scopegate.json_files.reading import list_files, read_document
from scopegate.json_files.schemas import report_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from scopegate.errors import Fault
    from scopegate.json_files.nodes import Node
    from scopegate.json_files.places import Keys, Places
    from scopegate.location import Location

MOST_BYTES: Final = 1024 * 1024
"""Of one file: the vendor's limit for a policy is 6,144 characters."""

_MEMBERS: Final = ("Version", "Statement", "Depends")
_ACTION: Final = re.compile(r"[!-~]+")

_KINDS: Final = (
    "a policy (Version, Statement), a role with its policy (policy), one as IAM answers (role),"
    " several (roles), or a list"
)


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A policy or role in a file.

    `document` has the vendor's `Version`, `Statement` and `Depends` as they came; `keys` lead to it
    in the file: `("roles", 3, "policy")`. Names are None where the file does not tell them.
    """

    document: dict[str, Any]
    keys: Keys
    name: str | None
    catalog: str | None
    display_name: str | None
    places: Places = field(repr=False, compare=False)

    @property
    def file(self) -> str:
        """What messages call the file."""
        return self.places.file

    def to_json(self) -> dict[str, Any]:
        """Spell it as a question has it: the vendor's document, and its names."""
        names = {"name": self.name, "catalog": self.catalog, "display_name": self.display_name}
        told = {name: text for name, text in names.items() if text is not None}
        return {**told, **self.document}

    def place(self, *keys: str | int) -> Location:
        """Give the place of something in the document: `place("Statement", 0, "Action", 1)`."""
        return self.places.locate((*self.keys, *keys))

    def pointer(self, *keys: str | int) -> str:
        """Spell the place of something in the document as a JSON Pointer into the file."""
        return spell_pointer((*self.keys, *keys))


def read_policy_files(
    paths: Iterable[Path], definitions: Mapping[str, Any]
) -> list[PolicyDocument]:
    """Read the policies in files, and in the JSON files below folders; sorted by file.

    `definitions` are those of the schema of an input. Raises FaultsError with all that is wrong,
    ScopegateError where a folder has no file, and OSError where a file cannot be read.
    """
    validator = make_validator(definitions)
    faults: list[Fault] = []
    found: list[PolicyDocument] = []
    for path in list_files(paths):
        whole = read_document(path, faults, most_bytes=MOST_BYTES)
        for record, document in _find_documents(whole) if whole else ():
            policy = PolicyDocument(
                document={name: each for name, each in document.value.items() if name in _MEMBERS},
                keys=document.keys,
                name=_read_name(record, "name"),
                catalog=_read_name(record, "catalog"),
                display_name=_read_name(record, "display_name"),
                places=document.places,
            )
            if check_document(document, validator):
                found.append(policy)
    if faults:
        raise FaultsError(faults)
    return found


def make_validator(definitions: Mapping[str, Any]) -> Draft7Validator:
    """Make what tells whether a document has the form of a policy."""
    return Draft7Validator({"$ref": "#/definitions/policy", "definitions": definitions})


def check_document(document: Node, validator: Draft7Validator) -> bool:
    """Report what is wrong with a policy's document, and tell whether it is in order."""
    before = len(document.faults)
    is_in_form = not report_errors(document, validator)
    _check_actions(document)
    if is_in_form:
        for role in document.read_list("Depends") if "Depends" in document.value else ():
            role.read_text("catalog")
            role.read_text("display_name")
    return len(document.faults) == before


def _check_actions(document: Node) -> None:
    """Report actions that no action is spelt like, as far as the document has the form."""
    listed = document.find("Statement")
    for statement in _list_nodes(listed):
        for name in ("Action", "NotAction"):
            for action in _list_nodes(statement.find(name)):
                text = action.value
                if isinstance(text, str) and not _ACTION.fullmatch(text):
                    action.report(
                        "bad-action",
                        f"expected printable ASCII without blanks; found {quote_text(text)}",
                    )


def _list_nodes(listed: Node | None) -> list[Node]:
    items = listed.value if listed and isinstance(listed.value, list) else []
    return [listed.take(index, item) for index, item in enumerate(items)] if listed else []


def _find_documents(whole: Node) -> Iterator[tuple[Node, Node]]:
    """Find the documents in a file, each with the object that has its names."""
    members = whole.value if isinstance(whole.value, dict) else {}
    kinds = [name for name in ("roles", "role", "policy") if name in members]
    kinds += ["Version and Statement"] if {"Version", "Statement"} & members.keys() else []
    match whole.value, kinds:
        case list(), _:
            yield from ((each, each) for each in whole.list_objects())
        case _, ["roles"]:
            yield from _find_policies(whole.read_list("roles"))
        case _, ["role"]:
            role = whole.read_object("role")
            yield from _find_policies([role] if role else [])
        case _, ["policy"]:
            yield from _find_policies([whole])
        case _, [_]:
            yield whole, whole
        case _:
            found = " beside ".join(kinds) or show_value(whole.value)
            whole.report("unknown-document", f"expected {_KINDS}; found {found}")


def _find_policies(roles: Iterable[Node]) -> Iterator[tuple[Node, Node]]:
    for role in roles:
        document = role.read_object("policy")
        if document:
            yield role, document


def _read_name(record: Node, name: str) -> str | None:
    """Read a name, which need not be told."""
    member = record.find(name)
    if member is None or isinstance(member.value, str):
        return member.value if member else None
    # Of a document itself its form says so.
    if "policy" in record.value:
        member.report_value("a string")
    return None
