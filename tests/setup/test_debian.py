"""How nginx and Chromium are brought: the machine's, or Debian's package unpacked."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from scopegate.live.opa import Version
from tests.setup.programs import write_program
from tools.programs.bringing import bring
from tools.programs.catalog import CHROMIUM, NGINX
from tools.programs.debian import DebianPackage, Installed
from tools.programs.order import Order, Tool, UnavailableError

INSTALLED = Installed(("nginx",))
PACKAGE = DebianPackage("nginx", "usr/sbin/nginx", "about ten seconds")
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
*/libpcre_2.deb)
    mkdir -p "$3/usr/lib/any/own"
    touch "$3/usr/lib/any/libpcre.so.2" "$3/usr/lib/any/own/libpcrecommon-2.1.so" ;;
esac
"""
"""A dpkg-deb that unpacks them."""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the first of the PATH, on a machine without nginx."""
    folder = tmp_path / "machine"
    folder.mkdir()
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


def find_ways(tool: Tool) -> tuple[Installed, DebianPackage]:
    """The machine's own and Debian's, which are all ways of a tool, in this order."""
    installed, package = tool.ways
    assert isinstance(installed, Installed)
    assert isinstance(package, DebianPackage)
    return installed, package


def run(program: Path, *args: str) -> str:
    return subprocess.run([program, *args], capture_output=True, check=True, text=True).stdout


def test_ways_of_nginx_go_from_the_machines_own_to_debians() -> None:
    installed, package = find_ways(NGINX)
    assert installed == Installed(("nginx",), ("/usr/local/sbin", "/usr/sbin"))
    assert package == PACKAGE


def test_ways_of_chromium_go_from_the_machines_own_to_debians() -> None:
    installed, package = find_ways(CHROMIUM)
    assert installed.names[:4] == (
        *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    )
    assert package.package == "chromium"
    assert package.program == "usr/lib/chromium/chromium"


def test_nginx_on_the_path_is_used(machine: Path, tmp_path: Path) -> None:
    own = write_program(machine / "nginx", f"{SAYS_VERSION}; echo $0 of $$: $2")
    brought = bring(replace(NGINX, ways=(INSTALLED,)), tmp_path / "project")
    assert NGINX.ask(brought) == Version(1, 22, 1)
    with subprocess.Popen([brought, "-c", "a b"], stdout=subprocess.PIPE, text=True) as process:
        said, _ = process.communicate()
    assert said.splitlines()[1] == f"{own} of {process.pid}: a b"


def test_nginx_for_root_is_found_beside_the_path(machine: Path, order: Order) -> None:
    write_program(machine / "sbin/nginx", SAYS_VERSION)
    replace(INSTALLED, folders=(str(machine / "sbin"),))(order)
    assert NGINX.ask(order.target) == Version(1, 22, 1)


def test_first_name_that_the_machine_knows_is_taken(machine: Path, order: Order) -> None:
    for name in ("google-chrome-stable", "google-chrome", "chromium-browser"):
        write_program(machine / name, f"echo {name}")
        Installed(("no-such-program", *find_ways(CHROMIUM)[0].names[1:]))(order)
        assert run(order.target) == f"{name}\n"


def test_browser_in_a_folder_of_apps_is_found(machine: Path, order: Order) -> None:
    app = machine / "Google Chrome.app/Contents/MacOS"
    write_program(app / "Google Chrome", "echo Google Chrome 1.2.3.4")
    Installed(("no-such-program", "Google Chrome"), (str(app),))(order)
    assert CHROMIUM.ask(order.target) == Version(1, 2, 3)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("tool", [NGINX, CHROMIUM], ids=lambda tool: tool.name)
def test_no_program_is_said(order: Order, tool: Tool) -> None:
    with pytest.raises(UnavailableError, match=f"^there is no {tool.title} on the PATH$"):
        Installed(("no-such-program",))(replace(order, tool=tool))


def test_installed_one_that_does_not_answer_gives_way_to_debians(
    debian: Path, machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_program(machine / "nginx", "echo please install it; exit 1")
    brought = bring(replace(NGINX, ways=(INSTALLED, PACKAGE)), tmp_path / "project")
    assert NGINX.ask(brought) == Version(1, 22, 1)
    assert debian.exists()
    assert capsys.readouterr().err == (
        "nginx: what came answers nothing when asked for its version\n"
        "nginx: fetching Debian's package, about ten seconds\n"
    )


def test_debians_package_is_unpacked_with_its_libraries(debian: Path, tmp_path: Path) -> None:
    project = tmp_path / "it's a project"
    tool = replace(NGINX, ways=(PACKAGE,))
    brought = bring(tool, project)
    home = project / ".tools/nginx"
    assert (tmp_path / "nginx.log").read_text() == f"{home}/usr/lib/any:{home}/usr/lib/any/own|-v\n"
    assert sorted(path.name for path in (project / ".tools").iterdir()) == ["bin", "nginx"]
    assert bring(tool, project) == brought
    update, install = debian.read_text().splitlines()
    assert update.endswith("/apt.conf --quiet update")
    assert install.endswith("--quiet install --download-only --yes --no-install-recommends nginx")


def test_apt_writes_in_a_folder_of_ours(debian: Path, order: Order) -> None:
    PACKAGE(order)
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
    PACKAGE(order)
    assert not old.exists()
    assert debian.exists()


def test_launcher_names_the_fonts_that_came_too(
    debian: Path, machine: Path, order: Order, tmp_path: Path
) -> None:
    write_program(tmp_path / "nginx", 'echo "$FONTCONFIG_FILE"')
    fonts = 'mkdir -p "$3/etc/fonts" && touch "$3/etc/fonts/fonts.conf"'
    write_program(machine / "dpkg-deb", f"{fonts}\n{DPKG.format(nginx=tmp_path / 'nginx')}")
    order = replace(order, project=tmp_path / "this & that")
    (order.project / ".tools").mkdir(parents=True)
    PACKAGE(order)
    home = order.project / ".tools/nginx"
    assert run(order.target) == f"{home}/fonts.conf\n"
    settings = etree.parse(home / "fonts.conf").getroot()
    assert settings.findtext("dir") == f"{home}/usr/share/fonts"
    assert settings.findtext("include") == f"{home}/etc/fonts/fonts.conf"
    assert debian.exists()


@pytest.mark.usefixtures("debian")
def test_package_without_the_program_is_refused(order: Order) -> None:
    old = order.project / ".tools/nginx"
    old.mkdir()
    with pytest.raises(UnavailableError, match="there is no usr/bin/x in what apt-get downloaded"):
        replace(PACKAGE, program="usr/bin/x")(order)
    assert old.exists()


@pytest.mark.usefixtures("machine")
def test_machine_without_apt_is_told(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnavailableError, match="there is no apt-get with dpkg-deb"):
        PACKAGE(order)


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
        PACKAGE(order)


def test_failing_download_is_said(debian: Path, machine: Path, order: Order) -> None:
    write_program(machine / "apt-get", 'case "$*" in *install*) echo E: gone; exit 100; esac')
    with pytest.raises(UnavailableError, match=r"could not download nginx .*\n      E: gone"):
        PACKAGE(order)
    assert not debian.exists()
