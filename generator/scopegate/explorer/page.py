"""What a bundle says, its policy and the modules of the page, into one HTML file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scopegate.errors import ScopegateError
from scopegate.explorer.linking import link
from scopegate.explorer.policy import Policy, compile_policy
from scopegate.live.asking import BundleEngine
from scopegate.policies.callers import MADE_PLACES
from scopegate.policies.limits import ACTIONS, CHARACTERS, STATEMENTS
from scopegate.policies.routes import BundleRoute, Requests, read_routes
from scopegate.routes.model import Disagreement
from scopegate.routes.template import fits, parse_shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from scopegate.live.opa import Opa
    from scopegate.routes.template import Shape

_PAGE: Final = files("scopegate.explorer") / "page"

# Whatever ends a script in HTML, or begins what makes `</script>` not end it.
_ENDS_SCRIPT: Final = re.compile(r"</script|<!--", re.IGNORECASE)

_SDK: Final = """\
import {{ builtins }} from "./builtins.js";
import {{ exactJson }} from "./exact_json.js";
export const opa = ((module, require, JSON) => {{
{sdk}
return module.exports;
}})({{ exports: {{}} }}, () => builtins, exactJson);
"""
"""The SDK asks for its built-ins, which are ours, and reads numbers with all their digits."""


@dataclass(frozen=True, slots=True)
class Explorer:
    """What the page is made of: the routes of a bundle, its policy and OPA's SDK to run it.

    `differences` is what `scopegate diff --json` tells of an older edition, None where there is
    none.
    """

    routes: Sequence[BundleRoute]
    policy: Policy
    sdk: str
    differences: Mapping[str, Any] | None = None


def read_explorer(
    bundle: Path, *, opa: Opa, sdk: str, differences: Mapping[str, Any] | None = None
) -> Explorer:
    """Read what the page is made of from a bundle.

    Raises ScopegateError where `bundle` is none of scopegate's, or OPA refuses it.
    """
    routes = read_routes(BundleEngine(bundle, opa=opa))
    return Explorer(routes, compile_policy(bundle, opa), sdk, differences)


def compose_page(explorer: Explorer) -> str:
    """Compose the page: the same bundle, OPA and scopegate make the same text.

    Raises ScopegateError where the bundle lacks what the page shows.
    """
    try:
        facts = _tell(explorer)
    except (KeyError, TypeError, AttributeError) as error:
        raise ScopegateError(
            f"the bundle is not as this scopegate builds one, it lacks {error}: build it again"
        ) from None
    main, worker = (link_module(name, explorer.sdk) for name in ("main", "worker"))
    style = (_PAGE / "page.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=PackageLoader("scopegate.explorer", "page"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("page.html.j2").render(
        main=Markup(main),  # noqa: S704  checked above; this and the rest are none of a document
        worker=Markup(worker),  # noqa: S704
        style=Markup(style),  # noqa: S704
        hashes={"main": _hash(main), "style": _hash(style)},
        module=base64.b64encode(explorer.policy.module).decode(),
        data=_spell_data(explorer.policy.data),
        facts=_spell_data(facts),
    )


def link_module(name: str, sdk: str) -> str:
    """Link a module of `page/` with all that it imports, OPA's SDK among them, into one script.

    Raises ScopegateError where that can't be put into a page.
    """
    linked = link(name, {**_read_modules(), "opa_wasm": _SDK.format(sdk=sdk)})
    if found := _ENDS_SCRIPT.search(linked):
        raise ScopegateError(f"{name}.js: {found[0]} can't stand in a script of a page")
    return linked


def _tell(explorer: Explorer) -> dict[str, Any]:
    """Tell the page what it shows; page/facts.js reads it."""
    bundle = explorer.policy.data["scopegate"]["bundle"]
    conflicts = list(_list_conflicts(explorer.policy.manifest))
    return {
        "revision": bundle["revision"],
        "documents": bundle["documents"],
        "routes": [_describe(route, bundle, conflicts) for route in explorer.routes],
        "made": {
            "value": Requests(explorer.routes).value,
            **{kind: scope.id for kind, scope in MADE_PLACES.items() if scope.id},
        },
        "limits": {"actions": ACTIONS, "characters": CHARACTERS, "statements": STATEMENTS},
        "differences": explorer.differences,
    }


def _describe(
    route: BundleRoute, bundle: Mapping[str, Any], conflicts: Sequence[tuple[str, Shape, bool]]
) -> dict[str, Any]:
    return {
        **bundle["routes"][route.key],
        "key": route.key,
        # Short, since links name routes by it.
        "id": hashlib.sha256(route.key.encode()).hexdigest()[:8],
        "further_rows": bundle["further_rows"].get(route.key, []),
        "corrections": bundle.get("corrections", {}).get(route.key, []),
        "is_conflicting": any(_concerns(conflict, route) for conflict in conflicts),
        "actions": route.actions,
        "scopes": sorted(route.scopes),
        "positions": route.project_positions,
        "discriminator": route.discriminator,
        "has_cases": route.has_cases,
    }


def _list_conflicts(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Shape, bool]]:
    """List the API with the method, the path, and whether templates cross there, of conflicts."""
    for name, table in manifest["metadata"]["tables"].items():
        for conflict in table["conflicts"]:
            method, path, kind = conflict.split(" ")
            api = name.rpartition("/")[0]
            yield f"{api} {method}", parse_shape(path), kind == f"({Disagreement.TEMPLATES})"


def _concerns(conflict: tuple[str, Shape, bool], route: BundleRoute) -> bool:
    """Tell whether a conflict is about a route, or about paths of which some are of it."""
    named, path, is_crossing = conflict
    if named != f"{route.api} {route.method}":
        return False
    shape = parse_shape(route.path)
    return fits(shape, path) if is_crossing else shape == path


def _read_modules() -> dict[str, str]:
    return {
        each.name.removesuffix(".js"): each.read_text(encoding="utf-8")
        for each in _PAGE.iterdir()
        if each.name.endswith(".js")
    }


def _spell_data(value: Any) -> Markup:  # noqa: ANN401  any JSON
    """Spell JSON for a script element, which no text in it can end."""
    spelt = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Half of a character beyond U+FFFF is no text of a file, but may be one of JSON.
    spelt = spelt.encode(errors="backslashreplace").decode()
    return Markup(spelt.replace("<", "\\u003c"))  # noqa: S704  there is no `<` in it


def _hash(text: str) -> str:
    """Hash a script or a style as a Content-Security-Policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
