"""The canonical form: what is written is read back as it was, and is the same bytes each time."""

import stat
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopegate.errors import Fault, FaultsError
from scopegate.tables.model import Document, Endpoint, Mirror, Row, Scopes, Support, Table
from scopegate.tables.store import (
    format_table,
    list_table_files,
    parse_table,
    read_table,
    write_table,
)
from tests.tables.made import PLACE, TABLE, TEXT

# What docs/tables.md allows, written down once more and in another way.
WORD = st.text("abz019", min_size=1, max_size=4)
NAMES = st.tuples(st.sampled_from("axyz"), st.lists(WORD, min_size=1)).map(
    lambda parts: parts[0] + "-".join(parts[1])
)
UNSEEN = "\u00a0\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\ufeff\ufffd\ufffe\uffff" + "".join(
    map(chr, [*range(0x202A, 0x202F), *range(0x2060, 0x206A)])
)
TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=UNSEEN), min_size=1
).filter(lambda text: text == text.strip(" "))
PART = st.text("AZaz09_-", min_size=1, max_size=5)
ACTIONS = st.lists(PART, min_size=2, max_size=4).map(":".join)
LITERALS = st.text("AZaz09._~!$&'()+,=-", min_size=1).filter(lambda text: text not in {".", ".."})
PATHS = st.tuples(
    st.lists(LITERALS | PART.map(lambda name: f"{{{name}}}"), max_size=4),
    st.sampled_from(["", "/"]),
).map(lambda path: "".join(f"/{segment}" for segment in path[0]) + path[1] or "/")
ENDPOINTS = st.builds(Endpoint, st.sampled_from(["DELETE", "GET", "PATCH", "POST", "PUT"]), PATHS)
SUPPORT = st.sampled_from(Support)


@st.composite
def make_rows(draw: st.DrawFn) -> tuple[Row, ...]:
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        actions = tuple(draw(st.lists(ACTIONS, max_size=3, unique=True)))
        rows.append(
            Row(
                permission=draw(TEXTS),
                actions=actions,
                scopes=Scopes(draw(SUPPORT), draw(SUPPORT)),
                endpoints=tuple(draw(st.lists(ENDPOINTS, min_size=1, max_size=3, unique=True))),
                no_authorization=None if actions else draw(TEXTS),
            )
        )
    return tuple(rows)


@st.composite
def make_tables(draw: st.DrawFn) -> Table:
    service = draw(NAMES)
    rows = draw(make_rows())
    segments = sorted(
        {
            segment
            for row in rows
            for endpoint in row.endpoints
            for segment in endpoint.path.split("/")
            if segment and "{" not in segment
        }
    )
    mirrors: list[Mirror] = []
    if segments:
        source = st.sampled_from(segments)
        pairs = st.tuples(source, LITERALS).filter(lambda pair: pair[0] != pair[1])
        drawn = draw(st.lists(pairs, max_size=2, unique=True))
        mirrors = [Mirror(*pair, draw(TEXTS)) for pair in drawn]
    return Table(
        provider=draw(NAMES),
        service=service,
        table=f"{service}/{draw(NAMES)}",
        document=Document(
            name=draw(TEXTS.filter(lambda t: "/" not in t and "\\" not in t and t[0] != ".")),
            sha256=draw(st.text("0123456789abcdef", min_size=64, max_size=64)),
            language=draw(st.sampled_from(["zh", "en"])),
            table=draw(st.integers(1, 999)),
        ),
        mirrors=tuple(mirrors),
        rows=rows,
    )


def make_place(table: Table) -> Path:
    return Path(table.provider, f"{table.table}.yaml")


@given(make_tables())
def test_what_is_written_is_read_back(table: Table) -> None:
    text = format_table(table)

    assert parse_table(text, make_place(table)) == table
    assert format_table(parse_table(text, make_place(table))) == text
    assert text.encode().decode().endswith("\n")


def test_the_canonical_form_is_this() -> None:
    assert format_table(TABLE) == TEXT


@given(st.text())
def test_no_text_is_read_back_as_another(text: str) -> None:
    table = replace(TABLE, rows=(replace(TABLE.rows[0], permission=text),))

    try:
        read = parse_table(format_table(table), PLACE)
    except FaultsError:
        return
    assert read == table


@given(st.text(st.sampled_from("[]{}&*!|>'\"%@`#:,?- \n\tab1~\\\ud800\x00\u2028<=.")))
def test_no_file_is_a_crash(text: str) -> None:
    with pytest.raises(FaultsError):
        parse_table(text, PLACE)


@given(st.integers(0, len(TEXT)), st.integers(0, 9), st.text(max_size=3))
def test_no_damage_to_a_file_is_a_crash(start: int, length: int, new: str) -> None:
    text = TEXT[:start] + new + TEXT[start + length :]

    faults: tuple[Fault, ...] = ()
    try:
        table = parse_table(text, PLACE)
    except FaultsError as error:
        faults = error.faults
    else:
        assert parse_table(format_table(table), PLACE) == table
    for fault in faults:
        # One line for each, and nothing in it that a terminal would act on.
        categories = set(map(unicodedata.category, str(fault)))
        assert categories.isdisjoint({"Cc", "Cs", "Zl", "Zp"})


def test_a_file_is_written_once_and_then_left_alone(tmp_path: Path) -> None:
    path = tmp_path / PLACE

    write_table(TABLE, path)
    first = path.stat()
    write_table(TABLE, path)

    assert path.read_text(encoding="utf-8") == TEXT
    assert read_table(path) == TABLE
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (first.st_ino, first.st_mtime_ns)
    assert [child.name for child in path.parent.iterdir()] == [path.name]


def test_a_file_has_the_permissions_of_the_users_files(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()

    write_table(TABLE, tmp_path / PLACE)

    assert stat.S_IMODE((tmp_path / PLACE).stat().st_mode) == stat.S_IMODE(other.stat().st_mode)


@pytest.mark.parametrize(
    "row",
    [
        replace(TABLE.rows[0], permission="a\nb"),
        replace(TABLE.rows[0], permission="a\u2028b"),
        replace(TABLE.rows[0], permission="\ud800"),
        replace(TABLE.rows[0], actions=()),
        replace(TABLE.rows[0], endpoints=(Endpoint("GET # x", "/v2"),)),
        replace(TABLE.rows[0], endpoints=(Endpoint("GET, path: /v2}", "/v2"),)),
    ],
)
def test_what_would_not_be_read_back_is_not_written(tmp_path: Path, row: Row) -> None:
    path = tmp_path / PLACE
    write_table(TABLE, path)

    with pytest.raises(FaultsError):
        write_table(replace(TABLE, rows=(row,)), path)

    assert path.read_text(encoding="utf-8") == TEXT


def test_a_table_is_not_written_to_the_place_of_another(tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match="wrong-place"):
        write_table(TABLE, tmp_path / "made/evs/disks.yaml")

    assert list(tmp_path.iterdir()) == []


def test_the_committed_tables_are_in_canonical_form() -> None:
    paths = list_table_files(Path(__file__).parents[2] / "tables")

    assert paths
    for path in paths:
        assert path.read_text(encoding="utf-8") == format_table(read_table(path))
