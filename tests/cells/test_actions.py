"""What a cell of actions requires, whatever they stand in."""

from dataclasses import astuple, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scopegate.cells.actions import (
    ActionCell,
    Group,
    holds_action,
    names_action,
    names_requirement,
    parse_actions,
)
from scopegate.errors import Flaw
from scopegate.sources.grid import Block, Foreign, Paragraph
from tests.cells.made import make_list, make_paragraphs


def parse(*lines: str) -> ActionCell:
    return parse_actions(make_paragraphs(*lines))


def list_codes(cell: ActionCell) -> list[str]:
    return [flaw.code for flaw in cell.flaws]


@pytest.mark.parametrize(
    ("blocks", "actions"),
    [
        (make_paragraphs("evs:snapshots:create"), ("evs:snapshots:create",)),
        (make_paragraphs("evs:b:c", "evs:a:b"), ("evs:b:c", "evs:a:b")),
        ((Paragraph(("evs:b:c", "evs:a:b")),), ("evs:b:c", "evs:a:b")),
        ((make_list(make_paragraphs("evs:b:c"), make_paragraphs("evs:b")),), ("evs:b:c", "evs:b")),
        (make_paragraphs("evs:create_view"), ("evs:create_view",)),
        (make_paragraphs("ECS:cloud-Servers_2:a:b"), ("ECS:cloud-Servers_2:a:b",)),
        (make_paragraphs("a:b:c", "a:c:d", "a:b:c"), ("a:b:c", "a:c:d")),
        (make_paragraphs("evs:a:get,evs:b:get; evs:c:get、evs:d:get"), "get"),
        (make_paragraphs("evs:a:get evs:b:get and evs:c:get 和 evs:d:get."), "get"),
        (make_paragraphs("- evs:a:get - evs:b:get- evs:c:get  - evs:d:get"), "get"),
        (make_paragraphs('"evs:a:get", "evs:b:get",', "`evs:c:get` “evs:d:get”"), "get"),
        (make_paragraphs("• evs:a:get", "- evs:b:get", "* evs:c:get", "4. evs:d:get [1]"), "get"),
        (make_paragraphs("vpc:*:get*", "vpc:*:list*"), ("vpc:*:get*", "vpc:*:list*")),
        (make_paragraphs("evs：snapshots：get"), ("evs:snapshots:get",)),
    ],
)
def test_all_actions_of_a_cell_are_required(
    blocks: tuple[Block, ...], actions: tuple[str, ...] | str
) -> None:
    if actions == "get":
        actions = ("evs:a:get", "evs:b:get", "evs:c:get", "evs:d:get")

    assert parse_actions(blocks) == ActionCell((Group(None, tuple(actions)),))


@pytest.mark.parametrize(
    "wording",
    [
        "无",
        "无需授权",
        "None",
        "N/A",
        "No authorization required",
        "No authorization required.",
        "Not required",
        "not  required",
        "Included in the Tenant Guest permissions.",
    ],
)
def test_a_wording_says_that_no_authorization_is_needed(wording: str) -> None:
    assert parse(wording) == ActionCell(no_authorization=wording)


@pytest.mark.parametrize("mark", ["", "-", "–", "/", "x", "×"])
def test_a_mark_stands_where_no_action_is(mark: str) -> None:
    assert parse(*filter(None, [mark])) == ActionCell(blank=mark)


@pytest.mark.parametrize(
    ("lines", "actions"),
    [
        (("evs:snapshots :get",), ("evs:snapshots:get",)),
        (("evs: snapshots: get",), ("evs:snapshots:get",)),
        (("evs:snapshots:", "get", "evs:a:b"), ("evs:snapshots:get", "evs:a:b")),
        (("evs:snapshots", ":get"), ("evs:snapshots:get",)),
        (("ims:images:getims:images:share",), ("ims:images:get", "ims:images:share")),
        (
            ("evs:volumes:getvpc:ports:listims:a:b",),
            ("evs:volumes:get", "vpc:ports:list", "ims:a:b"),
        ),
    ],
)
def test_an_action_is_put_together_or_apart(
    lines: tuple[str, ...], actions: tuple[str, ...]
) -> None:
    cell = parse(*lines)

    assert cell.actions == actions
    assert set(list_codes(cell)) == {"repaired-action"}


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("evs",), '"evs"'),
        (("evs:",), '"evs:"'),
        ((":get",), '":get"'),
        (("evs::get",), '"evs::get"'),
        (("see below", "for more"), '"see below for more"'),
        (("a:\u202eb",), '"a:\\u202eb"'),
    ],
)
def test_a_cell_without_an_action_is_a_flaw(lines: tuple[str, ...], found: str) -> None:
    assert parse(*lines).flaws == (
        Flaw("bad-action", f'expected actions as "evs:snapshots:create"; found {found}'),
    )


@pytest.mark.parametrize("text", ["database:create_view", "-evs:a:get", "---evs:a:get"])
def test_an_action_without_its_service_is_kept_and_told(text: str) -> None:
    cell = parse(text)

    assert cell.actions == (text,)
    assert list_codes(cell) == ["odd-action"]


@pytest.mark.parametrize(
    ("text", "code"), [("volumes", "bad-action"), ("for all disks", "unread-text")]
)
def test_what_is_neither_action_nor_label_is_told(text: str, code: str) -> None:
    cell = parse("evs:a:get", text)

    assert cell.actions == ("evs:a:get",)
    assert cell.notes == (text,)
    assert list_codes(cell) == [code]


def test_an_image_among_actions_is_a_flaw() -> None:
    cell = parse_actions((*make_paragraphs("a:b:c"), Foreign("<img>")))

    assert cell.actions == ("a:b:c",)
    assert cell.flaws == (Flaw("odd-cell", "expected text; found <img>"),)


@pytest.mark.parametrize("text", ["evs:os\\_a:get", "evs\\:os_a:get", "for evs:os\\_a:get"])
def test_escapes_that_html_keeps_are_no_part_of_an_action(text: str) -> None:
    assert parse(text, "evs:b:get").actions == ("evs:os_a:get", "evs:b:get")


@pytest.mark.parametrize("text", ["evs:o\\s:get", "evs:o.s:get", "evs::get:a", "evs:a:"])
def test_a_misspelt_action_is_no_label(text: str) -> None:
    cell = parse(text, "evs:b:get")

    assert cell.groups == (Group(None, ("evs:b:get",)),)
    assert list_codes(cell) == ["bad-action"]


@pytest.mark.parametrize("colon", [":", "："])
def test_an_action_with_a_colon_behind_it_is_no_label(colon: str) -> None:
    cell = parse(f"evs:a:get{colon}", "evs:a:list", f"evs:b:get{colon}", "evs:b:list")

    assert cell.groups == (Group(None, ("evs:a:get", "evs:a:list", "evs:b:get", "evs:b:list")),)
    assert cell.flaws == ()


TWO_WAYS = (Group("Disk", ("evs:a:get", "evs:a:list")), Group("Backup", ("evs:b:get",)))


@pytest.mark.parametrize(
    "blocks",
    [
        make_paragraphs("Disk: evs:a:get", "evs:a:list", "Backup: evs:b:get"),
        make_paragraphs("Disk", "evs:a:get", "evs:a:list", "Backup", "evs:b:get"),
        make_paragraphs("Disk：evs:a:get", "evs:a:list", "Backup:evs:b:get"),
        make_paragraphs("- Disk: evs:a:get, evs:a:list- Backup: evs:b:get"),
        (
            make_list(
                make_paragraphs("Disk", "evs:a:get", "evs:a:list"),
                make_paragraphs("Backup", "evs:b:get"),
            ),
        ),
        (
            make_list(
                make_paragraphs("Disk: evs:a:get", "evs:a:list"),
                make_paragraphs("Backup: evs:b:get"),
            ),
        ),
        (
            make_list(
                (
                    *make_paragraphs("Disk"),
                    make_list(make_paragraphs("evs:a:get"), make_paragraphs("evs:a:list")),
                ),
                (*make_paragraphs("Backup"), make_list(make_paragraphs("evs:b:get"))),
            ),
        ),
    ],
)
def test_labels_stand_above_or_before_their_actions(blocks: tuple[Block, ...]) -> None:
    assert parse_actions(blocks) == ActionCell(TWO_WAYS)


def test_a_label_ends_with_its_item() -> None:
    inner = make_list(make_paragraphs("Disk", "evs:a:get"), make_paragraphs("evs:c:get"))

    assert parse_actions((inner,)).groups == (
        Group("Disk", ("evs:a:get",)),
        Group(None, ("evs:c:get",)),
    )


def test_a_condition_stands_in_brackets_behind_its_action() -> None:
    assert parse("evs:a:get (for disks)", "evs:b:get（仅备份）").groups == (
        Group("for disks", ("evs:a:get",), in_brackets=True),
        Group("仅备份", ("evs:b:get",), in_brackets=True),
    )


@pytest.mark.parametrize(
    ("line", "actions"),
    [
        ("evs:a:create/delete", ("evs:a:create",)),
        ("evs:a:get, list", ("evs:a:get",)),
        ("evs:a:get, evs.a.list", ("evs:a:get",)),
        ("evs:a:get, database:create_view, see note", ("evs:a:get",)),
    ],
)
def test_what_looks_like_an_action_beside_one_is_a_flaw(
    line: str, actions: tuple[str, ...]
) -> None:
    cell = parse(line)

    assert cell.actions == actions
    assert list_codes(cell) == ["bad-action"]


@pytest.mark.parametrize(
    "line",
    [
        "evs:a:get and, for encrypted disks: kms:b:get",
        "evs:a:get (depends on kms:b:get)",
        "evs:a:get (kms:b:get is required when it is encrypted)",
    ],
)
def test_all_actions_of_a_line_are_required(line: str) -> None:
    assert parse(line).actions == ("evs:a:get", "kms:b:get")


def test_what_an_action_is_for_may_stand_in_brackets_too() -> None:
    cell = parse("evs:a:get (Query a disk)", "evs:b:get")

    assert cell.groups == (Group(None, ("evs:a:get", "evs:b:get")),)
    assert cell.notes == ("Query a disk",)


def test_a_condition_holds_for_what_stands_below_it_in_its_item() -> None:
    cell = parse_actions(
        (
            make_list(
                make_paragraphs("evs:a:get (only for disks)", "kms:a:get"),
                make_paragraphs("evs:b:get (only for backups)", "kms:b:get"),
            ),
        )
    )

    assert cell.groups == (
        Group("only for disks", ("evs:a:get", "kms:a:get"), in_brackets=True),
        Group("only for backups", ("evs:b:get", "kms:b:get"), in_brackets=True),
    )


@pytest.mark.parametrize(
    "lines",
    [
        ("evs:a:get", "(The KMS Administrator permission is needed for encrypted disks.)"),
        ("evs:a:get (needs KMS Administrator)",),
        ("evs:a:get", "KMS Administrator"),
    ],
)
def test_system_roles_are_kept_apart(lines: tuple[str, ...]) -> None:
    cell = parse(*lines)

    assert cell.groups == (Group(None, ("evs:a:get",)),)
    assert cell.roles == ("KMS Administrator",)
    assert cell.flaws == ()


def test_a_line_with_an_action_in_it_is_no_label() -> None:
    assert parse("evs:a:get √", "evs:b:get").actions == ("evs:a:get", "evs:b:get")


def test_an_action_inside_a_sentence_is_required_too() -> None:
    cell = parse("evs:a:get", "With encryption, kms:cmk:get is needed as well.")

    assert cell.actions == ("evs:a:get", "kms:cmk:get")
    assert cell.notes == ("With encryption, kms:cmk:get is needed as well.",)


ONE_LINE = "expected an action on one line; found "
NO_BLANKS = "expected an action without blanks; found "
APART = "expected actions apart from each other; found "
SERVICE = "expected an action that begins with its service; found "
WORDS_ALONE = "expected actions, labels and roles; found "


@pytest.mark.parametrize(
    ("lines", "groups", "told"),
    [
        (("evs:a:", "get"), {None: ["evs:a:get"]}, [f'{ONE_LINE}"evs:a: get"']),
        (("evs:a", ":get"), {None: ["evs:a:get"]}, [f'{ONE_LINE}"evs:a :get"']),
        (("evs:", "a:get"), {None: ["evs:a:get"]}, [f'{ONE_LINE}"evs: a:get"']),
        (("abc:a:", "get"), {None: ["abc:a:get"]}, [f'{ONE_LINE}"abc:a: get"']),
        (("abc:", "a:get"), {"abc": ["a:get"]}, [f"{SERVICE}a:get"]),
        (("evs:a:get:", "list"), {None: ["evs:a:get"]}, [f'{WORDS_ALONE}"list"']),
        (("evs:a:", "evs:b:get"), {None: ["evs:b:get"]}, [f'{WORDS_ALONE}"evs:a:"']),
        (("evs : a : get",), {None: ["evs:a:get"]}, [f'{NO_BLANKS}"evs : a : get"']),
        (("evs:a:get list",), {None: ["evs:a:get"]}, [f'{WORDS_ALONE}"evs:a:get list"']),
        (
            ("evs:a:getvpcep:b:list",),
            {None: ["evs:a:get", "vpcep:b:list"]},
            [f'{APART}"evs:a:getvpcep:b:list"'],
        ),
        (
            ("xyz:a:getxyz:b:list",),
            {None: ["xyz:a:get", "xyz:b:list"]},
            [f'{APART}"xyz:a:getxyz:b:list"'],
        ),
        (
            ("evs:a:b:cevs:d:e",),
            {None: ["evs:a:b:c", "evs:d:e"]},
            [f'{APART}"evs:a:b:cevs:d:e"'],
        ),
        (("evs:a:b:c",), {None: ["evs:a:b:c"]}, []),
        (("evs:a:b:c:d",), {None: ["evs:a:b:c:d"]}, [f"{SERVICE}evs:a:b:c:d"]),
        (("Backup:evs:a:get",), {"Backup": ["evs:a:get"]}, []),
        (("evs:vpc:a:get",), {None: ["evs:vpc:a:get"]}, []),
        (("ECS:b", "Evs:b"), {None: ["ECS:b", "Evs:b"]}, []),
        (("(note)", "evs:a:get"), {None: ["evs:a:get"]}, [f'{WORDS_ALONE}"(note)"']),
        (("（说明", "evs:a:get"), {None: ["evs:a:get"]}, [f'{WORDS_ALONE}"（说明"']),
        (("KMS Administrator", "evs:a:get"), {None: ["evs:a:get"]}, []),
        (("Disk", "Tag: evs:a:get"), {"Tag": ["evs:a:get"]}, [f'{WORDS_ALONE}"Disk"']),
        (("A: B: C: D: E: evs:a:get",), {"A: B: C: D: E": ["evs:a:get"]}, []),
        (
            ("A: B: C: D: E: F: evs:a:get",),
            {None: ["evs:a:get"]},
            [f'{WORDS_ALONE}"A: B: C: D: E: F: evs:a:get"'],
        ),
        (
            ("Disk: a:b",),
            {None: []},
            ['expected actions as "evs:snapshots:create"; found "Disk: a:b"'],
        ),
        (("evs:a:get", "for all disks"), {None: ["evs:a:get"]}, [f'{WORDS_ALONE}"for all disks"']),
        (("evs:a:get/vpc:b:get",), {None: ["evs:a:get", "vpc:b:get"]}, []),
        (("evs:a:get & vpc:b:get",), {None: ["evs:a:get", "vpc:b:get"]}, []),
        (("• evs:a:get • evs:b:get",), {None: ["evs:a:get", "evs:b:get"]}, []),
        (
            ("- Disk: evs:a:get - evs:b:get - Backup: evs:c:get",),
            {"Disk": ["evs:a:get"], None: ["evs:b:get"], "Backup": ["evs:c:get"]},
            [],
        ),
    ],
)
def test_what_is_done_to_a_cell_is_told(
    lines: tuple[str, ...], groups: dict[str | None, list[str]], told: list[str]
) -> None:
    cell = parse(*lines)

    found = {label: list(actions) for label, actions, _ in map(astuple, cell.groups)}
    assert found == {label: actions for label, actions in groups.items() if actions}
    assert [flaw.message for flaw in cell.flaws] == told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("evs:a:get", ActionCell(groups=(Group(None, ("evs:a:get",)),))),
        ("None", ActionCell(no_authorization="None")),
        ("-", ActionCell(blank="-")),
    ],
)
def test_what_is_no_text_is_told_whatever_else_a_cell_says(text: str, expected: ActionCell) -> None:
    cell = parse_actions((*make_paragraphs(text), Foreign("<img>")))

    assert cell == replace(expected, flaws=(Flaw("odd-cell", "expected text; found <img>"),))


def test_services_of_the_page_part_its_actions_too() -> None:
    blocks = make_paragraphs("evs:a:getxyz:b:get", "xyz:c :get")

    assert parse_actions(blocks, ("xyz",)).actions == ("evs:a:get", "xyz:b:get", "xyz:c:get")


def test_a_label_over_a_list_is_over_its_items() -> None:
    disks = (*make_paragraphs("Disk"), make_list(make_paragraphs("evs:a:get", "evs:b:get")))
    blocks = (make_list(disks, make_paragraphs("evs:c:get")), *make_paragraphs("evs:d:get"))

    assert parse_actions(blocks).groups == (
        Group("Disk", ("evs:a:get", "evs:b:get")),
        Group(None, ("evs:c:get", "evs:d:get")),
    )


def test_of_two_labels_the_inner_one_counts() -> None:
    inner = make_list(make_paragraphs("B: evs:a:get"))

    assert parse_actions((make_list((*make_paragraphs("A"), inner)),)).groups == (
        Group("B", ("evs:a:get",)),
    )


def test_an_item_is_no_label_of_the_next() -> None:
    cell = parse_actions((make_list(make_paragraphs("Disk"), make_paragraphs("evs:a:get")),))

    assert cell.groups == (Group(None, ("evs:a:get",)),)
    assert list_codes(cell) == ["bad-action"]


def test_cells_of_one_kind_are_joined() -> None:
    one, other = parse("evs:a:get (needs KMS Administrator)"), parse("evs:b:get", "volumes")

    assert one.join(other) == ActionCell(
        groups=(*one.groups, *other.groups),
        roles=("KMS Administrator",),
        notes=("needs KMS Administrator", "volumes"),
        flaws=other.flaws,
    )
    assert one.join(other).actions == ("evs:a:get", "evs:b:get")


@pytest.mark.parametrize(
    ("line", "holds", "names"),
    [
        ("evs:a:get", True, True),
        ("see evs：a：get, evs:b", True, True),
        ("http://a:80", False, False),
        ("https:a", False, False),
        ("(evs:a:get)", False, True),
        ("a KMS Administrator", False, False),
        ("volumes", False, False),
    ],
)
def test_a_cell_may_hold_actions_or_name_some(line: str, holds: bool, names: bool) -> None:  # noqa: FBT001
    blocks = make_paragraphs("x", line)

    assert holds_action(blocks) is holds
    assert names_action(blocks) is names
    assert names_requirement(blocks) is (names or "KMS" in line)


WORDS = st.sampled_from(
    [
        "evs:a:get",
        "vpc:b:*",
        "kms:c:list",
        "Disk",
        "Disk:",
        "备份：",
        "(only for disks)",
        "（说明）",
        ",",
        ";",
        "、",
        "and",
        "和",
        "/",
        "-",
        "•",
        "*",
        "is required.",
        "If",
        "KMS Administrator",
        "evs:a",
        "get",
        ":",
        "(",
        ")",
        '"',
        "None",
        "√",
        "[1]",
        "evs:",
        ":get",
    ]
)
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=4)


@settings(deadline=None)
@given(LINES, st.sampled_from(["", " "]), st.booleans())
def test_no_action_of_a_cell_is_lost_without_an_error(
    lines: list[list[str]],
    between: str,
    listed: bool,  # noqa: FBT001
) -> None:
    spelt = [between.join(line).strip() for line in lines]
    blocks = make_paragraphs(*filter(None, spelt))
    cell = parse_actions((make_list(*((block,) for block in blocks)),) if listed else blocks)
    wanted = {word for line in lines for word in line if word.count(":") == 2 and between == " "}

    if not {"bad-action", "odd-action"} & set(list_codes(cell)):
        assert wanted <= set(cell.actions)
