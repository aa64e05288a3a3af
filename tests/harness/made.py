"""Servers for made-up tables: what the rules do with a table that no document has."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from scopegate.bundle import build_bundle
from scopegate.live.opa import Opa
from scopegate.live.serving import serve_bundle
from scopegate.tables.store import read_table
from tests.harness.client import Client
from tests.harness.confirmation import Confirmer, Tally
from tests.oracle import read_tables


@contextmanager
def confirm_made(
    files: Sequence[Path], *, project: Path, opa: Opa, folder: Path, tally: Tally
) -> Iterator[Confirmer]:
    """Build a bundle of table files in `folder`, serve it, and confirm what the server decides."""
    bundle = folder / "made.tar.gz"
    revision = build_made_bundle(files, rego=project / "rego", output=bundle, opa=opa)
    with (
        serve_bundle(opa, bundle, revision=revision, log=folder / "opa.log") as url,
        Client(url) as client,
    ):
        yield Confirmer(client, read_tables(files), revision, tally)


def write_data_bundle(folder: Path, data: Mapping[str, object]) -> Path:
    """Write data, by its roots, as a bundle that is a folder; the folder, which is made."""
    folder.mkdir()
    (folder / ".manifest").write_text(json.dumps({"roots": list(data)}))
    (folder / "data.json").write_text(json.dumps(data))
    return folder


def build_made_bundle(files: Sequence[Path], *, rego: Path, output: Path, opa: Opa) -> str:
    """Build a bundle from table files and the rules by hand in `rego`; its revision."""
    tables = [read_table(file) for file in files]
    return build_bundle(tables, rego=rego, output=output, opa=opa).revision
