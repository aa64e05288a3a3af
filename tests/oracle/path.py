"""The canonical form of a path and its query: the model's "The path", and the query's sentence."""

import re

# RFC 3986, 3.3: pchar = unreserved / pct-encoded / sub-delims / ":" / "@". Of the sub-delims the
# model refuses ";".
SEGMENT_CHARACTERS = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@%"
)
QUERY_CHARACTERS = frozenset(map(chr, range(0x21, 0x7F))) - frozenset("#;")
NEVER_DECODED_TO = frozenset("/\\%;") | frozenset(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))


class MalformedError(ValueError):
    """The path, or the query in it, is none that we read."""


def split_query(path: str) -> tuple[str, str | None]:
    """The path alone and the text after the first `?`, None where there is no `?`."""
    alone, mark, query = path.partition("?")
    return alone, query if mark else None


def read_segments(path: str) -> tuple[str, ...]:
    """The decoded segments of a path without its query; a trailing slash is a last, empty one."""
    if not path.startswith("/"):
        raise MalformedError("no leading slash")
    *before, last = path.removeprefix("/").split("/")
    if "" in before:
        raise MalformedError("an empty segment before the last")
    return tuple(read_segment(raw) for raw in (*before, last))


def read_segment(raw: str) -> str:
    """One segment, decoded once."""
    if not SEGMENT_CHARACTERS.issuperset(raw):
        raise MalformedError(f"a character that no path segment has: {raw!r}")
    segment = decode_escapes(raw)
    # `%` itself is never raw (it starts an escape), so whatever of these is left was decoded.
    if not NEVER_DECODED_TO.isdisjoint(segment):
        raise MalformedError(f"an escape that would change the path: {raw!r}")
    if segment in {".", ".."}:
        raise MalformedError(f"a dot segment: {raw!r}")
    return segment


def decode_escapes(text: str) -> str:
    """Percent escapes of ASCII text, as UTF-8."""
    if re.search("%(?![0-9A-Fa-f]{2})", text):
        raise MalformedError(f"a bad percent escape: {text!r}")
    octets = re.sub(
        rb"%([0-9A-Fa-f]{2})",
        lambda escape: bytes.fromhex(escape[1].decode()),
        text.encode("ascii"),
    )
    try:
        return octets.decode("utf-8", errors="strict")
    except UnicodeDecodeError as error:
        raise MalformedError(f"not UTF-8: {text!r}") from error


MOST_PARTS = 10_000


def read_query(query: str) -> dict[str, list[str]]:
    """The values of each name of a form-encoded query: pairs between `&`, `+` for a blank."""
    if not QUERY_CHARACTERS.issuperset(query):
        raise MalformedError("a character that the query can't have")
    if query.count("&") >= MOST_PARTS:
        raise MalformedError("too many parts of a query")
    values: dict[str, list[str]] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = (decode_escapes(part.replace("+", " ")) for part in pair.partition("="))
        values.setdefault(name, []).append(value)
    return values
