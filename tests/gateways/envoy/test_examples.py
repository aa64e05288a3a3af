"""The files of examples/envoy/ are what Envoy and scopegate take them for."""

import json
import subprocess
from pathlib import Path

import jsonschema

from tests.examples.sidecar import EXAMPLES
from tests.gateways.envoy.running import Ports, Programs, write_envoy


def test_envoy_takes_its_file(programs: Programs, tmp_path: Path) -> None:
    file = write_envoy(programs.issuer, tmp_path, 1, Ports(2, 3), hardened=True)
    command = [str(programs.envoy), "--mode", "validate", "--config-path", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "deprecated" not in done.stderr


def test_the_operators_file_satisfies_its_schema(project: Path) -> None:
    schema = json.loads((project / "rego/schemas/config.json").read_text(encoding="utf-8"))
    told = json.loads((EXAMPLES / "envoy/scopegate.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, schema)
