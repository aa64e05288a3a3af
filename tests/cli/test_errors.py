"""What would not be seen is escaped wherever text of others is printed or written."""

import json
import sys
from unicodedata import category

import pytest
import yaml

from scopegate.errors import escape_unseen, quote_text, spell_string

SEEN = {*"LMNPS", "Zs", "Cn"}
ODD = ("\u202e", "\x1b[31m", "\x7f\x85", "\n", "\U000e0041", "\ufffe", "\U0010ffff")


def test_all_of_unicode_that_is_not_seen_is_escaped() -> None:
    for character in map(chr, range(sys.maxunicode + 1)):
        kind = category(character)
        is_seen = (kind in SEEN or kind[0] in SEEN) and ord(character) & 0xFFFE != 0xFFFE
        assert (escape_unseen(character) == character) == is_seen, hex(ord(character))


@pytest.mark.parametrize("text", [*ODD, "夜 🌙"])
def test_what_is_escaped_is_read_back(text: str) -> None:
    assert json.loads(quote_text(text)) == text
    assert yaml.safe_load(spell_string(text)) == text
    assert (quote_text(text) == f'"{text}"') == (text == "夜 🌙") == text.isprintable()
