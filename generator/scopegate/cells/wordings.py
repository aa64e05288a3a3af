"""The wordings of the published pages, as lists: a new one is added here and nowhere else.

Wordings are compared in normal form: half- and full-width characters, capitals and blanks make no
difference.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(StrEnum):
    """What a column of an authorization table holds."""

    PERMISSION = "permission"
    ACTION = "action"
    SCOPE = "scope"
    ENDPOINT = "endpoint"


class Scope(StrEnum):
    """Where a grant can be made."""

    IAM_PROJECT = "iam_project"
    ENTERPRISE_PROJECT = "enterprise_project"


def normalise_wording(text: str) -> str:
    """Give the form in which wordings are compared."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


# language -> role -> wordings of header cells
_HEADERS: Final[Mapping[str, Mapping[Role, tuple[str, ...]]]] = {
    "zh": {
        Role.PERMISSION: ("权限",),
        Role.ACTION: ("授权项", "授权项(Action)"),
        Role.SCOPE: ("授权范围",),
        Role.ENDPOINT: ("对应API接口",),
    },
    "en": {
        Role.PERMISSION: ("Permission",),
        Role.ACTION: ("Action", "Actions"),
        Role.SCOPE: ("Authorization Scope",),
        Role.ENDPOINT: ("API", "APIs"),
    },
}

HEADERS: Final[Mapping[str, tuple[Role, str]]] = {
    normalise_wording(wording): (role, language)
    for language, roles in _HEADERS.items()
    for role, wordings in roles.items()
    for wording in wordings
}

# Where an action would stand: the page says that no authorization is needed.
NO_AUTHORIZATION: Final = frozenset(
    map(
        normalise_wording,
        (
            "无",
            "无需授权",
            "None",
            "N/A",
            "No authorization required",
            "No authorization required.",
            "Not required",
            "Included in the Tenant Guest permissions.",
        ),
    )
)

# What heads a list of scopes -> whether those scopes are supported. The colon is not part of it.
SUPPORT: Final[Mapping[str, bool]] = {
    normalise_wording(wording): supported
    for supported, wordings in {
        True: ("支持", "Supported"),
        False: ("不支持", "Not supported", "Unsupported"),
    }.items()
    for wording in wordings
}

SCOPES: Final[Mapping[str, Scope]] = {
    normalise_wording(wording): scope
    for scope, wordings in {
        Scope.IAM_PROJECT: ("IAM项目(Project)", "Project", "IAM project"),
        Scope.ENTERPRISE_PROJECT: ("企业项目(Enterprise Project)", "Enterprise project"),
    }.items()
    for wording in wordings
}

# Sentences that say that the rows of one version of an API hold for another. A sentence begins
# where a paragraph begins, or where the sentence before it ends.
_VERSION: Final = r"[vV][0-9]+(?:\.[0-9]+)*"
MIRROR_SENTENCES: Final = tuple(
    re.compile(rf"(?:^|(?<=[。！？])|(?<=[.!?] ))({sentence})")
    for sentence in (
        rf"对于(?P<to>{_VERSION})接口，若提供的功能与(?P<from>{_VERSION})接口一样，则授权信息也一致。",
        (
            rf"For the (?P<to>{_VERSION}) APIs that provide the same functions as their "
            rf"(?P<from>{_VERSION}) APIs, their authorization information is the same as that of "
            r"the (?P=from) APIs\."
        ),
    )
)
