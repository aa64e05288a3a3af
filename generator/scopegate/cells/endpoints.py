"""Endpoint cells: methods and path templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopegate.cells.text import quote_lines, read_lines
from scopegate.errors import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scopegate.sources.grid import Block

METHODS: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

# A literal segment: characters that RFC 3986 allows there as they are. Left out are `;` (servers
# disagree on what follows it), `*` (pages mean "anything" by it), `:` and `@` (pages mean a
# parameter by `:id`), and the segments `.` and `..`, which no request can have.
_LITERAL: Final = r"[A-Za-z0-9._~!$&'()+,=-]+"
LITERAL: Final = re.compile(rf"(?!\.\.?$){_LITERAL}")
PATH: Final = re.compile(rf"/(?:(?:(?!\.\.?(?:/|$)){_LITERAL}|\{{[A-Za-z0-9_-]+\}})(?:/|$))*")
_ENDPOINT: Final = re.compile(rf"({'|'.join(METHODS)}) ({PATH.pattern})")


def parse_endpoints(blocks: Iterable[Block]) -> tuple[tuple[str, str], ...] | Flaw:
    """Read a cell with a method and a path template on each line.

    An endpoint that stands twice is one.
    """
    lines = read_lines(blocks)
    if isinstance(lines, Flaw):
        return lines
    matches = {line: _ENDPOINT.fullmatch(line) for line in lines}
    odd = [line for line, match in matches.items() if match is None]
    if odd or not lines:
        message = (
            'expected a method and a path template as "GET /v2/{project_id}/snapshots", '
            f"one a line; found {quote_lines(odd)}"
        )
        return Flaw("bad-endpoint", message)
    return tuple((match[1], match[2]) for match in matches.values() if match)
