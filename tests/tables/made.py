"""A small table, as a value and as the text of its file."""

from pathlib import Path
from typing import Final

from scopegate.tables.model import (
    Document,
    Endpoint,
    Mirror,
    Row,
    Scopes,
    Support,
    Table,
)

PLACE: Final = Path("made/evs/volumes.yaml")

TABLE: Final = Table(
    provider="made",
    service="evs",
    table="evs/volumes",
    document=Document("volumes.md", "0" * 64, "zh", 2),
    mirrors=(Mirror("v2", "v3", "v3同v2。"),),
    rows=(
        Row(
            permission="创建（OpenStack）",
            actions=("evs:volumes:create", "evs:types:get"),
            scopes=Scopes(Support.SUPPORTED, Support.UNSUPPORTED),
            endpoints=(Endpoint("POST", "/v2/{project_id}/volumes"), Endpoint("PUT", "/v2/a/")),
        ),
        Row(
            permission="版本",
            actions=(),
            scopes=Scopes(Support.UNDOCUMENTED, Support.UNDOCUMENTED),
            endpoints=(Endpoint("GET", "/"),),
            no_authorization="无",
        ),
    ),
)

TEXT: Final = """\
# yaml-language-server: $schema=../../schemas/table.json
# Written by `make import` from the page named below; docs/tables.md says what each field means.
provider: "made"
service: "evs"
table: "evs/volumes"
document:
  name: "volumes.md"
  sha256: "0000000000000000000000000000000000000000000000000000000000000000"
  language: zh
  table: 2
mirrors:
  - from: "v2"
    to: "v3"
    statement: "v3同v2。"
rows:
  - permission: "创建（OpenStack）"
    actions: ["evs:volumes:create", "evs:types:get"]
    scopes: {iam_project: supported, enterprise_project: unsupported}
    endpoints:
      - {method: POST, path: "/v2/{project_id}/volumes"}
      - {method: PUT, path: "/v2/a/"}
  - permission: "版本"
    actions: []
    no_authorization: "无"
    scopes: {iam_project: undocumented, enterprise_project: undocumented}
    endpoints:
      - {method: GET, path: "/"}
"""
