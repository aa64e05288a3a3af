"""Calls as people write them, turned into routes of the bundle by asking it."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scopegate.errors import Fault, FaultsError, ScopegateError, quote_text
from scopegate.json_files.reading import name_file
from scopegate.live.asking import split_batches
from scopegate.location import Location
from scopegate.policies.callers import MADE_PROJECT
from scopegate.policies.routes import READING, Requests
from scopegate.routes.template import parse_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scopegate.live.asking import Decision, Engine
    from scopegate.live.questions import Question
    from scopegate.policies.routes import BundleRoute

STANDARD_INPUT: Final = Path("-")
"""The file that stands for it."""

_MOST_BYTES: Final = 1024 * 1024
"""Of a file of calls: some twenty thousand."""

_MOST_HINTS: Final = 20
"""Calls for which the nearest route is looked for: nobody reads more, and each takes a while."""

"""Paths asked about at once, as with decisions."""

_APIS: Final = """\
answer := [apis |
    some question in input.questions
    found := data.scopegate.route.apis with input as question
    apis := sort(object.keys(found))
]"""

_TOKEN: Final = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_API: Final = re.compile(r"([^/]+)/([^/]+)")
_CASE: Final = re.compile(r"\[([^\[\]]+)\]|([^\[\]]+)")
_PARAMETER: Final = re.compile(r"(?<=/)\{[^{}/]+\}(?=/|$)")
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")
_EXPECTED: Final = "expected METHOD PATH, as in GET /v2/{project_id}/snapshots"


@dataclass(frozen=True, slots=True)
class Call:
    """A call that somebody makes, or is to make.

    `path` is that of a request or of a template, with any names for its parameters. `case` is that
    of a route (`body.os-extend`), and `api` the provider and the service, where they are told.
    """

    method: str
    path: str
    location: Location
    case: str | None = None
    api: str | None = None

    def __str__(self) -> str:
        """Spell it as it is read: `huaweicloud/evs GET /v2/{project_id}/snapshots`."""
        api = f"{self.api} " if self.api else ""
        return f"{api}{self.method} {self.path}{f' [{self.case}]' if self.case else ''}"


@dataclass(frozen=True, slots=True)
class _Request:
    """What the bundle is asked about; `api` is a provider and a service, each None if not told."""

    method: str
    path: str
    api: tuple[str | None, str | None]

    def ask(self) -> Question:
        """Make the question, of somebody without grants: the decision names the route as well."""
        request = {"method": self.method, "path": self.path}
        request |= {
            name: value
            for name, value in zip(("provider", "service"), self.api, strict=True)
            if value is not None
        }
        # No empty grants: a server that has identities refuses questions with any.
        return {"request": request, "subject": {"project_id": MADE_PROJECT.id}}


def parse_call(text: str, location: Location) -> Call:
    """Read a call: `POST /v2/{project_id}/volumes/{volume_id}/action [body.os-extend]`.

    An API may stand before it, and its case may stand without brackets, as in the key of a route.
    Raises FaultsError where it is none.
    """
    words = text.split()
    api = None
    if len(words) > 2 and _API.fullmatch(words[0]):  # noqa: PLR2004  METHOD PATH alone
        api, *words = words
    match words:
        case [method, path] if _TOKEN.fullmatch(method):
            return Call(method, path, location, api=api)
        case [method, path, case] if _TOKEN.fullmatch(method) and (found := _CASE.fullmatch(case)):
            return Call(method, path, location, case=found[1] or found[2], api=api)
        case _:
            message = f"{_EXPECTED}; found {quote_text(text.strip())}"
            raise FaultsError([Fault(location, "bad-call", message)])


def read_calls(file: Path) -> list[Call]:
    """Read a file with a call on each line; `-` is standard input.

    Blank lines count for nothing, nor does what follows a `#` at the beginning or after a blank.
    Raises FaultsError with all lines that are no calls, ScopegateError where the file is too large
    or no text, and OSError where it cannot be read.
    """
    if file == STANDARD_INPUT:
        name = "standard input"
        data = sys.stdin.buffer.read(_MOST_BYTES + 1)
    else:
        name = name_file(file)
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ScopegateError(f"{name}: expected at most {_MOST_BYTES:,} bytes of calls")
    calls: list[Call] = []
    faults: list[Fault] = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        location = Location(name, line=number)
        try:
            text = _COMMENT.sub("", line.decode())
            if text.strip():
                calls.append(parse_call(text, location))
        except UnicodeDecodeError:
            faults.append(Fault(location, "bad-encoding", "expected text in UTF-8"))
        except FaultsError as error:
            faults += error.faults
    if faults:
        raise FaultsError(faults)
    return calls


def find_called(
    engine: Engine,
    routes: Sequence[BundleRoute],
    calls: Iterable[Call],
    *,
    service: str | None = None,
    provider: str | None = None,
) -> list[BundleRoute]:
    """Find the routes of calls, each once, in the order of `routes`, which are all of the bundle.

    `service` and `provider` are meant where a call does not tell its API. A call without a case is
    its route as such, also where that has cases, unless its query tells one. Raises FaultsError
    with all calls that are of no route, or of several; NoDecisionError where none comes.
    """
    search = _Search(engine, routes, (provider, service))
    listed = list(calls)
    search.ask_calls(listed)
    found: set[str] = set()
    faults: list[Fault] = []
    lost: list[Call] = []
    for call in listed:
        match search.find(call):
            case [route]:
                if call.case is None or route.case == call.case:
                    found.add(route.key)
                elif case := search.find_case(route, call.case):
                    found.add(case.key)
                else:
                    faults.append(search.describe_cases(call, route))
            case []:
                lost.append(call)
            case several:
                faults.append(_describe_apis(call, several))
    faults += search.describe_lost(lost)
    if faults:
        places = {call.location: number for number, call in enumerate(listed)}
        raise FaultsError(sorted(faults, key=lambda fault: places[fault.location]))
    return [route for route in routes if route.key in found]


def list_table(
    routes: Sequence[BundleRoute], name: str, *, only_reading: bool
) -> list[BundleRoute]:
    """List the routes of a table, and their cases: of `evs/snapshots`, `huaweicloud/evs/snapshots`.

    With `only_reading` those of GET and HEAD. Raises ScopegateError where there is no such table,
    several providers have it, or nothing is left.
    """
    names = {f"{route.provider}/{route.table}" for route in routes}
    meant = sorted(each for each in names if name in {each, each.partition("/")[2]})
    if len(meant) > 1:
        raise ScopegateError(f"{name} is a table of several providers: say {' or '.join(meant)}")
    if not meant:
        known = sorted(names | {route.table for route in routes})
        near = get_close_matches(name, known, 1, 0.0)
        hint = f"; the nearest is {near[0]}" if near else ""
        raise ScopegateError(f"the bundle has no table {quote_text(name)}{hint}")
    found = [
        route
        for route in routes
        if f"{route.provider}/{route.table}" == meant[0] and (route.is_reading or not only_reading)
    ]
    if not found:
        raise ScopegateError(f"{meant[0]} has no route of {' or '.join(READING)}")
    return found


class _Search:
    """Asks a bundle for the routes of calls, and keeps what it decided."""

    def __init__(
        self,
        engine: Engine,
        routes: Sequence[BundleRoute],
        default: tuple[str | None, str | None],
    ) -> None:
        self._engine = engine
        self._routes = routes
        self._default = default
        self._value = Requests(routes).value
        self._known = {
            (*_split_api(route.api), route.method, route.path, route.case): route
            for route in routes
        }
        self._apis = sorted({route.api for route in routes})
        self._named: dict[_Request, list[_Request]] = {}
        self._methods = sorted({route.method for route in routes})
        self._decisions: dict[_Request, Decision] = {}

    def request(self, call: Call) -> _Request:
        """Make the request of a call: its parameters have a value that is no literal of a route."""
        path, mark, query = call.path.partition("?")
        return _Request(
            call.method,
            _PARAMETER.sub(self._value, path) + mark + query,
            _split_api(call.api) if call.api else self._default,
        )

    def ask_calls(self, calls: Iterable[Call]) -> None:
        """Ask about calls, and where several services have the path, about each of these."""
        requests = list(dict.fromkeys(map(self.request, calls)))
        self.ask(requests)
        several = [
            each for each in requests if self._decisions[each]["reason"] == "ambiguous_service"
        ]
        for batch in split_batches(several):
            found = self._engine.query(_APIS, {"questions": [each.ask() for each in batch]})
            for each, apis in zip(batch, found, strict=True):
                self._named[each] = [replace(each, api=_split_api(api)) for api in apis]
        self.ask([named for each in several for named in self._named[each]])

    def ask(self, requests: Iterable[_Request]) -> None:
        """Ask about those that were not asked about yet, all at once."""
        new = [each for each in dict.fromkeys(requests) if each not in self._decisions]
        decisions = self._engine.decide_all([each.ask() for each in new])
        self._decisions.update(zip(new, decisions, strict=True))

    def find(self, call: Call) -> list[BundleRoute]:
        """Find the route of a call; the routes of several services, where it can be of each."""
        asked = self._list_requests(call)
        return [route for each in asked if (route := self._read_route(each, call))]

    def find_case(self, route: BundleRoute, case: str) -> BundleRoute | None:
        """Find a case of a route."""
        return self._known.get((*_split_api(route.api), route.method, route.path, case))

    def describe_cases(self, call: Call, route: BundleRoute) -> Fault:
        """Say which cases there are, where a call is of one that is none."""
        place = (route.api, route.method, route.path)
        cases = [
            each.case
            for each in self._routes
            if each.case is not None and (each.api, each.method, each.path) == place
        ]
        expected = f"expected one of its cases, {', '.join(cases)}" if cases else "it has no cases"
        message = f"{route.method} {route.path}: {expected}; found {quote_text(str(call.case))}"
        return Fault(call.location, "unknown-case", message)

    def describe_lost(self, calls: Sequence[Call]) -> list[Fault]:
        """Say why calls are of no route, and what is documented instead."""
        others = {call: self._list_other_methods(call) for call in calls[:_MOST_HINTS]}
        self.ask([each for asked in others.values() for each in asked])
        return [self._describe_lost(call, others.get(call, ())) for call in calls]

    def _list_requests(self, call: Call) -> list[_Request]:
        """List the request of a call, or those of each service that has its path."""
        request = self.request(call)
        return self._named.get(request, [request])

    def _list_other_methods(self, call: Call) -> list[_Request]:
        asked = self._list_requests(call)
        return [replace(each, method=method) for each in asked for method in self._methods]

    def _describe_lost(self, call: Call, others: Sequence[_Request]) -> Fault:
        decision = self._decisions[self.request(call)]
        if decision["reason"] in {"malformed_request", "operator_route"}:
            kind = {"malformed_request": "malformed-path"}.get(decision["reason"], "unknown-route")
            return Fault(call.location, kind, f"{quote_text(str(call))}: {decision['message']}")
        asked = [each for each in others if self._read_route(each, call)]
        if methods := sorted({each.method for each in asked}):
            found = f"this path with this method; documented for it are {', '.join(methods)}"
        elif decision["route"]:
            wider = f"{decision['route']['method']} {decision['route']['path']}"
            found = f"this as its template; requests of it are of {wider}"
        else:
            found = f"this path{self._describe_nearest(call) if others else ''}"
        message = f"{quote_text(str(call))}: no documented route has {found}"
        return Fault(call.location, "unknown-route", message)

    def _describe_nearest(self, call: Call) -> str:
        request = self.request(call)
        chosen = [
            route
            for route in self._routes
            if route.case is None
            and all(
                given in (None, own)
                for given, own in zip(request.api, _split_api(route.api), strict=True)
            )
        ]
        if not chosen:
            names = "/".join(name for name in request.api if name is not None)
            return f"; the bundle has {', '.join(self._apis)}, not {quote_text(names)}"
        spelt = f"{call.method} {call.path.partition('?')[0]}"
        near = get_close_matches(spelt, dict.fromkeys(map(str, chosen)), 1, 0.0)
        return f"; the nearest is {near[0]}" if near else ""

    def _read_route(self, request: _Request, call: Call) -> BundleRoute | None:
        """Read the route that was decided; none where it is of another template than the call."""
        named: Mapping[str, Any] | None = self._decisions[request]["route"]
        if named is None:
            return None
        place = ("provider", "service", "method", "path", "case")
        route = self._known.get(tuple(named[each] for each in place))
        return route if route and _is_spelt_alike(call, route) else None


def _split_api(api: str) -> tuple[str, str]:
    provider, _, service = api.partition("/")
    return provider, service


def _is_spelt_alike(call: Call, route: BundleRoute) -> bool:
    """Tell whether a call that is a template is the route's, whatever the names of parameters.

    A misspelt literal would be the value of a parameter in a wider one. The project may be told.
    """
    path = call.path.partition("?")[0]
    if not _PARAMETER.search(path):
        return True
    return all(
        own == said or (None in {own, said} and position in route.project_positions)
        for position, (own, said) in enumerate(
            zip(parse_shape(route.path), parse_shape(path), strict=True)
        )
    )


def _describe_apis(call: Call, routes: Sequence[BundleRoute]) -> Fault:
    apis = [route.api for route in routes]
    services = {route.service for route in routes}
    option = "--service" if len(services) == len(apis) else "--provider"
    message = (
        f"{quote_text(str(call))} is of {' and '.join(apis)}: say which by {option}, or by"
        f" putting it in front, {apis[0]} {call.method} …"
    )
    return Fault(call.location, "ambiguous-service", message)
