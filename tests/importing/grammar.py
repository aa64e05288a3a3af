"""Pages made by chance: tables of authorization in any format, and the lines that come of them.

All chance is a `random.Random`'s: one with a seed makes the same page again, and Hypothesis has
its own, whose pages it makes smaller.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any, Final, TypeAlias

from tests.importing.rendering import RENDERERS, Cell

Line: TypeAlias = "dict[str, Any]"
"""A row as `list_lines` spells it."""

WORDINGS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "en": {
        "permission": ["Permission", "Permissions", "API Function", "Description"],
        "endpoint": ["API", "APIs", "URI"],
        "method": ["Method", "HTTP Method"],
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
        "method": ["请求方法", "方法"],
        "action": ["授权项", "授权项(Action)", "授权项（Action）"],
        "dependency": ["依赖的授权项", "依赖授权项"],
        "iam_project": ["IAM项目(Project)", "IAM项目"],
        "enterprise_project": ["企业项目(Enterprise Project)", "企业项目"],
        "scope": ["授权范围", "授权项作用域"],
        "other": ["模块", "标签授权"],
    },
}
MARKS: Final[Mapping[str, Sequence[str]]] = {
    "supported": ["√", "Y", "Supported", "支持"],
    "unsupported": ["×", "x", "X", "Not supported", "不支持"],
    "undocumented": ["-", "/"],
}
# The scopes by their names, below what says that they are supported or not.
_SCOPE_LISTS: Final = (
    (("支持：", "不支持："), ("IAM项目(Project)", "企业项目(Enterprise Project)")),
    (("Supported:", "Not supported:"), ("IAM projects", "Enterprise projects")),
)
_NO_ENDPOINTS: Final = (
    ("dash", "-"),
    ("cross", "x"),
    ("not_applicable", "N/A"),
    ("console_only", "For console only"),
    ("api_name_only", "Uploading an Object - PUT"),
    ("no_method", "/api/*"),
)
_QUERIES: Final = (
    *((None, ""), (None, ""), (None, ""), ("a={a}&b=c", "?a={a}&b=c"), ("a,b", "{?a,b}")),
    *(("region={r}", "?region={r}"), ("limit=10&copy=1", "?limit=10&copy=1")),
)
_SEGMENTS: Final = ("snapshots", "{project_id}", "os-vendor_x", "{id}", "detail", "a.b", "v3~x")
_METHODS: Final = ("GET", "POST", "DELETE", "PATCH", "HEAD", "PUT", "OPTIONS")
_RESOURCES: Final = ("volumes", "cloudSnapshots", "os-tags_2")
_VERBS: Final = ("get", "list", "batchCreate", "x-1_y")
_SERVICES: Final = ("evs", "vpc", "ECS")
_LABELS: Final = ("Disk", "Create from images.", "创空白盘", "通过镜像", "Boot <disk> & `more`")
_TITLE_LETTERS: Final = "abc xyz创建快照（）()*_|`\\<>&.é🦊"
# Letters that stand on top of others: docutils counts them for borders, and not for columns.
_COMBINING: Final = "\u0308\u20dd"
# Texts that something behind the importer might take for its own.
_HOSTILE: Final = (
    *("<script>alert(1)</script>", "{{ 7*7 }}", '"; allow := true #', "'; DROP TABLE rows;--"),
    *("${HOME}", "%s%n", "\\u0041", "&amp;lt;", "&nbsp", "<!-- x -->", "]]>", "</table>", "<td>"),
    *("\u202ereversed", "```", "~~~", "[x](y)", "|a|", "`code`_", "**b**", "__b__", "-- a", "#"),
    *("{% raw %}", "\\", "a\\|b", "<", "package evil", "|---|---|", "+---+", "=== ===", ".. x"),
)
# What a line may have between words; all of it is one blank.
_BLANKS: Final = (" ", " ", "  ", "\u00a0", "\u3000", "\u2003", " \u00a0 ")
_BREAK_HINTS: Final = ("\u200b", "\u00ad", "\u2060", "\ufeff")
# Of markup, in no order.
_FRAGMENTS: Final = (
    *("<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "<ul>", "<li>", "</ul>"),
    *("<p>", "<br>", "<pre>", "<dl><dt>", "<dd>", "<img>", "<s>", "<sup>1</sup>", "<em>", "</em>"),
    *("<t>", "Permission", "API", "Action", "权限", "GET /v1/{a}", "evs:a:get", "√", "-", "\u200b"),
    *("|", "\n", "\n\n", "---", "| a | b |", "|---|---|", "> ", "- ", "    ", "&", "<!-- -->"),
    *("\u202e", "\n| Action | API |\n|---|---|\n", "| evs:b:get | PUT /v1/b |\n", "<!--", "-->"),
    *("\n.. list-table::\n\n   * - ", "\n     - ", "\n.. csv-table::\n\n   ", ",", "::", "\n\n   "),
    *("=== ===\n", "+---+---+\n", "Action API\n", "`x`_", "|s|", "\n.. |s| replace:: evs:s:get\n"),
    *("\n.. note:: ", ":ref:`POST /v1/c <c>`", "[1]_", "**", "*", "_", "`", "<script>", "<pre>"),
    *("<td rowspan=3>", "<td colspan=2>", "<thead>", "<tbody>", "<caption>", "<style>", "<title>"),
    *("&#58;", "&lt;td&gt;", "&region=", "\\", "\t", "\r\n", "：", "授权项", "/v1/d?x={y}"),
)
_HEADINGS: Final = ("Heading", "快照 (Snapshots)", "1. First & last")


@dataclass
class MadeRow:
    """A row: its cells by the role of their column, and the line that comes of it.

    `title`, `endpoints` and `actions` are those of its texts that stand in no other row and are
    written in one piece.
    """

    cells: dict[str, Cell] = field(default_factory=dict)
    line: Line = field(default_factory=dict)
    title: str = ""
    endpoints: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class MadeTable:
    """A table: the roles of its columns, their headers, and its rows; a heading is a text."""

    roles: tuple[str, ...]
    header: tuple[Cell, ...]
    rows: tuple[MadeRow | str, ...]

    def render(self, name: str) -> str:
        """Write the table in a format."""
        _, render = RENDERERS[name]
        rows = [
            row if isinstance(row, str) else [row.cells[role] for role in self.roles]
            for row in self.rows
        ]
        return render(self.header, rows)

    def list_lines(self, number: int) -> Iterator[Line]:
        """List the lines that come of the table, `number` of its page."""
        rows = (row for row in self.rows if not isinstance(row, str))
        has_names = "scope" in self.roles
        for index, row in enumerate(rows, start=1):
            line = row.line | {"path": "page", "table": number, "row": index}
            if "dependency" not in self.roles:
                line["dependencies"] = []
            line["scopes"] = {
                scope: support if has_names or scope in self.roles else "undocumented"
                for scope, support in row.line["scopes"].items()
            }
            yield line


@dataclass(frozen=True)
class MadePage:
    """A page of some tables, all in one format, by its name."""

    format: str
    tables: tuple[MadeTable, ...]

    @property
    def suffix(self) -> str:
        """The suffix of its file, without the dot."""
        return RENDERERS[self.format][0]

    @property
    def text(self) -> str:
        """The page."""
        return "\n".join(table.render(self.format) for table in self.tables)

    @property
    def lines(self) -> list[Line]:
        """The lines that come of it."""
        return [
            line
            for number, table in enumerate(self.tables, start=1)
            for line in table.list_lines(number)
        ]

    @property
    def rows(self) -> list[MadeRow]:
        """The rows of all tables."""
        return [row for table in self.tables for row in table.rows if not isinstance(row, str)]


def is_told(rows: Iterable[MadeRow | str]) -> bool:
    """Whether anything in rows says that their table is one of authorization."""
    return any(
        row.line["endpoints"] or row.line["actions"] or row.line["alternatives"]
        for row in rows
        if not isinstance(row, str)
    )


def make_page(chance: Random, name: str, *, most_rows: int = 4, most_tables: int = 2) -> MadePage:
    """Make a page in a format."""
    tables: list[MadeTable] = []
    serial = 0
    for _ in range(1 if chance.randrange(4) else chance.randint(1, most_tables)):
        table = _make_table(chance, name, serial, most_rows)
        serial += len(table.rows)
        tables.append(table)
    return MadePage(name, tuple(tables))


def _make_table(chance: Random, name: str, serial: int, most_rows: int) -> MadeTable:
    is_apart = not chance.randrange(6)  # methods have a column of their own
    letters = _TITLE_LETTERS if name in {"grid", "simple"} else _TITLE_LETTERS + _COMBINING
    while True:
        rows = [
            make_row(chance, serial + index, letters, is_apart=is_apart)
            for index in range(chance.randint(1, most_rows))
        ]
        if not chance.randrange(3):
            _repeat_cells(chance, rows)
        if is_told(rows):
            break
    roles = ["endpoint", "action", *(["method"] if is_apart else [])]
    roles += chance.choice([[], ["dependency"], ["dependency", "other"]])
    roles += chance.choice(
        [[], ["iam_project"], ["iam_project", "enterprise_project"], ["scope"]],
    )
    chance.shuffle(roles)
    # In a simple table, a first cell of one line begins a row.
    roles.insert(0 if name == "simple" else chance.randint(0, len(roles)), "permission")
    wordings = WORDINGS[chance.choice(["en", "zh"])]
    header: list[Cell] = [[chance.choice(wordings[role])] for role in roles]
    body: list[MadeRow | str] = []
    for row in rows:
        if not chance.randrange(6) and has_headings(name):
            body.append(chance.choice(_HEADINGS))
        body.append(row)
    return MadeTable(tuple(roles), tuple(header), tuple(body))


def has_headings(name: str) -> bool:
    """Whether a format has cells over several columns, and so headings inside tables."""
    return name in {"html", "html in markdown", "grid"}


def make_row(chance: Random, serial: int, letters: str, *, is_apart: bool) -> MadeRow:
    """Make a row; its texts have its number, so that no other row has them."""
    written, title = _make_title(chance, serial, letters)
    row = MadeRow(
        {"permission": [written], "other": [chance.choice(["Disks", "√"])]},
        {
            "title": title,
            "endpoints": [],
            "actions": [],
            "alternatives": [],
            "discriminator": None,
            "no_authorization": False,
            "no_endpoint_reason": None,
        },
        title=f"Title{serial}",
    )
    if is_apart:
        _write_endpoint_apart(chance, row, serial)
    elif chance.randrange(6):
        _write_endpoints(chance, row, serial)
    else:
        reason, text = chance.choice(_NO_ENDPOINTS)
        row.line["no_endpoint_reason"] = reason
        row.cells["endpoint"] = [text]
    _write_requirements(chance, row, serial)
    _write_scopes(chance, row)
    return row


def _make_title(chance: Random, serial: int, letters: str) -> tuple[str, str]:
    """Make a title as it is written, and as it is read."""
    words = [f"Title{serial}"]
    words += [
        "".join(chance.choice(letters) for _ in range(chance.randint(1, 9)))
        for _ in range(chance.randint(0, 3))
    ]
    if not chance.randrange(3):
        words.append(chance.choice(_HOSTILE))
    words = [word for word in words if word.strip()]
    written = words[0]
    for word in words[1:]:
        hint = chance.choice(_BREAK_HINTS) if not chance.randrange(8) else ""
        written += chance.choice(_BLANKS) + hint + word
    plain = written.translate(dict.fromkeys(map(ord, "".join(_BREAK_HINTS))))
    # What is at the end of a line is no part of it.
    return written.strip(), " ".join(plain.split())


def _make_path(chance: Random, serial: int) -> str:
    segments = [chance.choice(_SEGMENTS) for _ in range(chance.randint(0, 3))]
    segments.insert(chance.randint(0, len(segments)), f"row{serial}")
    return "/v2/" + "/".join(segments)


def _write_endpoint_apart(chance: Random, row: MadeRow, serial: int) -> None:
    method, path = chance.choice(_METHODS), _make_path(chance, serial)
    row.line["endpoints"] = [{"method": method, "path": path, "query": None}]
    row.cells["method"] = [method]
    row.cells["endpoint"] = [path]
    row.endpoints = [path]


def _write_endpoints(chance: Random, row: MadeRow, serial: int) -> None:
    endpoints = []
    lines: Cell = []
    for _ in range(chance.randint(1, 3)):
        method, path = chance.choice(_METHODS), _make_path(chance, serial)
        query, spelt = chance.choice(_QUERIES)
        if (method, path, query) in endpoints:
            continue
        endpoints.append((method, path, query))
        match chance.randrange(7):
            case 0:
                lines += [method, f"{path}{spelt}"]
            case 1:
                lines.append(f"{method}{path}{spelt}")
            case 2:
                lines.append(f"{method.lower()} https://{{Endpoint}}{path}{spelt};")
            case _:
                lines.append(f"{method} {path}{spelt}")
                row.endpoints.append(f"{method} {path}")
    row.line["endpoints"] = [
        {"method": method, "path": path, "query": query} for method, path, query in endpoints
    ]
    if not chance.randrange(5):
        key = chance.choice(["os-extend", "resize_2"])
        row.line["discriminator"] = {"body_action": key}
        lines.append(f'action="{key}"')
    as_list = len(lines) == len(endpoints) > 1 and chance.randrange(2)
    row.cells["endpoint"] = [[[line] for line in lines]] if as_list else lines


def make_actions(
    chance: Random, serial: int, least: int, *, stars: bool = False, prefix: str = "row"
) -> list[str]:
    """Make actions, with their row's number; each has stars only where some may."""
    made = []
    for _ in range(chance.randint(least, 4)):
        resource = f"{prefix}{serial}{chance.choice(['', *_RESOURCES])}"
        verb = chance.choice(_VERBS)
        if stars and not chance.randrange(3):
            resource, verb = chance.choice([("*", verb), (resource, "*"), (resource, "get*")])
        made.append(f"{chance.choice(_SERVICES)}:{resource}:{verb}")
    return list(dict.fromkeys(made))


def _write_actions(chance: Random, actions: list[str]) -> Cell:
    forms: list[Callable[[], Cell]] = [
        lambda: [*actions],
        lambda: [*actions],
        lambda: [[[action] for action in actions]],
        lambda: [", ".join(actions)],
        lambda: ["; ".join(actions)],
        lambda: ["、".join(actions)],
        lambda: [" ".join(actions)],
        lambda: [f'"{action}",' for action in actions],
        lambda: [f"• {action}" for action in actions],
        lambda: [f"{action} [{number}]" for number, action in enumerate(actions, start=1)],
        lambda: [action.replace(":", "：") for action in actions],
        lambda: [action.replace(":", ":\u200b") for action in actions],
    ]
    return chance.choice(forms)()


def _write_requirements(chance: Random, row: MadeRow, serial: int) -> None:
    match chance.randrange(7):
        case 0:
            row.line["no_authorization"] = True
            row.cells["action"] = [chance.choice(["None", "无", "Not required"])]
        case 1 | 2:
            ways = [
                (label, make_actions(chance, serial, 1))
                for label in chance.sample(_LABELS, chance.randint(2, 3))
            ]
            row.line["alternatives"] = [
                {"label": label, "actions": actions, "dependencies": []} for label, actions in ways
            ]
            row.cells["action"] = _write_ways(chance, ways)
        case _:
            actions = make_actions(chance, serial, 1)
            row.line["actions"] = actions
            row.cells["action"] = _write_actions(chance, actions)
    own = [*row.line["actions"], *(a for way in row.line["alternatives"] for a in way["actions"])]
    row.actions = list(dict.fromkeys(own))
    needed = make_actions(chance, serial, 0, stars=True, prefix="needed")
    row.line["dependencies"] = needed
    dash = chance.choice(["-", "--", "N/A", "None"])
    row.cells["dependency"] = _write_actions(chance, needed) if needed else [dash]


def _write_ways(chance: Random, ways: Sequence[tuple[str, list[str]]]) -> Cell:
    match chance.randrange(3):
        case 0:
            return [[[label, *actions] for label, actions in ways]]
        case 1:
            return [[[f"{label}: {actions[0]}", *actions[1:]] for label, actions in ways]]
        case _:
            return [line for label, actions in ways for line in (f"{label}：", *actions)]


def _write_scopes(chance: Random, row: MadeRow) -> None:
    supports = {scope: chance.choice([*MARKS]) for scope in ("iam_project", "enterprise_project")}
    row.line["scopes"] = supports
    for scope, support in supports.items():
        row.cells[scope] = [chance.choice(MARKS[support])]
    labels, names = chance.choice(_SCOPE_LISTS)
    listed: list[Cell] = []
    for label, wanted in zip(labels, ("supported", "unsupported"), strict=True):
        found = [n for n, each in zip(names, supports.values(), strict=True) if each == wanted]
        if found:
            listed.append([label, [[name] for name in found]])
    row.cells["scope"] = [listed] if listed else ["-"]


def _repeat_cells(chance: Random, rows: Sequence[MadeRow]) -> None:
    """Have some rows share cells with the row above, which some formats write as one cell."""
    for above, row in pairwise(rows):
        match chance.randrange(3):
            case 0:
                for name in ("endpoint", "method"):
                    if name in above.cells:
                        row.cells[name] = above.cells[name]
                for name in ("endpoints", "discriminator", "no_endpoint_reason"):
                    row.line[name] = above.line[name]
                row.endpoints = above.endpoints
            case 1:
                for name in ("action", "dependency"):
                    row.cells[name] = above.cells[name]
                for name in ("actions", "alternatives", "no_authorization", "dependencies"):
                    row.line[name] = above.line[name]
                row.actions = above.actions
            case _:
                for name in ("iam_project", "enterprise_project", "scope"):
                    row.cells[name] = above.cells[name]
                row.line["scopes"] = above.line["scopes"]


def make_fragments(chance: Random) -> str:
    """Make a text of fragments of pages."""
    return "".join(chance.choice(_FRAGMENTS) for _ in range(chance.randint(0, 60)))
