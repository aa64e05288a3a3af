"""The ways to change a module of rules by one thing, at the places that OPA's own parser gives."""

import base64
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from scopegate.live.opa import Opa

Node: TypeAlias = Mapping[str, Any]
"""A part of the syntax tree, as OPA spells it in JSON."""

OPERATORS: Final[Mapping[str, tuple[str, ...]]] = {
    "equal": ("!=",),
    "neq": ("==",),
    "lt": ("<=", ">="),
    "lte": ("<", ">"),
    "gt": (">=", "<="),
    "gte": (">", "<"),
    "plus": ("-",),
    "minus": ("+", "&"),
    "mul": ("+",),
    "or": ("&",),
    "and": ("|",),
}
"""What stands in the place of each: its neighbour, its opposite. `-` is also of sets."""

OTHER_LITERALS: Final[Mapping[str, str]] = {"true": "false", "false": "true", "null": "false"}


class Key(NamedTuple):
    """A mutant's name, which stays when lines move: whole lines, with single blanks."""

    file: str
    rule: str
    before: str
    after: str


@dataclass(frozen=True)
class Mutant:
    """One change of one file: `replacement` instead of what is from `start` to `end`."""

    file: str
    rule: str
    text: str
    """All of the file, as it is."""
    start: int
    end: int
    replacement: str

    @property
    def replaced(self) -> str:
        """What is there as it is."""
        return self.text[self.start : self.end]

    @property
    def changed(self) -> str:
        """All of the file with the change."""
        return self.text[: self.start] + self.replacement + self.text[self.end :]

    @property
    def key(self) -> Key:
        """Its name, with the lines that the change is in."""
        first = self.text.rfind("\n", 0, self.start) + 1
        last = self.text.find("\n", max(self.start, self.end - 1))
        after = (
            self.text[first : self.start]
            + self.replacement
            + self.text[self.end : max(self.end, last)]
        )
        before = self.text[first:last]
        return Key(self.file, self.rule, " ".join(before.split()), " ".join(after.split()))

    def __str__(self) -> str:
        row = self.text.count("\n", 0, self.start) + 1
        return f"{self.file}:{row}: {self.key.before} → {self.key.after or 'nothing'}"


class _Span(NamedTuple):
    start: int
    end: int
    text: str


class _Change(NamedTuple):
    start: int
    end: int
    replacement: str


def find_mutants(file: str, text: str, opa: Opa) -> list[Mutant]:
    """Every mutant of a module, in the order of the places; `file` is what it is called by."""
    braces = _find_missing_braces(text, _parse(text, opa))
    spelled = _insert(text, braces)
    rules = _parse(spelled, opa)
    clauses = Counter(_name_of(rule) for rule in rules)
    found = {
        Mutant(
            file,
            _name_of(rule),
            text,
            change.start - _count_before(braces, change.start),
            change.end - _count_before(braces, change.end),
            change.replacement,
        )
        for rule in rules
        for change in _change_rule(spelled, rule, is_alone=clauses[_name_of(rule)] == 1)
    }
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.replacement))


def _parse(text: str, opa: Opa) -> list[Node]:
    """The rules of a module."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "module.rego")
        file.write_text(text, encoding="utf-8")
        args = ["parse", "--format", "json", "--json-include", "locations", str(file)]
        rules: list[Node] = json.loads(opa.run(args).stdout).get("rules", [])
        return rules


def _name_of(rule: Node) -> str:
    return str(rule["head"]["ref"][0]["value"])


# To OPA all that is in the body of an `else` stands where the `else` does, unless it has braces.


def _find_missing_braces(text: str, rules: list[Node]) -> list[tuple[int, str]]:
    """Where braces belong around the bodies of such an `else`: the places, and which one."""
    found = []
    for rule in rules:
        clause: Any = rule
        while clause := clause.get("else"):
            [first, *_] = clause["body"]
            if first["location"] != clause["location"] or first.get("generated"):
                continue
            _, head_end, _ = _locate(text, clause["head"])
            opening = text.index("if", head_end) + len("if")
            found += [(opening, "{"), (_end_of_clause(text, clause), "}")]
    return found


def _insert(text: str, braces: list[tuple[int, str]]) -> str:
    for place, brace in sorted(braces, reverse=True):
        text = text[:place] + brace + text[place:]
    return text


def _count_before(braces: list[tuple[int, str]], offset: int) -> int:
    """How many braces were put in before an offset of the text that has them."""
    return sum(place + before < offset for before, (place, _) in enumerate(sorted(braces)))


def _end_of_clause(text: str, clause: Node) -> int:
    """Where the next `else` begins, or the rule ends."""
    following = clause.get("else")
    return _locate(text, following).start if following else _locate(text, clause).end


def _locate(text: str, node: Node) -> _Span:
    """Where a node stands, and its text."""
    location = node["location"]
    lines = text.split("\n")[: location["row"] - 1]
    start = sum(len(line) + 1 for line in lines) + location["col"] - 1
    said = base64.b64decode(location["text"]).decode()
    assert text.startswith(said, start), (said, location)
    return _Span(start, start + len(said), said)


def _change_rule(text: str, rule: Node, *, is_alone: bool) -> Iterator[_Change]:
    """Of a rule; it is left out where there is another one of its name."""
    if not is_alone:
        # OPA takes the word alone for the place of a default.
        end = _locate(text, rule["head"] if rule.get("default") else rule).end
        yield _Change(_locate(text, rule).start, end, "")
    clauses = [rule]
    while following := clauses[-1].get("else"):
        yield _Change(_locate(text, following).start, _end_of_clause(text, following), "")
        clauses.append(following)
    needless = {change for clause in clauses for change in _find_needless(text, clause)}
    for change in _change_inside(text, {**rule, "annotations": None}):
        if change not in needless:
            yield change


def _find_needless(text: str, clause: Node) -> Iterator[_Change]:
    """Conditions that are in the value, too: where that is undefined, so is the clause."""
    values = list(_list_parts(_strip_places(clause["head"].get("value"))))
    for expression in clause["body"]:
        if expression.get("generated") or expression.get("negated"):
            continue
        if _strip_places(expression["terms"]) in values:
            start, end, _ = _locate(text, expression)
            yield _Change(start, end, "true")


def _list_parts(node: object) -> Iterator[object]:
    """A value, and all without which it is undefined: not what is in a comprehension."""
    yield node
    match node:
        case {"type": "arraycomprehension" | "setcomprehension" | "objectcomprehension"}:
            return
        case dict():
            inside: Iterable[object] = node.values()
        case list():
            inside = node
        case _:
            return
    for each in inside:
        yield from _list_parts(each)


def _strip_places(node: object) -> object:
    """A node without where it stands, and where its parts do."""
    match node:
        case dict():
            return {name: _strip_places(each) for name, each in node.items() if name != "location"}
        case list():
            return [_strip_places(each) for each in node]
        case _:
            return node


def _change_inside(text: str, node: Any) -> Iterator[_Change]:  # noqa: ANN401  # JSON
    """Of whatever is in a node."""
    match node:
        case {"generated": True}:
            return
        case {"index": int(), "terms": _}:
            yield from _change_expression(text, node)
        case {"symbols": [{"type": "call", "value": [_, *args]}]}:
            node = args  # What `some` has is no condition.
        case {"type": "call", "value": [operator, *args]}:
            yield from _change_operator(text, operator)
            if operator["value"][0]["value"] == "internal":  # The value of an `in`.
                start, end, said = _locate(text, node)
                yield _Change(start, end, f"({said}) == false")
            node = args
        case {"type": "arraycomprehension", "value": {"term": {"type": "number"}, "body": body}}:
            node = body  # The same number again and again is only counted.
        case {"type": "string" | "number" | "boolean" | "null", "location": _}:
            yield from _change_literal(text, node)
        case _:
            pass
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _change_inside(text, each)


def _change_expression(text: str, node: Node) -> Iterator[_Change]:
    """Leave it out, negate it or no longer negate it, let it see what others see."""
    start, end, said = _locate(text, node)
    yield _Change(start, end, "true")
    for modifier in node.get("with", ()):
        span = _locate(text, modifier)
        yield _Change(span.start, span.end, "")
    terms = node["terms"]
    calls = isinstance(terms, list)
    if node.get("negated"):
        yield _Change(start, end, said.removeprefix("not").lstrip())
    elif terms[0]["value"][0]["value"] != "assign" if calls else "type" in terms:
        yield _Change(start, start, "not ")
    if calls:
        yield from _change_operator(text, terms[0])


def _change_operator(text: str, operator: Node) -> Iterator[_Change]:
    start, end, _ = _locate(text, operator)
    for other in OPERATORS.get(operator["value"][0]["value"], ()):
        yield _Change(start, end, other)


def _change_literal(text: str, node: Node) -> Iterator[_Change]:
    """Another value of the same kind. What is no literal in the text, as `b` in `a.b`, stays."""
    start, end, said = _locate(text, node)
    if said in OTHER_LITERALS:
        yield _Change(start, end, OTHER_LITERALS[said])
    elif node["type"] == "number" and said.isdigit():
        yield _Change(start, end, str(int(said) + 1))
    elif node["type"] == "string" and said[0] in '"`':
        yield _Change(end - 1, end - 1, "~")
        if said[0] == "`":  # A pattern, which then matches everything.
            yield _Change(start, end, '""')
