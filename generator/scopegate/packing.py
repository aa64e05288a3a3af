"""Files and a revision into a bundle, signed or not, and out of one again."""

from __future__ import annotations

import json
import tarfile
import tempfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scopegate.errors import ScopegateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from scopegate.live.opa import Opa

DEFAULT_KEY_ID: Final = "default"
"""What OPA, too, calls a key that was given no name."""

MANIFEST: Final = ".manifest"
"""The path, in a bundle, of the file that says its revision and what it owns."""

DATA: Final = "data.json"
"""The path, in a bundle, of its data."""

_SUFFIX: Final = ".tar.gz"


@dataclass(frozen=True, slots=True)
class Package:
    """What OPA packs: `files` maps a path in the bundle to its bytes, its manifest among them."""

    files: Mapping[str, bytes]
    revision: str


@dataclass(frozen=True, slots=True)
class Signing:
    """What a bundle is signed with, and what the signature says besides.

    `key` is a PEM file with an RSA private key. `key_id` tells an OPA that has several keys which
    one it was; an OPA that verifies with a `scope` takes only what was signed with the same one.
    """

    key: Path
    key_id: str = DEFAULT_KEY_ID
    scope: str = ""


def pack_variants(
    package: Package, *, output: Path, opa: Opa, signing: Signing | None = None
) -> dict[Path, bytes]:
    """Pack the bundle for `output` and, with `signing`, the signed variant beside it.

    Returns the bytes by where they belong, and writes nothing there. Raises what `pack_bundle` and
    `sign_bundle` do.
    """
    packed = {output: pack_bundle(package, opa=opa)}
    if signing:
        packed[locate_signed(output)] = sign_bundle(package, signing, opa=opa)
    return packed


def pack_bundle(package: Package, *, opa: Opa) -> bytes:
    """Let OPA compile the files and pack them into a bundle.

    Raises ScopegateError where OPA refuses the rules.
    """
    return _pack(package, [], opa=opa)


def sign_bundle(package: Package, signing: Signing, *, opa: Opa) -> bytes:
    """Let OPA pack files, which `pack_bundle` packs, and sign them.

    The same files and key make the same bytes: RS256 leaves nothing to chance. Raises
    ScopegateError where the key can't sign.
    """
    claims = {"keyid": signing.key_id} | ({"scope": signing.scope} if signing.scope else {})
    with tempfile.NamedTemporaryFile(prefix="scopegate-", suffix=".json") as file:
        file.write(encode_json(claims))
        file.flush()
        args = ["--signing-alg", "RS256", "--signing-key", str(signing.key.absolute())]
        try:
            return _pack(package, [*args, "--claims-file", file.name], opa=opa)
        except ScopegateError as error:
            raise ScopegateError(
                f"{signing.key} can't sign the bundle: expected a PEM file with an RSA private key"
                f" and no passphrase.\n{error}"
            ) from None


def locate_signed(bundle: Path) -> Path:
    """Return where the signed variant of a bundle is: `x.signed.tar.gz` beside `x.tar.gz`."""
    return bundle.with_name(f"{bundle.name.removesuffix(_SUFFIX)}.signed{_SUFFIX}")


def encode_json(value: Any) -> bytes:  # noqa: ANN401  any JSON
    """Encode a value in the one form that JSON in bundles has: the same value, the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_member(bundle: Path, name: str, size: int = -1) -> bytes | None:
    """Read the file `name` of a bundle, `size` bytes of it at most; None where it has no such file.

    Raises ScopegateError where `bundle` is no bundle, and OSError where it cannot be read.
    """
    with _open_archive(bundle) as archive:
        for member in archive:
            if _name_member(member) == name and (file := archive.extractfile(member)):
                return file.read(size)
    return None


def unpack_files(bundle: Path, folder: Path, is_wanted: Callable[[str], bool]) -> None:
    """Unpack the files of a bundle that are wanted, by their names in it, into a folder.

    Raises what `read_member` does.
    """
    with _open_archive(bundle) as archive:
        wanted = [each for each in archive if each.isfile() and is_wanted(_name_member(each))]
        archive.extractall(folder, wanted, filter="data")


def read_revision(bundle: Path) -> str:
    """Read the revision in a bundle's manifest.

    Raises ScopegateError where the file is no bundle, and OSError where it cannot be read.
    """
    manifest = read_member(bundle, MANIFEST)
    if manifest is None:
        raise ScopegateError(f"{bundle} is no bundle that scopegate built: it has no manifest")
    try:
        return str(json.loads(manifest)["revision"])
    except (ValueError, KeyError) as error:
        raise ScopegateError(f"{bundle} is no bundle: {error}") from None


@contextmanager
def _open_archive(bundle: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(bundle, "r:gz") as archive:
            yield archive
    except (tarfile.TarError, zlib.error, EOFError, ValueError, KeyError) as error:
        raise ScopegateError(f"{bundle} is no bundle: {error}") from None


def _name_member(member: tarfile.TarInfo) -> str:
    # OPA begins the paths in its archives with a slash, other programs don't.
    return member.name.lstrip("/")


def _pack(package: Package, args: Sequence[str], *, opa: Opa) -> bytes:
    with tempfile.TemporaryDirectory(prefix="scopegate-") as folder:
        stage = Path(folder, "stage")
        for name, data in package.files.items():
            path = stage / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        packed = Path(folder, "bundle.tar.gz")
        # From inside the stage, so that the paths in the archive do not depend on the machine.
        output = ["--revision", package.revision, "--output", str(packed)]
        opa.run(["build", "--bundle", ".", *output, *args], cwd=stage)
        return packed.read_bytes()
