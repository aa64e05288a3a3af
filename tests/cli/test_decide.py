"""`scopegate decide`."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from scopegate.live.opa import Opa
from scopegate.live.serving import run_server, serve_bundle
from tests.cli.conftest import Command
from tests.harness.made import write_data_bundle

CREATE = ("POST", "/v2/p1/snapshots", "--iam-project", "p1")
BOTH = ("--allow", "evs:snapshots:create,evs:volumes:get")
QUESTION = {
    "request": {"method": "GET", "path": "/v2/p1/snapshots"},
    "subject": {"project_id": "p1", "grants": []},
}


def read_input(said: str) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(said)["input"]
    return given


def test_allow_is_shown_and_exits_with_0(built: Command) -> None:
    said = built("decide", *CREATE, *BOTH)
    assert said.code == 0
    assert said.err == ""
    lines = [line.strip() for line in said.out.splitlines()]
    assert lines[:2] == [
        "✓ ALLOW  POST /v2/p1/snapshots",
        "allowed: every required action is granted",
    ]
    assert "route     POST /v2/{project_id}/snapshots" in lines
    assert "huaweicloud/evs/snapshots, row 1: 创建云硬盘快照（OpenStack Cinder）" in lines
    assert "requires  ✓ evs:snapshots:create  granted" in lines
    assert "✓ evs:volumes:get       granted" in lines


def test_deny_is_shown_and_exits_with_1(built: Command) -> None:
    said = built(
        *("decide", *CREATE, "--allow", "evs:volumes:get@enterprise_project=e1"),
        *("--deny", "evs:snapshots:*"),
    )
    assert said.code == 1
    assert said.err == ""
    lines = [line.strip() for line in said.out.splitlines()]
    assert lines[:2] == [
        "✗ DENY  POST /v2/p1/snapshots",
        "explicitly_denied: evs:snapshots:create is denied",
    ]
    assert "requires  ✗ evs:snapshots:create  denied" in lines
    assert (
        "✗ evs:volumes:get       missing; granted in enterprise project e1, where it does not count"
    ) in lines


@pytest.mark.parametrize(
    ("args", "code", "shown"),
    [
        (
            ("GET", "/v3/p1/snapshots", "--iam-project", "p1", "--allow", "*"),
            0,
            "mirrored from /v2/{project_id}/snapshots",
        ),
        (("GET", "/v2/p2/snapshots", "--iam-project", "p1"), 1, "· evs:snapshots:list  not looked"),
        (("GET", "/nowhere", "--domain", "d1"), 1, "route     none"),
        (
            (
                *("GET", "/v2/p1/cloudsnapshots/detail?enterprise_project_id=all_granted_eps"),
                *("--iam-project", "p1", "--allow", "evs:*@enterprise_project=e1"),
            ),
            0,
            "only in   enterprise project e1",
        ),
        ((*CREATE, "--account-owner"), 0, "account_owner: "),
        ((*CREATE, *BOTH, "--service", "ecs"), 1, "no_matching_route: "),
        (
            (
                *("POST", "/v2/p1/cloudsnapshots", "--iam-project", "p1"),
                *("--enterprise-project", "e1", "--allow", "*@enterprise_project=e1"),
            ),
            0,
            "✓ evs:snapshots:create  granted",
        ),
        ((*CREATE, "--allow", "*@all_resources"), 0, "ALLOW"),
        ((*CREATE, "--allow", "*@iam_project=p1"), 0, "ALLOW"),
        ((*CREATE, "--allow", "*@domain=d1"), 1, "granted in domain d1, where it does not count"),
    ],
)
def test_questions_are_made_of_options(
    built: Command, args: tuple[str, ...], code: int, shown: str
) -> None:
    said = built("decide", *args)
    assert said.code == code
    assert shown in said.out


def test_statements_that_are_not_evaluated_are_named(built: Command) -> None:
    statement = {"Effect": "Allow", "Action": ["*"], "Condition": {}}
    policies = [{"Version": "1.1", "Statement": [statement]}]
    grants = [{"scope": {"all_resources": True}, "policies": policies}]
    question = {**QUESTION, "subject": {"project_id": "p1", "grants": grants}}
    said = built("decide", "--input", "-", stdin=json.dumps(question))
    assert said.code == 1
    assert "subject.grants[0].policies[0].Statement[0]: Condition is not evaluated" in said.out


def test_json_is_the_decision(built: Command) -> None:
    said = built("decide", *CREATE, "--json")
    decision = json.loads(said.out)
    assert said.code == 1
    assert decision["reason"] == "action_not_granted"
    assert decision["missing"] == ["evs:snapshots:create", "evs:volumes:get"]
    assert decision["route"]["row"] == 1


def test_the_input_is_printed_as_a_server_takes_it(
    scopegate: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPA")  # nobody is asked
    said = scopegate(
        *("decide", *CREATE, "--allow", "a:b:c,d:e:*", "--deny", "d:e:f@all_resources"),
        *("--allow", "g:h:i", "--enterprise-project", "e1", "--service", "evs", "--print-input"),
        *("--provider", "huaweicloud", "--body", "null"),
    )
    assert said.code == 0
    assert read_input(said.out) == {
        "request": {
            "method": "POST",
            "path": "/v2/p1/snapshots",
            "provider": "huaweicloud",
            "service": "evs",
            "body": None,
        },
        "subject": {
            "project_id": "p1",
            "grants": [
                {
                    "scope": {"iam_project": "p1"},
                    "policies": [
                        {
                            "Version": "1.1",
                            "Statement": [
                                {"Effect": "Allow", "Action": ["a:b:c", "d:e:*"]},
                                {"Effect": "Allow", "Action": ["g:h:i"]},
                            ],
                        }
                    ],
                },
                {
                    "scope": {"all_resources": True},
                    "policies": [
                        {
                            "Version": "1.1",
                            "Statement": [{"Effect": "Deny", "Action": ["d:e:f"]}],
                        }
                    ],
                },
            ],
        },
        "resource": {"enterprise_project_id": "e1"},
    }
    owner = scopegate("decide", "GET", "/", "--domain", "d1", "--account-owner", "--print-input")
    assert read_input(owner.out)["subject"] == {
        "domain_id": "d1",
        "account_owner": True,
        "grants": [],
    }


def test_an_input_is_read_from_a_file_or_standard_input(built: Command) -> None:
    expected = built("decide", *CREATE, *BOTH, "--json")
    printed = built("decide", *CREATE, *BOTH, "--print-input").out
    bare = json.dumps(read_input(printed))
    for text in (printed, bare):
        Path("question.json").write_text(text, encoding="utf-8")
        assert built("decide", "--input", "question.json", "--json") == expected
        assert built("decide", "--input", "-", "--json", stdin=text) == expected


@pytest.mark.parametrize("given", ["{}", "null", "[]", '"x"', '{"input": {}, "more": 1}'])
def test_a_malformed_input_is_decided_too(built: Command, given: str) -> None:
    said = built("decide", "--input", "-", stdin=given)
    assert said.code == 1
    assert said.out.startswith("✗ DENY  (no request)\nmalformed_request: ")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "expected a METHOD and a PATH, or --input FILE"),
        (("GET",), "expected a METHOD and a PATH"),
        (("GET", "/"), "expected one of the two"),
        (("GET", "/", "--iam-project", "p1", "--domain", "d1"), "expected one of the two"),
        ((*CREATE, "--allow", "*@nowhere=x"), "'nowhere=x' is no scope: expected iam_project=ID"),
        ((*CREATE, "--deny", "*@domain="), "'domain=' is no scope"),
        ((*CREATE, "--allow", ""), "Invalid value for --allow: '' has an empty action"),
        ((*CREATE, "--deny", "a:b:c,,d:e:f"), "for --deny: 'a:b:c,,d:e:f' has an empty action"),
        ((*CREATE, "--allow", "@domain=d1"), "'' has an empty action"),
        ((*CREATE, "--input", "-"), "the input is the whole question"),
        (("--subject", "u1", "--input", "-"), "the input is the whole question"),
        ((*CREATE, "--body", "{"), "for --body: no JSON: "),
        ((*CREATE, "--body", "NaN"), "for --body: no JSON: NaN"),
        ((*CREATE, "--token-file", "t"), "nobody is asked without --opa-url"),
        ((*CREATE, "--opa-url", "http://h", "--identity", "."), "a running OPA has its own"),
        (("--account-owner", "--input", "-"), "the input is the whole question"),
    ],
)
def test_wrong_usage_exits_with_2(built: Command, args: tuple[str, ...], message: str) -> None:
    said = built("decide", *args, stdin="{}")
    assert said.code == 2
    assert said.out == ""
    assert message in " ".join(said.err.split())


@pytest.mark.parametrize(
    ("args", "stdin", "message"),
    [
        (("--input", "nowhere.json"), "", "Error: nowhere.json: No such file or directory\n"),
        (("--input", "-"), '{"request": ', "Error: standard input is no JSON: "),
        (("--input", "-"), b"\xff", "Error: standard input is no JSON: "),
        ((*CREATE, "--bundle", "nowhere.tar.gz"), "", "there is no bundle at "),
        ((*CREATE, "--bundle", "tables"), "", "is a folder: expected the file of a bundle"),
        ((*CREATE, "--bundle", "rego/schemas/input.json"), "", "OPA says: "),
        ((*CREATE, "--opa-url", "localhost:8181"), "", "is no address of an OPA server"),
        ((*CREATE, "--opa-url", "http://h:99999"), "", "is no address of an OPA server"),
        ((*CREATE, "--opa-url", "http://h/path"), "", "is no address of an OPA server"),
        ((*CREATE, "--opa-url", "http://127.0.0.1:9"), "", "no OPA answers at http://127.0.0.1:9"),
    ],
)
def test_without_a_decision_the_exit_code_is_2(
    built: Command, args: tuple[str, ...], stdin: str | bytes, message: str
) -> None:
    said = built("decide", *args, stdin=stdin)
    assert said.code == 2
    assert said.out == ""
    assert message in said.err


def test_what_the_iam_project_allows_the_enterprise_project_does_not_deny(built: Command) -> None:
    """As the example in the help has it."""
    request = ("POST", "/v2/p1/cloudsnapshots", "--iam-project", "p1", "--enterprise-project", "e1")
    allow = ("--allow", "evs:snapshots:create")
    deny = ("--deny", "evs:snapshots:create@enterprise_project=e1")
    assert built("decide", *request, *allow, *deny).code == 0
    assert built("decide", *request, *deny).code == 1
    assert " ".join((*allow, *deny)) in built("decide", "--help").out


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tables/huaweicloud/evs/snapshots.yaml", "snapshots:rollback", "snapshots:revert"),
        ("tables/huaweicloud/evs/snapshots.yaml", "method: PUT", "method: put"),
        ("tables/huaweicloud/evs/snapshots.yaml", "rows:", "\x00"),
        ("rego/scopegate/decision.rego", "package scopegate", "package scopegate # new"),
        ("rego/schemas/input.json", "{", ""),
    ],
)
def test_an_old_bundle_decides_with_a_warning(
    built: Command, file: str, old: str, new: str
) -> None:
    fresh = built("decide", *CREATE)
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    said = built("decide", *CREATE)
    assert (said.code, said.out) == (fresh.code, fresh.out)
    assert fresh.err == ""
    assert said.err == (
        "Warning: the tables or rules have changed since this bundle was built:"
        " run `scopegate build`\n"
    )
    Path("copy.tar.gz").write_bytes(Path("bundle/huaweicloud.tar.gz").read_bytes())
    assert built("decide", *CREATE, "--bundle", "copy.tar.gz").err == ""
    assert built("decide", *CREATE, "--bundle", "bundle/huaweicloud.tar.gz").err == said.err


def test_a_broken_bundle_is_not_called_old(built: Command) -> None:
    Path("bundle/huaweicloud.tar.gz").write_bytes(b"no bundle")
    said = built("decide", *CREATE)
    assert said.code == 2
    assert "Warning" not in said.err


def test_without_a_bundle_the_person_is_told_what_to_do(scopegate: Command) -> None:
    said = scopegate("decide", *CREATE)
    assert said.code == 2
    assert said.err.endswith(": run `scopegate build`\n")


def test_a_bundle_of_others_gives_no_decision(built: Command, opa: Opa, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.rego").write_text("package a\n")
    opa.run(["build", "-b", str(tmp_path / "other"), "-o", str(tmp_path / "other.tar.gz")])
    said = built("decide", *CREATE, "--bundle", "other.tar.gz")
    assert said.code == 2
    assert "gives no decision: is it a scopegate bundle?" in said.err


def test_a_running_opa_decides_as_the_bundle_does(
    built: Command, opa_url: str, bundle: Path
) -> None:
    for args in ((*CREATE, *BOTH), CREATE, ("GET", "/", "--domain", "d1")):
        expected = built("decide", *args, "--json", "--bundle", str(bundle))
        assert built("decide", *args, "--json", "--opa-url", opa_url) == expected
        assert built("decide", *args, "--json", "--opa-url", f"{opa_url}/") == expected


def test_a_running_opa_without_the_bundle_is_told_apart(
    scopegate: Command, opa: Opa, tmp_path: Path
) -> None:
    with run_server(opa, [], log=tmp_path / "log") as (url, _):
        while "no OPA answers" in (said := scopegate("decide", *CREATE, "--opa-url", url)).err:
            assert said.code == 2
    assert said.code == 2
    assert "answers without a decision: the scopegate bundle is not active there" in said.err


class Stranger(BaseHTTPRequestHandler):
    """A server that is no OPA: it says what the test gave it."""

    code = 200
    body = b""
    location: str | None = None

    def do_POST(self) -> None:
        self.send_response(self.code)
        if self.location:
            self.send_header("Location", self.location)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody reads it."""


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"body": b"<html>\n<p>Hello"}, "does not answer as an OPA does: what comes is no JSON"),
        ({"body": b""}, "does not answer as an OPA does: what comes is no JSON"),
        ({"body": b'{"a": 1}'}, "does not answer as an OPA does: what comes is JSON of another"),
        ({"body": b"[1]"}, "does not answer as an OPA does: what comes is JSON of another kind"),
        ({"body": b'{"result": 1}'}, "answers with something else than a decision of scopegate"),
        ({"body": b'{"result": {"allow": true}}'}, "answers with something else than a decision"),
        ({"code": 404, "body": b"<html>\n<p>"}, "an OPA does: what comes is 404 Not Found"),
        ({"code": 502, "body": b'{"message": "no"}'}, "what comes is 502 Bad Gateway"),
        (
            {"code": 301, "location": "https://example.com/"},
            'does not answer as an OPA does: it redirects to "https://example.com/"',
        ),
    ],
)
def test_an_answer_that_is_not_opas_is_told_on_one_line(
    scopegate: Command, answer: dict[str, Any], said: str
) -> None:
    handler = type("Handler", (Stranger,), answer)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        asked = scopegate("decide", *CREATE, "--opa-url", url)
        server.shutdown()
    assert asked.code == 2
    assert asked.err.startswith(f"Error: {url} ")
    assert said in asked.err
    assert asked.err.count("\n") == 1


def test_a_token_is_taken_to_an_opa_that_asks_for_one(
    scopegate: Command, opa: Opa, bundle: Path, tmp_path: Path
) -> None:
    rules = tmp_path / "system"
    rules.mkdir()
    (rules / ".manifest").write_text('{"roots": ["system"]}')
    (rules / "authz.rego").write_text(
        "package system.authz\n\ndefault allow := false\n\n"
        'allow if input.identity == "secret"\n\nallow if input.path == ["health"]\n'
    )
    (tmp_path / "client.token").write_text("secret\n")
    (tmp_path / "other.token").write_text("guessed\n")
    args = ["--authentication", "token", "--authorization", "basic", "--bundle", str(bundle)]
    with run_server(opa, [*args, str(rules)], log=tmp_path / "log") as (url, process):
        asked = ("decide", *CREATE, *BOTH, "--opa-url", url)
        while "no OPA answers" in (refused := scopegate(*asked)).err:
            assert process.poll() is None
        assert refused.code == 2
        assert f"Error: {url} answers 401 Unauthorized: " in refused.err
        assert "the token of one who may POST /v1/data/scopegate/decision\n" in refused.err
        other = scopegate(*asked, "--token-file", "other.token").err
        assert "the token of --token-file may not POST /v1/data/scopegate/decision\n" in other
        assert scopegate(*asked, "--token-file", "client.token").code == 0


@pytest.mark.parametrize("text", ["", "\n", "two words", "two\nlines", "umläut", "\x00"])
def test_a_file_without_a_token_is_said(scopegate: Command, text: str) -> None:
    Path("a.token").write_text(text, encoding="utf-8")
    said = scopegate("decide", *CREATE, "--opa-url", "http://h", "--token-file", "a.token")
    assert said.code == 2
    assert said.err == "Error: a.token holds no token: expected one word of printable ASCII\n"


def test_grants_of_a_subject_are_those_of_the_identity_bundle(
    built: Command, opa: Opa, bundle: Path, revision: str, tmp_path: Path
) -> None:
    policy = {"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["evs:*"]}]}
    grants = [{"scope": {"iam_project": "p1"}, "policies": ["r1"]}]
    identities = {"subjects": {"u1": {"grants": grants}}, "policies": {"r1": policy}}
    identity = write_data_bundle(tmp_path / "identity", {"scopegate_identity": identities})
    question = ("decide", *CREATE, "--subject")
    assert built(*question, "u1", "--identity", str(identity)).code == 0
    assert built(*question, "u2", "--identity", str(identity)).code == 1
    assert built(*question, "u1").code == 1
    # Whoever tells what was granted is believed, as long as the operator says nothing else.
    told = ("--deny", "evs:*", "--identity", str(identity))
    assert "explicitly_denied" in built(*question, "u1", *told).out
    with serve_bundle(
        opa, bundle, beside=[identity], revision=revision, log=tmp_path / "log"
    ) as url:
        assert built(*question, "u1", "--opa-url", url).code == 0
        assert built(*question, "u2", "--opa-url", url).code == 1


def test_a_subject_without_permissions_has_no_grants_of_its_own(scopegate: Command) -> None:
    said = scopegate("decide", *CREATE, "--subject", "u1", "--print-input")
    assert read_input(said.out)["subject"] == {"id": "u1", "project_id": "p1"}


def test_policies_of_files_are_granted_at_a_scope(built: Command) -> None:
    Path("reader.json").write_text(
        json.dumps({"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["evs:*:list"]}]})
    )
    asked = ("decide", "GET", "/v2/p1/snapshots", "--iam-project", "p1", "--policy", "reader.json")
    assert built(*asked).code == 0
    assert built(*asked, "--at", "enterprise_project=e1").code == 1
    said = built(*asked, "--at", "all_resources", "--print-input")
    assert json.loads(said.out)["input"]["subject"]["grants"] == [
        {
            "scope": {"all_resources": True},
            "policies": [json.loads(Path("reader.json").read_text())],
        }
    ]
    Path("reader.json").write_text('{"Version": "1.2"}')
    refused = built(*asked)
    assert (refused.code, "reader.json:1:13: Version" in refused.err) == (2, True), refused.err
    nowhere = built(*asked, "--at", "there")
    assert (nowhere.code, "'there' is no scope" in nowhere.err) == (2, True)
