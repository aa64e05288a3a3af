"""Identities as a bundle that OPA loads beside that of the rules."""

from __future__ import annotations

import hashlib
import json
import tarfile
import zlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

from scopegate.bundle import Contents, locate_signed, pack_bundle, sign_bundle
from scopegate.errors import ScopegateError, quote_text
from scopegate.files import replace_file
from scopegate.identity.documents import parse_document
from scopegate.identity.model import Identities
from scopegate.identity.nodes import spell_path
from scopegate.identity.times import parse_time
from scopegate.location import show_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scopegate.bundle import Signing
    from scopegate.opa import Opa

ROOT: Final = "scopegate_identity"
"""The bundle owns all data below it."""

_MOST_BYTES: Final = 256 * 1024 * 1024
"""Of the data in a bundle that is read back: a million subjects have less."""

_SCHEMA: Final = "identity.schema.json"
_INPUT_SCHEMA: Final = "schemas/input.json"
_GZIP: Final = b"\x1f\x8b"


def read_definitions(rego: Path) -> Mapping[str, Any]:
    """Read the definitions of the schema of an input, below the folder of the rules."""
    schema: dict[str, Any] = json.loads((rego / _INPUT_SCHEMA).read_bytes())
    definitions: dict[str, Any] = schema["definitions"]
    return definitions


def build_identity_bundle(
    identities: Identities, *, output: Path, opa: Opa, signing: Signing | None = None
) -> str:
    """Build the bundle of identities into `output`, and return its revision.

    The same identities make the same bytes. With `signing` a signed variant goes beside it. Raises
    ScopegateError where OPA refuses the data or the key, and OSError where `output` cannot be
    written; it then stays as it was.
    """
    contents = compose_identities(identities)
    packed = {output: pack_bundle(contents, opa=opa)}
    if signing:
        packed[locate_signed(output)] = sign_bundle(contents, signing, opa=opa)
    for path, data in packed.items():
        replace_file(path, data)
    return contents.revision


def compose_identities(identities: Identities) -> Contents:
    """Compose the files of a bundle of identities; the revision is the SHA-256 of the data."""
    data = _encode({ROOT: identities.to_json()})
    revision = hashlib.sha256(data).hexdigest()
    manifest = {"revision": revision, "roots": [ROOT], "rego_version": 1}
    return Contents(
        files={"data.json": data, ".manifest": _encode(manifest)},
        generated={},
        revision=revision,
        inventory={},
        conflicts=(),
    )


def is_bundle(path: Path) -> bool:
    """Tell whether a file is packed as bundles are; raises OSError where it cannot be read."""
    if path.is_dir():
        return False
    with path.open("rb") as file:
        return file.read(len(_GZIP)) == _GZIP


def read_identity_bundle(path: Path, definitions: Mapping[str, Any]) -> Identities:
    """Read the identities in a bundle.

    `definitions` are those of the schema of an input. Raises ScopegateError where the file is no
    identity bundle, and OSError where it cannot be read.
    """
    name = show_path(path)
    document = parse_document(_unpack(path), name)
    schema = _read_schema()
    # Each reference in it takes longer than what it refers to.
    schema = _resolve(schema, {**definitions, **schema["definitions"]})
    error = best_match(Draft7Validator(schema).iter_errors(document))
    if error is not None:
        place = spell_path(error.absolute_path)
        raise ScopegateError(f"{name} is no identity bundle: {place}: {quote_text(error.message)}")
    data = document[ROOT]
    identities = Identities(
        subjects=data["subjects"],
        groups=data["groups"],
        policies=data["policies"],
        enterprise_projects=data["enterprise_projects"],
        taken_at=data.get("taken_at"),
    )
    _check_references(identities, name)
    return identities


def _check_references(identities: Identities, name: str) -> None:
    lost = {
        *(identities.list_granted() - identities.policies.keys()),
        *(
            group
            for subject in identities.subjects.values()
            for group in subject.get("groups", ())
            if group not in identities.groups
        ),
    }
    if lost:
        raise ScopegateError(
            f"{name} lacks a policy or group that a subject has: {quote_text(min(lost))}"
        )
    try:
        parse_time(identities.taken_at or "1970-01-01T00:00:00Z")
    except ValueError as error:
        raise ScopegateError(f"{name} is no identity bundle: taken_at: {error}") from None


def _unpack(path: Path) -> bytes:
    """Read the data of a bundle."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                file = archive.extractfile(member)
                if member.name.lstrip("/") == "data.json" and file:
                    data = file.read(_MOST_BYTES + 1)
                    if len(data) > _MOST_BYTES:
                        raise ScopegateError(f"{path} has more than {_MOST_BYTES} bytes of data")
                    return data
    except (tarfile.TarError, zlib.error, EOFError) as error:
        raise ScopegateError(f"{path} is no bundle: {error}") from None
    raise ScopegateError(f"{path} is no identity bundle: it has no data")


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


def _encode(value: Any) -> bytes:  # noqa: ANN401  any JSON
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
