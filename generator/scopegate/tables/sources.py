"""The lock of documents: which edition of which page each table was read from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

from pydantic import ConfigDict, Field

from scopegate.errors import Fault, spell_string
from scopegate.files import replace_file
from scopegate.forms import FORM, GIVEN, Matches
from scopegate.tables.forms import FileForm, read_text, settle
from scopegate.tables.model import FileName, Language, Name, Sha256, Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCES: Final = "sources.yaml"
"""The lock's file, in the folder of tables."""

_HEADER: Final = """\
# yaml-language-server: $schema=schemas/sources.json
# The documents that tables come from; `make import` keeps it, and docs/importing.md explains it.
"""


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A published page: where it comes from, and which edition of it was read last.

    `name` is its file with the folders in its repository. Tables of `provider` and `service` come
    from it, unless it is another edition of the document named in `edition_of`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    name: FileName
    provider: Name
    service: Name
    sha256: Sha256
    language: Language
    retrieved: Annotated[
        str,
        Matches(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", 'the day on which it was imported: "2026-11-28"'),
    ]
    repository: Annotated[Text | None, GIVEN] = None
    licence: Annotated[Text | None, GIVEN] = None
    edition_of: Annotated[FileName | None, GIVEN] = None

    def read_again(self, sha256: str, language: str, today: str) -> SourceDocument:
        """Say of which edition it was read last; that was not today where it is the same one."""
        if self.sha256 == sha256:
            return self
        return replace(self, sha256=sha256, language=language, retrieved=today)


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents, in the order of their names."""

    __pydantic_config__: ClassVar[ConfigDict] = FORM

    documents: Annotated[
        tuple[
            Annotated[
                SourceDocument,
                Field(description="a document: name, provider, service, sha256, language, …"),
            ],
            ...,
        ],
        Field(description="a list of documents"),
    ] = ()

    def find(self, page: str) -> SourceDocument | None:
        """Find the document that a page is, whose path may have more folders before its name."""
        parts = PurePosixPath(page).parts
        for document in self.documents:
            own = PurePosixPath(document.name).parts
            if parts[-len(own) :] == own:
                return document
        return None

    def put(self, document: SourceDocument) -> Sources:
        """Put a document in, in the place of the one of its name."""
        others = [each for each in self.documents if each.name != document.name]
        kept = sorted((*others, document), key=lambda each: each.name)
        return replace(self, documents=tuple(kept))


SOURCES_FORM: Final = FileForm(Sources, "Documents", "the documents that tables come from")


def read_sources(tables: Path) -> Sources:
    """Read the lock in the folder of tables; it is empty where there is none.

    Raises `FaultsError` with everything that is wrong in it.
    """
    path = tables / SOURCES
    if not path.exists():
        return Sources()
    sources, marked, faults = SOURCES_FORM.read_text(read_text(path), path)
    names = {} if sources is None else {each.name: each for each in sources.documents}
    seen: set[str] = set()
    for index, document in enumerate(() if sources is None else sources.documents):
        place = ("documents", index)
        if document.name in seen:
            message = f"expected each document once; found {spell_string(document.name)} again"
            faults.append(Fault(marked.locate_value((*place, "name")), "duplicate-item", message))
        seen.add(document.name)
        if document.edition_of is not None and document.edition_of not in names:
            message = f"expected a document of this list; found {spell_string(document.edition_of)}"
            where = marked.locate_value((*place, "edition_of"))
            faults.append(Fault(where, "unknown-document", message))
    return settle(sources, faults)


def record_document(document: SourceDocument, tables: Path) -> None:
    """Put a document that was read into the lock; what that says besides of it stays.

    Raises what `read_sources` does, and OSError where the lock cannot be written.
    """
    sources = read_sources(tables)
    known = sources.find(document.name) or document
    read = known.read_again(document.sha256, document.language, document.retrieved)
    write_sources(sources.put(read), tables)


def write_sources(sources: Sources, tables: Path) -> bool:
    """Write the lock in canonical form; tell whether it was another before."""
    lines = "\n".join(_format_lines(sources))
    return replace_file(tables / SOURCES, f"{_HEADER}{lines}\n".encode())


def _format_lines(sources: Sources) -> Iterator[str]:
    yield "documents:" if sources.documents else "documents: []"
    for each in sources.documents:
        yield f"  - name: {spell_string(each.name)}"
        yield f"    provider: {spell_string(each.provider)}"
        yield f"    service: {spell_string(each.service)}"
        yield f"    sha256: {spell_string(each.sha256)}"
        yield f"    language: {each.language}"
        yield f"    retrieved: {spell_string(each.retrieved)}"
        for name, text in (
            ("repository", each.repository),
            ("licence", each.licence),
            ("edition_of", each.edition_of),
        ):
            if text is not None:
                yield f"    {name}: {spell_string(text)}"
