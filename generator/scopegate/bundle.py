"""Tables and hand-written rules into a bundle that OPA loads."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scopegate.errors import ScopegateError
from scopegate.files import replace_file
from scopegate.inventory import take_inventory
from scopegate.render.modules import render_routes, render_schema
from scopegate.render.provenance import format_provenance, trace_routes
from scopegate.routes.build import build_routes
from scopegate.routes.overlaps import build_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scopegate.opa import Opa
    from scopegate.routes.model import Conflict
    from scopegate.tables.model import Table

ROOT: Final = "scopegate"
"""The bundle owns all data below it."""

GENERATED_FOLDERS: Final = ("scopegate/routes", "scopegate/schemas")
"""Below `rego/`: wholly generated, so that nothing by hand is ever overwritten."""

DEFAULT_KEY_ID: Final = "default"
"""What OPA, too, calls a key that was given no name."""

_SCHEMAS: Final = {"config": "schemas/config.json", "question": "schemas/input.json"}
"""The forms that the rules check, below `rego/`, by the names of the rules that they become."""

_SUFFIX: Final = ".tar.gz"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a bundle holds.

    `files` maps a path in the bundle to its bytes, `generated` a path below `rego/` to the text of
    a generated file. `revision` is the SHA-256 of all files, in hexadecimal; the two places that
    name it are left out of it. `inventory` are the counts, and `conflicts` what they summarise.
    """

    files: Mapping[str, bytes]
    generated: Mapping[str, str]
    revision: str
    inventory: Mapping[str, Any]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Signing:
    """What a bundle is signed with, and what the signature says besides.

    `key` is a PEM file with an RSA private key. `key_id` tells an OPA that has several keys which
    one it was; an OPA that verifies with a `scope` takes only what was signed with the same one.
    """

    key: Path
    key_id: str = DEFAULT_KEY_ID
    scope: str = ""


def compose_bundle(tables: Sequence[Table], *, rego: Path) -> Contents:
    """Compose the files of a bundle of `tables` and the hand-written rules below `rego`.

    Raises ScopegateError where the tables' templates cross in too many ways, and OSError where
    the rules cannot be read.
    """
    routes, row_conflicts = build_routes(tables)
    rules, crossing_conflicts = build_rules(routes)
    conflicts = row_conflicts + crossing_conflicts
    inventory = take_inventory(tables, routes, rules, conflicts)
    provenance = trace_routes(tables, routes)
    rendered = {
        **{f"routes/{name}": text for name, text in render_routes(rules).items()},
        **{
            f"schemas/{name}.rego": render_schema(
                (rego / path).read_text(encoding="utf-8"), f"rego/{path}", name
            )
            for name, path in _SCHEMAS.items()
        },
    }
    generated = {
        **{f"{ROOT}/{name}": text for name, text in rendered.items()},
        f"{ROOT}/routes/provenance.json": format_provenance(provenance),
    }
    modules = _read_rules(rego) | {
        f"{ROOT}/{name}": text.encode() for name, text in rendered.items()
    }
    services = sorted({table.service for table in tables})

    def add_data(revision: str) -> dict[str, bytes]:
        about = {"revision": revision, "services": services, **provenance}
        manifest = {
            "revision": revision,
            "roots": [ROOT],
            "rego_version": 1,
            "metadata": inventory,
        }
        return modules | {
            "data.json": _encode({ROOT: {"bundle": about}}),
            ".manifest": _encode(manifest),
        }

    revision = _hash_files(add_data(""))
    return Contents(add_data(revision), generated, revision, inventory, conflicts)


def build_bundle(tables: Sequence[Table], *, rego: Path, output: Path, opa: Opa) -> Contents:
    """Build the bundle of `tables` and the hand-written rules below `rego` into `output`.

    The same tables, in any order, and rules make the same bytes. Raises what `compose_bundle` and
    `pack_bundle` do, and OSError where `output` cannot be written; it then stays as it was.
    """
    contents = compose_bundle(tables, rego=rego)
    replace_file(output, pack_bundle(contents, opa=opa))
    return contents


def pack_bundle(contents: Contents, *, opa: Opa) -> bytes:
    """Let OPA compile the contents and pack them into a bundle.

    Raises ScopegateError where OPA refuses the rules.
    """
    return _pack(contents, [], opa=opa)


def sign_bundle(contents: Contents, signing: Signing, *, opa: Opa) -> bytes:
    """Let OPA pack contents, which `pack_bundle` packs, and sign them.

    The same contents and key make the same bytes: RS256 leaves nothing to chance. Raises
    ScopegateError where the key can't sign.
    """
    claims = {"keyid": signing.key_id} | ({"scope": signing.scope} if signing.scope else {})
    with tempfile.NamedTemporaryFile(prefix="scopegate-", suffix=".json") as file:
        file.write(_encode(claims))
        file.flush()
        args = ["--signing-alg", "RS256", "--signing-key", str(signing.key.absolute())]
        try:
            return _pack(contents, [*args, "--claims-file", file.name], opa=opa)
        except ScopegateError as error:
            raise ScopegateError(
                f"{signing.key} can't sign the bundle: expected a PEM file with an RSA private key"
                f" and no passphrase.\n{error}"
            ) from None


def locate_signed(bundle: Path) -> Path:
    """Return where the signed variant of a bundle is: `x.signed.tar.gz` beside `x.tar.gz`."""
    return bundle.with_name(f"{bundle.name.removesuffix(_SUFFIX)}.signed{_SUFFIX}")


def _pack(contents: Contents, args: Sequence[str], *, opa: Opa) -> bytes:
    with tempfile.TemporaryDirectory(prefix="scopegate-") as folder:
        stage = Path(folder, "stage")
        for name, data in contents.files.items():
            path = stage / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        packed = Path(folder, "bundle.tar.gz")
        # From inside the stage, so that the paths in the archive do not depend on the machine.
        output = ["--revision", contents.revision, "--output", str(packed)]
        opa.run(["build", "--bundle", ".", *output, *args], cwd=stage)
        return packed.read_bytes()


def _read_rules(rego: Path) -> dict[str, bytes]:
    """Read the rules by hand, by their paths below `rego`; their tests are in no bundle."""
    generated = tuple(rego / folder for folder in GENERATED_FOLDERS)
    return {
        path.relative_to(rego).as_posix(): path.read_bytes()
        for path in (rego / ROOT).glob("**/*.rego")
        if not path.name.endswith("_test.rego") and not any(map(path.is_relative_to, generated))
    }


def _hash_files(files: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for name, data in sorted(files.items()):
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


def _encode(value: Any) -> bytes:  # noqa: ANN401  any JSON
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
