"""Modules become one script, in which each has names of its own."""

import pytest

from scopegate.errors import ScopegateError
from scopegate.explorer.linking import link

LEAF = "const own = 1;\n\nexport const leaf = () => own;\n"


def test_what_is_imported_comes_first_and_once() -> None:
    linked = link(
        "main",
        {
            "main": 'import { leaf } from "./leaf.js";\n'
            'import { twig } from "./twig.js";\n\nconst own = leaf() + twig();\n',
            "twig": 'import { leaf } from "./leaf.js";\n\nexport function twig() {}\n',
            "leaf": LEAF,
        },
    )

    assert linked == (
        "const leaf_module = (() => {\nconst own = 1;\n\nconst leaf = () => own;\n"
        "return { leaf };\n})();\n"
        "\n"
        "const twig_module = (() => {\nconst { leaf } = leaf_module;\n\nfunction twig() {}\n"
        "return { twig };\n})();\n"
        "\n"
        "const main_module = (() => {\nconst { leaf } = leaf_module;\n"
        "const { twig } = twig_module;\n\nconst own = leaf() + twig();\n"
        "return {  };\n})();\n"
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('import { gone } from "./gone.js";\n', "main imports gone: there is no such module"),
        ('import { a } from "./main.js";\n', "main imports main: there is no such module"),
        ('import * as leaf from "./leaf.js";\n', "main.js: import * as leaf"),
        ('import { leaf as l } from "./leaf.js";\n', "main.js: import { leaf as l }"),
        ('import { own } from "./leaf.js";\n', "main.js: leaf.js exports no own"),
        ("export { a };\n", "main.js: export { a };"),
        ("export default 1;\n", "main.js: export default 1;"),
    ],
)
def test_what_is_not_known_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ScopegateError) as raised:
        link("main", {"main": text, "leaf": LEAF})

    assert str(raised.value).startswith(fault)
