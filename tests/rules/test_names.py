"""Rules by hand: what others use has a title, the rest is private, and no local hides a rule."""

import re

from scopegate.bundle import list_rules
from tests.rules.modules import PROJECT, read_packages

HEAD = re.compile(r"^(?:default )?([a-z_]\w*)", re.MULTILINE)
ANNOTATED = re.compile(r"^# METADATA\n((?:#.*\n)+)(?:default )?([a-z_]\w*)", re.MULTILINE)
LOCAL = re.compile(r"\b([a-z]\w*)(?:, \w+)* :=|\bsome ((?:\w+, )*\w+)(?: in\b|$)", re.MULTILINE)
KEYWORDS = {"package", "import", "else", "default"}


QUERIES = "".join(
    path.read_text(encoding="utf-8")
    for path in (PROJECT / "generator/scopegate/policies").glob("*.py")
)
PACKAGES = read_packages(list_rules(PROJECT / "rego"))


def list_names(text: str) -> set[str]:
    return {*HEAD.findall(text)} - KEYWORDS


def test_what_others_use_has_a_title_and_the_rest_is_private() -> None:
    for package, text in PACKAGES.items():
        titles = {name: about for about, name in ANNOTATED.findall(text) if "# title: " in about}
        name = package.rpartition(".")[2]
        for rule in list_names(text):
            used = any(
                re.search(rf"\b(?:data\.{re.escape(package)}|{name})\.{rule}\b", other)
                for other_package, other in PACKAGES.items()
                if other_package != package
            )
            published = "entrypoint: true" in titles.get(rule, "") or rule == "revision"
            # What the page asks, and questions about policies.
            published |= (package, rule) == ("scopegate.route", "requirement_of")
            published |= re.search(rf"\bdata\.{re.escape(package)}\.{rule}\b", QUERIES) is not None
            assert rule.startswith("_") != (used or published), f"{package}.{rule}"
            assert rule.startswith("_") or rule in titles, f"{package}.{rule}"


def test_no_local_hides_a_rule() -> None:
    for package, text in PACKAGES.items():
        indented = "\n".join(re.findall(r"^\t.*| if .*:=.*|\{.*\|.*", text, re.MULTILINE))
        locals_ = {
            name
            for one, several in LOCAL.findall(indented)
            for name in (one, *several.split(", "))
            if name
        }
        parameters = {
            name.strip()
            for listed in re.findall(r"^[a-z_]\w*\(([^)]*)\) ", text, re.MULTILINE)
            for name in listed.split(",")
        }
        assert (locals_ | parameters) & list_names(text) - {"_"} == set(), package
