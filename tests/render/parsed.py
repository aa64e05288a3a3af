"""Rego as OPA reads it: the rules of a module with their values, and the comments above them."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scopegate.live.opa import Opa


@dataclass(frozen=True)
class ParsedRule:
    name: str
    value: Any
    body: tuple[Any, ...]
    comments: tuple[str, ...]
    """The lines that stand directly above the rule."""


@dataclass(frozen=True)
class ParsedModule:
    package: str
    imports: int
    rules: tuple[ParsedRule, ...]
    comments: tuple[str, ...]


def parse_module(opa: Opa, path: Path) -> ParsedModule:
    """What OPA reads in the file at `path`."""
    command = ["parse", "--format", "json", "--json-include", "locations,comments", str(path)]
    parsed = json.loads(opa.run(command).stdout)
    comments = {
        comment["Location"]["row"]: base64.b64decode(comment["Text"]).decode()
        for comment in parsed["comments"]
    }
    return ParsedModule(
        package=".".join(each["value"] for each in parsed["package"]["path"]),
        imports=len(parsed.get("imports", ())),
        rules=tuple(
            ParsedRule(
                name=rule["head"]["name"],
                value=read_term(rule["head"]["value"]),
                body=tuple(rule["body"]),
                comments=tuple(find_comments(comments, rule["location"]["row"])),
            )
            for rule in parsed["rules"]
        ),
        comments=tuple(comments.values()),
    )


def find_comments(comments: dict[int, str], row: int) -> Iterator[str]:
    first = row
    while first - 1 in comments:
        first -= 1
    yield from (comments[each].strip() for each in range(first, row))


def read_term(term: dict[str, Any]) -> Any:  # noqa: ANN401  any JSON
    """The value of a term of literals, or the name of a variable."""
    match term:
        case {"type": "object", "value": members}:
            value = {read_term(name): read_term(member) for name, member in members}
            assert len(value) == len(members)
            return value
        case {"type": "array", "value": items}:
            return [read_term(item) for item in items]
        case {"type": "null"}:
            return None
        case {"type": "string" | "number" | "boolean" | "var", "value": value}:
            return value
        case _:
            raise AssertionError(f"no literal: {term}")
