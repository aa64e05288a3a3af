"""The parts that inputs are put together from."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from tests.oracle import Documented

Json: TypeAlias = dict[str, Any]

# Whose they are: the token's, or another's; the resource's, or another's.
PROJECT, OTHER_PROJECT = "p1", "p2"
DOMAIN, OTHER_DOMAIN = "d1", "d2"
ENTERPRISE_PROJECT, OTHER_ENTERPRISE_PROJECT = "e1", "e2"

PLACES: Final[dict[str, Json]] = {
    "the token's project": {"iam_project": PROJECT},
    "another project": {"iam_project": OTHER_PROJECT},
    "all resources": {"all_resources": True},
    "the domain": {"domain": DOMAIN},
    "another domain": {"domain": OTHER_DOMAIN},
    "the enterprise project": {"enterprise_project": ENTERPRISE_PROJECT},
    "another enterprise project": {"enterprise_project": OTHER_ENTERPRISE_PROJECT},
}
"""Every place where a grant can be made."""

PROJECT_TOKEN: Final[Json] = {"project_id": PROJECT}
DOMAIN_TOKEN: Final[Json] = {"domain_id": DOMAIN}
RESOURCES: Final[tuple[Json, ...]] = (
    {},
    {"resource": {"enterprise_project_id": ENTERPRISE_PROJECT}},
)
EVERYTHING: Final[Json] = {"Effect": "Allow", "Action": ["*"]}


def ask(method: str, path: str, grants: Iterable[Json], **rest: Any) -> Json:  # noqa: ANN401  # JSON
    """Put an input together.

    Of `rest`, `resource` is the input's, `provider`, `service`, `host`, `query` and `body` are the
    request's, and the others the subject's, who has the project's token where no other is given.
    """
    of_request = {"provider", "service", "host", "query", "body"} & rest.keys()
    request = {name: rest.pop(name) for name in sorted(of_request)}
    resource = {"resource": rest.pop("resource")} if "resource" in rest else {}
    token = {} if "domain_id" in rest else PROJECT_TOKEN
    return {
        "request": {"method": method, "path": path, **request},
        "subject": {"id": "u1", **token, **rest, "grants": list(grants)},
        **resource,
    }


def allow_everything() -> list[Json]:
    """Give the grants of one who may do everything, so that nothing but the request decides."""
    return [grant(PLACES["all resources"], EVERYTHING)]


def grant(scope: Json, *statements: Json) -> Json:
    """A grant of one policy; of none where there is no statement, since a policy has one."""
    policies = [{"Version": "1.1", "Statement": list(statements)}] if statements else []
    return {"scope": scope, "policies": policies}


def about(effect: str, actions: Sequence[str]) -> list[Json]:
    """One statement about these actions; none about no actions, since a statement has one."""
    return [{"Effect": effect, "Action": list(actions)}] if actions else []


def path_of(route: Documented, project: str = PROJECT) -> str:
    """A path of the route, with a text of its own for every parameter."""
    return "/" + "/".join(
        part
        if not part.startswith("{")
        else project
        if is_project(part)
        else f"{part.strip('{}')}-1"
        for part in route.segments
    )


def is_project(part: str) -> bool:
    """Whether a segment of a template stands for a project."""
    return part.strip("{}").lower().replace("-", "_") in {
        *("project_id", "projectid"),
        *("tenant_id", "tenantid"),
    }


def tokens_for(route: Documented) -> list[Json]:
    """A token of each kind; none of a domain where the path names a project (see `subjects`)."""
    return [PROJECT_TOKEN, *([] if any(map(is_project, route.segments)) else [DOMAIN_TOKEN])]


def subsets(actions: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every subset; of more than four actions none, all, and all but each."""
    if len(actions) > 4:
        return iter([(), tuple(actions), *itertools.combinations(actions, len(actions) - 1)])
    sizes = range(len(actions) + 1)
    return itertools.chain.from_iterable(itertools.combinations(actions, size) for size in sizes)
