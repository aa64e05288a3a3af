"""The keys of the examples: one for rules and one for identities, each for a scope of its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scopegate.bundle import compose_bundle
from scopegate.files import replace_file
from scopegate.live.opa import Opa
from scopegate.packing import Package, Signing, sign_bundle
from scopegate.tables.model import Table
from tests.distribution.keys import Key, make_key

RULES = "huaweicloud.signed.tar.gz"
IDENTITY = "identity.signed.tar.gz"


@dataclass(frozen=True)
class Signer:
    """A key, by the name that the examples have for it; `public` is the file that verifies."""

    name: str
    key: Key
    public: Path

    def sign(self, package: Package, output: Path, opa: Opa) -> str:
        """Put the signed bundle there; its revision."""
        signing = Signing(self.key.private, self.name, self.name)
        replace_file(output, sign_bundle(package, signing, opa=opa))
        return package.revision


def make_signer(folder: Path, name: str) -> Signer:
    """Make a key, and write both its halves there."""
    key = make_key(folder / f"{name}.pem")
    public = folder / f"{name}.pub.pem"
    public.write_text(key.public)
    return Signer(name, key, public)


def compose_rules(tables: Sequence[Table], project: Path) -> Package:
    """Compose the bundle of tables and the project's rules."""
    return compose_bundle(tables, rego=project / "rego").package
