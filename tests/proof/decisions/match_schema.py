"""`json.match_schema`: the keywords of rego/schemas/*.json, with the words of OPA's validator.

Of schemas none of which fits, that validator tells the errors of the one with the most points. So
points are counted where it does: one for whatever was looked at, less two for an error.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from tests.proof.decisions.numbers import Number

Json: TypeAlias = Any
Schema: TypeAlias = Mapping[str, Any]

KEYWORDS: Final = {
    # Those that say nothing here.
    *("$schema", "title", "description", "definitions", "limits", "characters", "evaluated"),
    *("$ref", "type", "enum", "anyOf", "oneOf", "required", "properties", "additionalProperties"),
    *("items", "minItems", "maxItems", "minLength"),
}


class UnknownKeywordError(Exception):
    """A schema says what is not known here."""


@dataclass
class Findings:
    """The errors of a value, and its points."""

    errors: list[dict[str, str]] = field(default_factory=list)
    score: int = 0

    def add(self, path: tuple[str, ...], kind: str, text: str) -> None:
        name = name_field(path)
        self.errors.append({"error": f"{name}: {text}", "type": kind, "field": name, "desc": text})
        self.score -= 2

    def merge(self, other: "Findings") -> None:
        self.errors += other.errors
        self.score += other.score


def match_schema(document: Json, schema: Schema) -> list[dict[str, str]]:
    """The errors of a document; none where it matches."""
    matcher = Matcher(schema)
    return matcher.match(schema, document, ("(Root)",)).errors


def name_field(path: tuple[str, ...]) -> str:
    return ".".join(path[1:]) if len(path) > 1 else path[0]


def type_of(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case Number():
            return "integer" if value.is_integer else "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


@dataclass(frozen=True)
class Matcher:
    """Matches values with the schemas of one document."""

    root: Schema

    def match(self, schema: Schema, value: Json, path: tuple[str, ...]) -> Findings:
        findings = Findings()
        self._match_into(findings, schema, value, path)
        return findings

    def _match_into(
        self, findings: Findings, schema: Schema, value: Json, path: tuple[str, ...]
    ) -> None:
        if unknown := schema.keys() - KEYWORDS:
            raise UnknownKeywordError(f"{sorted(unknown)}")
        if "$ref" in schema:
            name = schema["$ref"].removeprefix("#/definitions/")
            self._match_into(findings, self.root["definitions"][name], value, path)
            return
        found, expected = type_of(value), schema.get("type")
        if expected not in (None, found) and (expected, found) != ("number", "integer"):
            text = f"Invalid type. Expected: {expected}, given: {found}"
            findings.add(path, "invalid_type", text)
            return
        self._match_alternatives(findings, schema, value, path)
        if found == "array":
            self._match_array(findings, schema, value, path)
        if found == "object":
            self._match_object(findings, schema, value, path)
        self._match_enum(findings, schema, value, path)
        for name, each in schema.get("properties", {}).items() if found == "object" else ():
            if name in value:
                self._match_into(findings, each, value[name], (*path, name))
        if found == "string" and len(value) < (least := int(schema.get("minLength", 0))):
            text = f"String length must be greater than or equal to {least}"
            findings.add(path, "string_gte", text)
        findings.score += 2 if found in ("string", "number", "integer") else 1

    def _match_alternatives(
        self, findings: Findings, schema: Schema, value: Json, path: tuple[str, ...]
    ) -> None:
        for keyword, kind, text in (
            ("anyOf", "number_any_of", "Must validate at least one schema (anyOf)"),
            ("oneOf", "number_one_of", "Must validate one and only one schema (oneOf)"),
        ):
            tried = [self.match(each, value, path) for each in schema.get(keyword, ())]
            valid = sum(not each.errors for each in tried)
            if tried and (valid == 0 if keyword == "anyOf" else valid != 1):
                findings.add(path, kind, text)
                if valid == 0:
                    findings.merge(max(tried, key=lambda each: each.score))
        findings.score += 1

    def _match_array(
        self, findings: Findings, schema: Schema, value: list[Json], path: tuple[str, ...]
    ) -> None:
        if "items" in schema:
            for number, each in enumerate(value):
                findings.merge(self.match(schema["items"], each, (*path, str(number))))
        if len(value) < (least := int(schema.get("minItems", 0))):
            findings.add(path, "array_min_items", f"Array must have at least {least} items")
        if "maxItems" in schema and len(value) > (most := int(schema["maxItems"])):
            findings.add(path, "array_max_items", f"Array must have at most {most} items")
        findings.score += 1

    def _match_object(
        self, findings: Findings, schema: Schema, value: dict[str, Json], path: tuple[str, ...]
    ) -> None:
        for name in schema.get("required", ()):
            if name in value:
                findings.score += 1
            else:
                findings.add(path, "required", f"{name} is required")
        further = schema.get("additionalProperties", True)
        for name in [each for each in value if each not in schema.get("properties", {})]:
            if further is False:
                text = f"Additional property {name} is not allowed"
                findings.add(path, "additional_property_not_allowed", text)
            elif further is not True:
                findings.merge(self.match(further, value[name], (*path, name)))
        findings.score += 1

    def _match_enum(
        self, findings: Findings, schema: Schema, value: Json, path: tuple[str, ...]
    ) -> None:
        allowed = schema.get("enum")
        # `is` beside `in`: True is 1 in Python, and not in JSON.
        if allowed is not None and not any(
            type(each) is type(value) and each == value for each in allowed
        ):
            listed = ", ".join(json.dumps(each, ensure_ascii=False) for each in allowed)
            text = f"{name_field(path)} must be one of the following: {listed}"
            findings.add(path, "enum", text)
        findings.score += 1
