"""From a bundle, as a live OPA gives it back, to the tables: nothing is lost or invented."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeAlias

import requests

from scopegate.live.opa import Opa
from scopegate.live.serving import serve_bundle
from scopegate.packing import read_revision
from tests.oracle import Documented
from tests.oracle.decision import Requirement, first, is_project
from tests.oracle.tables import is_parameter
from tests.proof.decisions.inputs import Rows
from tests.proof.reports import Figure, Report, Tell
from tests.render.parsed import ParsedRule, parse_module

Fact: TypeAlias = tuple[str, ...]
"""Something that a row documents, in words that can be held against those of a bundle."""

ROUTES: Final = "/routes/"
SECONDS: Final = 30
SHOWN: Final = 10


@dataclass(frozen=True)
class Loaded:
    """What a live OPA gives back: the rules of routes as it reads them, and the bundle's data."""

    rules: Sequence[ParsedRule]
    data: Mapping[str, Any]


def prove(bundle: Path, rows: Rows, opa: Opa, tell: Tell) -> Report:
    """Hold the facts of a served bundle against those of the tables that it was made from."""
    with tempfile.TemporaryDirectory(prefix="scopegate-proof-") as name:
        folder = Path(name)
        log, revision = folder / "opa.log", read_revision(bundle)
        with serve_bundle(opa, bundle, revision=revision, log=log) as url:
            loaded = load_back(url, opa, folder, tell)
    return compare(rows, loaded)


def compare(rows: Rows, loaded: Loaded) -> Report:
    """What was lost on the way, and what was invented."""
    documented, found = set(documented_facts(rows)), set(loaded_facts(loaded))
    lost, invented = sorted(documented - found), sorted(found - documented)
    figures: dict[str, Figure] = {
        "rules": len(loaded.rules),
        "facts of the tables": len(documented),
        "of them in the bundle": len(documented & found),
        "lost": len(lost),
        "invented": len(invented),
    }
    failures = [f"lost: {' · '.join(fact)}" for fact in lost[:SHOWN]]
    failures += [f"invented: {' · '.join(fact)}" for fact in invented[:SHOWN]]
    return Report("round-trip", figures, failures)


def load_back(url: str, opa: Opa, folder: Path, tell: Tell) -> Loaded:
    """Ask a server for its modules and data; OPA itself parses the text of each module."""
    policies = requests.get(f"{url}/v1/policies", timeout=SECONDS).json()["result"]
    texts = [each["raw"] for each in policies if ROUTES in each["id"]]
    rules: list[ParsedRule] = []
    for number, text in enumerate(texts):
        file = folder / f"{number}.rego"
        file.write_text(text, encoding="utf-8", newline="")
        rules += parse_module(opa, file).rules
        tell("modules read back", (number + 1) / len(texts))
    data = requests.get(f"{url}/v1/data/scopegate/bundle", timeout=SECONDS).json()["result"]
    return Loaded(rules, data)


def documented_facts(rows: Iterable[Documented]) -> Iterator[Fact]:
    """What tables document: of each route what it requires, and of each row that it is there."""

    def key(row: Documented) -> tuple[str, str, str, tuple[str, ...]]:
        return row.provider, row.service, row.method, shape_of(row.segments)

    for (provider, service, method, shape), group in groupby(sorted(rows, key=key), key=key):
        own = list(group)
        named = first(own)
        api = f"{provider}/{service}"
        route = f"{api} {method} {named.path}"
        yield "template", api, method, "/".join(shape), route
        yield from requirement_facts(route, Requirement(named, tuple(own)))
        positions = [
            str(place)
            for place in range(len(shape))
            if any(is_project(row.segments[place]) for row in own)
        ]
        yield "project", route, " ".join(positions)
        for case in dict.fromkeys(case for row in own for case in row.cases):
            of_case = [row for row in own if case in row.cases]
            counting = (*of_case, *(row for row in own if not row.cases))
            told = [case.place, case.name, *([] if case.value is None else [case.value])]
            yield "case", f"{route} {case}", *told
            yield from requirement_facts(f"{route} {case}", Requirement(first(of_case), counting))
        for row in own:
            yield "row", row.table, str(row.row), row.permission, method, "/".join(shape)


def requirement_facts(route: str, requirement: Requirement) -> Iterator[Fact]:
    """What a route, or a case of it, requires, and which row it is named after."""
    named = requirement.named
    yield "requires", route, *requirement.actions
    if requirement.actions:
        yield "scopes", route, *scopes_of(requirement)
    mirrored_from = named.mirrored_from or ""
    yield "named", route, named.path, named.table, str(named.row), named.permission, mirrored_from


def scopes_of(requirement: Requirement) -> list[str]:
    """Where a grant counts, as rules spell it."""
    project = requirement.iam_project != "unsupported"
    enterprise = requirement.enterprise_project == "supported"
    listing = "enterprise_projects" if requirement.is_list else "enterprise_project"
    return ["iam_project"] * project + [listing] * enterprise


def loaded_facts(loaded: Loaded) -> Iterator[Fact]:
    """The same facts, of what OPA has loaded."""
    for rule in loaded.rules:
        api, *shape = place_of(rule)
        for method, (route, actions, scopes, positions, *cases) in rule.value.items():
            path = route.split(" ")[2]
            assert covers(shape_of(path.split("/")[1:]), shape), f"{route} at {shape}"
            # A rule lists the methods of less specific templates, too: those are other rules' own.
            if shape_of(path.split("/")[1:]) != tuple(shape):
                continue
            yield "template", api, method, "/".join(shape), route
            yield from required_facts(route, actions, scopes)
            yield "project", route, " ".join(map(str, positions))
            yield from named_facts(route, loaded.data)
            for name, (teller, case_actions, case_scopes) in (cases[0] if cases else {}).items():
                case = f"{route} {name}"
                yield "case", case, *teller
                yield from required_facts(case, case_actions, case_scopes)
                yield from named_facts(case, loaded.data)
    for route, provenance in loaded.data["routes"].items():
        further = loaded.data["further_rows"].get(route, [])
        spelt = "/".join(shape_of(provenance["path"].split("/")[1:]))
        for row in (provenance, *further):
            own = row["table"], str(row["row"]), row["permission"]
            yield "row", *own, provenance["method"], spelt


def required_facts(route: str, actions: Sequence[str], scopes: str) -> Iterator[Fact]:
    """What a rule says that a route, or a case of it, requires; without actions no scope counts."""
    yield "requires", route, *actions
    if actions:
        yield "scopes", route, *filter(None, scopes.split(", "))


def named_facts(route: str, data: Mapping[str, Any]) -> Iterator[Fact]:
    """The row that a route, or a case of it, is named after."""
    row = data["routes"][route]
    told = row["path"], row["table"], str(row["row"]), row["permission"]
    yield "named", route, *told, row["mirrored_from"] or ""


def place_of(rule: ParsedRule) -> list[str]:
    """The API and the segments of the paths that a rule is about; a parameter is `{}`."""
    operator, variable, place = rule.body[0]["terms"]
    assert operator["value"][0]["value"] in ("eq", "equal"), rule.body
    assert variable["value"] == "place", rule.body
    return [part["value"] if part["type"] == "string" else "{}" for part in place["value"]]


def shape_of(segments: Iterable[str]) -> tuple[str, ...]:
    """A template without the names of its parameters."""
    return tuple("{}" if is_parameter(part) else part for part in segments)


def covers(general: Sequence[str], special: Sequence[str]) -> bool:
    """Whether all paths of one shape are of the other, too."""
    return len(general) == len(special) and all(
        mine in ("{}", other) for mine, other in zip(general, special, strict=True)
    )
