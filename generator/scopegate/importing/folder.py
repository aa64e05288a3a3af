"""All pages of a folder that tables come from, into the files of these tables."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scopegate.errors import Fault, FaultsError
from scopegate.files import replace_files
from scopegate.importing.imports import assemble_table, check_removals
from scopegate.location import Location
from scopegate.tables.differences import compare_tables
from scopegate.tables.names import TableName
from scopegate.tables.sources import SourceDocument, read_sources, write_sources
from scopegate.tables.store import read_tables, spell_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from scopegate.importing.imports import Assembly
    from scopegate.importing.model import PageReading
    from scopegate.importing.survey import Survey
    from scopegate.tables.differences import TableDifferences
    from scopegate.tables.model import Table
    from scopegate.tables.sources import Sources


@dataclass(frozen=True, slots=True)
class Origin:
    """What pages that are not in the lock yet have in common, and do not say themselves."""

    provider: str
    repository: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class TableImport:
    """A table that was read, and how it differs from the committed one; None where there is none.

    `differences` is None for a table that is new.
    """

    name: TableName
    assembly: Assembly
    differences: TableDifferences | None


@dataclass(frozen=True, slots=True)
class FolderImport:
    """What an import of pages made of them.

    `removed` are tables that their pages have no more, `editions` pages that are other editions of
    those that tables come from, and `unknown` pages with authorization tables that the lock has
    not, and nothing was said of.
    """

    tables: tuple[TableImport, ...]
    removed: tuple[TableName, ...]
    editions: tuple[str, ...]
    unknown: tuple[str, ...]
    sources: Sources


def assemble_folder(
    survey: Survey, tables: Path, *, today: str, origin: Origin | None = None
) -> FolderImport:
    """Make tables of the pages of a survey, by the lock in the folder of `tables`.

    Nothing is written. `today` is the day, as the lock spells it. With `origin` pages that are not
    in the lock are taken in. Raises `FaultsError` with all that keeps any of the tables from being
    written as a whole, and where two tables would have one name.
    """
    sources = read_sources(tables)
    committed = read_tables(tables)
    places = {(each.document.name, each.document.table): each for each in committed}
    # Of a row, or of a page that no table comes from, an error keeps no table from being written.
    faults = [
        each.fault
        for each in survey.diagnostics
        if each.is_of_table
        and (origin is not None or sources.find(each.fault.location.file) is not None)
    ]
    imports: list[TableImport] = []
    editions: list[str] = []
    unknown: list[str] = []
    read: set[tuple[str, int]] = set()
    pages: dict[str, str] = {}
    for reading in survey.readings:
        document = _find_document(reading, sources, origin, today)
        if document is None:
            if reading.tables:
                unknown.append(reading.name)
            continue
        if document.name in pages:
            message = f"expected each document once; {pages[document.name]} is the same"
            faults.append(Fault(Location(reading.name), "same-document", message))
            continue
        pages[document.name] = reading.name
        sources = sources.put(document)
        if document.edition_of is not None:
            editions.append(document.name)
            continue
        named = replace(reading, name=document.name)
        for table in reading.tables:
            place = document.name, table.number
            read.add(place)
            earlier = places.get(place)
            name = _name_table(document, table.number, len(reading.tables), earlier)
            try:
                assembly = assemble_table(named, name, table.number)
            except FaultsError as error:
                faults.extend(error.faults)
                continue
            differences = compare_tables(earlier, assembly.table) if earlier else None
            imports.append(TableImport(name, assembly, differences))
    faults.extend(_find_clashes(imports, places))
    if faults:
        raise FaultsError(dict.fromkeys(faults))
    removed = [
        each.name for place, each in places.items() if place[0] in pages and place not in read
    ]
    return FolderImport(tuple(imports), tuple(removed), tuple(editions), tuple(unknown), sources)


def save_folder(
    made: FolderImport, tables: Path, *, allow_removals: bool = False, dry_run: bool = False
) -> None:
    """Write the tables and the lock; files that have their bytes already are left alone.

    Raises `RemovalsError`, and writes nothing, where a table lacks what the committed one has, or
    there is none any more, unless that is allowed. A dry run does all but write.
    """
    if not allow_removals:
        check_removals(
            {each.name: each.differences for each in made.tables if each.differences},
            made.removed,
        )
    paths = {tables / each.name.path: each.assembly.table for each in made.tables}
    spelt = {path: spell_table(table, path).encode() for path, table in paths.items()}
    if dry_run:
        return
    replace_files(spelt)
    for name in made.removed:
        (tables / name.path).unlink()
    write_sources(made.sources, tables)


def _find_document(
    reading: PageReading, sources: Sources, origin: Origin | None, today: str
) -> SourceDocument | None:
    known = sources.find(reading.name)
    language = reading.tables[0].language if reading.tables else "en"
    if known is not None:
        return known.read_again(reading.sha256, language, today)
    service = _find_service(reading)
    if origin is None or service is None:
        return None
    return SourceDocument(
        name=reading.name,
        provider=origin.provider,
        service=service,
        sha256=reading.sha256,
        language=language,
        retrieved=today,
        repository=origin.repository,
        licence=origin.licence,
    )


def _find_service(reading: PageReading) -> str | None:
    """Find the service of a page: what most of its own actions begin with."""
    prefixes = Counter(
        action.partition(":")[0].lower()
        for table in reading.tables
        for row in table.rows
        for action in (*row.actions, *(each for way in row.alternatives for each in way.actions))
    )
    return prefixes.most_common(1)[0][0] if prefixes else None


def _name_table(document: SourceDocument, number: int, of: int, earlier: Table | None) -> TableName:
    """Name a table: as it was named before, or after its page and, of several, its number."""
    if earlier is not None:
        return earlier.name
    stem = PurePosixPath(document.name).stem.lower()
    own = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")
    own = own if own[:1].isalpha() else f"page-{own}".rstrip("-")
    return TableName(document.provider, document.service, f"{own}-{number}" if of > 1 else own)


def _find_clashes(
    imports: Sequence[TableImport], places: Mapping[tuple[str, int], Table]
) -> Iterator[Fault]:
    """Find tables of different documents that would have one name."""
    taken = {(each.provider, each.table): place for place, each in places.items()}
    for each in imports:
        document = each.assembly.table.document
        place = document.name, document.table
        first = taken.setdefault((each.name.provider, each.name.table), place)
        if first != place:
            message = (
                f"expected a table that no other page makes: {each.name} comes from {first[0]}; "
                "name this one with --table, or say in tables/sources.yaml that its page is an "
                "edition_of the other"
            )
            yield Fault(Location(document.name, table=document.table), "same-table", message)
