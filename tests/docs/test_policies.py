"""The commands of docs/policies.md print what it says, and its lists are those of the code."""

import re
import shutil
from pathlib import Path

from scopegate.live.opa import Opa
from scopegate.live.serving import find_free_port
from scopegate.policies.findings import RULES
from scopegate.policies.opening import Class
from tests.docs.blocks import PROJECT, read_blocks
from tests.docs.typing_commands import change, hide_varying, make_checkout, type_commands

PAGE = "docs/policies.md"
TEXT = (PROJECT / PAGE).read_text(encoding="utf-8")


def test_the_commands_of_the_page(opa: Opa, bundle: Path, tmp_path: Path) -> None:
    make_checkout(tmp_path, opa)
    shutil.copy(bundle, tmp_path / "bundle")
    consoles = read_blocks(PAGE)
    assert len(consoles) == 5
    script = "".join(console.commands for console in consoles)
    script = change(script, {"8181": str(find_free_port())})
    with type_commands(script, tmp_path, opa) as printed:
        pass
    told = hide_varying("".join(each.printed for each in consoles))
    assert sorted(hide_varying(printed).splitlines()) == sorted(told.splitlines())


def test_the_codes_and_classes_are_those_of_the_code() -> None:
    codes = re.findall(r"^\| `([\w.-]+)` \| (\w+) \|", TEXT, re.MULTILINE)
    assert codes == [(rule.code, rule.severity) for rule in RULES.values()]
    classes = re.findall(r"^\| (\w[\w ]+) \| [^|]+ \|$", TEXT, re.MULTILINE)
    assert [each for each in classes if each not in {"class", "code"}] == [*Class]
