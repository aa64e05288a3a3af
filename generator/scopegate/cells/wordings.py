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
    from collections.abc import Iterable, Mapping


class Role(StrEnum):
    """What a column of an authorization table holds."""

    PERMISSION = "permission"
    ACTION = "action"
    DEPENDENCY = "dependency"
    SCOPE = "scope"
    IAM_PROJECT = "iam_project"
    ENTERPRISE_PROJECT = "enterprise_project"
    METHOD = "method"
    ENDPOINT = "endpoint"
    REMARK = "remark"
    ALIAS = "alias"
    OTHER = "other"


class Scope(StrEnum):
    """Where a grant can be made."""

    IAM_PROJECT = "iam_project"
    ENTERPRISE_PROJECT = "enterprise_project"


def normalise_wording(text: str) -> str:
    """Give the form in which wordings are compared."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _normalise_all(wordings: Iterable[str]) -> frozenset[str]:
    return frozenset(map(normalise_wording, wordings))


# language -> role -> wordings of header cells. A word that pages use for sentences and for actions
# alike stands under PERMISSION: what the cells of its column hold decides.
_HEADERS: Final[Mapping[str, Mapping[Role, tuple[str, ...]]]] = {
    "zh": {
        Role.PERMISSION: (
            *("权限", "权限说明", "权限描述", "授权项描述", "描述", "说明", "功能", "API功能"),
            *("接口功能", "操作", "操作名称", "API名称", "接口名称", "资源操作"),
        ),
        Role.ACTION: (
            *("授权项", "Action", "对应的授权项", "对应授权项"),
            *("细粒度授权项", "细粒度权限", "授权项名称", "Action详情", "授权项详情"),
        ),
        Role.DEPENDENCY: (
            *("依赖的授权项", "依赖授权项", "授权项依赖", "依赖项"),
            *("依赖", "依赖权限", "依赖的权限", "相关授权项", "依赖的Action"),
            "依赖其他服务的最小化授权项",
        ),
        Role.SCOPE: ("授权范围", "授权项作用域", "授权作用域", "作用域"),
        Role.IAM_PROJECT: ("IAM项目", "项目"),
        Role.ENTERPRISE_PROJECT: ("企业项目",),
        Role.METHOD: ("请求方法", "方法"),
        Role.ENDPOINT: (
            *("对应API接口", "对应的API接口", "对应API", "对应的API", "API接口", "接口", "API"),
            *("相关API", "关联API", "URI", "URL"),
        ),
        Role.REMARK: ("备注",),
        Role.ALIAS: ("别名",),  # other names of the actions, which nobody has to hold too
        Role.OTHER: (
            *("模块", "实例授权", "标签授权", "类别", "分类", "类型", "资源类型"),
            *("访问级别", "条件键"),
        ),
    },
    "en": {
        Role.PERMISSION: (
            *("Permission", "Permissions", "API Function", "Function", "Description"),
            *("Permission Description", "Operation", "Operations", "API Name", "Operation Name"),
        ),
        Role.ACTION: (
            *("Action", "Actions", "Authorized Action", "Authorization Item", "Action Name"),
            *("Fine-grained Permission", "Supported Action", "Supported Actions"),
            *("Action Detail", "Action Details", "Detailed Action"),
        ),
        Role.DEPENDENCY: (
            *("Dependent Permission", "Dependent Permissions", "Dependency Item", "Dependencies"),
            *("Dependency", "Dependency Items", "Dependent Action", "Dependent Actions"),
            *("Related Action", "Related Actions", "Dependency Permission", "Dependent Item"),
            *("Dependent Items", "Dependency Action", "Dependent"),
        ),
        Role.SCOPE: ("Authorization Scope", "Scope", "Authorization Scopes"),
        Role.IAM_PROJECT: ("IAM Project", "IAM Projects", "IAM", "Project", "Projects"),
        Role.ENTERPRISE_PROJECT: ("Enterprise Project", "Enterprise Projects", "Enterprise", "EPS"),
        Role.METHOD: ("Method", "HTTP Method"),
        Role.ENDPOINT: ("API", "APIs", "URI", "URL", "API URI", "Related API", "Related APIs"),
        Role.REMARK: ("Remark", "Remarks"),
        Role.ALIAS: ("Alias",),
        Role.OTHER: (
            *("Module", "Instance Authorization", "Tag Authorization", "Type", "Category"),
            *("Authorization by Instance", "Authorization by Tag", "Resource Type"),
            *(
                "Access Level",
                "Condition Key",
                "Feature",
                "Resource",
                "Applicable Scenario",
            ),
        ),
    },
}

HEADERS: Final[Mapping[str, tuple[Role, str]]] = {
    normalise_wording(wording): (role, language)
    for language, roles in _HEADERS.items()
    for role, wordings in roles.items()
    for wording in wordings
}

# Where an action would stand: the page says that no authorization is needed.
NO_AUTHORIZATION: Final = _normalise_all(
    (
        *("无", "无需授权", "不需要授权", "无需鉴权", "无需权限", "None", "N/A", "NA"),
        *("No authorization required", "Not required", "No permission required"),
        *("Authorization not required", "No authorization is required", "No action required"),
        *("Included in the Tenant Guest permissions", "No permissions required"),
    )
)

DASHES: Final = frozenset({"", "-", "--", "---", "–", "—", "——", "−", "/", "\\"})
CROSSES: Final = frozenset({"x", "×", "✕", "✗", "╳"})
NOT_APPLICABLE: Final = _normalise_all(
    ("N/A", "NA", "None", "无", "不涉及", "Not applicable", "Not involved", "不支持", "暂无")
)
NOTE_TITLES: Final = frozenset({"note", "说明", "注意", "须知"})
CONSOLE: Final = re.compile(r"(?<![a-z])console(?![a-z])|控制台", re.IGNORECASE)

# What a cell under the name of a scope says -> whether a grant there counts.
SUPPORT: Final[Mapping[str, bool]] = {
    normalise_wording(wording): supported
    for supported, wordings in {
        True: ("支持", "Supported", "√", "✓", "✔", "Y", "Yes", "是"),
        False: ("不支持", "暂不支持", "Not supported", "Unsupported", "N", "No", "否", *CROSSES),
    }.items()
    for wording in wordings
}

# In a cell that names scopes: what says that they are supported, or not, and the scopes. Names come
# in this order, since the longer ones hold the shorter.
SCOPE_WORDS: Final = re.compile(
    r"(?P<no>不支持|not\s+(?:be\s+)?supported|unsupported|n['’]t\s+supported"
    r"|(?:does|do)\s+not\s+support|(?:are|is)\s+not\b(?!\s+supported))"
    r"|(?P<yes>支持|supported|supports?)"
    r"|(?P<enterprise_project>企业项目|enterprise\s+projects?)"
    r"|(?P<iam_project>IAM\s*项目|项目|IAM\s+projects?|projects?)",
    re.IGNORECASE,
)

# System roles, which a page names where actions stand.
SYSTEM_ROLE: Final = re.compile(
    r"\b(?!The\b)(?:[A-Z][A-Za-z]+ )+"
    r"(?:Administrator|Guest|Operator|User|FullAccess|ReadOnlyAccess)\b"
)

# What stands in brackets behind an action, and says when the action is required.
IN_CASE: Final = re.compile(
    r"\b(?:only|if|when|for|required|needed|during|unless)\b|仅|当|如果|若|用于|时(?:$|[，,])|场景",
    re.IGNORECASE,
)

# Sentences among actions, above further ones that are needed too.
DEPENDENCIES_FOLLOW: Final = re.compile(
    r"\b(?:following|dependent)\b.*\b(?:permissions?|actions?)\b|依赖|以下.*(?:权限|授权项)",
    re.IGNORECASE,
)

# Labels that name a condition, and not one of several ways to use a route.
CONDITION: Final = re.compile(
    r"^\W*(?:if|when|only|for|before|to)\b|^\W*(?:如果|当|若|仅|需要)"
    r"|\b(?:must|needs?|requires?|required|following|configured)\b|以下|需要|必须",
    re.IGNORECASE,
)

# Where a page says what a dash among its actions means; not what it means in another column.
DASH_IS_NO_AUTHORIZATION: Final = re.compile(
    r"^(?!.*(?:dependen|依赖|project|项目)).*[\"“'‘][-–—][\"”'’].{0,60}?"
    r"(?:no authorization|not require (?:any )?authorization|无需授权|不需要授权)",
    re.IGNORECASE,
)

# First segments of actions: they tell where glued actions part.
SERVICES: Final = frozenset(
    (  # noqa: SIM905  a list would take a line for each
        "aad aom apig apm as bcc bms bss cbh cbr cc cce cci cdm cdn ces cfw cloudide codeartsrepo "
        "csbs cse css cts dataartsinsight dbss dc dcaas dcs ddm dds deh dgc dis dli dms dns drs "
        "dss dws ecs eip elb eps er evs fgs functiongraph ga gaussdb gaussdbformysql ges hss iam "
        "iec ief ims iotda kms kps live lts mapreduce modelarts mrs nat nosql obs ocr oms "
        "organizations rds rms rocketmq rts scm secmaster sdrs sfs sfsturbo smn swr tms ucs vbs "
        "vod vpc vpcep vpn waf workspace"
    ).split()
)

# Labels of parts that are all required: the service of each, or what it is in the row.
PART: Final = re.compile(
    rf"(?:{'|'.join(sorted(SERVICES))}|action|actions|main|mandatory|optional|required"
    r"|dependency|dependencies|授权项|必选|可选|依赖|依赖的授权项|云硬盘|虚拟私有云|弹性云服务器|镜像)"
)

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


def list_wordings() -> dict[str, list[str]]:
    """List all wordings that are understood, by what they are understood as."""
    listed = {
        f"header of {role} ({language})": list(wordings)
        for language, roles in _HEADERS.items()
        for role, wordings in roles.items()
    }
    listed["no authorization"] = sorted(NO_AUTHORIZATION)
    listed["nothing"] = sorted(DASHES - {""})
    listed["no route: a cross"] = sorted(CROSSES)
    listed["no route: not applicable"] = sorted(NOT_APPLICABLE)
    for supported, name in ((True, "supported"), (False, "unsupported")):
        listed[name] = [wording for wording, meaning in SUPPORT.items() if meaning is supported]
    return listed
