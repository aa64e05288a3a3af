"""`scopegate compare`: what one edition of a vendor's tables says otherwise than another."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from scopegate.cli.options import JsonOption
from scopegate.cli.output import (
    DONE,
    FAILED,
    count,
    list_facts,
    make_grid,
    open_console,
    print_block,
    print_changes,
    print_json,
)
from scopegate.importing.editions import Edition, compare_editions, read_edition
from scopegate.location import show_path
from scopegate.tables.changes import Change, ChangeKind


def compare(
    earlier: Annotated[
        Path,
        typer.Argument(
            metavar="EARLIER",
            help="A page (Markdown, reStructuredText, HTML), a table file, or a folder of such.",
            exists=True,
        ),
    ],
    later: Annotated[
        Path, typer.Argument(metavar="LATER", help="What to hold against it.", exists=True)
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Tell how two editions of a vendor's tables differ.

    All authorization tables of each side are read, and their rows known by their endpoints,
    whichever table or page they are in and whatever parameters are called. First comes what opens
    or closes something, then the rest. Exits with 0 where nothing differs, and with 1 where
    something does or a page has faults. Nothing is written.

    For example:
      scopegate compare old/volumes.md volumes.md
      scopegate compare evs-snapshots.zh.md snapshot.rst --json
      scopegate compare api-ref/ tables/huaweicloud/evs/snapshots.yaml
    """
    editions = read_edition(earlier), read_edition(later)
    changes = compare_editions(*editions)
    if as_json:
        print_json(
            {
                "earlier": _count_edition(editions[0]),
                "later": _count_edition(editions[1]),
                "counts": _count_changes(changes),
                "changes": [asdict(change) for change in changes],
            }
        )
    else:
        _show((earlier, later), editions, changes)
    if changes:
        raise typer.Exit(1)


def _count_edition(edition: Edition) -> dict[str, int]:
    return {"tables": len(edition.tables), "rows": len(edition.rows)}


def _count_changes(changes: tuple[Change, ...]) -> dict[str, int]:
    counts = Counter(change.kind for change in changes)
    return {str(kind): counts[kind] for kind in ChangeKind if counts[kind]}


def _show(
    paths: tuple[Path, Path], editions: tuple[Edition, Edition], changes: tuple[Change, ...]
) -> None:
    heads = (
        (Text(word), Text(show_path(path), "bold"), _spell_counts(edition))
        for word, path, edition in zip(("earlier", "later"), paths, editions, strict=True)
    )
    print_block(make_grid(*heads))
    print_changes(changes, indent=2)
    console = open_console()
    if not changes:
        console.print(Text.assemble(DONE, " no differences"))
        return
    told = Text.assemble(FAILED, f" {count(len(changes), 'difference')}: ")
    facts = (f"{number:,} {kind}" for kind, number in _count_changes(changes).items())
    console.print(told.append_text(list_facts(*facts)), soft_wrap=True)


def _spell_counts(edition: Edition) -> Text:
    return list_facts(count(len(edition.tables), "table"), count(len(edition.rows), "row"))
