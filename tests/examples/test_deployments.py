"""The files of examples/ that deploy OPA, or have a gateway ask it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import requests

from scopegate.identity.bundle import build_identity_bundle, compose_identities
from scopegate.identity.model import Identities, Policy
from scopegate.live.opa import Opa
from tests.examples.bundle_service import serve_files
from tests.examples.deployments import (
    evaluate,
    place,
    read,
    read_all,
    read_generated,
    read_mounts,
    read_patched,
    run_opa,
)
from tests.examples.sidecar import EXAMPLES, make_token, wait_for
from tests.examples.signing import IDENTITY, Signer, make_signer

POLICY: Policy = {
    "name": "snapshots",
    "catalog": "CUSTOMED",
    "display_name": "Snapshots",
    "Version": "1.1",
    "Statement": [{"Effect": "Allow", "Action": ["evs:snapshots:*"]}],
}
CONFIGURATIONS = sorted(EXAMPLES.glob("*/scopegate.json"))
TEXTS = sorted(
    file for suffix in ("conf", "json", "yaml") for file in EXAMPLES.glob(f"**/*.{suffix}")
)
Asked = tuple[str, str, dict[str, Any]]
"""The folder of an example, the entry point that its gateway asks, and what it sends."""
HASTE = {f"bundles.scopegate.polling.{end}_delay_seconds": "1" for end in ("min", "max")}
MADE = {"bundles.token", "client.token", "identity.pub.pem", "rules.pub.pem", "tokens.json"}
"""Files that there are none of until somebody has made tokens and keys."""
IDENTITIES = Identities(
    subjects={"ann": {"grants": [{"scope": {"iam_project": "p1"}, "policies": ["snapshots"]}]}},
    groups={},
    policies={"snapshots": POLICY},
    enterprise_projects={},
    taken_at=None,
)
"""ann may use snapshots in project p1."""


@pytest.fixture(scope="module")
def identity(opa: Opa, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("identity") / "identity.tar.gz"
    build_identity_bundle(IDENTITIES, output=output, opa=opa)
    return output


@pytest.fixture
def bundles(bundle: Path, identity: Path) -> list[Path]:
    return [bundle, identity]


def read_version(project: Path, tool: str, module: str) -> str:
    """The version at which the project pins a module."""
    text = (project / "tools" / tool / "go.mod").read_text(encoding="utf-8")
    found = re.search(rf"^\t{re.escape(module)} v(\S+)", text, re.MULTILINE)
    assert found
    return found[1]


def read_pod() -> dict[str, Any]:
    pod: dict[str, Any] = read("kubernetes/deployment.yaml")["spec"]["template"]["spec"]
    return pod


@pytest.mark.parametrize("file", CONFIGURATIONS, ids=lambda file: file.parent.name)
def test_what_the_operator_says_satisfies_its_schema(project: Path, file: Path) -> None:
    schema = json.loads((project / "rego/schemas/config.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(file.read_text(encoding="utf-8")), schema)


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: str(file.relative_to(EXAMPLES)))
def test_the_rules_that_are_asked_for_are_there(opa: Opa, bundle: Path, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for entry_point in set(re.findall(r"\bscopegate(?:/[a-z_]+)+", text)):
        assert evaluate(opa, entry_point, {}, [bundle]) is not None, entry_point


def test_images_are_the_versions_that_are_tested(project: Path) -> None:
    opa = read_version(project, "opa", "github.com/open-policy-agent/opa")
    envoy = read_version(project, "opa-envoy", "github.com/open-policy-agent/opa-envoy-plugin")
    (patched,) = read_patched()["spec"]["template"]["spec"]["initContainers"]
    assert patched["image"] == f"openpolicyagent/opa:{envoy}"
    (sidecar,) = read_pod()["initContainers"]
    service = read("compose/compose.yaml")["services"]["opa"]
    assert [sidecar["image"], service["image"]] == [f"openpolicyagent/opa:{opa}"] * 2


def test_compose_satisfies_the_specification() -> None:
    file = EXAMPLES / "compose/compose.yaml"
    args = ["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    done = subprocess.run([sys.executable, *args], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_compose_gives_its_services_as_little_as_they_need() -> None:
    services = read("compose/compose.yaml")["services"]
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert re.search(r":\d+\.\d+", service["image"])
        for volume in service["volumes"]:
            source, _, mode = volume.split(":")
            assert Path(source).name in MADE or (EXAMPLES / "compose" / source).exists(), source
            assert mode == "ro"
    published = {name: it["ports"] for name, it in services.items() if "ports" in it}
    assert published == {"opa": ["127.0.0.1:8181:8181"]}
    # The one who owns tokens.json, and never root.
    assert services["opa"]["user"] == "${OPA_USER:-1000:1000}"


def test_compose_serves_bundles_where_opa_looks() -> None:
    services = read("compose/compose.yaml")["services"]
    nginx = (EXAMPLES / "bundles/nginx.conf").read_text(encoding="utf-8")
    (port,) = re.findall(r"^    listen (\d+);", nginx, re.MULTILINE)
    (root,) = re.findall(r"^    root (\S+);", nginx, re.MULTILINE)
    assert f"--set=services.bundles.url=http://bundles:{port}" in services["opa"]["command"]
    assert f"../../bundle:{root}:ro" in services["bundles"]["volumes"]


def test_compose_has_opa_decide(
    opa: Opa, signed: Path, rules: Signer, revision: str, tmp_path: Path
) -> None:
    described = read("compose/compose.yaml")
    service = described["services"]["opa"]
    folder = EXAMPLES / "compose"
    files = {}
    for volume in service["volumes"]:
        source, target, _ = volume.split(":")
        files[target] = folder / source
    files["/etc/opa/rules.pub.pem"] = rules.public
    (secret,) = service["secrets"]
    assert described["secrets"][secret]["file"] == "../opa/tokens.json"
    files[f"/run/secrets/{secret}"] = tmp_path / "tokens.json"
    token = make_token(tmp_path / "tokens.json", "client")
    served = tmp_path / "served"
    served.mkdir()
    with (
        serve_files(served) as (bundles, _),
        run_opa(
            opa,
            place(service["command"], files),
            {"services.bundles.url": bundles, **HASTE},
            tmp_path / "opa.log",
        ) as url,
    ):
        kind, program, *check = service["healthcheck"]["test"]
        assert (kind, program) == ("CMD", "/opa")
        check = [each.replace("http://127.0.0.1:8181", url) for each in check]
        wait_for(lambda: answers(f"{url}/health"))
        assert opa.run(check, check=False).returncode == 1
        shutil.copy(signed, served)
        wait_for(lambda: opa.run(check, check=False).returncode == 0)
        assert ask(url, token, {})["revision"] == revision


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False


def ask(url: str, token: str, question: dict[str, Any]) -> Any:  # noqa: ANN401  # any JSON
    answer = requests.post(
        f"{url}/v1/data/scopegate/decision",
        json={"input": question},
        headers={"Authorization": f"Bearer {token}"},
        timeout=5,
    )
    return answer.json()["result"]


@pytest.mark.parametrize("deployment", [read("kubernetes/deployment.yaml"), read_patched()])
def test_kubernetes_knows_all_that_the_deployment_says(deployment: dict[str, Any]) -> None:
    kubernetes_validate.validate(deployment, "1.37", strict=True)


def test_the_pod_has_as_little_as_it_needs() -> None:
    pod = read_pod()
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in (*pod["initContainers"], *pod["containers"]):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"].keys() == {"memory"}
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}
        assert "env" not in container
    (opa,) = pod["initContainers"]
    assert opa["restartPolicy"] == "Always"
    assert opa["livenessProbe"]["httpGet"]["path"] == "/health"
    assert opa["readinessProbe"]["httpGet"]["path"] == "/health?bundles"
    (application,) = pod["containers"]
    assert read_mounts(pod, application).keys() == {"/run/secrets/opa/client.token"}


def test_the_port_for_diagnostics_is_for_the_monitoring_alone() -> None:
    policy = read("kubernetes/networkpolicy.yaml")
    kubernetes_validate.validate(policy, "1.37", strict=True)
    assert "networkpolicy.yaml" in read("kubernetes/kustomization.yaml")["resources"]
    template = read("kubernetes/deployment.yaml")["spec"]["template"]
    assert policy["spec"]["podSelector"]["matchLabels"] == template["metadata"]["labels"]
    (application,) = template["spec"]["containers"]
    (port,) = application["ports"]
    open_to_all, monitoring = policy["spec"]["ingress"]
    assert open_to_all == {"ports": [{"port": port["name"]}]}
    assert "from" in monitoring


def test_the_files_of_the_pod_are_there() -> None:
    files = {file for made in read_generated("kubernetes").values() for file in made.values()}
    files |= {file for made in read_generated("istio").values() for file in made.values()}
    assert {file.name for file in files if not file.exists()} <= MADE
    (opa,) = read_pod()["initContainers"]
    persisted = [it["mountPath"] for it in opa["volumeMounts"] if "readOnly" not in it]
    assert persisted == [read("opa/hardened.yaml")["persistence_directory"]]


def test_the_pod_is_ready_once_rules_and_identities_are_there(
    opa: Opa, signed: Path, rules: Signer, tmp_path: Path
) -> None:
    pod = read_pod()
    (container,) = pod["initContainers"]
    files = read_mounts(pod, container)
    for name in ("tokens.json", "bundles.token"):
        files[f"/run/secrets/opa/{name}"] = tmp_path / name
    identities = make_signer(tmp_path, "identity")
    for signer in (rules, identities):
        files[f"/etc/opa/{signer.public.name}"] = signer.public
    package = compose_identities(IDENTITIES)
    token = make_token(tmp_path / "tokens.json", "client")
    (tmp_path / "bundles.token").write_text("any")
    served = tmp_path / "served"
    served.mkdir()
    settings = {
        "persistence_directory": str(tmp_path / "persisted"),
        "bundles.identity.polling.min_delay_seconds": "1",
        "bundles.identity.polling.max_delay_seconds": "1",
        **HASTE,
    }
    with (
        serve_files(served) as (bundles, sent),
        run_opa(
            opa,
            place(container["args"], files),
            {"services.bundles.url": bundles, **settings},
            tmp_path / "opa.log",
        ) as url,
    ):
        live, ready = (
            url + container[probe]["httpGet"]["path"]
            for probe in ("livenessProbe", "readinessProbe")
        )
        wait_for(lambda: answers(live))
        shutil.copy(signed, served)
        wait_for(lambda: 200 in sent)
        assert not answers(ready)
        # Who signs rules can't sign identities.
        fetched = sent.count(200)
        rules.sign(package, served / IDENTITY, opa)
        wait_for(lambda: sent.count(200) > fetched + 1)
        assert not answers(ready)
        identities.sign(package, served / IDENTITY, opa)
        wait_for(lambda: answers(ready))
        request = {"method": "GET", "path": "/v2/p1/cloudsnapshots/s1"}
        for subject, allowed in (("ann", True), ("bob", False)):
            question = {"request": request, "subject": {"id": subject, "project_id": "p1"}}
            assert ask(url, token, question)["allow"] is allowed
        # Grants that come with a question count for nothing here.
        brought = {"request": request, "subject": {"id": "bob", "project_id": "p1", "grants": []}}
        assert ask(url, token, brought)["reason"] == "malformed_request"


def read_istio() -> dict[str, dict[str, Any]]:
    """What policy.yaml specifies, by its kind."""
    return {each["kind"]: each["spec"] for each in read_all("istio/policy.yaml")}


def test_istio_asks_the_opa_of_the_pod() -> None:
    mesh = read("istio/mesh.yaml")["meshConfig"]
    (provider,) = mesh["extensionProviders"]
    asked = provider["envoyExtAuthzGrpc"]
    assert asked["failOpen"] is False
    assert asked["includeRequestBodyInCheck"]["maxRequestBytes"] > 0
    istio = read_istio()
    policy = istio["AuthorizationPolicy"]
    assert (policy["action"], policy["provider"]) == ("CUSTOM", {"name": provider["name"]})
    assert policy["rules"] == [{}]  # matches every request; without any, none would be asked about
    entry = istio["ServiceEntry"]
    assert entry["hosts"] == [asked["service"]]
    assert [port["number"] for port in entry["ports"]] == [asked["port"]]
    (endpoint,) = entry["endpoints"]
    template = read_patched()["spec"]["template"]
    address = f"{endpoint['address']}:{asked['port']}"
    args = template["spec"]["initContainers"][0]["args"]
    assert f"--set=plugins.envoy_ext_authz_grpc.addr={address}" in args
    assert [each for each in args if "envoy_ext_authz_grpc" not in each] == (
        read_pod()["initContainers"][0]["args"]
    )
    # Of one workload all of it, and the OPA's port for probes is outside.
    selected = [
        istio["RequestAuthentication"]["selector"]["matchLabels"],
        policy["selector"]["matchLabels"],
        istio["EnvoyFilter"]["workloadSelector"]["labels"],
    ]
    assert selected == [template["metadata"]["labels"]] * 3
    (port,) = template["spec"]["initContainers"][0]["ports"]
    annotations = template["metadata"]["annotations"]
    assert annotations == {
        "traffic.sidecar.istio.io/excludeInboundPorts": str(port["containerPort"])
    }


def ask_as_istio(path: str, **claims: str) -> Asked:
    """Istio keeps the verified claims as `payload` of the filter that verified them."""
    (change,) = read_istio()["EnvoyFilter"]["configPatches"]
    config = change["patch"]["value"]["typed_config"]
    filters = {name: {"payload": claims} for name in config["metadata_context_namespaces"]}
    http = {"method": "GET", "path": path, "headers": {":path": path}}
    args = read_patched()["spec"]["template"]["spec"]["initContainers"][0]["args"]
    (entry_point,) = [each.rpartition("=")[2] for each in args if "ext_authz_grpc.path=" in each]
    attributes = {"request": {"http": http}, "metadataContext": {"filterMetadata": filters}}
    return "istio", entry_point, {"attributes": attributes}


def ask_as_apisix(path: str) -> Asked:
    """What the plugin opa of APISIX sends, by its settings."""
    apisix = read("apisix/apisix.yaml")
    (route,), (service,), (consumer,) = apisix["routes"], apisix["services"], apisix["consumers"]
    assert route["service_id"] == service["id"]
    assert "key-auth" in service["plugins"].keys() & consumer["plugins"].keys()
    plugin = service["plugins"]["opa"]
    given: dict[str, Any] = {
        "type": "http",
        "request": {"method": "GET", "path": path, "headers": {"host": "a"}, "query": {}},
    }
    told = {"route": route, "service": service, "consumer": consumer}
    given |= {name: value for name, value in told.items() if plugin[f"with_{name}"]}
    return "apisix", plugin["policy"], given


def ask_as_kong(path: str) -> Asked:
    """What the plugin opa of Kong sends, by its settings."""
    kong = read("kong/kong.yaml")
    (service,), (consumer,) = kong["services"], kong["consumers"]
    (route,) = service["routes"]
    assert route["strip_path"] is False
    plugins = {plugin["name"]: plugin["config"] for plugin in service["plugins"]}
    assert plugins.keys() == {"key-auth", "opa"}
    assert consumer["keyauth_credentials"]
    config = plugins["opa"]
    http = {"method": "GET", "path": path, "headers": {"host": "a"}, "querystring": {}}
    given: dict[str, Any] = {"request": {"http": http}}
    told = {"route": route, "service": service, "consumer": consumer}
    given |= {name: value for name, value in told.items() if config[f"include_{name}_in_opa_input"]}
    assert config["include_parsed_json_body_in_opa_input"] is True
    entry_point = config["opa_path"].removeprefix("/v1/data/")
    assert entry_point != config["opa_path"]
    return "kong", entry_point, given


ANN_OF_ISTIO = partial(ask_as_istio, sub="ann", project_id="p1")


@pytest.mark.parametrize(
    ("gateway", "project_id", "reason"),
    [
        (ANN_OF_ISTIO, "p1", "allowed"),
        (ANN_OF_ISTIO, "p2", "project_mismatch"),
        (ask_as_istio, "p1", "unauthenticated"),
        (ask_as_apisix, "p1", "allowed"),
        (ask_as_apisix, "p2", "project_mismatch"),
        (ask_as_kong, "p1", "allowed"),
        (ask_as_kong, "p2", "project_mismatch"),
    ],
)
def test_what_a_gateway_sends_is_understood(
    opa: Opa,
    bundles: list[Path],
    gateway: Callable[[str], Asked],
    project_id: str,
    reason: str,
) -> None:
    name, entry_point, given = gateway(f"/v2/{project_id}/cloudsnapshots/s1")
    configuration = EXAMPLES / name / "scopegate.json"
    answer = evaluate(opa, entry_point, given, bundles, configuration)
    assert answer["decision"]["reason"] == reason
