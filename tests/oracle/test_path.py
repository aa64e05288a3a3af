"""The oracle's reading of paths, held against the model's "The path"."""

import pytest

from tests.oracle.path import MalformedError, read_query, read_segments, split_query


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("/v2/p1/snapshots", ("v2", "p1", "snapshots")),
        ("/v2/p1/snapshots/", ("v2", "p1", "snapshots", "")),  # a trailing slash is a last segment
        ("/", ("",)),
        ("/a%62c", ("abc",)),
        ("/%e4%BD%a0", ("你",)),
        ("/a%20b%3F%23%c2%a0", ("a b?#\xa0",)),
        ("/...", ("...",)),
        ("/-._~!$&'()*+,=:@", ("-._~!$&'()*+,=:@",)),
    ],
)
def test_segments_are_decoded_once(path: str, segments: tuple[str, ...]) -> None:
    assert read_segments(path) == segments


@pytest.mark.parametrize(
    "path",
    [
        *("", "v2", "v2/x"),  # no leading slash
        *("//", "//a", "/a//b", "/a//"),  # an empty segment before the last
        *("/.", "/..", "/a/./b", "/a/../b", "/%2e", "/%2E%2e/a", "/a/."),
        *("/a b", '/"', "/<", "/[", "/]", "/{x}", "/|", "/^", "/`", "/\\", "/é", "/\x00", "/\n"),
        *("/a;b", "/a;v=1/b", "/#", "/a#b", "/;"),
        *("/%", "/%4", "/%zz", "/a%", "/%%41", "/%u0041"),
        *("/%2f", "/%2F", "/%5c", "/%25", "/%2541", "/%3b", "/%00", "/%1F", "/%7f"),
        *("/%c2%80", "/%c2%9f"),  # C1
        *("/%ff", "/%80", "/%c2", "/%c0%af", "/%e0%80%af", "/%ed%a0%80", "/%f4%90%80%80"),
    ],
)
def test_what_two_readers_could_read_differently_is_malformed(path: str) -> None:
    with pytest.raises(MalformedError):
        read_segments(path)


def test_the_query_begins_at_the_first_question_mark() -> None:
    assert split_query("/a?b?c") == ("/a", "b?c")
    assert split_query("/a?") == ("/a", "")
    assert split_query("/a") == ("/a", None)


def test_a_query_is_form_encoded() -> None:
    assert read_query("a=1&b=x+y%2B&a=2&c&=d&&e=f=g") == {
        "a": ["1", "2"],
        "b": ["x y+"],
        "c": [""],
        "": ["d"],
        "e": ["f=g"],
    }
    assert read_query("") == {}


@pytest.mark.parametrize(
    "query", ["a;b", "#", "a b", "é", "\x7f", "%", "%zz", "a=%ff", "%ed%a0%80"]
)
def test_a_query_can_be_malformed(query: str) -> None:
    with pytest.raises(MalformedError):
        read_query(query)
