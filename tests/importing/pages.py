"""Made pages: Markdown around a table of HTML."""

import hashlib
from typing import Final

from scopegate.errors import Flaw
from scopegate.sources.markdown import read_markdown
from scopegate.sources.page import Page

HEADERS: Final = ("权限", "授权项", "授权范围", "对应API接口")
SCOPES: Final = (
    "<ul><li>支持：<ul><li>IAM项目(Project)</li></ul></li>"
    "<li>不支持：<p>企业项目(Enterprise Project)</p></li></ul>"
)
STATEMENT: Final = "对于v3接口，若提供的功能与v2接口一样，则授权信息也一致。"


def make_row(*cells: str) -> str:
    """Make a row; a cell that begins with `<td` or `<th` is taken as it is."""
    spelt = (cell if cell.startswith(("<td", "<th")) else f"<td>{cell}</td>" for cell in cells)
    return f"<tr>{''.join(spelt)}</tr>\n"


def make_table(*rows: str, headers: tuple[str, ...] = HEADERS) -> str:
    head = f"<thead>{make_row(*headers)}</thead>\n" if headers else ""
    return f"<table>{head}<tbody>{''.join(rows)}</tbody></table>\n\n"


def make_page(text: str, name: str = "page.md") -> Page:
    content = read_markdown(text)
    assert not isinstance(content, Flaw)
    return Page(name, hashlib.sha256(text.encode()).hexdigest(), *content)


GOOD_ROW: Final = make_row(
    "创建快照",
    "<p>evs:snapshots:create</p><p>evs:volumes:get</p>",
    SCOPES,
    "POST /v2/{a}/snapshots",
)
