"""How nginx is brought: the machine's, or Debian's package unpacked."""

from pathlib import Path

import pytest

from scopegate.live.opa import Version
from tests.setup.programs import write_program
from tools.programs import nginx
from tools.programs.bringing import bring
from tools.programs.catalog import NGINX
from tools.programs.order import Order, UnavailableError

SAYS_VERSION = "echo nginx version: nginx/1.22.1"
APT = """\
echo "$@" >> {log}
[ "$1" = --config-file ] && cp "$2" {log}.conf
folder=$(dirname "$2")
case "$*" in *install*) touch "$folder/archives/nginx_1.deb" "$folder/archives/libpcre_2.deb"; esac
"""
"""An apt-get that writes down what it is asked, and downloads two packages."""
DPKG = """\
case "$2" in
*/nginx_1.deb) mkdir -p "$3/usr/sbin" && cp {nginx} "$3/usr/sbin/nginx" ;;
*/libpcre_2.deb) mkdir -p "$3/usr/lib/any" && touch "$3/usr/lib/any/libpcre.so.2" ;;
esac
"""
"""A dpkg-deb that unpacks them."""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the first of the PATH, on a machine without nginx."""
    folder = tmp_path / "machine"
    folder.mkdir()
    monkeypatch.setattr(nginx, "_SYSTEM_PROGRAMS", ())
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


@pytest.fixture
def debian(machine: Path, tmp_path: Path) -> Path:
    """The same with Debian's tools; what apt-get is asked is in the file that this names."""
    log = tmp_path / "apt"
    shows = f'{SAYS_VERSION}; echo "$LD_LIBRARY_PATH|$@" >> {tmp_path}/nginx.log'
    program = write_program(tmp_path / "nginx", shows)
    write_program(machine / "apt-get", APT.format(log=log))
    write_program(machine / "dpkg-deb", DPKG.format(nginx=program))
    return log


@pytest.fixture
def order(tmp_path: Path) -> Order:
    folder = tmp_path / "project/.tools/nginx-made-up"
    folder.mkdir(parents=True)
    return Order(NGINX, None, tmp_path / "project", folder / "nginx")


def test_ways_go_from_the_machines_own_to_debians() -> None:
    assert NGINX.ways == (nginx.link_installed, nginx.unpack_debian)


def test_nginx_on_the_path_is_used(machine: Path, tmp_path: Path) -> None:
    own = write_program(machine / "nginx", SAYS_VERSION)
    brought = bring(NGINX, tmp_path / "project")
    assert brought.readlink() == own
    assert NGINX.ask(brought) == Version(1, 22, 1)


def test_nginx_for_root_is_found_beside_the_path(
    machine: Path, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = write_program(machine / "sbin/nginx", SAYS_VERSION)
    monkeypatch.setattr(nginx, "_SYSTEM_PROGRAMS", (str(machine / "sbin"),))
    nginx.link_installed(order)
    assert order.target.readlink() == own


@pytest.mark.usefixtures("machine")
def test_no_nginx_is_said(order: Order) -> None:
    with pytest.raises(UnavailableError, match="there is no nginx on the PATH"):
        nginx.link_installed(order)


def test_debians_package_is_unpacked_with_its_libraries(debian: Path, tmp_path: Path) -> None:
    project = tmp_path / "it's a project"
    brought = bring(NGINX, project)
    home = project / ".tools/nginx"
    assert (tmp_path / "nginx.log").read_text() == f"{home}/usr/lib/any|-v\n"
    assert sorted(path.name for path in (project / ".tools").iterdir()) == ["bin", "nginx"]
    assert bring(NGINX, project) == brought
    update, install = debian.read_text().splitlines()
    assert update.endswith("/apt.conf --quiet update")
    assert install.endswith("--quiet install --download-only --yes --no-install-recommends nginx")


def test_apt_writes_in_a_folder_of_ours(debian: Path, order: Order) -> None:
    nginx.unpack_debian(order)
    folder = order.target.parent / "apt"
    settings = Path(f"{debian}.conf").read_text().splitlines()
    assert {
        f'Dir::State::lists "{folder}/lists";',
        f'Dir::Cache "{folder}";',
        f'Dir::Cache::archives "{folder}/archives";',
        "#clear APT::Update::Post-Invoke;",
    } <= set(settings)
    assert (folder / "lists/partial").is_dir()


def test_what_an_earlier_run_unpacked_is_replaced(debian: Path, order: Order) -> None:
    old = order.project / ".tools/nginx/usr/lib/old/libold.so.1"
    old.parent.mkdir(parents=True)
    old.touch()
    nginx.unpack_debian(order)
    assert not old.exists()
    assert debian.exists()


@pytest.mark.usefixtures("machine")
def test_machine_without_apt_is_told(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnavailableError, match="there is no apt-get with dpkg-deb"):
        nginx.unpack_debian(order)


@pytest.mark.parametrize(
    ("program", "script", "message"),
    [
        ("apt-get", "echo E: no signature; exit 100", r"read what packages .*\n      E: no sig"),
        ("dpkg-deb", "exit 2", r"libpcre_2\.deb could not be unpacked \(code 2\)"),
    ],
)
@pytest.mark.usefixtures("debian")
def test_failing_step_is_said(
    machine: Path, order: Order, program: str, script: str, message: str
) -> None:
    write_program(machine / program, script)
    with pytest.raises(UnavailableError, match=message):
        nginx.unpack_debian(order)


def test_failing_download_is_said(debian: Path, machine: Path, order: Order) -> None:
    write_program(machine / "apt-get", 'case "$*" in *install*) echo E: gone; exit 100; esac')
    with pytest.raises(UnavailableError, match=r"could not download nginx .*\n      E: gone"):
        nginx.unpack_debian(order)
    assert not debian.exists()
