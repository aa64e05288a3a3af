"""Files into a bundle, signed or not; and what is in a bundle."""

import io
import tarfile
from pathlib import Path

import pytest

from scopegate.errors import ScopegateError
from scopegate.live.opa import Opa
from scopegate.packing import (
    Package,
    Signing,
    locate_signed,
    pack_bundle,
    pack_variants,
    read_member,
    read_revision,
    sign_bundle,
)
from scopegate.project import Project, compose_project
from tests.bundle.conftest import read_files
from tests.distribution.keys import Key, make_key, write_elliptic_key

PACKAGE = Package({"data.json": b'{"a":1}', ".manifest": b'{"revision":"r1","roots":["a"]}'}, "r1")


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return make_key(tmp_path_factory.mktemp("key") / "key.pem")


def unpack(packed: bytes, folder: Path) -> dict[str, bytes]:
    (folder / "packed.tar.gz").write_bytes(packed)
    return read_files(folder / "packed.tar.gz")


def test_a_signed_bundle_has_a_signature_more(
    made: Project, opa: Opa, key: Key, tmp_path: Path
) -> None:
    package = compose_project(made).package

    signed = unpack(sign_bundle(package, Signing(key.private), opa=opa), tmp_path)

    assert signed.pop("/.signatures.json")
    assert signed == unpack(pack_bundle(package, opa=opa), tmp_path)


def test_signing_again_makes_the_same_bytes(
    made: Project, opa: Opa, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = compose_project(made).package
    first = sign_bundle(package, Signing(key.private, "k", "s"), opa=opa)

    # From elsewhere, with the key in another place.
    moved = tmp_path / "moved.pem"
    moved.write_bytes(key.private.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert sign_bundle(package, Signing(Path("moved.pem"), "k", "s"), opa=opa) == first

    assert sign_bundle(package, Signing(key.private, "k"), opa=opa) != first
    assert sign_bundle(package, Signing(key.private, "other", "s"), opa=opa) != first


@pytest.mark.parametrize("bad", ["another kind", "public", "missing", "folder"])
def test_a_key_that_cannot_sign_is_named(
    bad: str, made: Project, opa: Opa, key: Key, tmp_path: Path
) -> None:
    path = tmp_path / "bad.pem"
    match bad:
        case "another kind":
            write_elliptic_key(path)
        case "public":
            path.write_text(key.public, encoding="utf-8")
        case "folder":
            path.mkdir()
        case _:
            pass

    with pytest.raises(ScopegateError, match=r"bad\.pem can't sign the bundle: .* RSA private key"):
        sign_bundle(compose_project(made).package, Signing(path), opa=opa)


@pytest.mark.parametrize(
    ("name", "signed"),
    [
        ("x.tar.gz", "x.signed.tar.gz"),
        ("x.y.tar.gz", "x.y.signed.tar.gz"),
        ("x", "x.signed.tar.gz"),
    ],
)
def test_the_signed_variant_has_a_name_of_its_own(name: str, signed: str) -> None:
    assert locate_signed(Path("bundle", name)) == Path("bundle", signed)


def test_the_variants_are_told_by_where_they_belong(opa: Opa, key: Key, tmp_path: Path) -> None:
    output, signing = tmp_path / "x.tar.gz", Signing(key.private)

    packed = {output: pack_bundle(PACKAGE, opa=opa)}
    assert pack_variants(PACKAGE, output=output, opa=opa) == packed
    packed[tmp_path / "x.signed.tar.gz"] = sign_bundle(PACKAGE, signing, opa=opa)
    assert pack_variants(PACKAGE, output=output, opa=opa, signing=signing) == packed
    assert not list(tmp_path.iterdir())


def test_what_is_in_a_bundle_is_read(opa: Opa, tmp_path: Path) -> None:
    path = tmp_path / "x.tar.gz"
    path.write_bytes(pack_bundle(PACKAGE, opa=opa))

    assert read_revision(path) == "r1"
    assert read_member(path, "data.json") == b'{"a":1}\n'
    assert read_member(path, "data.json", 3) == b'{"a'
    assert read_member(path, "other.json") is None


@pytest.mark.parametrize("data", [b"", b"no bundle", b"\x1f\x8b\x08\x00"])
def test_what_is_no_bundle_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.tar.gz"
    path.write_bytes(data)
    with pytest.raises(ScopegateError, match=r"x\.tar\.gz is no bundle"):
        read_revision(path)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("data.json", b"{}", "is no bundle that scopegate built: it has no manifest"),
        (".manifest", b"{}", "is no bundle: 'revision'"),
        (".manifest", b"{", "is no bundle: Expecting property name"),
    ],
)
def test_what_has_no_revision_is_named(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    path = tmp_path / "x.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    with pytest.raises(ScopegateError, match=message):
        read_revision(path)
