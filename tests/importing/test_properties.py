"""Whatever the format and its oddities: what was written into a table is what is read from it."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scopegate.errors import Flaw
from scopegate.importing.lines import list_lines
from scopegate.importing.reading import read_authorization
from scopegate.sources.page import READERS, Page
from tests.importing.rendering import RENDERERS, Cell


@dataclass
class Written:
    """A row: its cells by the role of their column, and the line of JSON that it should give."""

    cells: dict[str, Cell] = field(default_factory=dict)
    line: dict[str, Any] = field(default_factory=dict)


WORDINGS = {
    "en": {
        "permission": ["Permission", "Permissions", "API Function", "Description"],
        "endpoint": ["API", "APIs", "URI"],
        "action": ["Action", "Actions"],
        "dependency": ["Dependencies", "Dependent Permission", "Related Action"],
        "iam_project": ["IAM Project", "IAM Project (Project)"],
        "enterprise_project": ["Enterprise Project", "Enterprise Project (Enterprise Project)"],
        "scope": ["Authorization Scope", "Scope"],
        "other": ["Module", "Authorization by Tag"],
    },
    "zh": {
        "permission": ["权限", "API功能", "权限描述"],
        "endpoint": ["对应API接口", "API接口", "对应的API"],
        "action": ["授权项", "授权项(Action)", "授权项（Action）"],
        "dependency": ["依赖的授权项", "依赖授权项"],
        "iam_project": ["IAM项目(Project)", "IAM项目"],
        "enterprise_project": ["企业项目(Enterprise Project)", "企业项目"],
        "scope": ["授权范围", "授权项作用域"],
        "other": ["模块", "标签授权"],
    },
}
MARKS = {
    "supported": ["√", "Y", "Supported", "支持"],
    "unsupported": ["×", "x", "X", "Not supported", "不支持"],
    "undocumented": ["-", "/"],
}
NAMES = st.sampled_from(["volumes", "cloudSnapshots", "os-tags_2", "快照"])
SEGMENTS = st.sampled_from(["snapshots", "{project_id}", "os-vendor_x", "{id}", "detail", "a.b"])
TITLES = st.text(alphabet="abc xyz创建快照（）()*_|`\\<>&.", min_size=1, max_size=30).map(
    lambda text: " ".join(f"T {text}".split())
)


def list_actions(least: int, *, stars: bool = False) -> st.SearchStrategy[list[str]]:
    resources = ["volumes", "cloudSnapshots", "os-tags_2", *(["*"] if stars else [])]
    verbs = ["get", "list", "batchCreate", *(["get*"] if stars else [])]
    action = st.builds(
        "{}:{}:{}".format,
        st.sampled_from(["evs", "vpc", "ECS"]),
        st.sampled_from(resources),
        st.sampled_from(verbs),
    )
    return st.lists(action, min_size=least, max_size=4, unique=True)


@st.composite
def write_actions(draw: st.DrawFn, actions: list[str]) -> Cell:
    match draw(st.integers(0, 5)):
        case 0:
            return [*actions]
        case 1:
            return [[[action] for action in actions]]
        case 2:
            return [", ".join(actions)]
        case 3:
            return ["; ".join(actions)]
        case 4:
            return [" ".join(actions)]
        case _:
            return [f'"{action}",' for action in actions]


@st.composite
def write_endpoints(draw: st.DrawFn, row: Written) -> None:
    endpoints = []
    lines: Cell = []
    for _ in range(draw(st.integers(1, 3))):
        method = draw(st.sampled_from(["GET", "POST", "DELETE", "PATCH", "HEAD", "PUT"]))
        path = "/v2/" + "/".join(draw(st.lists(SEGMENTS, min_size=1, max_size=4)))
        query, spelt = draw(
            st.sampled_from(
                [(None, ""), (None, ""), ("a={a}&b=c", "?a={a}&b=c"), ("a,b", "{?a,b}")]
            )
        )
        if (method, path, query) in endpoints:
            continue
        endpoints.append((method, path, query))
        match draw(st.integers(0, 4)):
            case 0:
                lines += [method, f"{path}{spelt}"]
            case 1:
                lines.append(f"{method}{path}{spelt}")
            case 2:
                lines.append(f"{method.lower()} https://{{Endpoint}}{path}{spelt};")
            case _:
                lines.append(f"{method} {path}{spelt}")
    row.line["endpoints"] = [
        {"method": method, "path": path, "query": query} for method, path, query in endpoints
    ]
    if draw(st.integers(0, 4)) == 0:
        key = draw(st.sampled_from(["os-extend", "resize_2"]))
        row.line["discriminator"] = {"body_action": key}
        lines.append(f'action="{key}"')
    as_list = len(lines) == len(endpoints) > 1 and draw(st.booleans())
    row.cells["endpoint"] = [[[line] for line in lines]] if as_list else lines


@st.composite
def write_no_endpoint(draw: st.DrawFn, row: Written) -> None:
    reason, text = draw(
        st.sampled_from(
            [
                ("dash", "-"),
                ("cross", "x"),
                ("not_applicable", "N/A"),
                ("console_only", "For console only"),
                ("api_name_only", "Uploading an Object - PUT"),
                ("no_method", "/api/*"),
            ]
        )
    )
    row.line["no_endpoint_reason"] = reason
    row.cells["endpoint"] = [text]


@st.composite
def write_requirements(draw: st.DrawFn, row: Written) -> None:
    match draw(st.integers(0, 6)):
        case 0:
            row.line["no_authorization"] = True
            row.cells["action"] = [draw(st.sampled_from(["None", "无", "Not required"]))]
        case 1 | 2:
            labels = draw(
                st.lists(
                    st.sampled_from(["Disk", "Create from images.", "创空白盘", "通过镜像"]),
                    min_size=2,
                    max_size=3,
                    unique=True,
                )
            )
            ways = [(label, draw(list_actions(1))) for label in labels]
            row.line["alternatives"] = [
                {"label": label, "actions": actions, "dependencies": []} for label, actions in ways
            ]
            form = draw(st.integers(0, 2))
            if form == 0:
                row.cells["action"] = [[[label, *actions] for label, actions in ways]]
            elif form == 1:
                row.cells["action"] = [
                    [[f"{label}: {actions[0]}", *actions[1:]] for label, actions in ways]
                ]
            else:
                row.cells["action"] = [
                    line for label, actions in ways for line in (f"{label}：", *actions)
                ]
        case _:
            actions = draw(list_actions(1))
            row.line["actions"] = actions
            row.cells["action"] = draw(write_actions(actions))
    needed = draw(list_actions(0, stars=True))
    own = [*row.line["actions"], *(a for way in row.line["alternatives"] for a in way["actions"])]
    needed = [action for action in needed if action not in own]  # such a one is a heading
    row.line["dependencies"] = needed
    row.cells["dependency"] = draw(write_actions(needed)) if needed else [draw(DASHES)]


DASHES = st.sampled_from(["-", "--", "N/A", "None"])


@st.composite
def write_scopes(draw: st.DrawFn, row: Written) -> None:
    supports = {
        scope: draw(st.sampled_from(list(MARKS))) for scope in ("iam_project", "enterprise_project")
    }
    row.line["scopes"] = supports
    for scope, support in supports.items():
        row.cells[scope] = [draw(st.sampled_from(MARKS[support]))]
    labels, names = draw(
        st.sampled_from(
            [
                (("支持：", "不支持："), ("IAM项目(Project)", "企业项目(Enterprise Project)")),
                (("Supported:", "Not supported:"), ("IAM projects", "Enterprise projects")),
            ]
        )
    )
    listed: list[Cell] = [
        [label, [[name] for name in found]]
        for label, wanted in zip(labels, ("supported", "unsupported"), strict=True)
        if (
            found := [
                name
                for name, support in zip(names, supports.values(), strict=True)
                if support == wanted
            ]
        )
    ]
    row.cells["scope"] = [listed] if listed else ["-"]


@st.composite
def write_row(draw: st.DrawFn) -> Written:
    title = draw(TITLES)
    row = Written(
        {"permission": [title], "other": [draw(st.sampled_from(["Disks", "√"]))]},
        {
            "title": title,
            "endpoints": [],
            "actions": [],
            "alternatives": [],
            "discriminator": None,
            "no_authorization": False,
            "no_endpoint_reason": None,
        },
    )
    draw(write_endpoints(row) if draw(st.integers(0, 5)) else write_no_endpoint(row))
    draw(write_requirements(row))
    draw(write_scopes(row))
    return row


def is_told(rows: list[Written]) -> bool:
    """Whether anything in the rows says that their table is one of authorization."""
    return any(
        row.line["endpoints"] or row.line["actions"] or row.line["alternatives"] for row in rows
    )


@st.composite
def write_page(draw: st.DrawFn, name: str) -> tuple[str, list[dict[str, Any]]]:
    """Write a page of the format; give its text and the lines that it should give."""
    _, render = RENDERERS[name]
    rows = draw(st.lists(write_row(), min_size=1, max_size=5).filter(is_told))
    roles = ["endpoint", "action"]
    roles += draw(st.sampled_from([[], ["dependency"], ["dependency", "other"]]))
    scopes = draw(
        st.sampled_from([(), ("iam_project",), ("iam_project", "enterprise_project"), ("scope",)])
    )
    roles += scopes
    roles = draw(st.permutations(roles))
    # In a simple table, a first cell of one line begins a row.
    roles.insert(0 if name == "simple" else draw(st.integers(0, len(roles))), "permission")
    wordings = WORDINGS[draw(st.sampled_from(["en", "zh"]))]
    header: list[Cell] = [[draw(st.sampled_from(wordings[role]))] for role in roles]
    body: list[list[Cell] | str] = []
    lines = []
    for number, row in enumerate(rows, start=1):
        if draw(st.integers(0, 4)) == 0:
            body.append("Heading")
        body.append([row.cells[role] for role in roles])
        line = row.line | {"path": "page", "table": 1, "row": number}
        if "dependency" not in roles:
            line["dependencies"] = []
        documented = scopes if "scope" not in scopes else ("iam_project", "enterprise_project")
        line["scopes"] = {
            scope: support if scope in documented else "undocumented"
            for scope, support in row.line["scopes"].items()
        }
        lines.append(line)
    return render(header, body), lines


@pytest.mark.parametrize("name", RENDERERS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_was_written_is_read(name: str, data: st.DataObject) -> None:
    text, lines = data.draw(write_page(name))

    content = READERS[f".{RENDERERS[name][0]}"](text)

    assert not isinstance(content, Flaw)
    assert list(list_lines(read_authorization(Page("page", "0" * 64, *content)))) == lines


PARTS = st.sampled_from(
    [
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<th>",
        "<ul>",
        "<li>",
        "</ul>",
        "<p>",
        "<br>",
        "<pre>",
        "<dl><dt>",
        "<dd>",
        "<img>",
        "<s>",
        "<sup>1</sup>",
        "<em>",
        "</em>",
        "<t>",
        "Permission",
        "API",
        "Action",
        "权限",
        "GET /v1/{a}",
        "evs:a:get",
        "√",
        "-",
        "\u200b",
        "|",
        "\n",
        "\n\n",
        "---",
        "| a | b |",
        "|---|---|",
        "> ",
        "- ",
        "    ",
        "&",
        "<!-- -->",
        "\u202e",
    ]
)


@settings(deadline=None)
@given(st.lists(PARTS, max_size=60).map("".join), st.sampled_from([*READERS]))
def test_nothing_makes_the_reading_fail(text: str, suffix: str) -> None:
    content = READERS[suffix](text)

    if not isinstance(content, Flaw):
        list(list_lines(read_authorization(Page("page", "0" * 64, *content))))
