"""Endpoint cells: methods, path templates, and what tells requests of one route apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from scopegate.cells.text import check_text, drop_escapes, quote_lines, read_lines
from scopegate.cells.wordings import (
    CONSOLE,
    CROSSES,
    DASHES,
    NOT_APPLICABLE,
    NOTE_TITLES,
    normalise_wording,
)
from scopegate.errors import Flaw, quote_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scopegate.sources.grid import Block

METHODS: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

# A literal segment: characters that RFC 3986 allows there as they are. Left out are `;` (servers
# disagree on what follows it), `*` (pages mean "anything" by it), `:` and `@` (pages mean a
# parameter by `:id`), and the segments `.` and `..`, which no request can have.
_LITERAL: Final = r"[A-Za-z0-9._~!$&'()+,=-]+"
LITERAL: Final = re.compile(rf"(?!\.\.?$){_LITERAL}")
PATH: Final = re.compile(rf"/(?:(?:(?!\.\.?(?:/|$)){_LITERAL}|\{{[A-Za-z0-9_-]+\}})(?:/|$))*")
PARAMETER: Final = re.compile(r"\{[^{}]*\}")
"""A parameter of a path, as in `{project_id}`."""

_METHOD: Final = rf"(?:{'|'.join(METHODS)})"
_METHOD_LIST: Final = rf"{_METHOD}(?:\s*(?:[/,、|&+]|\b(?:and|or)\b|[和或])?\s*{_METHOD})*"
_VERSION: Final = r"[vV][0-9]+(?:\.[0-9]+)*(?:-ext)?"
_HOST: Final = r"(?:https?://(?:\{[^{}]*\}|[^/\s{}])+|\{\*?endpoint\*?\}(?=/))"
# How a path begins: a host, a slash, or a first segment that lacks its slash.
_NAME: Final = r"[A-Za-z0-9._-]"
_BEGINNING: Final = rf"(?:/|{_HOST}|{_VERSION}/|{_NAME}*\{{[^{{}}\s]+\}}/|{_NAME}+/\{{)"
_ONLY_METHODS: Final = re.compile(rf"[^\w/]*({_METHOD_LIST})[^\w/]*", re.IGNORECASE)
_ANCHOR: Final = re.compile(
    rf"(?<![A-Za-z0-9_/{{.-])({_METHOD_LIST})\s*[:.]?\s*(?={_BEGINNING})", re.IGNORECASE
)
_BEGINS_PATH: Final = re.compile(_BEGINNING, re.IGNORECASE)
_PATH_LIKE: Final = re.compile(r"(?<!\w)/[A-Za-z0-9{*]")
_SEGMENT: Final = re.compile(rf"\{{[^{{}}]*\}}|{_NAME}+")
_REST: Final = re.compile(r"[A-Za-z0-9._/{}-]+")
_NEXT_IN_LINE: Final = re.compile(r"\s*[,、]\s*(?=/)")
# A path and its query: up to a blank, a quote, a bracket or a letter that no URL has.
_TARGET: Final = re.compile(r"(?:\$?\{[^{}]*\}|<[\w-]+>|[!#-&*-;=?@A-\[\]^-~])+", re.ASCII)

_BLANKS_IN_BRACES: Final = re.compile(r"\{\s*([A-Za-z0-9_-]+)\s*\}")
_DRESSED_PARAMETER: Final = re.compile(
    r"\{\{\s*([\w-]+)\s*\}\}|\$\{([\w-]+)\}|<([\w-]+)>|(?<=/):([A-Za-z][\w-]*)(?=/|$)", re.ASCII
)
_QUERY_TEMPLATE: Final = re.compile(r"((?:\{[?&][^{}]*\})+)$")
# `action="os-extend"`: the body has that key. `{"action": "create"}` is another thing: a value.
_BODY_ACTION: Final = re.compile(
    r"[({]?\s*(?<![\"'])\baction\s*(?:=\s*[\"'“”‘’]?|:\s*[\"'“”‘’])"
    r"(?P<key>[A-Za-z0-9_.-]+)[\"'“”‘’]?\s*[)}]?",
    re.IGNORECASE,
)


class NoEndpoint(StrEnum):
    """Why a row has no endpoint."""

    NO_API_COLUMN = "no_api_column"
    CONSOLE_ONLY = "console_only"
    API_NAME_ONLY = "api_name_only"
    DASH = "dash"
    CROSS = "cross"
    NOT_APPLICABLE = "not_applicable"
    NO_METHOD = "no_method"


_SAYS_NOTHING: Final = frozenset({NoEndpoint.DASH, NoEndpoint.CROSS, NoEndpoint.NOT_APPLICABLE})


class EndpointReading(NamedTuple):
    """A method in capitals, a path template as printed, and the query, None where there is none."""

    method: str
    path: str
    query: str | None


@dataclass(frozen=True, slots=True)
class EndpointCell:
    """What a cell says of routes.

    `body_action` is the key of the body that the row is for. Where there is no endpoint, `reason`
    says why. `notes` is what else the cell says, and `flaws` what was repaired or could not be
    read.
    """

    endpoints: tuple[EndpointReading, ...] = ()
    body_action: str | None = None
    reason: NoEndpoint | None = None
    notes: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()


def parse_endpoints(blocks: Iterable[Block]) -> EndpointCell:
    """Read a cell with methods and path templates; an endpoint that stands twice is one."""
    blocks = tuple(blocks)
    lines = [_normalise(line.text) for line in read_lines(blocks)]
    reader = _Reader()
    for line in lines:
        reader.read_line(line)
    reader.finish()
    endpoints = tuple(dict.fromkeys(reader.endpoints))
    flaws = check_text(blocks)
    reason = None
    if endpoints:
        flaws += reader.flaws
        flaws += map(_check_note, reader.notes)
    else:
        reason = _find_reason(lines)
        if reason is NoEndpoint.NO_METHOD:
            message = (
                'expected a method and a path as in "GET /v2/{project_id}/snapshots"; '
                f"found {quote_lines(lines)}"
            )
            flaws.append(Flaw("bad-endpoint", message))
    keys = list(dict.fromkeys(reader.body_actions))
    if len(keys) > 1:
        message = f"expected one action of the body; found {quote_lines(keys)}"
        flaws.append(Flaw("odd-discriminator", message))
    return EndpointCell(
        endpoints=endpoints,
        body_action=keys[0] if len(keys) == 1 else None,
        reason=reason,
        notes=() if reason in _SAYS_NOTHING else tuple(reader.notes),
        flaws=tuple(flaws),
    )


def _normalise(line: str) -> str:
    """Take off what formats and keyboards add: escapes, full-width characters."""
    return drop_escapes(unicodedata.normalize("NFKC", line))


def _check_note(note: str) -> Flaw:
    """Tell of what a cell says beside its endpoints: it may be one more."""
    message = f"expected methods before paths, and nothing else; found {quote_text(note)}"
    if _PATH_LIKE.search(note) or _BEGINS_PATH.match(note):
        return Flaw("bad-endpoint", message)
    return Flaw("unread-text", message)


def _find_reason(lines: Sequence[str]) -> NoEndpoint:
    text = " ".join(lines)
    wording = normalise_wording(text)
    if wording in DASHES:
        return NoEndpoint.DASH
    if wording in CROSSES:
        return NoEndpoint.CROSS
    if wording.rstrip(".。") in NOT_APPLICABLE:
        return NoEndpoint.NOT_APPLICABLE
    if _PATH_LIKE.search(text) or all(map(_ONLY_METHODS.fullmatch, lines)):
        return NoEndpoint.NO_METHOD
    if CONSOLE.search(text):
        return NoEndpoint.CONSOLE_ONLY
    return NoEndpoint.API_NAME_ONLY


class _Reader:
    """Goes through the lines of a cell; a method can stand on the line before its path."""

    def __init__(self) -> None:
        self.endpoints: list[EndpointReading] = []
        self.body_actions: list[str] = []
        self.notes: list[str] = []
        self.flaws: list[Flaw] = []
        self._methods: list[str] = []
        self._waiting = False  # for the path of these methods
        self._target = ""  # the last path and query, as printed

    def read_line(self, line: str) -> None:
        only = _ONLY_METHODS.fullmatch(line)
        if only:
            self.finish()
            self._begin(only[1])
            return
        anchors = [each for each in _ANCHOR.finditer(line) if not _is_bracketed(line, each.start())]
        ends = [*(anchor.start() for anchor in anchors), len(line)]
        self._read_loose(line[: ends[0]].strip())
        for anchor, end in zip(anchors, ends[1:], strict=True):
            self.finish()
            self._begin(anchor[1])
            if not anchor[0].endswith((" ", ":", ".")):
                self._repair(line[anchor.start() : end], "a blank between method and path")
            first, *more = _NEXT_IN_LINE.split(line[anchor.end() : end].strip())
            self._read_target(first)
            for path in more:
                self._read_further(path)

    def finish(self) -> None:
        """Tell of methods without a path."""
        if self._waiting:
            found = quote_text("/".join(self._methods))
            self.flaws.append(Flaw("bad-endpoint", f"expected a path after {found}"))
            self._waiting = False

    def _begin(self, text: str) -> None:
        methods = re.findall(_METHOD, text, re.IGNORECASE)
        upper = list(dict.fromkeys(method.upper() for method in methods))
        if methods != upper:
            self._repair(text, f"the method {'/'.join(upper)}")
        self._methods = upper
        self._waiting = True

    def _read_loose(self, text: str) -> None:
        """Read text that no method stands before."""
        if not text:
            return
        begins_path = _BEGINS_PATH.match(text)
        if begins_path and self._waiting:
            self._read_target(text)
        elif self._target and not self._waiting and _goes_on(self._target, text):
            self._repair(f"{self._target} {text}", "a path on one line")
            del self.endpoints[-len(self._methods) :]
            self._read_target(self._target + text)
        elif begins_path and self.endpoints and text.startswith("/"):
            self._read_further(text)
        else:
            self._read_rest(text)

    def _read_further(self, text: str) -> None:
        """Read a path that has the methods of the one before it."""
        self._repair(text, f"a method before a path, and took {'/'.join(self._methods)}")
        self._read_target(text)

    def _read_target(self, text: str) -> None:
        """Read a path, its query, and what is said of them."""
        host = re.match(_HOST, text, re.IGNORECASE)
        if host:
            self._repair(text, "no host")
            text = text[host.end() :]
        if not text.startswith("/"):
            self._repair(text, 'a path that begins with "/"')
            text = f"/{text}"
        target, rest = _split_target(text)
        self._target = target
        path, query = self._split_query(target)
        path = self._repair_path(path)
        self.endpoints.extend(EndpointReading(method, path, query) for method in self._methods)
        self._waiting = False
        following = rest.lstrip(" ,;")
        if following.startswith("/") and _is_another(target, following):
            self._read_further(following)
        else:
            self._read_rest(rest)

    def _split_query(self, target: str) -> tuple[str, str | None]:
        template = _QUERY_TEMPLATE.search(target)
        if template:
            names = "".join(template[1].split()).strip("{}").replace("}{", "")
            return target[: template.start()], names.lstrip("?&").replace("&", ",") or None
        path, mark, query = target.partition("?")
        if not mark:
            return target, None
        return path, _BLANKS_IN_BRACES.sub(r"{\1}", query.strip(" ,.;&")) or None

    def _repair_path(self, path: str) -> str:
        repaired = _DRESSED_PARAMETER.sub(
            lambda match: f"{{{next(filter(None, match.groups()))}}}", path
        )
        repaired = _BLANKS_IN_BRACES.sub(r"{\1}", repaired)
        if repaired != path:
            self._repair(path, "parameters as in {project_id}")
        if " " in repaired:
            self._repair(repaired, "a path without blanks")
            repaired = repaired.replace(" ", "")
        if not PATH.fullmatch(repaired):
            message = (
                "expected a path of literal segments and {parameters}, of which a route can be "
                f"made; found {quote_text(repaired)}"
            )
            self.flaws.append(Flaw("odd-path", message))
        return repaired

    def _read_rest(self, text: str) -> None:
        match = _BODY_ACTION.search(text)
        if match and self.endpoints:
            self.body_actions.append(match["key"])
            text = text[: match.start()] + text[match.end() :]
        text = text.strip(" ,.;:，。；：、•·●-")
        if text and text.casefold() not in NOTE_TITLES:
            self.notes.append(text)

    def _repair(self, found: str, expected: str) -> None:
        message = f"expected {expected}; found {quote_text(found)}"
        self.flaws.append(Flaw("repaired-endpoint", message))


def _split_target(text: str) -> tuple[str, str]:
    """Split a path and its query from what follows; behind a blank they go on where it is plain."""
    match = _TARGET.match(text)
    end = match.end() if match else 0
    while more := _TARGET.match(text, len(text) - len(text[end:].lstrip(" "))):
        if not _continues(text[:end], more[0], text[more.end() :]):
            break
        end = more.end()
    target = text[:end].rstrip(",;:'\" ")
    if target.endswith(".") and not target.endswith(".."):
        target = target[:-1]
    return target, text[len(target) :]


def _continues(target: str, more: str, rest: str) -> bool:
    """Tell whether `more`, behind a blank, belongs to the target before it."""
    if "?" in target.replace("{?", ""):
        return target.endswith(("?", "&", "=")) or more.startswith(("&", "="))
    if more.startswith("?"):
        return True
    if target.endswith("/"):
        if more.startswith("/") or target == "/":
            return False
        follows = rest.lstrip()
        return "/" in more or (
            _SEGMENT.fullmatch(more) is not None
            and (not follows or (follows.startswith("/") and not _is_another(target, follows)))
        )
    return more.startswith("/") and not _is_another(target, more)


def _is_another(target: str, text: str) -> bool:
    """Tell whether a text that begins with a slash is another path, and not the rest of one."""
    first, _, _ = text.lstrip("/").partition("/")
    return re.fullmatch(_VERSION, first) is not None or first == target.split("/")[1]


def _is_bracketed(line: str, place: int) -> bool:
    """Tell whether a place in a line stands in brackets that are closed behind it."""
    before = line[:place]
    return before.count("(") > before.count(")") and ")" in line[place:]


def _goes_on(target: str, line: str) -> bool:
    """Tell whether the line is the rest of the path, or of the query, of the line above."""
    if line.startswith("?"):
        return True
    if "?" in target:
        return line.startswith("&") or target.endswith(("?", "&", "=", ","))
    if target.endswith("/"):
        return not line.startswith("/") and _REST.fullmatch(line) is not None
    return line.startswith("/") and not _is_another(target, line)
