"""Which enterprise project a request is about, and the query that can tell it."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from tests.decisions.inputs.parts import (
    DOMAIN,
    EVERYTHING,
    OTHER_PROJECT,
    PLACES,
    RESOURCES,
    Json,
    about,
    ask,
    grant,
    path_of,
    tokens_for,
)
from tests.oracle import Documented

NAME: Final = "enterprise_project_id"


def enterprise_projects(route: Documented) -> Iterator[Json]:
    """The enterprise project told by resource, path, query or nobody, with grants in some."""
    told: list[tuple[str, Json]] = [
        *(("", {}), ("?", {}), (f"?{NAME}=", {}), (f"?{NAME}=e1", {}), (f"?{NAME}=e3", {})),
        (f"?{NAME}=all_granted_eps", {}),
        *(("", {"query": {NAME: values}}) for values in ([], [""], ["e2"], ["all_granted_eps"])),
    ]
    resources = (*RESOURCES, {"resource": {"enterprise_project_id": "all_granted_eps"}})
    for grants, (text, query), resource, token in product(
        enterprise_grants(route), told, resources, tokens_for(route)
    ):
        yield ask(route.method, path_of(route) + text, grants, **query, **resource, **token)


def enterprise_grants(route: Documented) -> list[list[Json]]:
    """Grants in which enterprise projects play a part."""
    every, own = about("Allow", route.actions), about("Allow", route.actions[:1])
    rest, deny_own = about("Allow", route.actions[1:]), about("Deny", route.actions[:1])
    at_e1, at_e2 = PLACES["the enterprise project"], PLACES["another enterprise project"]
    at_project, at_all = PLACES["the token's project"], PLACES["all resources"]
    return [
        [],
        [grant(at_e1, *every)],
        [grant(at_e2, *every), grant(at_e1, *every), grant(at_e1, *own)],
        [grant(at_e2, *every), grant(at_e1, *own)],
        [grant(at_e1, *own), grant(at_e2, *rest)],
        [grant(at_e1, *own), grant(at_e1, *rest)],
        [grant(at_e1, *own), grant(at_project, *rest)],
        [grant(at_e1, EVERYTHING, *deny_own), grant(at_e2, EVERYTHING)],
        [grant(at_e1, *every), grant({"enterprise_project": "0"}, *every)],
        [grant(at_e1, *every), grant(at_project, *own)],
        [grant(at_e1, *every), grant(at_project, *deny_own)],
        [grant(at_e1, *every), grant(at_all, EVERYTHING)],
        [grant(at_e1, *every), grant({"domain": DOMAIN}, EVERYTHING)],
        [grant({"enterprise_project": "all_granted_eps"}, *every)],
        [
            grant({"domain": DOMAIN}, EVERYTHING),
            grant({"iam_project": OTHER_PROJECT}, EVERYTHING),
        ],
    ]


def query_spellings(route: Documented) -> Iterator[Json]:
    """Queries that are spelled otherwise, or malformed, in the path and beside it."""
    # The second is what `e+1` means in a form.
    scopes = (PLACES["the enterprise project"], {"enterprise_project": "e 1"})
    grants = [grant(scope, EVERYTHING) for scope in scopes]
    for text in QUERY_TEXTS:
        yield ask(route.method, f"{path_of(route)}?{text}", grants)
    for query in QUERY_MEMBERS:
        yield ask(route.method, path_of(route), grants, query=query)
        yield ask(route.method, f"{path_of(route)}?", grants, query=query)
        yield ask(route.method, f"{path_of(route)}?{NAME}=e1", grants, query=query)


# fmt: off
QUERY_TEXTS: Final = (
    "", "&", "limit=10", "=", "==", "?", "a=b&&c", "a;b", f"{NAME}=e1;a=b", "#", "a=#", "a b", "ü",
    NAME, f"{NAME}=", f"{NAME}=e1", f"{NAME}=e2", f"{NAME}=0", f"{NAME}=all_granted_eps",
    f"{NAME}=all_granted_eps&limit=1", f"limit=1&{NAME}=e1", f"{NAME}=ALL_GRANTED_EPS",
    f"{NAME}=E1",
    f"{NAME}=e1&{NAME}=e1", f"{NAME}=e1&{NAME}=e2", f"{NAME}=&{NAME}=e1", f"{NAME}=&{NAME}",
    f"{NAME}=e1&{NAME}=all_granted_eps", f"{NAME}=all_granted_eps&{NAME}=all_granted_eps",
    f"{NAME}=%65%31", f"{NAME}=e1&{NAME}=%65%31", "enterprise%5Fproject%5fid=e1", f"{NAME}%3De1",
    f"{NAME}=e1%", f"{NAME}=%4", f"{NAME}=%zz", f"{NAME}=%ff", "%=", "x=%c0%af", "x=%ed%a0%80",
    f"{NAME}=e+1", f"{NAME}=e%201", f"{NAME}=+e1", f"+{NAME}=e1", f"%20{NAME}=e1", f"{NAME}=%2B",
    "%3Ba=1", f"{NAME}=e1%3B", "x=%00", "x=%25", "x=%0a", "x=\n", "x=\t", "x=\x7f", "x=\x00", " ",
    f"{NAME}=%E4%BD%A0", f"{NAME}%00=e1", f"{NAME}=e1=e2", f"{NAME}==e1", f"=&{NAME}=e1", "=e1",
    f"{NAME.upper()}=e1", f"x{NAME}=e1", f"{NAME}x=e1", f"{NAME}[]=e1", "enterprise_project=e1",
    f"x=%E4&{NAME}=e1&y=%BD%A0", f"?{NAME}=e1", f"a=?{NAME}=e1", '"<>\\^`{|}', f"a=b%26{NAME}=e1",
)
QUERY_MEMBERS: Final[tuple[Json, ...]] = (
    {}, {"limit": ["10"]}, {"": [""]}, {NAME: []}, {NAME: [""]}, {NAME: ["e1"]}, {NAME: ["e2"]},
    {NAME: ["e1", "e1"]}, {NAME: ["e1", "e2"]}, {NAME: ["", "e1"]}, {NAME: ["", ""]},
    {NAME: ["all_granted_eps"]}, {NAME: ["all_granted_eps"] * 2}, {NAME: ["all_granted_eps", "e1"]},
    {NAME: ["e1"], "limit": []}, {NAME.upper(): ["e1"]}, {f"{NAME} ": ["e1"]}, {NAME: ["e1 "]},
    {NAME: ["e1;"]}, {";": []}, {"a": [";"]}, {"a": ["b", ";"]}, {"a;b": ["c"]}, {NAME: ["e%31"]},
    {"#": ["\u0000"]}, {"é": ["你"]},
)
# fmt: on
