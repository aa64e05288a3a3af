"""`scopegate demo`: telling questions to a real OPA server."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.text import Text

from scopegate.cli.decisions import describe_filter, mark_action, spell_answer, spell_request
from scopegate.cli.options import BundleOption, ProjectOption, locate_bundle, locate_opa
from scopegate.cli.output import make_grid, open_console, print_block
from scopegate.errors import spell_command
from scopegate.live.asking import Decision, Server
from scopegate.live.questions import Permission, Question, Scope, describe_scope, make_question
from scopegate.live.serving import serve_bundle
from scopegate.packing import read_revision

_P1: Final = Scope("iam_project", "p1")
_E1: Final = Scope("enterprise_project", "e1")
_E2: Final = Scope("enterprise_project", "e2")
_CREATE: Final = "evs:snapshots:create"
_DELETE: Final = "evs:snapshots:delete"
_LIST: Final = "evs:snapshots:list"
_GET_VOLUME: Final = "evs:volumes:get"


@dataclass(frozen=True, slots=True)
class Scene:
    """A question by a caller with a token of project p1, and what its answer shows."""

    title: str
    request: str
    permissions: tuple[Permission, ...]
    lesson: str
    enterprise_project: str | None = None

    @property
    def question(self) -> Question:
        """The whole input."""
        method, path = self.request.split(" ")
        return make_question(
            method,
            path,
            token=_P1,
            permissions=self.permissions,
            enterprise_project=self.enterprise_project,
        )


SCENES: Final = (
    Scene(
        "Create a snapshot",
        "POST /v2/p1/snapshots",
        (Permission("Allow", (_CREATE, _GET_VOLUME), _P1),),
        "All actions of the row are required, and the caller has them.",
    ),
    Scene(
        "Create a snapshot, one action short",
        "POST /v2/p1/snapshots",
        (Permission("Allow", (_CREATE,), _P1),),
        "The answer names what is missing.",
    ),
    Scene(
        "Create a snapshot, with the grant in an enterprise project",
        "POST /v2/p1/snapshots",
        (Permission("Allow", ("evs:*",), _E1),),
        "The row does not support enterprise projects: the grant is there, and does not count.",
        enterprise_project="e1",
    ),
    Scene(
        "Delete one key of a snapshot's metadata",
        "DELETE /v2/p1/snapshots/s1/metadata/k1",
        (Permission("Allow", ("evs:snapshots:update",), _P1),),
        "The page asks for delete here, not for update.",
    ),
    Scene(
        "Delete a snapshot that an enterprise project denies",
        "DELETE /v2/p1/cloudsnapshots/s1",
        (Permission("Allow", (_DELETE,), _P1), Permission("Deny", (_DELETE,), _E1)),
        "What the IAM project decides, the enterprise project is not asked about.",
        enterprise_project="e1",
    ),
    Scene(
        "List the snapshots of every enterprise project that allows it",
        "GET /v2/p1/cloudsnapshots/detail?enterprise_project_id=all_granted_eps",
        (Permission("Allow", (_LIST,), _E1), Permission("Allow", ("evs:*:list",), _E2)),
        "The answer is to be filtered by the enterprise projects that it names.",
    ),
    Scene(
        "Reach into another project",
        "GET /v2/p2/snapshots",
        (Permission("Allow", ("*",), Scope("all_resources")),),
        "The project in the path must be the one that the token is valid in.",
    ),
    Scene(
        "Call what no page documents",
        "PATCH /v2/p1/snapshots/s1",
        (Permission("Allow", ("*",), Scope("all_resources")),),
        "No documentation, no access; not even for a caller who may do everything.",
    ),
)


def demo(*, bundle: BundleOption = None, project: ProjectOption = None) -> None:
    """Ask an OPA server some telling questions.

    Starts OPA with the bundle on a free port, shows what it decides and why, and stops it again.

    For example:
      scopegate demo
    """
    served = locate_bundle(bundle, project)
    opa = locate_opa(project)
    revision = read_revision(served)
    console = open_console()
    with (
        tempfile.TemporaryDirectory(prefix="scopegate-") as folder,
        serve_bundle(opa, served, log=Path(folder, "opa.log"), revision=revision) as url,
        Server(url) as server,
    ):
        answers = [_ask(server, scene) for scene in SCENES]
    for number, (scene, (decision, _)) in enumerate(zip(SCENES, answers, strict=True), start=1):
        console.print(Text.assemble((f"{number}  ", "dim"), (scene.title, "bold")))
        print_block(make_grid(*_describe(scene, decision), indent=3))
        console.print()
    typical = sorted(seconds for _, seconds in answers)[len(answers) // 2] * 1000
    console.print(
        f"Decided by OPA {opa.version} with bundle {revision[:12]}: {typical:.1f} ms over HTTP.",
        f"Ask your own: `scopegate decide --help`, or `{spell_command('serve')}` and curl.",
        sep="\n",
        soft_wrap=True,
    )


def _ask(server: Server, scene: Scene) -> tuple[Decision, float]:
    started = time.perf_counter()
    return server.decide(scene.question), time.perf_counter() - started


def _describe(scene: Scene, decision: Decision) -> Iterator[tuple[Text, Text]]:
    yield _label("request"), Text(spell_request(scene.question))
    yield _label("grants"), Text("\n").join(_describe_grants(scene.question))
    required = Text("  ").join(mark_action(action, decision) for action in decision["required"])
    if decision["route"]:
        row = f"  {decision['route']['table']}, row {decision['route']['row']}"
        yield _label("requires"), required.append(row, "dim")
    if decision["enterprise_projects"] is not None:
        yield _label("only in"), describe_filter(decision["enterprise_projects"])
    yield (
        spell_answer(decision),
        Text.assemble((decision["reason"], "bold"), f": {decision['message']}"),
    )
    yield Text(), Text(scene.lesson, "italic dim")


def _describe_grants(question: Question) -> Iterator[Text]:
    for grant in question["subject"]["grants"]:
        statements = "; ".join(
            f"{statement['Effect'].lower()} {', '.join(statement['Action'])}"
            for policy in grant["policies"]
            for statement in policy["Statement"]
        )
        yield Text(f"{describe_scope(grant['scope'])}: {statements}")


def _label(text: str) -> Text:
    return Text(text, "dim")
