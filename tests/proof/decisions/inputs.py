"""Random inputs about the routes of some tables: what callers send, and what attackers would.

Each is made for one reason that it may get, and then changed now and then, so that all reasons come
up; what it really gets is the oracle's to say.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, Final, TypeAlias

from tests.decisions.inputs.malformed import ADDED, WRONG, places, replaced, value_at, without
from tests.decisions.inputs.parts import Json, is_project
from tests.decisions.inputs.paths import (
    ESCAPES,
    METHODS,
    ODD_CHARACTERS,
    ODD_PATHS,
    OTHER_SEGMENTS,
)
from tests.decisions.inputs.shipped import show
from tests.decisions.inputs.statements import patterns_for
from tests.oracle import Documented, Given

Rows: TypeAlias = Sequence[Documented]

# fmt: off
NAMES: Final = (
    "s1", "s1", "s2", "p1", "e1", "detail", "os-extend", "action", "*", "{id}", "0", "A.b~c_d-e",
    "%41", "%e4%bd%a0", "%20", "a%2Bb", "x" * 70,
)
PROJECTS: Final = (*["p1"] * 40, "p2", "P1", "%701", "d1")
ENTERPRISE_PROJECTS: Final = ("e1", "e1", "e1", "e2", "0", "all_granted_eps", "e 1", "é", "E1")
ODD_NAMES: Final = ("", " ", "é", "e\u0301", "\u0000", "\u2028", "😀", "x\ny", "*", "\\", '"')
# fmt: on
ENTERPRISE_PROJECT: Final = "enterprise_project_id"


@dataclass(frozen=True)
class Known:
    """What questions are made of: the routes, and what the operator says beside them."""

    rows: Rows
    subjects: Sequence[str] = ()
    """Those in the identity bundle."""
    hosts: Sequence[str] = ()
    operator_paths: Sequence[str] = ()
    identities_alone: bool = False
    """Whether an input that brings grants is malformed."""

    @cached_property
    def routes(self) -> list[Rows]:
        """The rows of each route, of which several can be about one."""

        def key(row: Documented) -> tuple[str, str, str, str]:
            return row.provider, row.service, row.method, row.path

        return [tuple(rows) for _, rows in groupby(sorted(self.rows, key=key), key=key)]

    @cached_property
    def routes_for(self) -> dict[str, list[Rows]]:
        """The routes that can get a reason which few of them can."""
        services = {row.service for row in self.rows}
        providers = {
            each: {row.provider for row in self.rows if row.service == each} for each in services
        }
        return {
            "no_authorization_required": [
                rows for rows in self.routes if not any(row.actions for row in rows)
            ],
            "body_required": [
                rows
                for rows in self.routes
                if any(case.place == "body" for row in rows for case in row.cases)
            ],
            "ambiguous_service": [
                rows for rows in self.routes if len(providers[rows[0].service]) > 1
            ],
            "enterprise_project_required": [
                rows
                for rows in self.routes
                if all(row.enterprise_project == "supported" and row.actions for row in rows)
            ],
            "explicitly_denied": [rows for rows in self.routes if any(row.actions for row in rows)],
        }

    @cached_property
    def actions(self) -> list[str]:
        return sorted({action for row in self.rows for action in row.actions})


@dataclass(frozen=True)
class Maker:
    """Makes inputs by chance."""

    known: Known
    chance: random.Random

    def make(self) -> Given:
        """One input."""
        chance = self.chance
        wanted, routes = "", self.known.routes
        if chance.random() < 0.35:
            wanted = chance.choice([name for name, few in self.known.routes_for.items() if few])
            routes = self.known.routes_for[wanted]
        rows = chance.choice(routes)
        given: Json = {"request": self.make_request(rows), "subject": self.make_subject(rows)}
        if chance.random() < 0.5:
            given["resource"] = {ENTERPRISE_PROJECT: chance.choice(ENTERPRISE_PROJECTS)}
        if not self.known.identities_alone:
            self.lead(given, wanted, rows)
        if chance.random() < 0.08:
            return self.damage(given)
        return given

    def lead(self, given: Json, wanted: str, rows: Rows) -> None:
        """Change an input so that it may get the reason that is wanted, if any."""
        needed = sorted({action for row in rows for action in row.actions})
        match wanted:
            case "body_required":
                given["request"].pop("body", None)
            case "ambiguous_service":
                given["request"].pop("provider", None)
            case "enterprise_project_required":
                given.pop("resource", None)
                given["request"]["path"] = self.make_path(rows[0])
                given["request"].pop("query", None)
                place = {"enterprise_project": self.chance.choice(ENTERPRISE_PROJECTS)}
                given["subject"]["grants"] = [self.make_grant(place, needed)]
            case "explicitly_denied":
                denied = self.make_grant(self.make_scope(), needed[:1], effect="Deny")
                given["subject"].setdefault("grants", []).append(denied)
            case _:
                pass

    def make_request(self, rows: Rows) -> Json:
        """A request of a route, now and then of one near it."""
        chance, route = self.chance, rows[0]
        request: Json = {"method": route.method, "path": self.make_path(route)}
        if chance.random() < 0.85:
            request |= {"provider": route.provider, "service": route.service}
        elif chance.random() < 0.5:
            request["service"] = chance.choice([route.service, "evs", "nothing"])
        if chance.random() < 0.03:
            request["method"] = chance.choice(METHODS)
        cases = [case for row in rows for case in row.cases]
        if cases and chance.random() < 0.85:
            chosen = [chance.choice(cases) for _ in range(chance.choice([1, 1, 1, 1, 2]))]
            request |= show(chosen, wrong=chance.random() < 0.1)
        elif chance.random() < 0.1:
            request["body"] = self.make_json()
        if chance.random() < 0.05:
            request["host"] = chance.choice([*self.known.hosts, "evs.example.com:443", ".", ""])
        if "query" not in request and chance.random() < 0.25:
            self.add_query(request)
        if self.known.operator_paths and chance.random() < 0.08:
            request["path"] = chance.choice(self.known.operator_paths)
            request["method"] = chance.choice(["GET", "GET", "HEAD", "OPTIONS", "POST"])
        return request

    def make_path(self, route: Documented) -> str:
        """A path of a template, now and then with a segment or two of another."""
        chance = self.chance
        segments = [self.fill(part) for part in route.segments]
        if chance.random() < 0.08:
            place = chance.randrange(len(segments) + 1)
            other = [chance.choice([*OTHER_SEGMENTS, *ESCAPES, *NAMES])] * chance.randrange(2)
            segments[place : place + chance.randrange(2)] = other
        path = "/" + "/".join(segments)
        if chance.random() < 0.02:
            place = chance.randrange(len(path) + 1)
            character = chance.choice([*ODD_CHARACTERS, "%", "%2", "%2f", "//"])
            path = path[:place] + character + path[place:]
        if chance.random() < 0.01:
            path = chance.choice(ODD_PATHS)
        return path.upper() if chance.random() < 0.01 else path

    def fill(self, part: str) -> str:
        """A segment for a part of a template."""
        if not part.startswith("{"):
            return part
        return self.chance.choice(PROJECTS if is_project(part) else NAMES)

    def add_query(self, request: Json) -> None:
        """A query, in the path or beside it."""
        chance = self.chance
        pairs = [
            (
                chance.choice([ENTERPRISE_PROJECT, ENTERPRISE_PROJECT, "limit", "type", "a;b"]),
                chance.choice([*ENTERPRISE_PROJECTS, "", "all_granted_eps", "user"]),
            )
            for _ in range(chance.choice([0, 1, 1, 1, 2]))
        ]
        if chance.random() < 0.5:
            request["query"] = {}
            for name, value in pairs:
                request["query"].setdefault(name, []).append(value)
        else:
            text = "&".join(f"{name}={value}".replace(" ", "+") for name, value in pairs)
            request["path"] += f"?{text}"

    def make_subject(self, rows: Rows) -> Json:
        """Who asks: with a token, and grants that may just do it, or just not."""
        chance = self.chance
        token = {"domain_id": "d1"} if chance.random() < 0.15 else {"project_id": "p1"}
        subject: Json = {**token}
        if chance.random() < (
            0.97 if self.known.identities_alone else 0.4 * bool(self.known.subjects)
        ):
            return subject | {"id": chance.choice([*self.known.subjects, "nobody"])}
        if chance.random() < 0.6:
            subject["id"] = "u1"
        if chance.random() < 0.06:
            subject["account_owner"] = chance.random() < 0.8
        if chance.random() < 0.97:
            subject["grants"] = self.make_grants(rows)
        return subject

    def make_grants(self, rows: Rows) -> list[Json]:
        """Grants about what a route requires, and some about anything."""
        chance = self.chance
        needed = sorted({action for row in rows for action in row.actions})
        grants = []
        kind = chance.choice(["all", "all", "all", "all", "some", "split", "elsewhere", "none"])
        if kind in ("all", "some") and needed:
            fewer = needed if kind == "all" else needed[:-1]
            grants.append(self.make_grant(self.make_scope(), fewer))
        elif kind == "split":
            grants += [self.make_grant(self.make_scope(), [action]) for action in needed]
        elif kind == "elsewhere" and needed:
            places = ({"enterprise_project": "e1"}, {"domain": "d1"}, {"iam_project": "p1"})
            grants.append(self.make_grant(dict(chance.choice(places)), needed))
        if needed and chance.random() < 0.1:
            denied = [chance.choice(needed)]
            grants.append(self.make_grant(self.make_scope(), denied, effect="Deny"))
        for _ in range(chance.choice([0, 0, 0, 1, 2])):
            grants.append(self.make_grant(self.make_scope(), [chance.choice(self.known.actions)]))
        chance.shuffle(grants)
        return grants

    def make_scope(self) -> Json:
        """Where a grant is made."""
        chance = self.chance
        return chance.choice(
            [
                *({"iam_project": "p1"}, {"iam_project": "p1"}, {"all_resources": True}),
                {"iam_project": chance.choice(PROJECTS)},
                {"domain": chance.choice(["d1", "d2"])},
                *({"enterprise_project": chance.choice(ENTERPRISE_PROJECTS)} for _ in "12"),
            ]
        )

    def make_grant(self, scope: Json, actions: Sequence[str], effect: str = "Allow") -> Json:
        """A grant of a policy about these actions, with others beside it now and then."""
        chance = self.chance
        if not actions:
            return {"scope": scope, "policies": []}
        statement: Json = {"Effect": effect, "Action": [self.spell(each) for each in actions]}
        odd = chance.random()
        if odd < 0.05:
            statement["Condition"] = chance.choice([{}, {"StringEquals": {"g:UserName": ["u"]}}])
        elif odd < 0.1:
            statement["Resource"] = chance.choice([["*"], [], ["x"], {"uri": ["*"]}, ["*", "*"]])
        elif odd < 0.13:
            statement["NotAction"] = statement.pop("Action")
        policy: Json = {"Version": chance.choice(["1.1", "1.0"]), "Statement": [statement]}
        if chance.random() < 0.08:
            policy["Depends"] = chance.choice([[], [{}], [ROLE], [ROLE, {"display_name": "x"}]])
        policies = [policy]
        if chance.random() < 0.15:
            other = {"Effect": "Allow", "Action": [chance.choice(self.known.actions)]}
            policies.append({"Version": "1.0", "Statement": [other], **ROLE})
        return {"scope": scope, "policies": policies}

    def spell(self, action: str) -> str:
        """An action or a pattern that matches it, or nearly does."""
        chance = self.chance
        spelling = chance.random()
        if spelling < 0.6:
            return action
        if spelling < 0.7:
            return chance.choice([action.upper(), action.swapcase()])
        if spelling < 0.8:
            return chance.choice(["*", f"{action.partition(':')[0]}:*", "*:*"])
        place = chance.randrange(len(action) + 1)
        end = chance.randrange(place, len(action) + 1)
        if spelling < 0.93:
            return f"{action[:place]}*{action[end:]}"
        return chance.choice([each for each in patterns_for(action) if each])

    def damage(self, given: Json) -> Given:
        """The input with a member missing, replaced or added; now and then something else."""
        chance = self.chance
        if chance.random() < 0.02:
            whole: Given = self.make_json()
            return whole
        for _ in range(chance.choice([1, 1, 1, 2])):
            found = list(places(given))
            place = chance.choice(found)
            value = value_at(given, place)
            how = chance.randrange(4)
            if how == 0:
                given = without(given, place)
            elif how == 1 and isinstance(value, dict):
                name, added = chance.choice(ADDED)
                given = replaced(given, (*place, name), added)
            elif how == 2 and isinstance(value, str):
                given = replaced(given, place, chance.choice([value + "x", *ODD_NAMES]))
            else:
                given = replaced(given, place, chance.choice([*WRONG, self.make_json()]))
            if not given:
                break
        return given

    def make_json(self, depth: int = 3) -> Any:  # noqa: ANN401  any JSON
        """Any JSON."""
        chance = self.chance
        plain = (None, True, False, 0, -1, 1.5, 1e30, "x", *ODD_NAMES)
        kind = chance.randrange(4) if depth else 0
        if kind == 1:
            return [self.make_json(depth - 1) for _ in range(chance.randrange(3))]
        if kind == 2:
            names = [chance.choice([*ODD_NAMES, "action", "x"]) for _ in range(chance.randrange(3))]
            return {name: self.make_json(depth - 1) for name in names}
        return chance.choice(plain)


ROLE: Final[Json] = {"catalog": "BASE", "display_name": "Tenant Guest"}


def make_inputs(known: Known, chance: random.Random, count: int) -> Iterator[Given]:
    """So many inputs."""
    maker = Maker(known, chance)
    for _ in range(count):
        yield maker.make()
