"""Identities as a bundle that OPA loads beside that of the rules."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft7Validator

from scopegate.errors import FaultsError, quote_text
from scopegate.files import replace_files
from scopegate.identity.model import Identities
from scopegate.identity.sizes import TOO_MUCH, find_excesses
from scopegate.identity.times import parse_time
from scopegate.identity.unpacking import unpack_bundle
from scopegate.json_files.reading import parse_document
from scopegate.json_files.schemas import report_errors
from scopegate.packing import DATA, MANIFEST, Package, encode_json, pack_variants

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from scopegate.errors import Fault
    from scopegate.json_files.nodes import Node
    from scopegate.live.opa import Opa
    from scopegate.packing import Signing

ROOT: Final = "scopegate_identity"
"""The bundle owns all data below it."""

_SCHEMA: Final = "identity.schema.json"
_GZIP: Final = b"\x1f\x8b"

_REGO_VERSION: Final = 1

# With another root, or none, the bundle would own what is not its own: OPA keeps a bundle from all
# that its roots do not name, and from nothing else.
_MANIFEST_SCHEMA: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["revision", "roots"],
    "additionalProperties": False,
    "properties": {
        "revision": {"type": "string"},
        "roots": {"type": "array", "minItems": 1, "items": {"enum": [ROOT]}},
        "rego_version": {"enum": [_REGO_VERSION]},
    },
}


def build_identity_bundle(
    identities: Identities, *, output: Path, opa: Opa, signing: Signing | None = None
) -> str:
    """Build the bundle of identities into `output`, and return its revision.

    The same identities make the same bytes. With `signing` a signed variant goes beside it. Raises
    ScopegateError where OPA refuses the data or the key, and OSError where `output` cannot be
    written; it then stays as it was.
    """
    package = compose_identities(identities)
    replace_files(pack_variants(package, output=output, opa=opa, signing=signing))
    return package.revision


def compose_identities(identities: Identities) -> Package:
    """Compose the files of a bundle of identities; the revision is the SHA-256 of the data."""
    data = encode_json({ROOT: identities.to_json()})
    revision = hashlib.sha256(data).hexdigest()
    manifest = {"revision": revision, "roots": [ROOT], "rego_version": _REGO_VERSION}
    return Package({DATA: data, MANIFEST: encode_json(manifest)}, revision)


def is_bundle(path: Path) -> bool:
    """Tell whether a file is packed as bundles are; raises OSError where it cannot be read."""
    if path.is_dir():
        return False
    with path.open("rb") as file:
        return file.read(len(_GZIP)) == _GZIP


def read_identity_bundle(path: Path, input_schema: Mapping[str, Any]) -> Identities:
    """Read the identities in a bundle.

    `input_schema` has the form and the limits of what a decision takes. Raises FaultsError with all
    that is wrong, ScopegateError where the file is no bundle, and OSError where it cannot be read.
    """
    faults: list[Fault] = []
    files = unpack_bundle(path, faults)
    manifest, document = (_parse(files.get(name)) for name in (MANIFEST, DATA))
    if manifest:
        report_errors(manifest, Draft7Validator(_MANIFEST_SCHEMA))
    schema = _read_schema()
    # Each reference in it takes longer than what it refers to.
    schema = _resolve(schema, {**input_schema["definitions"], **schema["definitions"]})
    if document and not report_errors(document, Draft7Validator(schema)):
        _check_references(document.take(ROOT, document.value[ROOT]))
    if faults or document is None:
        raise FaultsError(faults)
    data = document.value[ROOT]
    identities = Identities(
        subjects=data["subjects"],
        groups=data["groups"],
        policies=data["policies"],
        enterprise_projects=data["enterprise_projects"],
        taken_at=data.get("taken_at"),
    )
    subjects = document.take(ROOT, data).take("subjects", identities.subjects)
    for id_, excess in find_excesses(identities, input_schema["limits"]):
        subjects.take(id_, identities.subjects[id_]).report(TOO_MUCH, excess)
    if faults:
        raise FaultsError(faults)
    return identities


def _check_references(data: Node) -> None:
    """Check what a schema cannot, in data that are of its form."""
    for kind in ("subjects", "groups"):
        holders = data.take(kind, data.value[kind])
        for id_, record in holders.value.items():
            holder = holders.take(id_, record)
            _check_ids(holder, "groups", data.value["groups"], "unknown-group")
            for grant in holder.read_list("grants") if "grants" in record else ():
                _check_ids(grant, "policies", data.value["policies"], "unknown-role")
    parameters = data.take("resource_parameters", data.value["resource_parameters"])
    if parameters.value != sorted(data.value["enterprise_projects"]):
        parameters.report("bad-value", "expected the names in enterprise_projects, sorted")
    if "taken_at" in data.value:
        try:
            parse_time(data.value["taken_at"])
        except ValueError as error:
            data.take("taken_at", None).report("bad-value", f"expected a time: {error}")


def _check_ids(node: Node, name: str, known: Collection[str], code: str) -> None:
    listed = node.take(name, node.value.get(name, ()))
    for index, id_ in enumerate(listed.value):
        if id_ not in known:
            message = f"expected one of the {name} in the bundle; found {quote_text(id_)}"
            listed.take(index, id_).report(code, message)


def _parse(file: Node | None) -> Node | None:
    """Parse a file of a bundle; what is wrong with its JSON are faults."""
    return parse_document(file.value, file.file, file.faults) if file else None


@cache
def _read_schema() -> dict[str, Any]:
    text = resources.files(__package__).joinpath(_SCHEMA).read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _resolve(schema: Any, definitions: Mapping[str, Any]) -> Any:  # noqa: ANN401  any JSON
    """Put in the place of each reference what it refers to."""
    match schema:
        case {"$ref": str(path)}:
            found: Any = {"definitions": definitions}
            for key in path.removeprefix("#/").split("/"):
                found = found[key]
            return _resolve(found, definitions)
        case dict():
            return {
                name: _resolve(value, definitions)
                for name, value in schema.items()
                if name != "definitions"
            }
        case list():
            return [_resolve(value, definitions) for value in schema]
        case _:
            return schema
