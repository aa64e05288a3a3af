"""The bundle of the exports beside the rules: a live OPA decides for its subjects as it says."""

import json
import tarfile
from dataclasses import replace
from pathlib import Path

from scopegate.live.opa import Opa
from scopegate.live.serving import serve_bundle
from tests.cli.conftest import run
from tests.decisions.inputs.parts import Json
from tests.decisions.test_matrix import ROUTES
from tests.harness.client import Client
from tests.harness.confirmation import Confirmer
from tests.oracle import Operator, decide

EXPORTS = Path(__file__).parent / "exports"


def test_subjects_of_the_exports(
    opa: Opa, bundle: Path, confirm: Confirmer, tmp_path: Path
) -> None:
    built = tmp_path / "identity.tar.gz"
    auditors = f"auditors={EXPORTS / 'users-auditors.json'}"
    options = ["--group", auditors, "--account-owner", "root", "-o", str(built)]
    said = run("identity", "build", str(EXPORTS), *options)
    assert said.code == 0, said.err
    with tarfile.open(built) as archive:
        data = archive.extractfile("/data.json")
        assert data is not None
        identity = json.load(data)["scopegate_identity"]

    operator = Operator(identity=identity)
    questions = [
        ask(subject, token, route.method, route.path)
        for subject in (*identity["subjects"], "nobody")
        for token in ({"project_id": "p1"}, {"project_id": "p2"}, {"domain_id": "d1"})
        for route in ROUTES
    ]
    found = {
        decide(confirm.tables, given, confirm.revision, operator)["reason"] for given in questions
    }
    assert found >= {"allowed", "account_owner", "action_not_granted"}

    log = tmp_path / "opa.log"
    with (
        serve_bundle(opa, bundle, beside=[built], revision=confirm.revision, log=log) as url,
        Client(url) as client,
    ):
        replace(confirm, client=client, operator=operator)(questions)


def ask(subject: str, token: Json, method: str, template: str) -> Json:
    path = template.format(project_id=token.get("project_id", "p1"), snapshot_id="s1", key="k1")
    return {"request": {"method": method, "path": path}, "subject": {"id": subject, **token}}
