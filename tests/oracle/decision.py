"""The decision, and the order of evaluation that leads to it.

The model's "The order of evaluation", "The decision", and, of "The path", which route a path is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from tests.oracle.faults import Given, find_faults
from tests.oracle.grants import Grant, Verdict, read_grants, verdict
from tests.oracle.operator import Operator
from tests.oracle.path import read_query, read_segments, split_query
from tests.oracle.tables import Case, Documented, fits_template, is_parameter

Decision: TypeAlias = dict[str, Any]

REASONS: Final = (
    "operator_route",
    "malformed_request",
    "ambiguous_service",
    "no_matching_route",
    "project_mismatch",
    "account_owner",
    "body_required",
    "no_authorization_required",
    "explicitly_denied",
    "allowed",
    "enterprise_project_required",
    "scope_unsupported",
    "action_not_granted",
)
"""The closed list, in the order in which the first that holds is given."""

ALLOWING: Final = frozenset(
    {"operator_route", "account_owner", "no_authorization_required", "allowed"}
)

NO_OPERATOR: Final = Operator()

# The tables' names for the project among path parameters, without case, `_` and `-`.
PROJECT_PARAMETERS: Final = frozenset({"projectid", "tenantid"})

ALL_GRANTED: Final = "all_granted_eps"


@dataclass(frozen=True)
class Requirement:
    """What the path and method of a request need, by the word of every row that counts for them."""

    named: Documented
    """The one that the decision names as its route."""
    rows: tuple[Documented, ...]
    case: Case | None = None
    """The one case of the route that the request is, where it is one."""
    lacks_body: bool = False
    """Whether which case it is can't be told without a body."""

    @property
    def actions(self) -> list[str]:
        """The union of what the rows require."""
        return sorted({action for row in self.rows for action in row.actions})

    @property
    def iam_project(self) -> str:
        """The intersection of the rows' scopes."""
        return intersection(row.iam_project for row in self.rows if row.actions)

    @property
    def enterprise_project(self) -> str:
        """The intersection of the rows' scopes."""
        return intersection(row.enterprise_project for row in self.rows if row.actions)

    @property
    def is_list(self) -> bool:
        """A GET whose own action's operation begins with `list`; its own is a row's first."""
        own = [row.actions[0] for row in self.rows if row.actions]
        return self.named.method == "GET" and all(
            action.split(":")[-1].lower().startswith("list") for action in own
        )

    def projects(self, segments: Sequence[str]) -> set[str]:
        """The projects that the segments of a path name."""
        return {
            segment
            for row in self.rows
            for part, segment in zip(row.segments, segments, strict=True)
            if is_project(part)
        }


@dataclass(frozen=True)
class Question:
    """What the grants are asked about."""

    requirement: Requirement
    project: str | None
    """The token's project; for a domain token None."""
    domain: str | None
    grants: tuple[Grant, ...]
    enterprise_project: str | None
    """The enterprise project of the request."""
    asks_all: bool
    """Whether the request asks for all enterprise projects; then it has none of its own."""

    def counts_at_level_1(self, grant: Grant) -> bool:
        """The table of scopes: which grants are made where the token is."""
        match grant.scope:
            case ("all_resources", _):
                return True
            case ("domain", domain):
                return domain == self.domain
            case ("iam_project", project):
                return project == self.project and self.requirement.iam_project != "unsupported"
            case _:
                return False

    def counts_at_level_2(self, grant: Grant, enterprise_project: str | None) -> bool:
        """Grants at the enterprise project of the resource, where the row supports them."""
        return (
            enterprise_project is not None
            and grant.scope == ("enterprise_project", enterprise_project)
            and self.requirement.enterprise_project == "supported"
        )

    def verdicts(self, enterprise_project: str | None) -> dict[str, Verdict]:
        """The order of evaluation, for each required action."""
        level_1 = [grant for grant in self.grants if self.counts_at_level_1(grant)]
        level_2 = [
            grant for grant in self.grants if self.counts_at_level_2(grant, enterprise_project)
        ]
        verdicts: dict[str, Verdict] = {}
        for action in self.requirement.actions:
            verdicts[action] = verdict(action, level_1)
            if verdicts[action] == "not granted":
                verdicts[action] = verdict(action, level_2)
        return verdicts

    def allowed_in(self, enterprise_project: str | None) -> bool:
        """Whether every required action is allowed there."""
        return set(self.verdicts(enterprise_project).values()) <= {"allowed"}

    def granted_enterprise_projects(self) -> list[str]:
        """Those, out of the ones in the grants, in which every required action is allowed."""
        named = {
            str(value)
            for kind, value in (grant.scope for grant in self.grants)
            if kind == "enterprise_project"
        }
        return sorted(each for each in named if self.allowed_in(each))

    def is_ineffective(self, grant: Grant) -> bool:
        """Whether a grant is made where it can't count, which is the mistake that people make."""
        match grant.scope:
            case ("enterprise_project", _):
                return self.requirement.enterprise_project != "supported"
            case ("domain", _):
                return self.domain is None
            case ("iam_project", project):
                return self.project is None or (
                    project == self.project and self.requirement.iam_project == "unsupported"
                )
            case _:
                return False

    def ineffective(self, missing: Iterable[str]) -> list[dict[str, Any]]:
        """The scopes at which an evaluable Allow matches a missing action and can't count."""
        found = {
            (action, *grant.scope)
            for action in missing
            for grant in self.grants
            if self.is_ineffective(grant)
            and any(statement.allows(action) for statement in grant.statements)
        }
        return [{"action": action, "scope": {kind: value}} for action, kind, value in sorted(found)]

    def not_evaluated(self) -> list[dict[str, Any]]:
        """The statements that failed closed and match a required action, at any scope.

        A set of objects is sorted member by member, in the order of the members' names.
        """
        found = [
            {
                "grant": statement.grant,
                "policy": statement.policy,
                "statement": statement.number,
                "members": list(statement.not_evaluated),
            }
            for grant in self.grants
            for statement in grant.statements
            if statement.not_evaluated
            and any(statement.is_about(action) for action in self.requirement.actions)
        ]
        return sorted(found, key=lambda each: [value for _, value in sorted(each.items())])


def decide(
    tables: Sequence[Documented], given: Given, revision: str, operator: Operator = NO_OPERATOR
) -> Decision:
    """The whole decision for any input, `ABSENT` included."""
    decision = decide_reason(tables, given, operator)
    return {
        "allow": decision["reason"] in ALLOWING,
        "message": decision["reason"].replace("_", " "),
        "route": None,
        "required": [],
        "granted": [],
        "missing": [],
        "denied": [],
        "ineffective": [],
        "enterprise_projects": None,
        "not_evaluated": [],
        "revision": revision,
    } | decision


def decide_reason(tables: Sequence[Documented], given: Given, operator: Operator) -> Decision:
    """The reason, and those members of the decision that are not as they are by default."""
    if operator.lets_through(tables, given):
        return {"reason": "operator_route"}
    if faults := find_faults(given, has_identities=operator.has_identities):
        return {"reason": "malformed_request", "message": f"{faults[0].member} is malformed"}
    assert isinstance(given, dict)  # else it would be at fault
    return decide_request(tables, operator.complete(given), operator)


def decide_request(
    tables: Sequence[Documented], given: dict[str, Any], operator: Operator
) -> Decision:
    """Reasons 2 to 12, for a well-formed input."""
    request: Any = operator.name_service(given["request"])
    subject: Any = given["subject"]
    resource: Any = given.get("resource", {})
    alone, _ = split_query(request["path"])
    segments = read_segments(alone)

    requirement = find_requirement(tables, request, segments)
    if isinstance(requirement, str):
        return {"reason": requirement}
    decision: Decision = {"route": route(requirement), "required": requirement.actions}

    if requirement.projects(segments) - {subject.get("project_id")}:
        return decision | {"reason": "project_mismatch"}
    if subject.get("account_owner", False):
        return decision | {"reason": "account_owner"}
    if requirement.lacks_body:
        return decision | {"reason": "body_required"}
    if not requirement.actions:
        return decision | {"reason": "no_authorization_required"}
    if "enterprise_project_id" not in resource:
        looked_up = operator.enterprise_project(requirement.named.segments, segments)
        resource = {} if looked_up is None else {"enterprise_project_id": looked_up}
    enterprise_project, asks_all = read_enterprise_project(requirement, request, resource)
    project, domain = subject.get("project_id"), subject.get("domain_id")
    token = ("domain", domain) if project is None else ("iam_project", project)
    question = Question(
        requirement=requirement,
        project=project,
        domain=domain,
        grants=read_grants(subject.get("grants", []), token),
        enterprise_project=enterprise_project,
        asks_all=asks_all,
    )
    return decision | decide_grants(question)


def find_requirement(
    tables: Sequence[Documented], request: dict[str, Any], segments: Sequence[str]
) -> Requirement | str:
    """What the documented route of a request needs; the reason, where there is none."""
    fitting = [
        row
        for row in tables
        if fits_template(row.segments, segments)
        and request.get("service", row.service) == row.service
        and request.get("provider", row.provider) == row.provider
    ]
    if len({(row.provider, row.service) for row in fitting}) > 1:
        return "ambiguous_service"
    documented = [row for row in fitting if row.method == request["method"]]
    return choose_case(unbeaten(documented), request) if documented else "no_matching_route"


def choose_case(rows: Sequence[Documented], request: dict[str, Any]) -> Requirement:
    """What a request of one route, or of several that cross, needs, in the case that it is."""
    whole = Requirement(named=first(rows), rows=tuple(rows))
    cases = {case for row in rows for case in row.cases}
    if len({specificity(row) for row in rows}) > 1 or not cases:
        return whole
    if "body" not in request and any(case.place == "body" for case in cases):
        return replace(whole, lacks_body=True)
    found = [case for case in cases if is_case(case, request)]
    if len(found) != 1:
        return whole
    [case] = found
    own = [row for row in rows if case in row.cases]
    general = [row for row in rows if not row.cases]
    return Requirement(named=first(own), rows=(*own, *general), case=case)


def is_case(case: Case, request: dict[str, Any]) -> bool:
    """Whether a request has the member that the case is about, with its value."""
    if case.place == "query":
        values = read_values(request).get(case.name, [])
        return values != [] and all(value == case.value for value in values)
    body = request["body"]
    if not isinstance(body, dict) or case.name not in body:
        return False
    return case.value is None or body[case.name] == case.value


def read_values(request: dict[str, Any]) -> dict[str, list[str]]:
    """The values of the query, wherever it stands."""
    _, query = split_query(request["path"])
    return request.get("query", {}) if query is None else read_query(query)


def decide_grants(question: Question) -> Decision:
    """Reasons 8 to 12, where the grants are evaluated."""
    # Asked for all enterprise projects the request has none, so these then tell level 1 alone.
    verdicts = question.verdicts(question.enterprise_project)
    granted = [action for action, found in verdicts.items() if found == "allowed"]
    denied = [action for action, found in verdicts.items() if found == "denied"]
    missing = [action for action, found in verdicts.items() if found == "not granted"]
    ineffective = question.ineffective(missing)
    could_be = question.granted_enterprise_projects()
    allowed = not missing and not denied

    if denied:
        reason = "explicitly_denied"
    elif allowed or (question.asks_all and could_be):
        reason = "allowed"
    elif question.enterprise_project is None and could_be:
        reason = "enterprise_project_required"
    elif set(missing) == {each["action"] for each in ineffective}:
        reason = "scope_unsupported"
    else:
        reason = "action_not_granted"
    return {
        "reason": reason,
        "granted": granted,
        "missing": missing,
        "denied": denied,
        "ineffective": ineffective,
        "enterprise_projects": could_be if question.asks_all and not allowed else None,
        "not_evaluated": question.not_evaluated(),
    }


def read_enterprise_project(
    requirement: Requirement, request: dict[str, Any], resource: dict[str, Any]
) -> tuple[str | None, bool]:
    """The enterprise project of a request, and whether it asks for all of them instead."""
    if "enterprise_project_id" in resource:
        return resource["enterprise_project_id"], False
    if not requirement.is_list or requirement.enterprise_project != "supported":
        return None, False
    values = read_values(request)
    named = next(iter(values.get("enterprise_project_id", [])), "")
    if named == ALL_GRANTED:
        return None, True
    return named or None, False


def is_project(part: str) -> bool:
    """Whether a segment of a template stands for a project."""
    return is_parameter(part) and (
        part.strip("{}").lower().replace("_", "").replace("-", "") in PROJECT_PARAMETERS
    )


def intersection(supports: Iterable[str]) -> str:
    """`supported` only where all are, `unsupported` where any is."""
    found = set(supports)
    if "unsupported" in found:
        return "unsupported"
    return "supported" if found == {"supported"} else "undocumented"


def specificity(row: Documented) -> tuple[bool, ...]:
    """Segment by segment, whether the template has a literal: for one path, always the same one."""
    return tuple(not is_parameter(part) for part in row.segments)


def beats(one: tuple[bool, ...], other: tuple[bool, ...]) -> bool:
    """At least as specific in all segments, and more in one."""
    return one != other and all(mine >= theirs for mine, theirs in zip(one, other, strict=True))


def unbeaten(documented: Sequence[Documented]) -> list[Documented]:
    """What remains of the rows whose templates fit a path, all with the request's method."""
    return [
        row
        for row in documented
        if not any(beats(specificity(other), specificity(row)) for other in documented)
    ]


def first(rows: Sequence[Documented]) -> Documented:
    """The row that a decision names."""
    most_specific = max(specificity(row) for row in rows)  # a literal first from the left
    return min(
        (row for row in rows if specificity(row) == most_specific),
        # Of rows about one route: what is printed before what is mirrored, in the tables' order.
        key=lambda row: (row.mirrored_from is not None, row.table, row.row),
    )


def route(requirement: Requirement) -> dict[str, Any]:
    """The route as a decision names it."""
    named = requirement.named
    return {
        "provider": named.provider,
        "service": named.service,
        "method": named.method,
        "path": named.path,
        "table": named.table,
        "row": named.row,
        "permission": named.permission,
        "mirrored_from": named.mirrored_from,
        "case": None if requirement.case is None else str(requirement.case),
    }
