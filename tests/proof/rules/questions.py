"""Questions of every kind, whose decisions the oracle knows, asked of rules that were changed."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Final, TypeAlias

from scopegate.bundle import compose_bundle
from scopegate.project import Project
from scopegate.tables.store import read_table
from tests.decisions.inputs import KINDS, enterprise, grants, statements
from tests.decisions.inputs.malformed import full_input, lean_input, malformed
from tests.decisions.inputs.parts import Json, allow_everything, ask, path_of
from tests.decisions.test_hosts import HOSTS, PREFIXES
from tests.decisions.test_identities import VALUE, Identities
from tests.decisions.test_made_tables import MADE
from tests.harness.confirmation import find_differences
from tests.harness.made import write_data_bundle
from tests.oracle import ABSENT, Decision, Documented, Operator, decide, read_tables
from tests.proof.rules.asking import Batch

_OF_A_KIND: Final = 64
"""Questions; what the unit tests leave shows in a few of them already."""

_ROWS: Final = 16
"""Those that they are about."""

_ROUTES: Final = (
    {"methods": ["GET"], "path": "/healthz"},
    {"methods": ["OPTIONS", "PUT"], "prefix": "/"},
    {"methods": ["GET", "HEAD", "DELETE"], "prefix": "/v2/p1/"},
)
"""Of the operator's: some that are documented, too, and some that may be read as such."""

_PATHS: Final = ("/healthz", "/", "/v2/p1", "/v2/p1/x", "/v4")
_FORMS: Final = ("{}", "{}/", "{}//", "{}.json", "{}/%20", "{}?a=b", "/{}", "{}~a", "{}/x")
_METHODS: Final = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS")

_DECISIONS: Final = """\
{i: decision |
    some i, question in input
    decision := data.scopegate.decision with input as question
}"""


def list_tables(project: Project) -> list[Path]:
    """List the default profile's tables, and those made up for what it has none of."""
    return sorted(project.tables.glob("huaweicloud/*/*.yaml")) + sorted(MADE.glob("*/*/*/*.yaml"))


def write_bundle(project: Project, folder: Path) -> str:
    """Write the rules and the data of those tables as a bundle that is a folder; its revision."""
    tables = [read_table(file) for file in list_tables(project)]
    package = compose_bundle(tables, rego=project.rego).package
    for name, data in package.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return package.revision


def make_batches(project: Project, revision: str, folder: Path) -> list[Batch]:
    """Make the questions, always the same, with the decisions of rules that are right.

    What the operator says is written into a new folder.
    """
    folder.mkdir()
    rows = read_tables(list_tables(project))
    draw = random.Random(0)  # noqa: S311  # no secret
    batches = []
    for number, (operator, questions) in enumerate(_list_questions(rows, draw)):
        data = {"scopegate_config": operator.config, "scopegate_identity": operator.identity}
        beside = write_data_bundle(folder / str(number), data)
        expected = [decide(rows, given, revision, operator) for given in questions]
        batches.append(make_batch(questions, expected, operator, beside))
    return batches


def make_batch(
    questions: Sequence[Any], expected: Sequence[Decision], operator: Operator, beside: Path
) -> Batch:
    """Make a batch of questions whose decisions are known."""

    def is_right(number: int, got: Any) -> bool:  # noqa: ANN401  # JSON
        return not any(find_differences(questions[number], expected[number], got, operator))

    return Batch(_DECISIONS, questions, is_right, beside)


Kind: TypeAlias = Callable[[Documented], Iterable[Any]]


def _list_questions(
    rows: Sequence[Documented], draw: random.Random
) -> Iterator[tuple[Operator, list[Any]]]:
    """List what the operator says, and questions of the kinds that tell something about it."""
    plain = [given for kind in KINDS.values() for given in _draw(draw, rows, kind)]
    inputs = (malformed(make(rows[0])) for make in (full_input, lean_input))
    broken = [given for each in inputs for given in each if given is not ABSENT]
    yield Operator(), [*plain, *draw.sample(broken, 4 * _OF_A_KIND)]

    identities = Identities()
    kinds = (
        *(grants.one_place, grants.two_places, grants.subjects),
        *(enterprise.enterprise_projects, statements.roles),
    )
    # Of a route that requires nothing, some would grant a policy without a statement.
    requiring = [row for row in rows if row.actions]
    brought = [given for kind in kinds for given in _draw(draw, requiring, kind)]
    known = [identities.know(_on_resource(given, draw)) for given in brought]
    unknown = [given | {"subject": {**given["subject"], "id": "unknown"}} for given in known]
    yield Operator(identity=identities.data), [*known, *unknown]
    config = {"identities": True, "routes": list(_ROUTES)}
    listed = _draw(draw, rows, _ask_on_paths)
    others = (unknown, brought, broken)
    asked = [
        *known,
        *listed,
        *(given for each in others for given in draw.sample(each, _OF_A_KIND)),
    ]
    yield Operator(config=config, identity=identities.data), asked

    yield Operator(config={"endpoint_prefixes": PREFIXES}), list(_draw(draw, rows, _ask_on_hosts))


def _draw(draw: random.Random, rows: Sequence[Documented], kind: Kind) -> Iterator[Any]:
    """Draw some of the questions of a kind, about some of the routes."""
    for row in draw.sample(rows, _ROWS):
        asked = list(kind(row))
        yield from draw.sample(asked, min(len(asked), _OF_A_KIND // _ROWS))


def _on_resource(given: Json, draw: random.Random) -> Json:
    """The question about a resource that the identity bundle may know."""
    path = given["request"]["path"].replace(VALUE, draw.choice(("s1", "s2", "s3")))
    return given | {"request": {**given["request"], "path": path}}


def _ask_on_paths(row: Documented) -> Iterator[Json]:
    path = path_of(row)
    paths = (path, *_PATHS, *(path.replace("snap", form) for form in ("SNAP", ".snap", "s.nap")))
    for each, form, method in product(paths, _FORMS, _METHODS):
        yield ask(method, form.format(each), allow_everything())


def _ask_on_hosts(row: Documented) -> Iterator[Json]:
    named: tuple[Json, ...] = ({}, {"service": row.service}, {"provider": row.provider})
    for host, service in product(HOSTS, named):
        yield ask(row.method, path_of(row), allow_everything(), host=host, **service)
