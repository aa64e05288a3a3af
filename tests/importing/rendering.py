"""A made table as a page of each format: what is read back has to be what was written.

A cell is a list of blocks, and a block a line of text or a list of items, each of which is a cell.
"""

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias
from unicodedata import east_asian_width

Block: TypeAlias = "str | list[Cell]"
Cell: TypeAlias = list[Block]

_RST_MARKUP: Final = re.compile(r"([\\*`_|])")
_MARKDOWN_MARKUP: Final = re.compile(r"([\\*_`|\[\]])")


def render_html(header: Sequence[Cell], rows: Iterable[Sequence[Cell] | str]) -> str:
    """Markdown around a table of HTML; equal cells below each other are one."""
    body = list(rows)
    head = "".join(f"<th>{_spell_html(cell)}</th>" for cell in header)
    lines = [f"<tr>{head}</tr>"]
    for index, row in enumerate(body):
        if isinstance(row, str):
            lines.append(f'<tr><td colspan="{len(header)}">{html.escape(row)}</td></tr>')
            continue
        cells = ""
        for column, cell in enumerate(row):
            if index and not isinstance(body[index - 1], str) and body[index - 1][column] == cell:
                continue
            span = 1
            for below in body[index + 1 :]:
                if isinstance(below, str) or below[column] != cell:
                    break
                span += 1
            mark = f' rowspan="{span}"' if span > 1 else ""
            cells += f'<td class="cell"{mark}>{_spell_html(cell)}</td>\n'
        lines.append(f"<tr>{cells}</tr>")
    return "# Title<a name='x'></a>\n\n<table>" + "\n".join(lines) + "\n</table>\n"


def render_html_page(header: Sequence[Cell], rows: Iterable[Sequence[Cell] | str]) -> str:
    """A page of HTML."""
    _, table = render_html(header, rows).split("\n\n", 1)
    return f"<!DOCTYPE html>\n<h1>Title</h1>\n{table}"


def render_pipes(header: Sequence[Cell], rows: Iterable[Sequence[Cell] | str]) -> str:
    """A table of pipes; one has no cells over several columns, and so no headings."""
    lines = [_spell_pipes(header), "|" + "---|" * len(header)]
    lines += [_spell_pipes(row) for row in rows if not isinstance(row, str)]
    return "Text.\n\n" + "\n".join(lines) + "\n\nText.\n"


def render_grid(header: Sequence[Cell], rows: Iterable[Sequence[Cell] | str]) -> str:
    """A grid table of reStructuredText; equal cells below each other are one."""
    body = [(row if isinstance(row, str) else [_spell_rst(cell) for cell in row]) for row in rows]
    head = [_spell_rst(cell) for cell in header]
    every = [head, *(row for row in body if not isinstance(row, str))]
    widths = [
        max([3, *(_measure(line) for row in every for line in row[column])]) + 2
        for column in range(len(header))
    ]
    headings = [_measure(row) + 2 for row in body if isinstance(row, str)]
    widths[-1] += max(0, max(headings, default=0) - sum(widths) - len(widths) + 1)
    lines = [_draw_border(widths, "-"), *_draw(head, widths), _draw_border(widths, "=")]
    above: list[list[str]] | str | None = None
    for index, row in enumerate(body):
        if isinstance(row, str):
            lines += _draw([[row]], [sum(widths) + len(widths) - 1])
            above = None
        else:
            going_on = _find_repeated(above, row)
            lines += _draw([[""] if go else c for c, go in zip(row, going_on, strict=True)], widths)
            above = row
        below = body[index + 1] if index + 1 < len(body) else None
        lines.append(_draw_border(widths, "-", _find_repeated(above, below)))
    return "Title\n=====\n\n" + "\n".join(lines) + "\n"


def render_list_table(header: Sequence[Cell], rows: Iterable[Sequence[Cell] | str]) -> str:
    """A table of reStructuredText that is written as a list of lists."""
    lines = [".. list-table:: Title", "   :header-rows: 1", ""]
    for row in (header, *(row for row in rows if not isinstance(row, str))):
        mark = "*"
        for cell in row:
            first, *more = _spell_rst(cell)
            lines += [f"   {mark} - {first}", *(f"       {line}".rstrip() for line in more)]
            mark = " "
    return "\n".join(lines) + "\n"


def render_commas(header: Sequence[Cell], rows: Iterable[Sequence[Cell] | str]) -> str:
    """A table of reStructuredText whose cells are apart by commas."""
    lines = [".. csv-table:: Title", "   :header-rows: 1", ""]
    for row in (header, *(row for row in rows if not isinstance(row, str))):
        cells = ("\n".join(_spell_rst(cell)).replace('"', '""') for cell in row)
        written = ",".join(f'"{cell}"' for cell in cells)
        lines += (f"   {line}".rstrip() for line in written.split("\n"))
    return "\n".join(lines) + "\n"


def render_simple(header: Sequence[Cell], rows: Iterable[Sequence[Cell] | str]) -> str:
    """A simple table of reStructuredText: a first cell with one line begins each row."""
    body = [[_spell_rst(cell) for cell in row] for row in rows if not isinstance(row, str)]
    head = [_spell_rst(cell) for cell in header]
    widths = [
        max([3, *(_measure(line) for row in (head, *body) for line in row[column])])
        for column in range(len(header))
    ]
    border = " ".join("=" * width for width in widths)
    lines = [border]
    for row in (head, *body):
        for index in range(max(map(len, row))):
            cells = [cell[index] if index < len(cell) else "" for cell in row]
            padded = (
                cell + " " * (width - _measure(cell))
                for cell, width in zip(cells, widths, strict=True)
            )
            lines.append(" ".join(padded).rstrip())
        if row is head:
            lines.append(border)
    return "\n".join([*lines, border]) + "\n"


RENDERERS: Final[
    Mapping[str, tuple[str, Callable[[Sequence[Cell], Iterable[Sequence[Cell] | str]], str]]]
] = {
    "html in markdown": ("md", render_html),
    "pipes": ("md", render_pipes),
    "html": ("html", render_html_page),
    "grid": ("rst", render_grid),
    "simple": ("rst", render_simple),
    "list-table": ("rst", render_list_table),
    "csv-table": ("rst", render_commas),
}
"""Each format: the suffix of its pages, and what writes one."""


def _spell_html(cell: Cell) -> str:
    spelt = ""
    for block in cell:
        if isinstance(block, str):
            spelt += f"<p>{html.escape(block)}</p>"
        else:
            items = "".join(f"<li>{_spell_html(item)}</li>" for item in block)
            spelt += f"<ul>{items}</ul>"
    return spelt


def _spell_pipes(row: Sequence[Cell]) -> str:
    return "|" + "|".join(f" {_spell_inline(cell)} " for cell in row) + "|"


def _spell_inline(cell: Cell) -> str:
    """Spell a cell on one line; what HTML it needs may stand there."""
    parts = []
    for block in cell:
        if isinstance(block, str):
            escaped = html.escape(block, quote=False)
            parts.append(_MARKDOWN_MARKUP.sub(r"\\\1", escaped))
        else:
            items = "".join(f"<li>{_spell_inline(item)}</li>" for item in block)
            parts.append(f"<ul>{items}</ul>")
    return "<br>".join(parts)


def _spell_rst(cell: Cell) -> list[str]:
    lines: list[str] = []
    for block in cell:
        if lines:
            lines.append("")
        if isinstance(block, str):
            lines.append(_escape_rst(block))
            continue
        for number, item in enumerate(block):
            if number:
                lines.append("")
            spelt = _spell_rst(item)
            lines += [f"-  {spelt[0]}", *(f"   {line}".rstrip() for line in spelt[1:])]
    return lines


def _escape_rst(text: str) -> str:
    escaped = _RST_MARKUP.sub(r"\\\1", text)
    return f"\\{escaped}" if escaped.startswith("-") else escaped


def _draw(cells: Sequence[list[str]], widths: Sequence[int]) -> list[str]:
    lines = []
    for index in range(max(map(len, cells))):
        line = "|"
        for cell, width in zip(cells, widths, strict=True):
            text = cell[index] if index < len(cell) else ""
            line += f" {text}{' ' * (width - 1 - _measure(text))}|"
        lines.append(line)
    return lines


def _find_repeated(
    above: list[list[str]] | str | None, below: list[list[str]] | str | None
) -> list[bool]:
    """Find the columns whose cell goes on below; none does in a heading."""
    if above is None or below is None or isinstance(above, str) or isinstance(below, str):
        return [False] * (0 if below is None or isinstance(below, str) else len(below))
    return [cell == other for cell, other in zip(above, below, strict=True)]


def _draw_border(widths: Sequence[int], mark: str, going_on: Sequence[bool] = ()) -> str:
    """Draw what is between rows; there is none inside a cell that goes on below."""
    is_open = [*going_on] or [False] * len(widths)
    line = "|" if is_open[0] else "+"
    for index, width in enumerate(widths):
        line += (" " if is_open[index] else mark) * width
        is_inside = is_open[index] and all(is_open[index + 1 : index + 2])
        line += "|" if is_inside else "+"
    return line


def _measure(text: str) -> int:
    """Count the columns that a text fills; a Chinese character fills two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
