"""In which scopes a grant counts, as one cell or a cell for each scope says."""

import pytest

from scopegate.cells.scopes import parse_scopes, parse_support
from scopegate.cells.wordings import Scope
from scopegate.errors import Flaw
from scopegate.sources.grid import Block
from tests.cells.made import make_list, make_paragraphs

IAM = "IAM项目(Project)"
ENTERPRISE = "企业项目(Enterprise Project)"
PROJECT, EPS = Scope.IAM_PROJECT, Scope.ENTERPRISE_PROJECT


@pytest.mark.parametrize(
    ("blocks", "scopes"),
    [
        (
            (make_list(make_paragraphs("支持：", IAM), make_paragraphs("不支持：", ENTERPRISE)),),
            {PROJECT: True, EPS: False},
        ),
        (
            (
                make_list(
                    (
                        *make_paragraphs("支持："),
                        make_list(make_paragraphs(IAM), make_paragraphs(ENTERPRISE)),
                    )
                ),
            ),
            {PROJECT: True, EPS: True},
        ),
        (
            (
                make_list(make_paragraphs("Supported:", "Enterprise project")),
                make_list(make_paragraphs("Not supported:", "Project")),
            ),
            {PROJECT: False, EPS: True},
        ),
        (
            (
                make_list(make_paragraphs("Supported:", "Project", "Enterprise project")),
                make_list(make_paragraphs("Unsupported: none")),
            ),
            {PROJECT: True, EPS: True},
        ),
        ((make_list(make_paragraphs("支持", IAM)),), {PROJECT: True}),
        (make_paragraphs(f"支持：{IAM} 不支持：{ENTERPRISE}"), {PROJECT: True, EPS: False}),
        (
            make_paragraphs("支持：项目（Project）、企业项目（Enterprise Project）"),
            {PROJECT: True, EPS: True},
        ),
        (
            make_paragraphs("支持：项目 （Project）", "不支持：企业项目"),
            {PROJECT: True, EPS: False},
        ),
        (
            make_paragraphs("Supported: IAM projects, enterprise projects"),
            {PROJECT: True, EPS: True},
        ),
        (make_paragraphs("IAM project"), {PROJECT: True}),
        (make_paragraphs("Project level"), {PROJECT: True}),
        (make_paragraphs("Projects are supported."), {PROJECT: True}),
        (
            make_paragraphs("Projects are supported. Enterprise projects are not supported."),
            {PROJECT: True, EPS: False},
        ),
        (
            make_paragraphs("Projects and enterprise projects are supported."),
            {PROJECT: True, EPS: True},
        ),
        (
            make_paragraphs(
                "- 支持:IAM项目(Project)- 支持:企业项目(Enterprise Project)",
            ),
            {PROJECT: True, EPS: True},
        ),
        (
            (
                make_list(make_paragraphs("支持：", "项目"), make_paragraphs("不支持：")),
                *make_paragraphs("企业项目"),
            ),
            {PROJECT: True, EPS: False},
        ),
        (make_paragraphs("IAM project: √", "Enterprise project: ×"), {PROJECT: True, EPS: False}),
        (make_paragraphs("IAM项目：是；企业项目：否"), {PROJECT: True, EPS: False}),
        (
            make_paragraphs("IAM projects are supported, enterprise projects are not."),
            {PROJECT: True, EPS: False},
        ),
        (make_paragraphs("Enterprise projects aren't supported"), {EPS: False}),
        (
            make_paragraphs("IAM project (enterprise projects not supported)"),
            {PROJECT: True, EPS: False},
        ),
        (make_paragraphs("-"), {}),
        ((), {}),
    ],
)
def test_one_cell_names_scopes(blocks: tuple[Block, ...], scopes: dict[Scope, bool]) -> None:
    assert parse_scopes(blocks) == scopes


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("支持：全局",), 'scopes such as "IAM项目(Project)" or "Project"; found "支持：全局"'),
        (("(Project)",), 'scopes such as "IAM项目(Project)" or "Project"; found "(Project)"'),
        (("支持：项目", "不支持：项目"), 'each scope once; found "支持：项目", "不支持：项目"'),
        (("非企业项目",), 'scopes without exceptions; found "非企业项目"'),
        (
            ("IAM project except enterprise projects",),
            'scopes without exceptions; found "IAM project except enterprise projects"',
        ),
    ],
)
def test_scopes_of_another_form_are_a_flaw(lines: tuple[str, ...], message: str) -> None:
    assert parse_scopes(make_paragraphs(*lines)) == Flaw("odd-scopes", f"expected {message}")


@pytest.mark.parametrize(
    ("lines", "scopes"),
    [
        (("Projects.", "Enterprise projects are supported"), {PROJECT: True, EPS: True}),
        (("Project(Enterprise Project)",), {PROJECT: True}),
        (("IAM project（支持）",), {PROJECT: True}),
        (("Enterprise projects (supported)",), {EPS: True}),
    ],
)
def test_brackets_tell_more_of_a_scope(lines: tuple[str, ...], scopes: dict[Scope, bool]) -> None:
    assert parse_scopes(make_paragraphs(*lines)) == scopes


@pytest.mark.parametrize("lines", [("Y", "N"), ("?",), ("√", "-"), ("Note: x",), ("Y or so",)])
def test_a_mark_that_says_two_things_or_none_is_a_flaw(lines: tuple[str, ...]) -> None:
    found = ", ".join(f'"{line}"' for line in lines)
    message = f'expected one of "√", "×", "-" or the like; found {found}'

    assert parse_support(make_paragraphs(*lines)) == Flaw("odd-scopes", message)


@pytest.mark.parametrize(
    ("lines", "support"),
    [
        (("√",), True),
        (("Y",), True),
        (("Y", "Y"), True),
        (("Supported",), True),
        (("支持",), True),
        (("√", "NOTE: For shared images, enterprise projects are not supported."), True),
        (("× 说明：不支持",), False),
        (("×",), False),
        (("X",), False),
        (("Not supported.",), False),
        (("不支持",), False),
        (("-",), None),
        (("/",), None),
        ((), None),
    ],
)
def test_a_mark_says_whether_a_scope_is_supported(
    lines: tuple[str, ...],
    support: bool | None,  # noqa: FBT001
) -> None:
    assert parse_support(make_paragraphs(*lines)) is support


@pytest.mark.parametrize("lines", [("maybe",), ("Y", "x"), ("√", "-")])
def test_a_mark_of_another_form_is_a_flaw(lines: tuple[str, ...]) -> None:
    flaw = parse_support(make_paragraphs(*lines))

    assert isinstance(flaw, Flaw)
    assert flaw.code == "odd-scopes"
