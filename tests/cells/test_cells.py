"""One cell in, a typed value out; what is not certain is a flaw."""

import pytest

from scopegate.cells.actions import Requirement, parse_actions
from scopegate.cells.endpoints import parse_endpoints
from scopegate.cells.headers import Header, parse_header
from scopegate.cells.scopes import parse_scopes
from scopegate.cells.text import parse_text
from scopegate.cells.wordings import MIRROR_SENTENCES, Role, Scope
from scopegate.errors import Flaw
from scopegate.sources.grid import Block, Foreign, Item, ItemList, Paragraph

IAM = "IAM项目(Project)"
ENTERPRISE = "企业项目(Enterprise Project)"
ENGLISH = (
    "For the v3 APIs that provide the same functions as their v2 APIs, "
    "their authorization information is the same as that of the v2 APIs."
)


def make_paragraphs(*lines: str) -> tuple[Block, ...]:
    return tuple(Paragraph((line,)) for line in lines)


def make_list(*items: tuple[Block, ...]) -> ItemList:
    return ItemList(tuple(map(Item, items)))


# Headers


@pytest.mark.parametrize(
    ("wording", "role", "language"),
    [
        ("权限", Role.PERMISSION, "zh"),
        ("授权项", Role.ACTION, "zh"),
        ("授权项(Action)", Role.ACTION, "zh"),
        ("授权项（Action）", Role.ACTION, "zh"),  # full-width brackets
        ("授权范围", Role.SCOPE, "zh"),
        ("对应API接口", Role.ENDPOINT, "zh"),
        ("对应 api 接口", Role.ENDPOINT, "zh"),
        ("Permission", Role.PERMISSION, "en"),
        ("ACTIONS", Role.ACTION, "en"),
        ("Authorization Scope", Role.SCOPE, "en"),
        ("APIs", Role.ENDPOINT, "en"),
    ],
)
def test_a_header_has_a_role(wording: str, role: Role, language: str) -> None:
    assert parse_header(make_paragraphs(wording)) == Header(role, language, wording)


def test_a_header_may_stand_on_two_lines() -> None:
    assert parse_header((Paragraph(("授权项", "(Action)")),)) == Header(
        Role.ACTION, "zh", "授权项 (Action)"
    )


@pytest.mark.parametrize("wording", ["授权", "Permissions", "说明", ""])
def test_a_header_that_is_not_listed_is_named(wording: str) -> None:
    flaw = parse_header(make_paragraphs(*filter(None, [wording])))

    assert isinstance(flaw, Flaw)
    assert flaw.code == "unknown-header"
    assert (f'"{wording}"' if wording else "found nothing") in flaw.message


# Permissions


def test_a_permission_is_one_line() -> None:
    assert parse_text(make_paragraphs("创建云硬盘快照（OpenStack Cinder）")) == (
        "创建云硬盘快照（OpenStack Cinder）"
    )


@pytest.mark.parametrize(
    "blocks",
    [
        (),
        make_paragraphs("a", "b"),
        (Paragraph(("a", "b")),),
        make_paragraphs("a\u202eb"),
        make_paragraphs("a\x01b"),
        make_paragraphs("a\ufffdb"),
        (Paragraph(("a",)), Foreign("<img>")),
    ],
)
def test_a_permission_of_another_form_is_a_flaw(blocks: tuple[Block, ...]) -> None:
    flaw = parse_text(blocks)

    assert isinstance(flaw, Flaw)
    assert flaw.code == "odd-cell"


# Actions


@pytest.mark.parametrize(
    ("blocks", "actions"),
    [
        (make_paragraphs("evs:snapshots:create"), ("evs:snapshots:create",)),
        (make_paragraphs("evs:b:c", "evs:a:b"), ("evs:b:c", "evs:a:b")),
        ((Paragraph(("evs:b:c", "evs:a:b")),), ("evs:b:c", "evs:a:b")),
        ((make_list(make_paragraphs("evs:b:c"), make_paragraphs("a:b")),), ("evs:b:c", "a:b")),
        (make_paragraphs("database:create_view"), ("database:create_view",)),
        (make_paragraphs("ECS:cloud-Servers_2:a:b"), ("ECS:cloud-Servers_2:a:b",)),
        (make_paragraphs("a:b", "a:c", "a:b"), ("a:b", "a:c")),
    ],
)
def test_all_actions_of_a_cell_are_required(
    blocks: tuple[Block, ...], actions: tuple[str, ...]
) -> None:
    assert parse_actions(blocks) == Requirement(actions)


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
    assert parse_actions(make_paragraphs(wording)) == Requirement((), wording)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((), "nothing"),
        (("-",), '"-"'),
        (("evs",), '"evs"'),
        (("evs:",), '"evs:"'),
        ((":get",), '":get"'),
        (("evs::get",), '"evs::get"'),
        (("evs:snapshots :get",), '"evs:snapshots :get"'),
        (("evs:*:get",), '"evs:*:get"'),
        (("evs：snapshots：get",), '"evs：snapshots：get"'),
        (("evs:a:get,evs:b:get",), '"evs:a:get,evs:b:get"'),
        (("evs:a:get\n",), '"evs:a:get\\n"'),
        (("a:b", "无", "c"), '"无", "c"'),
        (("a:\u202eb",), '"a:\\u202eb"'),
    ],
)
def test_actions_of_another_form_are_a_flaw(lines: tuple[str, ...], found: str) -> None:
    assert parse_actions(make_paragraphs(*lines)) == Flaw(
        "bad-action", f'expected actions as "evs:snapshots:create", one a line; found {found}'
    )


def test_an_image_among_actions_is_a_flaw() -> None:
    assert parse_actions((*make_paragraphs("a:b"), Foreign("<img>"))) == Flaw(
        "odd-cell", "expected text; found <img>"
    )


# Endpoints


@pytest.mark.parametrize(
    ("lines", "endpoints"),
    [
        (["GET /v2/{project_id}/snapshots"], [("GET", "/v2/{project_id}/snapshots")]),
        (["GET /"], [("GET", "/")]),
        (["DELETE /v2/{a}/"], [("DELETE", "/v2/{a}/")]),
        (["PUT /v2.1/a_b~c/{x-1}/..."], [("PUT", "/v2.1/a_b~c/{x-1}/...")]),
        (["POST /a", "HEAD /a", "POST /a"], [("POST", "/a"), ("HEAD", "/a")]),
    ],
)
def test_each_line_is_an_endpoint(lines: list[str], endpoints: list[tuple[str, str]]) -> None:
    assert parse_endpoints(make_paragraphs(*lines)) == tuple(endpoints)


@pytest.mark.parametrize(
    "line",
    [
        "Get /a",
        "GET",
        "/a",
        "GET a",
        "GET  /a",
        "GET /a ",
        "GET /a b",
        "GET //",
        "GET /a//b",
        "GET /a?b=c",
        "GET /a#b",
        "GET /a;b",
        "GET /%41",
        "GET /*",
        "GET /:id",
        "GET /{}",
        "GET /{a",
        "GET /a}",
        "GET /{a}b",
        "GET /{{a}}",
        "GET /{a b}",
        "GET /{a}{b}",
        "GET /.",
        "GET /a/../b",
        "GET /./a",
        "GET https://h/a",
        "GET /权",
        "GET /\\{a\\}",
        "GET GET /a",
        "COPY /a",
        "GET /a\n",
    ],
)
def test_an_endpoint_of_another_form_is_a_flaw(line: str) -> None:
    flaw = parse_endpoints(make_paragraphs("GET /good", line))

    assert isinstance(flaw, Flaw)
    assert flaw.code == "bad-endpoint"
    assert "/good" not in flaw.message


def test_a_cell_without_endpoints_is_a_flaw() -> None:
    assert isinstance(parse_endpoints(()), Flaw)


# Scopes


def test_scopes_are_listed_below_labels() -> None:
    cell = make_list(make_paragraphs("支持：", IAM), make_paragraphs("不支持：", ENTERPRISE))

    assert parse_scopes((cell,)) == {Scope.IAM_PROJECT: True, Scope.ENTERPRISE_PROJECT: False}


def test_scopes_may_be_a_list_in_the_list() -> None:
    inner = make_list(make_paragraphs(IAM), make_paragraphs(ENTERPRISE))

    assert parse_scopes((make_list((*make_paragraphs("支持："), inner)),)) == {
        Scope.IAM_PROJECT: True,
        Scope.ENTERPRISE_PROJECT: True,
    }


def test_scopes_may_be_in_english_and_in_two_lists() -> None:
    cell = (
        make_list(make_paragraphs("Supported:", "Enterprise project")),
        make_list(make_paragraphs("Not supported:", "Project")),
    )

    assert parse_scopes(cell) == {Scope.ENTERPRISE_PROJECT: True, Scope.IAM_PROJECT: False}


def test_a_scope_that_is_not_named_is_absent() -> None:
    assert parse_scopes((make_list(make_paragraphs("支持", IAM)),)) == {Scope.IAM_PROJECT: True}


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ((), "expected a list of scopes; found nothing"),
        (make_paragraphs("支持：IAM"), 'expected a list of scopes; found "支持：IAM"'),
        ((Foreign("<img>"),), "expected a list of scopes; found <img>"),
        (
            (make_list(make_paragraphs("可能：", IAM)),),
            f'expected a label such as "支持" or "Supported"; found "可能：", "{IAM}"',
        ),
        (
            (make_list((make_list(make_paragraphs(IAM)),)),),
            f'expected a label such as "支持" or "Supported"; found "{IAM}"',
        ),
        (
            (make_list(make_paragraphs("支持：")),),
            'expected scopes such as "IAM项目(Project)" or "Project"; found nothing',
        ),
        (
            (make_list(make_paragraphs("支持：", IAM, "全局")),),
            'expected scopes such as "IAM项目(Project)" or "Project"; found "全局"',
        ),
        (
            (make_list(make_paragraphs("支持：", IAM), make_paragraphs("不支持：", IAM)),),
            f'expected each scope once; found "支持：", "{IAM}", "不支持：", "{IAM}"',
        ),
        (
            (make_list((*make_paragraphs("支持："), Foreign("<img>"))),),
            "expected text; found <img>",
        ),
    ],
)
def test_scopes_of_another_form_are_a_flaw(blocks: tuple[Block, ...], message: str) -> None:
    flaw = parse_scopes(blocks)

    assert isinstance(flaw, Flaw)
    assert flaw.message == message


# Mirrors


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "本章节仅列出了云硬盘v2接口的授权信息。对于v3接口，若提供的功能与v2接口一样，则授权信息也一致。",
            [("v2", "v3", "对于v3接口，若提供的功能与v2接口一样，则授权信息也一致。")],
        ),
        (
            f"For EVS v2. {ENGLISH}",
            [("v2", "v3", ENGLISH)],
        ),
        ("并非对于v3接口，若提供的功能与v2接口一样，则授权信息也一致。", []),
        ("对于v3接口，若提供的功能与v2接口一样，则授权信息也一致吗？", []),
        ("两个接口支持的授权信息一致。", []),
    ],
)
def test_only_the_whole_sentence_is_a_mirror(text: str, found: list[tuple[str, str, str]]) -> None:
    matches = [match for sentence in MIRROR_SENTENCES for match in sentence.finditer(text)]

    assert [(match["from"], match["to"], match[1]) for match in matches] == found
