"""Small tables made by chance, edits of them, and requests and grants to try both with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final

from scopegate.bundle import compose_bundle
from scopegate.live.asking import BundleEngine
from scopegate.live.opa import Opa
from scopegate.tables.model import Case, Endpoint, Row, Support, Table
from tests.routes.made import make_row, make_table

ACTIONS: Final = ("t:r:get", "t:r:list", "t:s:get", "t:*:get")
METHODS: Final = ("GET", "POST")
CASES: Final = (
    Case(body="k"),
    Case(body="l"),
    Case(body="k", equals="v"),
    Case(query="q", equals="v"),
)
LITERALS: Final = ("a", "b")
NAMES: Final = ("x", "x", "y", "y", "project_id", "tenantId")
SUPPORTS: Final = tuple(Support)


@dataclass(frozen=True)
class Edit:
    """Two editions of a service's table, and what was done to the first."""

    name: str
    before: Table
    after: Table


def make_engine(folder: Path, tables: Sequence[Table], *, rego: Path, opa: Opa) -> BundleEngine:
    """OPA evaluating the bundle of some tables, which nobody needs to pack for it."""
    for name, data in compose_bundle(tables, rego=rego).package.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return BundleEngine(folder, opa=opa)


def make_edit(random: Random, service: str, name: str) -> Edit:
    """A table of a service, and an edit of it: one that changes something, unless it is none."""
    while True:
        rows = [_draw_row(random) for _ in range(random.randint(1, 4))]
        after = list(rows)
        EDITS[name](random, after)
        if after != rows or name == "leave":
            return Edit(name, _make_table(service, rows), _make_table(service, after))


def draw_question(random: Random, edit: Edit) -> dict[str, Any]:
    """Someone with some grants, and a request that is like one of the rows' in most things."""
    rows = [*edit.before.rows, *edit.after.rows]
    changed = [row for row in rows if rows.count(row) == 1]
    row = random.choice(changed if changed and random.random() < 0.7 else rows)
    (endpoint,) = row.endpoints
    segments = [
        random.choice(("p1", "p1", "p1", "p1", "c", *LITERALS))
        if segment.startswith("{") or random.random() < 0.1
        else segment
        for segment in endpoint.path.removeprefix("/").split("/")
    ]
    all_granted = "enterprise_project_id=all_granted_eps"
    query = random.choice(("", "", "q=v", all_granted, f"q=v&{all_granted}"))
    request: dict[str, Any] = {
        "method": endpoint.method,
        "path": f"/{'/'.join(segments)}{'?' if query else ''}{query}",
        "provider": "made",
        "service": edit.before.service,
    }
    if random.random() < 0.8:
        request["body"] = random.choice([{}, {"k": {}}, {"k": "v"}, {"l": 1}, {"k": 1, "l": 1}])
    scopes = [{"iam_project": "p1"}, {"enterprise_project": "e1"}, {"all_resources": True}]
    grants = [
        {
            "scope": random.choice(scopes),
            "policies": [_draw_policy(random, row.actions)],
        }
        for _ in range(random.choice((0, 1, 1, 1, 2)))
    ]
    project = random.choice(("p1",) * 8 + LITERALS)
    question: dict[str, Any] = {
        "request": request,
        "subject": {"project_id": project, "grants": grants},
    }
    if all_granted not in query and random.random() < 0.7:
        question["resource"] = {"enterprise_project_id": "e1"}
    return question


def _draw_policy(random: Random, needed: Sequence[str]) -> dict[str, Any]:
    actions = random.choice((["*"], list(needed), random.sample(ACTIONS, 2)))
    effect = random.choice(("Allow", "Allow", "Allow", "Deny"))
    return {"Version": "1.1", "Statement": [{"Effect": effect, "Action": actions or ["*"]}]}


def _make_table(service: str, rows: Sequence[Row]) -> Table:
    return make_table(*rows, name=f"{service}/made")


def _draw_row(random: Random) -> Row:
    method = random.choice(METHODS)
    row = make_row(
        f"{method} {_draw_path(random)}",
        actions=" ".join(random.sample(ACTIONS, random.choice((0, 1, 1, 1, 1, 2, 2)))),
        iam=random.choice(SUPPORTS),
        enterprise=random.choice(SUPPORTS),
    )
    if random.random() < 0.3:
        return replace(row, cases=tuple(random.sample(CASES, random.randint(1, 2))))
    return row


def _draw_path(random: Random) -> str:
    segments = [
        random.choice((*LITERALS, *(f"{{{name}}}" for name in NAMES)))
        for _ in range(random.choice((1, 2, 2, 3)))
    ]
    return "/" + "/".join(segments)


def _leave(_: Random, rows: list[Row]) -> None:
    """Change nothing."""


def _reword(random: Random, rows: list[Row]) -> None:
    index = random.randrange(len(rows))
    rows[index] = replace(rows[index], permission="Do it")


def _add_row(random: Random, rows: list[Row]) -> None:
    rows.insert(random.randint(0, len(rows)), _draw_row(random))


def _remove_row(random: Random, rows: list[Row]) -> None:
    rows.pop(random.randrange(len(rows)))


def _change_actions(random: Random, rows: list[Row]) -> None:
    index = random.randrange(len(rows))
    left = random.sample(ACTIONS, random.randint(0, 2))
    rows[index] = replace(
        rows[index], actions=tuple(left), no_authorization=None if left else "None"
    )


def _turn_actions(random: Random, rows: list[Row]) -> None:
    """Change which action is the row's own: whether it lists."""
    index = random.randrange(len(rows))
    rows[index] = replace(rows[index], actions=rows[index].actions[::-1])


def _add_action(random: Random, rows: list[Row]) -> None:
    index = random.randrange(len(rows))
    more = dict.fromkeys([*rows[index].actions, random.choice(ACTIONS)])
    rows[index] = replace(rows[index], actions=tuple(more), no_authorization=None)


def _change_iam_project(random: Random, rows: list[Row]) -> None:
    index = random.randrange(len(rows))
    scopes = replace(rows[index].scopes, iam_project=random.choice(SUPPORTS))
    rows[index] = replace(rows[index], scopes=scopes)


def _change_enterprise_project(random: Random, rows: list[Row]) -> None:
    index = random.randrange(len(rows))
    is_supported = rows[index].scopes.enterprise_project is Support.SUPPORTED
    other = Support.UNSUPPORTED if is_supported else Support.SUPPORTED
    scopes = replace(rows[index].scopes, enterprise_project=other)
    rows[index] = replace(rows[index], scopes=scopes)


def _change_cases(random: Random, rows: list[Row]) -> None:
    index = random.randrange(len(rows))
    cases = tuple(random.sample(CASES, random.randint(0, 2)))
    rows[index] = replace(rows[index], cases=cases)


def _rename(random: Random, rows: list[Row]) -> None:
    index = random.randrange(len(rows))
    (endpoint,) = rows[index].endpoints
    path = "/".join(
        f"{{{random.choice(NAMES)}}}" if segment.startswith("{") else segment
        for segment in endpoint.path.split("/")
    )
    rows[index] = replace(rows[index], endpoints=(Endpoint(endpoint.method, path),))


def _put_literal_beside(random: Random, rows: list[Row]) -> None:
    (endpoint,) = random.choice(rows).endpoints
    path = "/".join(
        random.choice(LITERALS) if segment.startswith("{") and random.random() < 0.7 else segment
        for segment in endpoint.path.split("/")
    )
    rows.append(replace(_draw_row(random), endpoints=(Endpoint(endpoint.method, path),)))


EDITS: Final = {
    "leave": _leave,
    "reword": _reword,
    "add a row": _add_row,
    "remove a row": _remove_row,
    "change actions": _change_actions,
    "add an action": _add_action,
    "turn actions": _turn_actions,
    "change the IAM project": _change_iam_project,
    "change the enterprise project": _change_enterprise_project,
    "change cases": _change_cases,
    "rename parameters": _rename,
    "put a literal beside": _put_literal_beside,
}
