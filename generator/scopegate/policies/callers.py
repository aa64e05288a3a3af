"""Who asks about all routes: somebody with some policies at a scope, or a subject by id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scopegate.errors import ScopegateError
from scopegate.live.questions import ALL_RESOURCES, Scope, describe_scope, parse_scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scopegate.live.asking import Decision, Engine
    from scopegate.live.questions import Question
    from scopegate.policies.routes import BundleRoute, Requests

MADE_PROJECT: Final = Scope("iam_project", "p1")
MADE_PLACES: Final = {
    "iam_project": MADE_PROJECT,
    "enterprise_project": Scope("enterprise_project", "e1"),
    "domain": Scope("domain", "d1"),
    ALL_RESOURCES: Scope(ALL_RESOURCES),
}
PLACES: Final = {
    "iam_project": "in an IAM project",
    "enterprise_project": "in an enterprise project",
    "domain": "in a domain",
    ALL_RESOURCES: "at all resources",
}
"""Where grants are made, by the kinds of scopes."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a token of a project, of a domain, or of whichever a path asks for.

    `subject` are the members of a question's subject beside those: an id, or grants. With both a
    project and a domain, the token is of the project where the path names one. Resources are in
    `enterprise_project`.
    """

    subject: Mapping[str, Any]
    project: str | None
    domain: str | None = None
    enterprise_project: str | None = None

    def ask(self, route: BundleRoute, requests: Requests) -> Question:
        """Make the question whether the caller may call a route."""
        project = self.project or MADE_PROJECT.id
        of_domain = self.domain is not None and not (self.project and route.project_positions)
        question: Question = {
            "request": requests.make(route, project),
            "subject": {
                **({"domain_id": self.domain} if of_domain else {"project_id": project}),
                **self.subject,
            },
        }
        if self.enterprise_project is not None:
            question["resource"] = {"enterprise_project_id": self.enterprise_project}
        return question


def decide_all(engine: Engine, questions: Sequence[Question]) -> list[Decision]:
    """Ask about callers; raises ScopegateError where the rules refuse what they were granted."""
    decisions = engine.decide_all(questions)
    for decision in decisions:
        if decision["reason"] == "malformed_request":
            raise ScopegateError(f"the rules refuse to decide: {decision['message']}")
    return decisions


def make_caller(policies: Iterable[Mapping[str, Any]], scope: Scope) -> Caller:
    """Make somebody who was granted policies at a scope, and nothing else.

    A policy is what a question has: the vendor's document, with the names of a role. Where the
    scope is no project, the token is of a made one.
    """
    listed = [dict(policy) for policy in policies]
    grants = [{"scope": scope.to_json(), "policies": listed}] if listed else []
    return Caller(
        subject={"grants": grants},
        project=scope.id if scope.kind == "iam_project" else MADE_PROJECT.id,
        domain=scope.id if scope.kind == "domain" else None,
        enterprise_project=scope.id if scope.kind == "enterprise_project" else None,
    )


def describe_place(scope: Scope) -> str:
    """Spell where a grant is made, for the end of a sentence; a made id is not told."""
    if scope in MADE_PLACES.values():
        return PLACES[scope.kind]
    return f"in {describe_scope(scope.to_json())}"


def parse_place(text: str) -> Scope:
    """Read where policies are granted: a scope, or the kind of one, which then has a made id.

    Raises ValueError where it is neither.
    """
    return MADE_PLACES.get(text.replace("-", "_")) or parse_scope(text)
