"""The sidecar that the tests of examples/opa/ share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scopegate.opa import Opa
from tests.examples.bundle_service import serve_files
from tests.examples.sidecar import Sidecar, run_sidecar, wait_for_revision


@pytest.fixture(scope="module")
def sidecar(
    opa: Opa, bundle: Path, revision: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sidecar]:
    """A sidecar that is ready, for tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("sidecar")
    with serve_files(bundle.parent) as (bundles, _), run_sidecar(opa, bundles, folder) as sidecar:
        wait_for_revision(sidecar, revision)
        yield sidecar
