"""The fixtures, options and summary of the harness; what they start is in `tests/harness/`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scopegate.errors import ScopegateError
from scopegate.live.asking import read_token
from scopegate.live.opa import Opa, find_opa
from scopegate.live.serving import check_server, serve_bundle
from scopegate.packing import pack_bundle, read_revision
from scopegate.project import Project, compose_project, find_project
from tests.harness.client import Client
from tests.harness.confirmation import Confirmer, Tally
from tests.oracle import Documented, read_tables

TALLY = pytest.StashKey[list[Tally]]()
"""One for this process, and under pytest-xdist one from each worker."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--opa-url",
        metavar="URL",
        help="confirm the decisions of a running OPA that has the bundle of this build",
    )
    parser.addoption(
        "--token-file", metavar="FILE", type=Path, help="the token for an OPA that asks for one"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TALLY] = [Tally()]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Give up before any test, and any worker, where the server cannot be confirmed."""
    config = session.config
    url = config.getoption("--opa-url")
    if url is None or hasattr(config, "workerinput"):
        return
    try:
        check_server(url, read_revision(find_bundle()), token=find_token(config))
    except (ScopegateError, OSError) as error:
        raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Under pytest-xdist the workers count, and hand it over when they are done."""
    counted = getattr(node, "workeroutput", {}).get("confirmed")
    if counted:
        node.config.stash[TALLY].append(Tally(*counted))  # type: ignore[attr-defined]


def pytest_sessionfinish(session: pytest.Session) -> None:
    tally = session.config.stash[TALLY][0]
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["confirmed"] = [tally.decisions, tally.seconds]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    decisions = sum(tally.decisions for tally in config.stash[TALLY])
    if decisions:
        seconds = max(tally.seconds for tally in config.stash[TALLY])
        terminalreporter.write_line(
            f"{decisions:,} decisions of a live OPA confirmed by the oracle in {seconds:.0f} s"
        )


def find_bundle() -> Path:
    """The bundle as it was built last."""
    return find_project(Path(__file__)).bundle


def find_token(config: pytest.Config) -> str | None:
    """The token of `--token-file`."""
    file: Path | None = config.getoption("--token-file")
    return read_token(file) if file else None


@pytest.fixture(scope="session")
def tally(pytestconfig: pytest.Config) -> Tally:
    """Counts the decisions that this process confirms."""
    return pytestconfig.stash[TALLY][0]


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of this project."""
    return Path(__file__).parent.parent


@pytest.fixture(scope="session")
def opa(project: Path) -> Opa:
    """The OPA that the project uses."""
    return find_opa(project)


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The bundle as it was built last."""
    built = find_bundle()
    if not built.exists():
        pytest.fail("there is no bundle to test: run `make bundle`", pytrace=False)
    return built


@pytest.fixture(scope="session")
def tables(project: Path) -> tuple[Documented, ...]:
    """What the tables of the default profile document, as the oracle reads them."""
    return read_tables(sorted((project / "tables/huaweicloud").glob("*/*.yaml")))


@pytest.fixture(scope="session")
def revision(bundle: Path) -> str:
    """The revision of the bundle."""
    return read_revision(bundle)


@pytest.fixture(scope="session")
def opa_url(
    opa: Opa, bundle: Path, revision: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of a server of our own that decides by the bundle, however it is asked."""
    log = tmp_path_factory.mktemp("opa") / "opa.log"
    with serve_bundle(opa, bundle, revision=revision, log=log) as url:
        yield url


@pytest.fixture(scope="session")
def everything_bundle(project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the tables of all providers, as it would be built now."""
    bundle = tmp_path_factory.mktemp("everything") / "all.tar.gz"
    bundle.write_bytes(pack_bundle(compose_project(Project(project), "all").package, opa=opa))
    return bundle


@pytest.fixture(scope="session")
def everything_url(
    everything_bundle: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of a server with that bundle."""
    log = tmp_path_factory.mktemp("opa-of-everything") / "opa.log"
    revision = read_revision(everything_bundle)
    with serve_bundle(opa, everything_bundle, revision=revision, log=log) as url:
        yield url


@pytest.fixture(scope="session")
def everything(everything_url: str) -> Iterator[Client]:
    """Asks that server."""
    with Client(everything_url) as client:
        yield client


@pytest.fixture(scope="session")
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    """Asks the server that has the bundle for decisions: the one of `--opa-url`, else our own."""
    given: str | None = request.config.getoption("--opa-url")
    url = given or request.getfixturevalue("opa_url")
    with Client(url, token=find_token(request.config) if given else None) as client:
        yield client


@pytest.fixture(scope="session")
def confirm(
    client: Client, tables: tuple[Documented, ...], revision: str, tally: Tally
) -> Confirmer:
    """Confirms decisions of the server that has the bundle: `confirm(inputs)`."""
    return Confirmer(client, tables, revision, tally)
