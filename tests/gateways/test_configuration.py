"""docs/configuration.md: its example satisfies the schema and is taken, its table is complete."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scopegate.live.opa import Opa
from tests.docs.blocks import PROJECT, read_json
from tests.gateways.served import Case, Gateway, serve
from tests.gateways.test_authzen import make_input

PAGE = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
SCHEMA = json.loads((PROJECT / "rego" / "schemas" / "config.json").read_text(encoding="utf-8"))
EXAMPLE, _ = map(json.loads, read_json("docs/configuration.md"))


def name_members(schema: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, member in schema.get("properties", {}).items():
        if name in {"gateways", "envoy", "apisix", "kong"}:
            yield from name_members(member, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_the_table_lists_every_member() -> None:
    listed = re.findall(r"^\| `([\w.]+)` \|", PAGE, re.MULTILINE)
    assert listed == list(name_members(SCHEMA["properties"]["scopegate_config"]))


def test_the_example_satisfies_the_schema() -> None:
    jsonschema.validate(EXAMPLE, SCHEMA)


def test_the_example_is_taken(project: Path, opa: Opa, tmp_path: Path) -> None:
    with (
        serve(project, opa, tmp_path, EXAMPLE["scopegate_config"]) as url,
        Gateway(url, "authzen/evaluation") as gateway,
    ):
        assert gateway.ask(make_input(Case("allowed")))["decision"] is True


# One that the rules read by the schema, as an escape is in it, and one that a wrong type is in.
@pytest.mark.parametrize(
    ("services", "reason"), [({'a"b': "evs"}, "allowed"), ({"a": 1}, "invalid_configuration")]
)
def test_the_schema_decides_what_is_not_ordinary(
    project: Path, opa: Opa, tmp_path: Path, services: dict[str, Any], reason: str
) -> None:
    with (
        serve(project, opa, tmp_path, {"gateways": {"services": services}}) as url,
        Gateway(url, "authzen/evaluation") as gateway,
    ):
        assert gateway.ask(make_input(Case(reason)))["context"]["reason"] == reason


@pytest.mark.parametrize("entry_point", ["envoy/answer", "apisix/answer", "kong/answer"])
@pytest.mark.parametrize("asked", [{}, [[]], {"attributes": {"request": {"http": {}}}}])
def test_a_configuration_of_junk_opens_nothing(
    faulty_url: str, entry_point: str, asked: object
) -> None:
    with Gateway(faulty_url, entry_point) as gateway:
        assert gateway.ask(asked)["decision"]["reason"] == "invalid_configuration"


def test_the_gateways_page_has_every_status_and_code(opa: Opa) -> None:
    page = (PROJECT / "docs" / "gateways.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \| (\d{3}) \| (?:`(.*?)`)? ?\|$", page, re.MULTILINE
    )
    told = {
        reason: (int(status), code)
        for reasons, status, code in rows
        for reason in re.findall(r"[a-z_]+", reasons)
    }
    query = "[data.scopegate.gateways.shared._statuses, data.scopegate.gateways.shared._codes.evs]"
    rules = "rego/scopegate/gateways/shared/codes.rego"
    shown = opa.run(["eval", "--data", rules, "--format", "raw", query], cwd=PROJECT)
    statuses, codes = json.loads(shown.stdout)
    assert {reason: told[reason][0] for reason in told} == {
        reason: statuses.get(reason, 403) for reason in told
    }
    assert {reason: code for reason, (_, code) in told.items() if code} == codes
    assert statuses.keys() <= told.keys()
