"""Sentences that say that the rows of one version of an API hold for another."""

import pytest

from scopegate.cells.wordings import MIRROR_SENTENCES

ENGLISH = (
    "For the v3 APIs that provide the same functions as their v2 APIs, "
    "their authorization information is the same as that of the v2 APIs."
)


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
