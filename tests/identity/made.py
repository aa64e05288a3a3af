"""Made exports: answers of the vendor's calls, as small as they can be."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from scopegate.errors import FaultsError
from scopegate.identity.assembly import Assembly, Sources, assemble_identities

Json: TypeAlias = Any

PROJECT = Path(__file__).parents[2]
EXPORTS = Path(__file__).parent / "exports"
INPUT_SCHEMA = json.loads((PROJECT / "rego/schemas/input.json").read_bytes())


def make_role(id_: str = "r1", **changes: object) -> dict[str, Any]:
    """A record of a role list; `policy` members are changed by their own names."""
    policy = {
        "Version": "1.1",
        "Statement": [{"Effect": "Allow", "Action": ["evs:*:get"]}],
    }
    record = {"id": id_, "name": f"n-{id_}", "catalog": "CUSTOMED", "display_name": id_.upper()}
    for name, value in changes.items():
        target = policy if name in {"Version", "Statement", "Depends"} else record
        target[name] = value  # type: ignore[assignment]
    return record | {"policy": policy} if "policy" not in changes else record


def make_statement(**members: object) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": ["evs:*:get"], **members}


def make_assignment(
    holder: str = "user=u1", scope: str = "project=p1", role: str = "r1", **more: object
) -> dict[str, Any]:
    kind, _, id_ = holder.partition("=")
    place, _, place_id = scope.partition("=")
    return {kind: {"id": id_}, "role": {"id": role}, "scope": {place: {"id": place_id}}, **more}


def make_resource(
    id_: str = "v1", project: str = "e1", type_: str = "disk", **more: object
) -> dict[str, Any]:
    return {
        "resource_id": id_,
        "enterprise_project_id": project,
        "resource_type": type_,
        **more,
    }


def write(folder: Path, files: Mapping[str, object]) -> list[Path]:
    """Write files: text and bytes as they are, anything else as JSON."""
    paths = []
    for name, value in files.items():
        path = folder / name
        match value:
            case bytes():
                path.write_bytes(value)
            case str():
                path.write_text(value, encoding="utf-8")
            case _:
                path.write_text(json.dumps(value), encoding="utf-8")
        paths.append(path)
    return paths


def assemble(paths: Iterable[Path], **more: Json) -> Assembly:
    return assemble_identities(
        Sources(tuple(paths), **{"groups": {}, "users": {}, **more}), INPUT_SCHEMA
    )


def find_faults(paths: Iterable[Path], **more: Json) -> list[str]:
    """The faults as people read them, but for the folder."""
    try:
        assemble(paths, **more)
    except FaultsError as error:
        return [
            f"{Path(fault.location.file).name}: {fault.location.field}: [{fault.code}]"
            f" {fault.message}"
            for fault in error.faults
        ]
    return []
