"""Any JSON, also such as no client would write: always a decision, never an error, never slow."""

import http.client
import json
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from scopegate.live.asking import DECISION_PATH
from scopegate.live.measuring import EVALUATION_TIMER
from scopegate.live.opa import Opa
from scopegate.live.serving import serve_bundle
from scopegate.packing import read_revision
from tests.decisions.inputs.malformed import (
    Place,
    full_input,
    places,
    replaced,
    value_at,
)
from tests.explorer.odd_inputs import NAMES, NUMBERS
from tests.oracle import REASONS, decide
from tests.proof.chunks import run_chunks
from tests.proof.decisions.inputs import Known, Maker, Rows
from tests.proof.reports import Figure, Report, Tell

MEGABYTE: Final = 1_000_000
MOST_SECONDS: Final = 2.0
LARGE: Final = 0.01
"""How many of all are large: they take the time."""

MEMBERS: Final = decide((), {}, "").keys()
"""Those of each decision."""

# fmt: off
TEXTS: Final = (
    "", " ", "x", "*", "p1", "evs:*:*", "GET", "/v2/p1/snapshots", "%41", "%", "?a=b&c", ";", "1.1",
    "Allow", "Deny", "all_granted_eps", "u1", *NAMES,
)
UNITS: Final = ("x", "%41", "evs*", "/", "a=b&", "\\u0041", "é", "?*", ";", '\\"')
"""Of which long texts are."""
DEEPEST: Final = 2_000
MEMBER_NAMES: Final = (
    "request", "subject", "resource", "method", "path", "service", "provider", "host", "query",
    "body", "id", "project_id", "domain_id", "account_owner", "grants", "scope", "policies",
    "Version", "Statement", "Effect", "Action", "NotAction", "Resource", "Condition", "Depends",
    "uri", "enterprise_project_id", "iam_project", "all_resources", "domain", "enterprise_project",
    "catalog", "display_name", *NAMES,
)
# fmt: on
_SHOWN: Final = 5
_MARK: Final = "\x00here\x00"


@dataclass(frozen=True)
class Plan:
    """What every process of a run knows."""

    url: str
    known: Known
    seed: int


@dataclass
class Found:
    """What was found in one chunk; times are those of the server's evaluation, in seconds."""

    asked: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    large: int = 0
    largest: int = 0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def add(self, other: "Found") -> None:
        """Add what was found in another chunk."""
        self.asked += other.asked
        self.reasons += other.reasons
        self.failures += other.failures
        self.large += other.large
        self.largest = max(self.largest, other.largest)
        self.slowest = max(self.slowest, other.slowest)


def prove(  # noqa: PLR0913  one for each thing to choose
    bundle: Path, rows: Rows, opa: Opa, *, count: int, seed: int, tell: Tell
) -> Report:
    """Ask a server of a bundle about `count` texts of JSON."""
    total = Found()
    with tempfile.TemporaryDirectory(prefix="scopegate-proof-") as name:
        log, revision = Path(name, "opa.log"), read_revision(bundle)
        with serve_bundle(opa, bundle, revision=revision, log=log) as url:
            plan = Plan(url, Known(rows), seed)
            for found in run_chunks(count, run_chunk, begin=begin, plan=plan):
                total.add(found)
                told = f"{total.asked:,} texts, the slowest {total.slowest:.2f} s"
                tell(told, total.asked / count)
    return report(total, seed)


def report(total: Found, seed: int) -> Report:
    """Say what was found."""
    figures: dict[str, Figure] = {
        "seed": seed,
        "texts of JSON": total.asked,
        "of them large": total.large,
        "characters of the largest": total.largest,
        "answered by a decision": total.reasons.total(),
        **{f"of them {reason}": number for reason, number in total.reasons.most_common()},
        "seconds of the slowest evaluation": f"{total.slowest:.2f}",
    }
    return Report("inputs", figures, total.failures[:_SHOWN])


_plan: Plan


def begin(plan: Plan) -> None:
    """Prepare a process."""
    global _plan  # noqa: PLW0603  what a process of a pool is given
    _plan = plan


def run_chunk(first: int, size: int) -> Found:
    """Ask about the texts from the number `first` on."""
    found = Found(asked=size)
    connection = http.client.HTTPConnection(urlsplit(_plan.url).netloc, timeout=60)
    maker = TextMaker(_plan.known, random.Random(f"{_plan.seed}/{first}"))  # noqa: S311  no secret
    for _ in range(size):
        text, is_large = maker.make()
        decision, seconds = ask(connection, text)
        found.large += is_large
        found.largest = max(found.largest, len(text))
        failure = find_failure(decision)
        if not failure:
            found.reasons[decision["reason"]] += 1
            if seconds > MOST_SECONDS:
                # The machine may have been busy; what is really slow is so again.
                seconds = min(seconds, *(ask(connection, text)[1] for _ in range(2)))
                failure = f"took {seconds:.1f} s" if seconds > MOST_SECONDS else ""
            found.slowest = max(found.slowest, seconds)
        if failure:
            found.failures.append(f"{failure}: {text[:2000]}")
    connection.close()
    return found


def ask(connection: http.client.HTTPConnection, text: str) -> tuple[Any, float]:
    """The decision for the text of an input, or what came instead; and the seconds it took."""
    body = f'{{"input": {text}}}'.encode()
    headers = {"Content-Type": "application/json"}
    connection.request("POST", f"{DECISION_PATH}?metrics", body, headers)
    response = connection.getresponse()
    said = response.read()
    if response.status != http.client.OK:
        return f"{response.status}: {said.decode(errors='replace')}", 0.0
    answer = json.loads(said)
    return answer.get("result"), answer["metrics"][EVALUATION_TIMER] / 1e9


def find_failure(decision: Any) -> str:  # noqa: ANN401  whatever came
    """Why what came is no decision; empty where it is one."""
    if not isinstance(decision, dict):
        return f"no decision but {decision}"
    if decision.keys() != MEMBERS:
        return f"a decision with the members {sorted(decision)}"
    return "" if decision["reason"] in REASONS else f"the reason {decision['reason']}"


@dataclass(frozen=True)
class TextMaker:
    """Makes texts of JSON by chance."""

    known: Known
    chance: random.Random

    def make(self) -> tuple[str, bool]:
        """A text, and whether it may be large: any JSON, or an input with that at some place."""
        chance = self.chance
        kind = chance.random()
        if kind < LARGE:
            return self.make_large(), True
        if kind < 0.5:
            return self.make_text(chance.choice([1, 3, 5, 8])), False
        given: Any = Maker(self.known, chance).make()
        for _ in range(chance.choice([1, 1, 2])):
            found = list(places(given))
            if found and kind < 0.7:
                given = replaced(given, chance.choice(found), _MARK)
            elif ("request",) in found and isinstance(given["request"], dict):
                given["request"][chance.choice(["body", "body", "x"])] = _MARK
        text = json.dumps(given, ensure_ascii=chance.random() < 0.5)
        while json.dumps(_MARK) in text:
            text = text.replace(json.dumps(_MARK), self.make_text(2), 1)
        return text, False

    def make_text(self, depth: int) -> str:
        """The text of any JSON, with blanks, names that stand twice, and numbers as none write."""
        chance = self.chance
        kind = chance.randrange(6) if depth else 0
        blank = chance.choice(["", "", "", " ", "\n\t", "\r"])
        if kind in (1, 2):
            parts = [self.make_text(depth - 1) for _ in range(chance.randrange(4))]
            return f"[{blank}{','.join(parts)}]"
        if kind > 2:
            names = [chance.choice(MEMBER_NAMES) for _ in range(chance.randrange(5))]
            return f"{{{','.join(f'{quote(name)}:{self.make_text(depth - 1)}' for name in names)}}}"
        plain = chance.randrange(4)
        if plain == 0:
            return blank + chance.choice(["null", "true", "false"])
        if plain == 1:
            return chance.choice(NUMBERS)
        return quote(chance.choice(TEXTS))

    def make_large(self) -> str:
        """An input of which something is large: at most a megabyte."""
        chance = self.chance
        given = full_input(chance.choice(self.known.rows))
        found: list[Place] = list(places(given))
        most = chance.choice([50_000, 200_000, 500_000, MEGABYTE - 5_000])
        if chance.random() < 0.5:
            place = chance.choice([each for each in found if isinstance(each[-1], int)])[:-1]
            each = json.dumps(value_at(given, place)[0])
            grown = f"[{','.join([each] * (most // (len(each) + 1)))}]"
        else:
            place = chance.choice([*found, ("request", "body"), ("request", "body")])
            grown = self.grow(most)
        text = json.dumps(replaced(given, place, _MARK)).replace(json.dumps(_MARK), grown)
        return text if len(text) <= MEGABYTE else json.dumps(given)

    def grow(self, most: int) -> str:
        """A text of JSON with at most so many characters, and not many fewer."""
        chance = self.chance
        if chance.random() < 0.1:
            depth = min(most // 2, DEEPEST)
            return "[" * depth + "]" * depth
        before, unit, between, after = chance.choice(
            [
                ('"', chance.choice(UNITS), "", '"'),
                ("1", "0", "", ""),
                ("{", '"m#":0', ",", "}"),
                ("{", '"m#":["x"]', ",", "}"),
                ("[", '"#*x"', ",", "]"),
                *(("[", self.make_text(2), ",", "]") for _ in range(3)),
            ]
        )
        longest = len(unit.encode()) + len(between) + 5 * unit.count("#")
        units = [unit.replace("#", str(number)) for number in range(most // longest)]
        return before + between.join(units) + after


def quote(text: str) -> str:
    """A text of NAMES as JSON: it is spelt there as it stands in JSON."""
    return f'"{text}"'
