"""Requests near a documented one. Their caller may do everything, and so would be let through."""

from collections.abc import Iterator
from typing import Final

from tests.decisions.inputs.parts import (
    ENTERPRISE_PROJECT,
    EVERYTHING,
    PLACES,
    Json,
    allow_everything,
    ask,
    grant,
    path_of,
)
from tests.oracle import Documented

# fmt: off
METHODS: Final = (
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "ANY", "*", "",
    "get",
)
OTHER_SEGMENTS: Final = (
    "", ".", "..", "...", "x", "*", "**", "{project_id}", "detail", "metadata", "v1", "v2", "v3",
    "V2",
)
ESCAPES: Final = (
    # Bad ones, and such as would be read as something else after another decoding.
    "%", "%4", "%zz", "%4g", "%g4", "%%", "%25", "%252f", "%u0041", "% 41", "%+1", "%-1",
    # ASCII: what splits or ends a path for somebody, and what is harmless.
    "%2f", "%2F", "%5c", "%5C", "%3b", "%3B", "%00", "%0a", "%1f", "%7f", "%20", "%3f", "%23",
    "%2e", "%2E.",
    "%2b", "+", "%22", "%7B", "%2a",
    # More octets: C1, and the first beyond it; Chinese; the ends of the planes; a combining accent.
    "%c2%80", "%c2%9f", "%c2%a0", "%e4%bd%a0", "%f0%9f%98%80", "%ef%bf%bf", "%f4%8f%bf%bf",
    "%cc%81",
    "%e2%80%a8",
    # Not UTF-8: cut short, a continuation alone, overlong, surrogates, beyond the last plane.
    "%c2", "%e4%bd", "%80", "%ff", "%c0%af", "%c1%81", "%e0%80%af", "%f0%80%80%af", "%ed%a0%80",
    "%ed%bf%bf",
    "%f4%90%80%80", "%f5%80%80%80", "%c2x", "%e4%bdx", "%c3%28",
)
ODD_CHARACTERS: Final = " \t\n\r\x00\x1f\x7f\x80\xa0\"<>[]{}|\\^`;#é你😀!$&'()*+,=:@~-._"
ODD_PATHS: Final = (
    "", "/", "//", "///", "/.", "/..", "/%2e", "/%2e%2E", "/ ", "*", "?", "/?", "#", "/#", "/v2",
    "/v2/", "v2",
)
# fmt: on


def methods(route: Documented) -> Iterator[Json]:
    """Every other method, and the route's own in other spellings."""
    own = route.method
    for method in (*METHODS, own.lower(), own.title(), f" {own}", f"{own} ", f"{own}\n", own[:-1]):
        yield ask(method, path_of(route), allow_everything())


def services(route: Documented) -> Iterator[Json]:
    """The service named, rightly and not, for the route's method and for one that it has not."""
    own = route.service
    for service in (own, own.upper(), f"{own} ", own[:-1], "", "other", "iam", "evs", "ecs"):
        for method in (route.method, "TRACE"):
            yield ask(method, path_of(route), allow_everything(), service=service)


def cases(route: Documented) -> Iterator[Json]:
    """Bodies and queries with the members that cases are told by, and with others."""
    names = ("os-extend", "os-attach", "os-reserve", "os-detach", "rebuild", "one", "two")
    values = ("create", "delete", "enable", "disable", "other")
    bodies = [
        *({name: None} for name in names),
        *({"action": value} for value in (*values, None, 1, ["create"], {"create": 1})),
        {"os-extend": 1, "os-attach": 1},
        {"one": 1, "two": 1},
        *({}, [], ["os-extend"], "os-extend", "", 0, False, None),
    ]
    queries: list[Json] = [
        {},
        *({"query": {"type": given}} for given in ([], ["user"], ["agency"], ["user", "agency"])),
        {"query": {"type": ["user", "x"], "force": ["true", "false"]}},
    ]
    for query in queries:
        for body in bodies:
            yield ask(route.method, path_of(route), allow_everything(), body=body, **query)
        yield ask(route.method, path_of(route), allow_everything(), **query)
    for body in bodies:
        for place in ("the token's project", "the enterprise project"):
            granted = [grant(PLACES[place], EVERYTHING)]
            resource = {"enterprise_project_id": ENTERPRISE_PROJECT}
            yield ask(route.method, path_of(route), granted, body=body, resource=resource)
    for raw in ("type=user", "type=agency", "type=user&type=user", "type=us%65r", "type=", "t"):
        yield ask(route.method, f"{path_of(route)}?{raw}", allow_everything())


def near_paths(route: Documented) -> Iterator[Json]:
    """Segments more and fewer, swapped, doubled, changed; slashes and dots in all places."""
    for path in near(path_of(route)):
        yield ask(route.method, path, allow_everything())


def near(path: str) -> Iterator[str]:
    """Paths that differ from another in a segment or two."""
    yield from (
        path,
        f"{path}/",
        f"{path}//",
        f"/{path}",
        f"{path}/x",
        f"{path}/detail",
        f"{path}/..",
    )
    segments = path.removeprefix("/").split("/")
    for place, segment in enumerate(segments):
        before, after = segments[:place], segments[place + 1 :]
        changed = [segment.upper(), segment.title(), segment[:-1], segment[1:], f"{segment}s"]
        changed += [
            f"x{segment}",
            f"{segment}.json",
            f"{segment};",
            f"{segment};v=1",
            f"{segment}%20",
        ]
        for middle in (
            *([other] for other in (*changed, *OTHER_SEGMENTS)),
            *([], [segment, segment], ["", segment], [segment, ""], [".", segment], [segment, "."]),
            *(["x", "..", segment], ["x", "%2E%2e", segment], ["%2e", segment], ["..", segment]),
        ):
            yield "/" + "/".join([*before, *middle, *after])
        if after:
            yield "/" + "/".join([*before, after[0], segment, *after[1:]])
            for joined in ("%2f", "%2F", "%5c", "\\", "%252f", ":", "%3f", ""):
                yield "/" + "/".join([*before, f"{segment}{joined}{after[0]}", *after[1:]])


def odd_paths(route: Documented) -> Iterator[Json]:
    """Escapes in every segment, well and badly spelled; characters that no path has."""
    for path in odd(path_of(route)):
        yield ask(route.method, path, allow_everything())


def odd(path: str) -> Iterator[str]:
    """Paths with escapes and odd characters."""
    segments = path.removeprefix("/").split("/")
    for place, segment in enumerate(segments):
        for spelled in escaped(segment):
            yield "/" + "/".join([*segments[:place], spelled, *segments[place + 1 :]])
    for character in ODD_CHARACTERS:
        yield from (f"{path}{character}", f"{path}/{character}", f"{character}{path}")
        yield f"/{character}{path}"
    yield from ODD_PATHS
    yield from (
        path.removeprefix("/"),
        f"http://h{path}",
        f"//h{path}",
        f"{path}?x=1",
        f"{path}/?x=1",
    )
    yield from (f"{path}#x", f"{path}%3Fx=1", f"{path};x=1", f"{path}/;/", f"{path}?/", f"?{path}")


def escaped(segment: str) -> Iterator[str]:
    """One segment with characters of its own as escapes, once and twice, and with others added."""
    octets = [f"%{ord(character):02x}" for character in segment]
    if octets:
        yield from ("".join(octets), "".join(octets).upper(), f"{segment[:-1]}{octets[-1]}")
        yield from (f"{octets[0]}{segment[1:]}", f"%25{octets[0][1:]}{segment[1:]}")
    for escape in ESCAPES:
        yield from (escape, f"{segment}{escape}", f"{escape}{segment}")
