"""Questions to the rules: the `input` that a decision is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Question: TypeAlias = dict[str, Any]
"""The whole `input`; `rego/schemas/input.json` says what it may be."""

POLICY_VERSION: Final = "1.1"
ALL_RESOURCES: Final = "all_resources"
ABSENT: Final = object()
"""Of a body, that there is none: null is one."""

_KINDS_WITH_ID: Final = ("iam_project", "domain", "enterprise_project")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a grant is made, or a token is valid.

    `kind` is `iam_project`, `domain` or `enterprise_project` with the `id` of one, or
    `all_resources` with none.
    """

    kind: str
    id: str = ""

    def to_json(self) -> dict[str, str | bool]:
        """Spell the scope as the input has it: `{"iam_project": "p1"}`."""
        return {self.kind: self.id or True}

    def __str__(self) -> str:
        return describe_scope(self.to_json())


@dataclass(frozen=True, slots=True)
class Permission:
    """One statement of a policy that the subject has at a scope; `effect` is `Allow` or `Deny`."""

    effect: str
    actions: tuple[str, ...]
    scope: Scope


def make_question(  # noqa: PLR0913  a question has many parts
    method: str,
    path: str,
    *,
    token: Scope,
    subject_id: str | None = None,
    permissions: Iterable[Permission] = (),
    policies: Sequence[Mapping[str, Any]] = (),
    at: Scope | None = None,
    enterprise_project: str | None = None,
    account_owner: bool = False,
    provider: str | None = None,
    service: str | None = None,
    body: Any = ABSENT,  # noqa: ANN401  any JSON
) -> Question:
    """Make the question whether the subject may make this request.

    `token` is the scope of the caller's token, an `iam_project` or a `domain`; `enterprise_project`
    is the one that the resource is in. The permissions at one scope become one grant of one policy,
    and `policies` one `at` a scope, by itself the token's. A subject with an id and without either
    is one that the identity bundle knows.
    """
    request: dict[str, Any] = {"method": method, "path": path}
    if provider is not None:
        request["provider"] = provider
    if service is not None:
        request["service"] = service
    if body is not ABSENT:
        request["body"] = body
    subject: dict[str, Any] = {} if subject_id is None else {"id": subject_id}
    subject[f"{token.kind.removeprefix('iam_')}_id"] = token.id
    if account_owner:
        subject["account_owner"] = True
    grants = _make_grants(permissions)
    if policies:
        grants.append({"scope": (at or token).to_json(), "policies": list(policies)})
    if grants or subject_id is None:
        subject["grants"] = grants
    question: Question = {"request": request, "subject": subject}
    if enterprise_project is not None:
        question["resource"] = {"enterprise_project_id": enterprise_project}
    return question


def parse_scope(text: str) -> Scope:
    """Read a scope as people write it: `enterprise_project=e1`, `all_resources`.

    Raises ValueError where it is none.
    """
    kind, _, id_ = text.partition("=")
    if text == ALL_RESOURCES or (kind in _KINDS_WITH_ID and id_):
        return Scope(kind, id_)
    expected = ", ".join([*(f"{each}=ID" for each in _KINDS_WITH_ID), ALL_RESOURCES])
    raise ValueError(f"{text!r} is no scope: expected {expected}")


def describe_scope(scope: Mapping[str, Any]) -> str:
    """Spell a scope of a question or a decision for people: `enterprise project e1`."""
    match scope:
        case {"iam_project": id_}:
            return f"IAM project {id_}"
        case {"domain": id_}:
            return f"domain {id_}"
        case {"enterprise_project": id_}:
            return f"enterprise project {id_}"
        case _:
            return "all resources"


def _make_grants(permissions: Iterable[Permission]) -> list[dict[str, Any]]:
    statements: dict[Scope, list[dict[str, Any]]] = {}
    for each in permissions:
        statement = {"Effect": each.effect, "Action": list(each.actions)}
        statements.setdefault(each.scope, []).append(statement)
    return [
        {
            "scope": scope.to_json(),
            "policies": [{"Version": POLICY_VERSION, "Statement": own}],
        }
        for scope, own in statements.items()
    ]
