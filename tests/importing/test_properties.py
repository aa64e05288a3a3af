"""Whatever the format and its oddities: what was written into a table is what is read from it."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scopegate.errors import Flaw
from scopegate.importing.lines import list_lines
from scopegate.importing.reading import read_authorization
from scopegate.sources.page import READERS, Page
from tests.importing.grammar import make_fragments, make_page
from tests.importing.rendering import RENDERERS


@pytest.mark.parametrize("name", RENDERERS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chance=st.randoms(use_true_random=False))
def test_what_was_written_is_read(name: str, chance: Random) -> None:
    made = make_page(chance, name)

    content = READERS[f".{made.suffix}"](made.text)

    assert not isinstance(content, Flaw)
    assert list(list_lines(read_authorization(Page("page", "0" * 64, *content)))) == made.lines


@settings(deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([*READERS]))
def test_nothing_makes_the_reading_fail(chance: Random, suffix: str) -> None:
    content = READERS[suffix](make_fragments(chance))

    if not isinstance(content, Flaw):
        list(list_lines(read_authorization(Page("page", "0" * 64, *content))))
