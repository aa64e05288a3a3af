"""reStructuredText: into HTML by docutils' own writer, whatever tool the page was written for."""

from __future__ import annotations

import re
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from docutils.core import publish_doctree
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Directive, Parser, directives
from docutils.parsers.rst.directives.tables import CSVTable
from docutils.parsers.rst.languages import en
from docutils.parsers.rst.states import Inliner
from docutils.transforms import writer_aux
from docutils.writers.html5_polyglot import HTMLTranslator, Writer

from scopegate.errors import Flaw
from scopegate.sources.html import make_lost_table, read_html
from scopegate.sources.limits import (
    MOST_BORDERS,
    MOST_BORDERS_OF_LINE,
    MOST_COMPLAINTS,
    MOST_ELEMENTS,
    MOST_LINES_OF_RST,
    ParagraphLimit,
    TooLargeError,
    check_lines,
)

if TYPE_CHECKING:
    from scopegate.sources.grid import Content

_SETTINGS: Final = {
    "_disable_config": True,
    "doctitle_xform": False,
    "docinfo_xform": False,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "halt_level": 5,
    "report_level": 5,  # what docutils thinks of the prose is nobody's concern here
    "line_length_limit": 2**31,
    "syntax_highlight": "none",
    "traceback": True,  # else docutils ends the process
    "warning_stream": False,
    "cells": 0,  # of all tables of a page whose cells are apart by commas
}
# What docutils reads by itself. Its others list, number, define or typeset, which can take minutes,
# or read files: they are read as the text in them, as those are that it does not know.
_DIRECTIVES: Final = frozenset(
    {"admonition", "attention", "caution", "danger", "error", "hint", "important", "note", "tip"}
    | {"warning", "topic", "sidebar", "rubric", "class", "rst-class", "compound", "container"}
    | {"table", "csv-table", "list-table", "image", "figure", "replace", "unicode"}
    | {"code", "code-block", "sourcecode", "parsed-literal"}
)
_DIRECTIVE: Final = re.compile(r"\.\.\s+(?:\|[^|\n]+\|\s+)?([^\W_][\w:+.-]*?)[ ]?::")
_TARGET_OF_ROLE: Final = re.compile(r"(?<!\s)\s*<[^<>]*>$")
_BORDER: Final = re.compile(r"^[ |]*(?:\+[-=]{3,}[-=+ ]*|={3,}(?:[ ]+={3,})+)[ |]*$", re.MULTILINE)
_TABLE_DIRECTIVES: Final = re.compile(r'"(?:csv-table|list-table|table)" directive')
# A directive of a table where docutils sees none: `text.. list-table::`, `.. csv-table::text`.
_UNREAD_DIRECTIVE: Final = re.compile(r"\b(?:csv|list)-table::")
_UNINDENTED: Final = "Explicit markup ends without a blank line; unexpected unindent."

# What a page does not say: notes to its authors, the names of boxes, marks that point elsewhere.
_SILENT: Final = (
    nodes.comment,
    nodes.footnote_reference,
    nodes.substitution_definition,
    nodes.system_message,
)


def read_rst(text: str) -> Content | Flaw:
    """Read the blocks of a page and its tables, as `read_html` does.

    Roles, and directives but the most common ones, are read as the text that they dress. What
    looks like a table and is none for docutils is a table without rows, with a flaw that has its
    line. Nothing is read from other files. Raises `TooLargeError`.
    """
    check_lines(text, MOST_LINES_OF_RST)
    for name in {match[1].lower() for match in _DIRECTIVE.finditer(text)} | {*en.directives}:
        if name not in _DIRECTIVES:
            directives.register_directive(name, _Container)
    parser = _Parser(inliner=_make_inliner())
    try:
        document = publish_doctree(text, parser=parser, settings=_make_settings())
        _mark_lost_tables(document)
        _keep_dashes(document)
        writer_aux.Admonitions(document).apply()
        for node in list(document.findall(_is_silent)):
            parent: Any = node.parent
            parent.remove(node)
        translator = HTMLTranslator(document)
        document.walkabout(translator)
    except (RecursionError, AssertionError, LookupError, TypeError, ValueError) as error:
        # Not only what docutils promises to raise: its parser and writer trust their own input.
        message = f"expected reStructuredText; docutils gave up: {type(error).__name__}"
        return Flaw("bad-document", message)
    return read_html("".join(translator.body))


class _Parser(Parser):
    """A parser that counts complaints, and what substitutions would make, before either is made."""

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse the text into the document, as docutils asks for; raises `TooLargeError`."""
        complaints = count(1)

        def observe(_: nodes.system_message) -> None:
            if next(complaints) > MOST_COMPLAINTS:
                raise TooLargeError(f"expected at most {MOST_COMPLAINTS} faults of its markup")

        document.reporter.attach_observer(observe)
        super().parse(inputstring, document)
        if _count_substitutions(document) > MOST_ELEMENTS:
            raise TooLargeError(f"expected at most {MOST_ELEMENTS} substitutions")


def _count_substitutions(document: nodes.document) -> int:
    """Count the references to substitutions, with those that stand in what replaces them."""
    definitions = document.substitution_defs
    counts: dict[str, int] = {}

    def count_in(element: nodes.Element) -> int:
        return sum(1 + expand(found) for found in element.findall(nodes.substitution_reference))

    def expand(reference: nodes.Element) -> int:
        written = reference["refname"]
        name = document.substitution_names.get(written.lower(), written)
        if name not in counts and name in definitions:
            counts[name] = 0  # what refers to itself is refused by docutils
            counts[name] = count_in(definitions[name])
        return counts.get(name, 0)

    return count_in(document)


@cache
def _read_defaults() -> Any:  # noqa: ANN401  docutils' own type has no members to speak of
    return get_default_settings(Parser, Writer)


def _make_settings() -> Any:  # noqa: ANN401
    settings = _read_defaults().copy()
    for name, value in _SETTINGS.items():
        setattr(settings, name, value)
    return settings


def _make_inliner() -> Any:  # noqa: ANN401  an Inliner with a method of its own
    """Make a reader of inline markup that reads any role as its text.

    It is no subclass: docutils looks up what makes its patterns in the class of the object alone.
    """
    inliner: Any = Inliner()
    limit = ParagraphLimit()

    def read_role(
        rawsource: str, text: str, role: str, lineno: int
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if role in {"sup", "superscript", "sub", "subscript"}:
            return Inliner.interpreted(inliner, rawsource, text, role, lineno)
        # `text <target>` is a link.
        return [nodes.inline(rawsource, _TARGET_OF_ROLE.sub("", nodes.unescape(text)))], []

    def parse(text: str, lineno: int, memo: Any, parent: nodes.Element) -> Any:  # noqa: ANN401
        limit.check(text, f"one that ends at line {lineno}")
        return Inliner.parse(inliner, text, lineno, memo, parent)

    inliner.interpreted = read_role
    inliner.parse = parse
    return inliner


class _AnyOptions(dict[str, Any]):
    """Any option of a directive, as the text that it is."""

    def __missing__(self, name: str) -> Any:  # noqa: ANN401  what docutils calls a convertor
        return directives.unchanged


class _Container(Directive):
    """Any other directive: what is in it is read as if it stood outside."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = _AnyOptions(name=directives.unchanged)

    def run(self) -> list[nodes.Node]:
        """Read the arguments as text, and the content."""
        text = " ".join(self.arguments)
        before = [nodes.paragraph(text, text)] if text else []
        container = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, container)
        return [*before, container]


class _CommaTable(CSVTable):
    """A table whose cells are apart by commas, which no limit on borders has counted."""

    def extend_short_rows_with_empty_cells(self, columns: int, parts: Any) -> None:  # noqa: ANN401
        """Count the cells, and leave short rows as they are; raises `TooLargeError`."""
        if columns > MOST_BORDERS_OF_LINE:
            message = f"expected at most {MOST_BORDERS_OF_LINE} columns"
            raise TooLargeError(f"{message}; the table at line {self.lineno} has {columns}")
        settings = self.state.document.settings
        settings.cells += columns * sum(map(len, parts))
        if settings.cells > MOST_BORDERS:
            message = f"expected at most {MOST_BORDERS} cells"
            raise TooLargeError(f"{message}; the table at line {self.lineno} goes beyond")


directives.register_directive("csv-table", _CommaTable)


def _mark_lost_tables(document: nodes.document) -> None:
    """Put a table without rows where something looks like a table and is none.

    What docutils refuses it quotes in a message; a border that it does not see as one is left in
    the text around it.
    """
    for message in list(document.findall(nodes.system_message)):
        said = message.astext()
        if "Malformed table" in said or _TABLE_DIRECTIVES.search(said):
            reason = "docutils refused it: its borders are not in line, or it has no rows"
            _replace(message, make_lost_table(reason, message.get("line")))
        elif said.endswith(_UNINDENTED) and isinstance(_find_above(message), nodes.table):
            reason = "docutils ended the one above, where a line is not indented as its rows are"
            _replace(message, make_lost_table(reason, message.get("line")))
    for node in list(document.findall(nodes.TextElement)):
        text = node.rawsource or node.astext()
        if _names_table(node, text):
            _replace(node, make_lost_table("its directive is no line of its own", node.line))
        elif isinstance(node, nodes.FixedTextElement | nodes.Inline):
            continue
        elif _BORDER.search(text):
            _replace(node, make_lost_table("a border of it is not drawn to its end", node.line))


def _names_table(node: nodes.Element, text: str) -> bool:
    """Whether a text has a directive of a table, or is a comment for want of a blank behind it."""
    if isinstance(node, nodes.comment):
        return _UNREAD_DIRECTIVE.match(text) is not None
    return isinstance(node, nodes.paragraph) and _UNREAD_DIRECTIVE.search(text) is not None


def _find_above(node: nodes.Element) -> nodes.Node | None:
    """Find what stands before a node beside it."""
    index = node.parent.index(node)
    return node.parent[index - 1] if index else None


def _keep_dashes(document: nodes.document) -> None:
    """Put the dash back where a cell has nothing else: docutils makes an empty list of it."""
    for listed in list(document.findall(nodes.bullet_list)):
        if not listed.astext().strip():
            parent: Any = listed.parent
            parent.replace(listed, nodes.paragraph("", listed["bullet"]))


def _is_silent(node: nodes.Node) -> bool:
    """Whether a node is none of what the page says; the title of a box is docutils' own."""
    return isinstance(node, _SILENT) or (
        isinstance(node, nodes.title) and isinstance(node.parent, nodes.Admonition)
    )


def _replace(node: nodes.Element, markup: str) -> None:
    node.parent.replace(node, nodes.raw("", markup, format="html"))
