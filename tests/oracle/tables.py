"""What the tables document: "The table row" of the model, read from the YAML files themselves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Case:
    """What tells requests of one route apart: a member of the body, or of the query."""

    place: str
    """`body` or `query`."""
    name: str
    value: str | None
    """What the member has to be; where it is None it is enough that there is one."""

    def __str__(self) -> str:
        return f"{self.place}.{self.name}" + ("" if self.value is None else f"={self.value}")


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
    cases: tuple[Case, ...] = ()
    """The requests that it is about; all of the route's, where there is none."""

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The template's segments; a parameter is a whole segment in braces."""
        return tuple(self.path.removeprefix("/").split("/"))


def read_tables(files: Iterable[Path], corrections: Path | None = None) -> tuple[Documented, ...]:
    """Everything that the table files document, mirrored routes included.

    What the files in the folder `corrections` say of a table is corrected in it.
    """
    return tuple(
        documented for file in files for documented in documented_by(read_table(file, corrections))
    )


def read_table(file: Path, corrections: Path | None = None) -> dict[str, Any]:
    """A table, corrected; `not_mirrored` has the corrections that switch a mirrored route off."""
    table: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    table["not_mirrored"] = []
    place = f"{table['provider']}/{table['table']}.yaml"
    if corrections is None or not (corrections / place).is_file():
        return table
    read = yaml.safe_load((corrections / place).read_text(encoding="utf-8"))
    for correction in read["corrections"]:
        if "mirror" in correction:
            table["not_mirrored"].append(correction["mirror"])
        else:
            [corrected] = (row for row in table["rows"] if is_named(row, correction["row"]))
            if "alternative" in correction:
                label = correction["alternative"]
                [corrected] = (way for way in corrected["alternatives"] if way["label"] == label)
            corrected.update(correction["set"])
    return table


def is_named(row: dict[str, Any], name: dict[str, str]) -> bool:
    """Whether a correction's name of a row is that of this one."""
    endpoints = [f"{each['method']} {each['path']}" for each in row.get("endpoints", [])]
    return row["permission"] == name["permission"] and (
        "endpoint" not in name or name["endpoint"] in endpoints
    )


def documented_by(table: dict[str, Any]) -> Iterator[Documented]:
    """Each endpoint of each row, followed by its mirrors; each alternative is a word of its own."""
    for number, row in enumerate(table["rows"], start=1):
        if row.get("unresolved"):
            continue
        needed = [*row["actions"], *row.get("dependencies", [])]
        for way in row.get("alternatives") or [{"actions": []}]:
            common = {
                "provider": table["provider"],
                "service": table["service"],
                "table": table["table"],
                "row": number,
                "permission": row["permission"],
                "actions": (*needed, *way["actions"], *way.get("dependencies", [])),
                "cases": tuple(map(read_case, way.get("cases") or row.get("cases", []))),
                **row["scopes"],
            }
            for endpoint in row["endpoints"]:
                for path, mirrored_from in mirrored(table, **endpoint):
                    yield Documented(
                        **common,
                        method=endpoint["method"],
                        path=path,
                        mirrored_from=mirrored_from,
                    )


def mirrored(
    table: dict[str, Any], method: str, path: str, **_: str
) -> Iterator[tuple[str, str | None]]:
    """A printed path, and its mirrors, each with the path that it is mirrored from."""
    yield path, None
    for mirror in table.get("mirrors", []):
        segments = path.split("/")
        off = {"from": mirror["from"], "to": mirror["to"], "endpoint": f"{method} {path}"}
        if mirror["from"] in segments and off not in table["not_mirrored"]:
            segments[segments.index(mirror["from"])] = mirror["to"]
            yield "/".join(segments), path


def read_case(case: dict[str, str]) -> Case:
    """A case, as a table file spells it."""
    [place] = case.keys() - {"equals"}
    return Case(place, case[place], case.get("equals"))


def is_parameter(part: str) -> bool:
    """Whether a segment of a template stands for any text but none."""
    return part.startswith("{") and part.endswith("}")


def fits_template(template: Sequence[str], segments: Sequence[str]) -> bool:
    """Whether a path, as decoded segments, is one of a template's."""
    return len(template) == len(segments) and all(
        segment != "" if is_parameter(part) else segment == part
        for part, segment in zip(template, segments, strict=True)
    )
