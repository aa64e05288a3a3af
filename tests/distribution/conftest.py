"""Keys, and two bundles that decide differently."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from scopegate.bundle import compose_bundle
from scopegate.live.opa import Opa
from scopegate.packing import Package, Signing, pack_bundle, sign_bundle
from scopegate.tables.model import Row
from scopegate.tables.store import write_table
from tests.distribution.keys import Key, make_key
from tests.oracle import Documented, read_tables
from tests.routes.made import NO, make_row, make_table

ROUTES = ("GET /v2/{project_id}/a", "POST /v2/{project_id}/a", "GET /v2/{project_id}/a/{x}")


@dataclass(frozen=True)
class Edition:
    """One of the bundles: what it is made of, packed, and what the oracle knows of its tables."""

    package: Package
    packed: bytes
    tables: tuple[Documented, ...]

    @property
    def revision(self) -> str:
        return self.package.revision

    def sign(self, opa: Opa, key: Key, key_id: str = "2026-11", scope: str = "production") -> bytes:
        """The bundle as a key signed it; by default as examples/bundles/signed.yaml wants it."""
        return sign_bundle(self.package, Signing(key.private, key_id, scope), opa=opa)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Key]:
    """Two keys that OPA is to know, and one that it is not."""
    folder = tmp_path_factory.mktemp("keys")
    keys = {name: make_key(folder / f"{name}.pem") for name in ("2026-11", "2027-05", "other")}
    for name, key in keys.items():
        (folder / f"{name}.pem.pub").write_text(key.public)
    return keys


@pytest.fixture(scope="session")
def known_keys(keys: dict[str, Key]) -> list[str]:
    """The arguments of OPA that examples/bundles/signed.yaml asks for."""
    return [
        argument
        for name in ("2026-11", "2027-05")
        for argument in ("--set-file", f"keys.{name}.key={keys[name].private}.pub")
    ]


@pytest.fixture(scope="session")
def editions(
    project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Edition, Edition]:
    """An older and a newer edition of a page: other actions, and a scope that no longer counts."""
    folder = tmp_path_factory.mktemp("editions")
    older = [make_row(route, actions="evs:a:get") for route in ROUTES]
    newer = [make_row(route, actions="evs:a:list evs:b:get", enterprise=NO) for route in ROUTES]
    made = [
        make_edition(folder / name, rows, project=project, opa=opa)
        for name, rows in (("older", older), ("newer", newer))
    ]
    return made[0], made[1]


def make_edition(folder: Path, rows: list[Row], *, project: Path, opa: Opa) -> Edition:
    table = make_table(*rows)
    file = folder / table.provider / f"{table.table}.yaml"
    write_table(table, file)
    package = compose_bundle([table], rego=project / "rego").package
    return Edition(package, pack_bundle(package, opa=opa), read_tables([file]))
