"""What the operator's data change: `docs/identity.md`, and the routes of `docs/decisions.md`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.oracle.faults import Given
from tests.oracle.path import MalformedError, read_segments, split_query
from tests.oracle.tables import Documented, fits_template


@dataclass(frozen=True)
class Operator:
    """The documents of `data`, by default none."""

    config: dict[str, Any] = field(default_factory=dict)
    """`data.scopegate_config`."""
    identity: dict[str, Any] = field(default_factory=dict)
    """`data.scopegate_identity`: a whole one, whose references all lead somewhere."""

    @property
    def has_identities(self) -> bool:
        """Whether grants come from the identity bundle alone."""
        return self.config.get("identities", False) is not False

    def complete(self, given: dict[str, Any]) -> dict[str, Any]:
        """The input with what the identity bundle knows of its subject."""
        subject = given["subject"]
        if "id" not in subject or "grants" in subject:
            return given
        record = self.identity.get("subjects", {}).get(subject["id"])
        known = {"grants": []} if record is None else self.known(record)
        return given | {"subject": subject | known}

    def known(self, record: dict[str, Any]) -> dict[str, Any]:
        """What a subject's record says: its own grants, then those of its groups."""
        groups = [self.identity["groups"][name] for name in record.get("groups", [])]
        policies = self.identity["policies"]
        return {
            "account_owner": record.get("account_owner", False),
            "grants": [
                {
                    "scope": grant["scope"],
                    "policies": [policies[each] for each in grant["policies"]],
                }
                for holder in (record, *groups)
                for grant in holder.get("grants", [])
            ],
        }

    def name_service(self, request: dict[str, Any]) -> dict[str, Any]:
        """The request with the service that its host stands for, where the operator says so."""
        prefix = request.get("host", "").partition(":")[0].partition(".")[0].lower()
        prefixes = self.config.get("endpoint_prefixes", {})
        if "service" in request or prefix not in prefixes:
            return request
        return request | {"service": prefixes[prefix]}

    def lets_through(self, tables: Sequence[Documented], given: Given) -> bool:
        """Whether the route is one of the operator's, and documented nowhere."""
        request = given.get("request") if isinstance(given, dict) else None
        if not isinstance(request, dict):
            return False
        method, path = request.get("method"), request.get("path")
        if not isinstance(path, str):
            return False
        try:
            segments = read_segments(split_query(path)[0])
        except MalformedError:
            return False
        if not any(
            method in entry["methods"] and is_listed(entry, segments)
            for entry in self.config.get("routes", [])
        ):
            return False
        ends = {segments, segments[:-1] if segments[-1] == "" else segments}
        ends |= {tuple(each for each in end if "" not in readings(each)) for end in ends}
        return not any(
            row.method in (method, "GET" if method == "HEAD" else method)
            and may_be_read_as(row.segments, each)
            for row in tables
            for each in ends
        )

    def enterprise_project(self, template: Sequence[str], segments: Sequence[str]) -> str | None:
        """That of the resources which a path names: None unless all are known, and agree."""
        known = self.identity.get("enterprise_projects", {})
        found = {
            known.get(part.strip("{}"), {}).get(segment)
            for part, segment in zip(template, segments, strict=True)
            if part.startswith("{") and part.strip("{}") in known
        }
        return found.pop() if len(found) == 1 else None


def may_be_read_as(template: Sequence[str], segments: Sequence[str]) -> bool:
    """Whether a path fits a template once each segment is read as a literal that it is near to."""
    return len(template) == len(segments) and fits_template(
        template,
        [
            literal if is_near(literal, segment) else segment
            for literal, segment in zip(template, segments, strict=True)
        ],
    )


def is_near(literal: str, segment: str) -> bool:
    """Whether a server may take a segment for a literal: the model, "At gateways"."""
    return bool(literal) and literal.lower() in readings(segment)


def readings(segment: str) -> set[str]:
    """What servers may make of a segment, in small letters.

    Case is ignored; a suffix, what follows a character that is no part of a name, or all such
    characters are cut.
    """
    folded = {segment, segment.upper()}
    inner = {re.sub(r"^[^A-Za-z0-9_-]+|[^A-Za-z0-9_-]+$", "", each) for each in folded}
    whole = folded | inner
    names = whole | {re.sub(r"\.[^.]*$", "", each) for each in whole}
    cut = {re.split(r"[^A-Za-z0-9_-]", each, maxsplit=1)[0] for each in names}
    dropped = {re.sub(r"[^A-Za-z0-9_-]", "", each) for each in names}
    return {each.lower() for each in names | cut | dropped}


def is_listed(entry: dict[str, Any], segments: Sequence[str]) -> bool:
    """By its whole path, or by the whole segments of a prefix."""
    if "path" in entry:
        return str(entry["path"]).split("/")[1:] == list(segments)
    prefix = str(entry["prefix"]).rstrip("/").split("/")[1:]
    return list(segments[: len(prefix)]) == prefix
