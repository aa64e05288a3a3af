"""The commands of docs/identity.md print what the page says."""

import re
import shlex
import shutil
from pathlib import Path

from tests.cli.conftest import Command
from tests.identity.made import EXPORTS, PROJECT

BLOCK = re.compile(r"^```console\n\$ scopegate (.*)\n((?:.*\n)*?)```$", re.MULTILINE)
AGE = re.compile(r", (?:[\d,]+ \w+ ago|just now|in the future)$", re.MULTILINE)


def test_the_commands_of_the_page(scopegate: Command) -> None:
    shutil.copytree(EXPORTS, "exports")
    page = Path(PROJECT, "docs/identity.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(page)
    assert len(blocks) == 2
    for command, printed in blocks:
        said = scopegate(*shlex.split(command))
        assert AGE.sub("", said.out) == AGE.sub("", printed)
