"""How servers read a request target: each does a few of these things, and some do all.

`READINGS` are all combinations of what servers are known to do with paths, and with segments.
Whatever one of them makes of a target that reached it is the route that it serves.
"""

import re
from dataclasses import dataclass
from itertools import combinations
from unicodedata import normalize
from urllib.parse import unquote_to_bytes

HABITS = (
    "decodes twice",
    "decodes before it splits",
    "decodes overlong UTF-8",
    "strips parameters",
    "takes a backslash for a slash",
    "merges slashes",
    "resolves dot segments",
    "strips the last slash",
    "ends the path at a NUL",
    "splits off a query that it decoded",
)
"""What scopegate and Envoy must stand between."""

NAME_HABITS = (
    "trims segments",
    "cuts off a suffix",
    "cuts a name where it ends",
    "drops what is in no name",
    "ignores case",
)
"""What scopegate alone stands between: ways to find a literal in what is near to it."""

OTHER_HABIT = "folds compatible characters"
"""What no path is refused for: a server with this must not stand behind scopegate."""

# In the place of a slash that separates nothing.
_NO_SLASH = b"\xff"
# Two to four bytes that a careless decoder takes for one of ASCII.
_OVERLONG = re.compile(rb"(?:[\xc0\xc1]|\xe0[\x80\x81]|\xf0\x80[\x80\x81])[\x80-\xbf]")


@dataclass(frozen=True)
class Reading:
    """A server's way with request targets."""

    habits: frozenset[str]

    def __str__(self) -> str:
        return ", ".join(sorted(self.habits)) or "decodes once"

    def read(self, target: bytes) -> tuple[str, ...]:
        """The segments that the server routes by."""
        path = re.sub(rb"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*", b"", target)
        path = re.split(rb"[?#]", path, maxsplit=1)[0]
        path = self.decode(path)
        if "splits off a query that it decoded" in self.habits:
            path = re.split(rb"[?#]", path, maxsplit=1)[0]
        if "folds compatible characters" in self.habits:
            path = normalize("NFKC", path.decode(errors="replace")).encode()
        if "ends the path at a NUL" in self.habits:
            path = path.split(b"\x00", 1)[0]
        segments = self.strip(path).removeprefix(b"/").split(b"/")
        if "resolves dot segments" in self.habits:
            segments = resolve(segments)
        if "merges slashes" in self.habits:
            segments = [*filter(None, segments[:-1]), segments[-1]]
        if "strips the last slash" in self.habits and segments[-1] == b"":
            segments = segments[:-1]
        return tuple(self.read_name(each.decode(errors="replace")) for each in segments)

    def read_name(self, segment: str) -> str:
        """What a segment is once it was decoded."""
        if "trims segments" in self.habits:
            segment = segment.strip(". \t\r\n\v\f\xa0")
        if "cuts off a suffix" in self.habits and "." in segment:
            segment = segment.rpartition(".")[0]
        if "cuts a name where it ends" in self.habits:
            segment = re.split(r"[^A-Za-z0-9_-]", segment, maxsplit=1)[0]
        if "drops what is in no name" in self.habits:
            segment = re.sub(r"[^A-Za-z0-9_-]", "", segment)
        return segment.upper().lower() if "ignores case" in self.habits else segment

    def decode(self, path: bytes) -> bytes:
        for _ in range(2 if "decodes twice" in self.habits else 1):
            path = self.strip(path)
            if "decodes before it splits" in self.habits:
                path = self.decode_part(path)
            else:
                # A slash that was escaped is a character like any other, then.
                parts = [self.decode_part(part) for part in path.split(b"/")]
                path = b"/".join(part.replace(b"/", _NO_SLASH) for part in parts)
        return path

    def decode_part(self, part: bytes) -> bytes:
        part = unquote_to_bytes(part)
        if "decodes overlong UTF-8" in self.habits:
            part = _OVERLONG.sub(lambda found: narrow(found[0]), part)
        return part

    def strip(self, path: bytes) -> bytes:
        """What stands between slashes, whatever those are."""
        if "takes a backslash for a slash" in self.habits:
            path = path.replace(b"\\", b"/")
        if "strips parameters" in self.habits:
            path = re.sub(rb";[^/]*", b"", path)
        return path


def resolve(segments: list[bytes]) -> list[bytes]:
    """Without `.` and `..`, as RFC 3986 has it (5.2.4)."""
    resolved: list[bytes] = []
    for segment in segments:
        if segment == b"..":
            resolved = resolved[:-1]
        elif segment != b".":
            resolved.append(segment)
    return [*resolved, b""] if segments[-1] in {b".", b".."} else resolved


def narrow(octets: bytes) -> bytes:
    """The character of ASCII that overlong octets stand for."""
    point = 0
    for octet in octets:
        point = point << 6 | octet & 0x3F
    return bytes([point & 0x7F])


READINGS = tuple(
    Reading(frozenset(habits))
    for known in (HABITS, NAME_HABITS)
    for size in range(len(known) + 1)
    for habits in combinations(known, size)
)
