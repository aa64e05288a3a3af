"""The fenced blocks of a page, and its commands."""

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_PROGRAMS = re.compile(
    r"^(?:\$ )?(?:\S+/)?(?:make|scopegate|opa|curl|openssl|pytest)\b", re.MULTILINE
)


@dataclass(frozen=True)
class Block:
    """A block of a page: its language, and its text without the margin."""

    language: str
    text: str

    @property
    def has_commands(self) -> bool:
        """Whether a reader would type what is in it."""
        return self.language in {"", "sh", "console"} and bool(_PROGRAMS.search(self.text))

    @property
    def commands(self) -> str:
        """What a reader would type, as a script for a shell."""
        if self.language != "console":
            return self.text
        return "".join(re.findall(r"^\$ ((?:.*\\\n)*.*\n)", self.text, re.MULTILINE))

    @property
    def printed(self) -> str:
        """What the commands of a console print."""
        return re.sub(r"^\$ (?:.*\\\n)*.*\n", "", self.text, flags=re.MULTILINE)


def read_json(page: str) -> list[str]:
    """The texts of the JSON documents that a page shows."""
    return [block.text for block in read_blocks(page) if block.language == "json"]


def read_blocks(page: str, begin: str = "", end: str = "") -> list[Block]:
    """The blocks of a page, from the heading `begin` on and before the heading `end`."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    text = text[text.index(f"\n{begin}\n") :] if begin else text
    text = text[: text.index(f"\n{end}\n")] if end else text
    return [Block(language, textwrap.dedent(body)) for _, language, body in _BLOCK.findall(text)]
