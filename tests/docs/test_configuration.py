"""The commands of docs/configuration.md, with the files that it shows."""

import re
import shutil
from pathlib import Path

from scopegate.identity.bundle import build_identity_bundle
from scopegate.identity.model import Identities
from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port
from tests.docs.blocks import PROJECT, read_blocks
from tests.docs.typing_commands import WAIT, change, hide_varying, make_checkout, type_commands

PAGE = "docs/configuration.md"
START, GOOD, FAULTY, CHECK = read_blocks(PAGE)


def test_an_opa_has_the_configuration_of_the_page(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    shutil.copy(bundle, tmp_path)
    build_identity_bundle(Identities({}, {}, {}, {}), output=tmp_path / "identity.tar.gz", opa=opa)
    folder = tmp_path / "configuration"
    folder.mkdir()
    (folder / "data.json").write_text(GOOD.text)
    (manifest,) = re.findall(r"`\.manifest` with `(.*?)`", (PROJECT / PAGE).read_text("utf-8"))
    (folder / ".manifest").write_text(manifest)
    address = f"127.0.0.1:{find_free_port()}"
    start = {"configuration/": f"configuration/ --addr {address} --log-level error &"}
    script = f"""{change(START.commands, start)}{WAIT.format(address=address)}
scopegate decide GET /healthz --iam-project p1 --subject nobody --opa-url http://{address}
scopegate config check configuration/data.json
"""
    with type_commands(script, tmp_path, opa) as printed:
        assert "\noperator_route: " in printed
        assert printed.endswith("✓ configuration/data.json is in order\n")


def test_a_faulty_file_is_told_as_on_the_page(opa: Opa, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    (tmp_path / "data.json").write_text(FAULTY.text)
    script = f"{CHECK.commands.rstrip()} || test $? -eq 1"
    with type_commands(script, tmp_path, opa) as printed:
        assert hide_varying(printed) == CHECK.printed
