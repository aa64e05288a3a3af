"""The first steps of examples/README.md: a key, tokens, and an OPA that has the signed bundle."""

from pathlib import Path

from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port
from scopegate.packing import read_revision
from tests.docs.blocks import read_blocks
from tests.docs.typing_commands import change, follow_make, make_checkout, type_commands

PAGE = "examples/README.md"
ASK = "curl --silent --data '{}' -H \"Authorization: Bearer $(cat client.token)\""


def test_the_steps_lead_to_an_opa_that_decides(opa: Opa, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    sign, make_tokens, start, *_ = read_blocks(PAGE)
    port, service = find_free_port(), find_free_port()
    changes = {
        "cd opa": f"python3 -m http.server --bind 127.0.0.1 --directory bundle {service} &\n"
        "cd examples/opa",
        "--config-file hardened.yaml": "--config-file hardened.yaml"
        f" --set persistence_directory=kept --set services.bundles.url=http://127.0.0.1:{service}",
        # The reader has another terminal.
        "tokens.json\ncurl ": "tokens.json &\ncurl --fail --retry 30 --retry-all-errors ",
        "8181": str(port),
    }
    script = change("".join(block.commands for block in (sign, make_tokens, start)), changes)
    script += f"{ASK} http://127.0.0.1:{port}/v1/data/scopegate/decision\n"
    with type_commands(follow_make(script), tmp_path, opa) as printed:
        assert read_revision(tmp_path / "bundle/huaweicloud.signed.tar.gz") in printed
