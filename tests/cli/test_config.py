"""`scopegate config check`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command
from tests.docs.blocks import PROJECT, read_json

# The other one has the faults that the command tells on the page.
DOCUMENTED, _ = read_json("docs/configuration.md")
ROUTE = {"methods": ["GET"], "path": "/healthz"}


def test_what_the_docs_and_the_examples_show_is_in_order(scopegate: Command) -> None:
    files = sorted((PROJECT / "examples").glob("*/scopegate.json"))
    assert files
    files.append(Path("documented.json"))
    files[-1].write_text(DOCUMENTED, encoding="utf-8")
    for file in files:
        said = scopegate("config", "check", str(file))
        assert (said.code, said.err) == (0, "")
        assert said.out.endswith(" is in order\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data.yaml", "scopegate_config:\n  identities: true\n  gateways: {shadow: false}\n"),
        ("data.json", '{\n\t"scopegate_config": {\n\t\t"identities": true\n\t}\n}'),
        ("data.json", '{"others": {"any": 1.5}, "scopegate_config": {}}'),
    ],
)
def test_what_opa_loads_is_read(scopegate: Command, name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")
    said = scopegate("config", "check", name)
    assert (said.code, said.out, said.err) == (0, f"✓ {name} is in order\n", "")


@pytest.mark.parametrize(
    ("config", "place", "message"),
    [
        ({"identites": True}, "3:5: scopegate_config.identites", "did you mean identities?"),
        (
            {"x": 1},
            "3:5: scopegate_config.x",
            "expected one of identities, routes, endpoint_prefixes, gateways",
        ),
        ({"identities": "yes"}, "3:19: scopegate_config.id", 'expected true or false; found "yes"'),
        ({"identities": 1}, "3:19: scopegate_config.id", "expected true or false; found 1"),
        ({"identities": None}, "3:19: scopegate_config.id", "true or false; found null"),
        (
            {"gateways": {"shaddow": True}},
            "4:7: scopegate_config.gateways.shaddow",
            "unknown; did you mean shadow?",
        ),
        (
            {"gateways": {"kong": {"headers": {"project_id": "x"}}}},
            "5:20: scopegate_config.gateways.kong.headers.id",
            "missing",
        ),
        (
            {"gateways": {"service": ""}},
            "4:18: scopegate_config.gateways.service",
            'expected a string that is not empty; found ""',
        ),
        (
            {"gateways": {"envoy": {"claims": {"id": "sub"}}}},
            "6:17: scopegate_config.gateways.envoy.claims.id",
            'expected a list; found "sub"',
        ),
        ({"routes": {}}, "3:15: scopegate_config.routes", "a list; found an object"),
        ({"routes": [{**ROUTE, "pth": "/"}]}, "scopegate_config.routes[0].pth", "mean path?"),
        (
            {"routes": [ROUTE, {"methods": ["GET"], "prefix": ["/"]}]},
            "scopegate_config.routes[1].prefix",
            "expected a string; found a list of 1",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(
    scopegate: Command, config: dict[str, Any], place: str, message: str
) -> None:
    Path("data.json").write_text(json.dumps({"scopegate_config": config}, indent=2))
    said = scopegate("config", "check", "data.json")
    assert said.code == 1
    assert said.out == ""
    assert said.err.startswith("Error: 1 fault in data.json\n")
    assert place in said.err
    assert message in said.err


def test_the_name_of_the_whole_is_looked_at(scopegate: Command) -> None:
    Path("data.yaml").write_text("scopegate-config: {}\n")
    said = scopegate("config", "check", "data.yaml")
    assert said.code == 1
    assert "data.yaml:1:1: scopegate_config\n    missing  [missing-member]\n" in said.err
    assert "scopegate-config\n    unknown; did you mean scopegate_config?  [unkn" in said.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "expected an object; found null"),
        (b"[]", "expected an object; found a list of 0"),
        (b"{", "bad-yaml"),
        (b"\xff", "expected UTF-8"),
        (b'{"scopegate_config": {"identities": true, "identities": false}}', "each name once"),
        (b"{scopegate_config: {identities: yes}}", "expected true or false; found yes"),
    ],
)
def test_what_is_no_configuration_is_faulty(scopegate: Command, text: bytes, message: str) -> None:
    Path("data.yaml").write_bytes(text)
    said = scopegate("config", "check", "data.yaml")
    assert said.code == 1
    assert message in said.err


def test_a_file_that_is_not_there_cannot_be_checked(scopegate: Command) -> None:
    assert scopegate("config", "check", "nowhere.json").code == 2
    assert scopegate("config", "check", ".").code == 2
