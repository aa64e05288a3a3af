"""What the tables document: "The table row" of the model, read from the YAML files themselves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Documented:
    """One row's word about one route. Several can be about the same route."""

    provider: str
    service: str
    table: str
    row: int
    permission: str
    actions: tuple[str, ...]
    """Required, all of them, in the row's order; none where no authorization is needed."""
    iam_project: str
    enterprise_project: str
    """Each `supported`, `unsupported` or `undocumented`. Of the row, not of the action."""
    method: str
    path: str
    mirrored_from: str | None
    """The printed path, where this one only follows from what the page says about versions."""

    @property
    def segments(self) -> tuple[str, ...]:
        """The template's segments; a parameter is a whole segment in braces."""
        return tuple(self.path.removeprefix("/").split("/"))


def read_tables(files: Iterable[Path]) -> tuple[Documented, ...]:
    """Everything that the table files document, mirrored routes included."""
    return tuple(
        documented
        for file in files
        for documented in documented_by(yaml.safe_load(file.read_text(encoding="utf-8")))
    )


def documented_by(table: dict[str, Any]) -> Iterator[Documented]:
    """Each endpoint of each row, followed by its mirrors."""
    for row in table["rows"]:
        for endpoint in row["endpoints"]:
            method, printed = endpoint["method"], endpoint["path"]
            yield documented(table, row, method, printed, None)
            for mirror in table.get("mirrors", []):
                segments = printed.split("/")
                if mirror["from"] in segments:
                    segments[segments.index(mirror["from"])] = mirror["to"]
                    yield documented(table, row, method, "/".join(segments), printed)


def documented(
    table: dict[str, Any], row: dict[str, Any], method: str, path: str, mirrored_from: str | None
) -> Documented:
    """One row's word about the route of this method and path."""
    return Documented(
        provider=table["provider"],
        service=table["service"],
        table=table["table"],
        row=row["row"],
        permission=row["permission"],
        actions=tuple(row["actions"]),
        iam_project=row["scopes"]["iam_project"],
        enterprise_project=row["scopes"]["enterprise_project"],
        method=method,
        path=path,
        mirrored_from=mirrored_from,
    )


def is_parameter(part: str) -> bool:
    """Whether a segment of a template stands for any text but none."""
    return part.startswith("{") and part.endswith("}")


def fits_template(template: Sequence[str], segments: Sequence[str]) -> bool:
    """Whether a path, as decoded segments, is one of a template's."""
    return len(template) == len(segments) and all(
        segment != "" if is_parameter(part) else segment == part
        for part, segment in zip(template, segments, strict=True)
    )
