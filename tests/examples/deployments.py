"""What the files of examples/ deploy: an OPA with its arguments, and where its files come from."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from scopegate.live.opa import Opa
from scopegate.live.serving import run_server
from tests.examples.sidecar import EXAMPLES


def read(name: str) -> Any:  # noqa: ANN401  # whatever the file holds
    """The only document of a file below examples/."""
    (document,) = read_all(name)
    return document


def read_all(name: str) -> Sequence[Any]:
    return list(yaml.safe_load_all((EXAMPLES / name).read_text(encoding="utf-8")))


def read_patched() -> Any:  # noqa: ANN401  # a deployment
    """The deployment of examples/kubernetes/ as examples/istio/ changes it."""
    (change,) = read("istio/kustomization.yaml")["patches"]
    deployment = read("kubernetes/deployment.yaml")
    assert change["target"] == {
        "kind": deployment["kind"],
        "name": deployment["metadata"]["name"],
    }
    return patch(deployment, yaml.safe_load(change["patch"]))


def patch(document: Any, operations: Sequence[Mapping[str, Any]]) -> Any:  # noqa: ANN401
    """As much of JSON Patch (RFC 6902) as the examples use."""
    patched = deepcopy(document)
    for operation in operations:
        *way, last = operation["path"].split("/")[1:]
        place = patched
        for step in way:
            place = place[int(step) if isinstance(place, list) else step]
        if isinstance(place, list) and operation["op"] == "add":
            place.insert(int(last), operation["value"])
        else:
            place[int(last) if isinstance(place, list) else last] = operation["value"]
    return patched


def read_generated(folder: str) -> dict[tuple[str, str], dict[str, Path]]:
    """The files of each ConfigMap and Secret that a kustomization makes, by kind and name."""
    kustomization = read(f"{folder}/kustomization.yaml")
    return {
        (kind, made["name"]): {
            Path(file).name: (EXAMPLES / folder / file).resolve() for file in made["files"]
        }
        for kind, generator in (("configMap", "configMapGenerator"), ("secret", "secretGenerator"))
        for made in kustomization.get(generator, ())
    }


def read_mounts(pod: Mapping[str, Any], container: Mapping[str, Any]) -> dict[str, Path]:
    """The files that a container of ../kubernetes finds, by their paths in it."""
    generated = read_generated("kubernetes")
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    found: dict[str, Path] = {}
    for mount in container["volumeMounts"]:
        volume = volumes[mount["name"]]
        if "emptyDir" in volume:
            continue
        assert mount["readOnly"] is True
        kind = "configMap" if "configMap" in volume else "secret"
        name = volume[kind]["name" if kind == "configMap" else "secretName"]
        for key, file in generated[kind, name].items():
            found[str(PurePosixPath(mount["mountPath"], key))] = file
    return found


def place(args: Sequence[str], files: Mapping[str, Path]) -> list[str]:
    """Arguments with each file of a container where it is on this machine."""
    known = re.compile("|".join(map(re.escape, sorted(files, key=len, reverse=True))))
    placed = [known.sub(lambda found: str(files[found[0]]), argument) for argument in args]
    assert not [each for each in placed if "/etc/" in each or "/run/secrets" in each]
    return placed


@contextmanager
def run_opa(opa: Opa, args: Sequence[str], settings: Mapping[str, str], log: Path) -> Iterator[str]:
    """Run OPA as a container does, but for its addresses and some settings; gives its URL."""
    assert list(args[:2]) == ["run", "--server"]
    kept = [each for each in args[2:] if not each.startswith(("--addr=", "--diagnostic-addr="))]
    kept += [f"--set={name}={value}" for name, value in settings.items()]
    with run_server(opa, kept, log=log) as (url, _):
        yield url


def evaluate(
    opa: Opa,
    entry_point: str,
    given: object,
    bundles: Sequence[Path] = (),
    configuration: Path | None = None,
) -> Any:  # noqa: ANN401  # any JSON
    """The value of an entry point, by the path that a configuration names; None: undefined."""
    args = ["eval", "--format", "json", "--stdin-input"]
    for bundle in bundles:
        args += ["--bundle", str(bundle)]
    if configuration:
        args += ["--data", str(configuration)]
    query = f"data.{entry_point.replace('/', '.')}"
    results = json.loads(opa.run([*args, query], stdin=json.dumps(given)).stdout).get("result")
    return results[0]["expressions"][0]["value"] if results else None
