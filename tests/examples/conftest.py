"""The sidecar that the tests of examples/opa/ share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scopegate.live.opa import Opa
from scopegate.project import Project, read_project_tables
from tests.examples.bundle_service import serve_files
from tests.examples.sidecar import Sidecar, run_sidecar, wait_for_revision
from tests.examples.signing import RULES, Signer, compose_rules, make_signer


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """Signs rules."""
    return make_signer(tmp_path_factory.mktemp("keys"), "rules")


@pytest.fixture(scope="session")
def signed(
    rules: Signer, project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The signed bundle of the project, alone in its folder."""
    output = tmp_path_factory.mktemp("signed") / RULES
    rules.sign(compose_rules(read_project_tables(Project(project)), project), output, opa)
    return output


@pytest.fixture(scope="module")
def sidecar(
    opa: Opa, signed: Path, rules: Signer, revision: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sidecar]:
    """A sidecar that is ready, for tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("sidecar")
    with (
        serve_files(signed.parent) as (bundles, _),
        run_sidecar(opa, bundles, folder, rules) as sidecar,
    ):
        wait_for_revision(sidecar, revision)
        yield sidecar
