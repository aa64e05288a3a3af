"""The built-ins that the page gives to the policy do what OPA's own do: both are asked."""

import base64
import itertools
import json
import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Error, Page

from scopegate.explorer.page import link_module
from scopegate.explorer.sdk import read_sdk
from scopegate.live.asking import Server
from scopegate.live.opa import Opa
from scopegate.live.serving import run_server
from scopegate.packing import read_member
from tests.decisions.inputs.malformed import (
    WRONG,
    full_input,
    lean_input,
    malformed,
    places,
    replaced,
    without,
)
from tests.explorer.comparing import query
from tests.explorer.odd_inputs import NUMBERS, odd_names, odd_numbers
from tests.harness.alike import normalize
from tests.oracle import ABSENT, Documented
from tests.rules.test_webassembly import HOST

POLICY = """\
package asked

answers := [[i, value] |
    some i, [name, arguments] in input.calls
    value := call(i, name, arguments)
]

# Of the number, too: else the value for 0 is kept for -0.
call(_, "json.match_schema", [document, name]) := json.match_schema(document, input.schemas[name])

call(_, "match_a_schema", [document, schema]) := json.match_schema(document, schema)

call(_, "regex.replace", [text, pattern, replacement]) := regex.replace(text, pattern, replacement)

call(_, "sprintf", [format, values]) := sprintf(format, values)

call(_, "urlquery.decode", [text]) := urlquery.decode(text)

call(_, "urlquery.decode_object", [text]) := urlquery.decode_object(text)
"""

RULES = Path(__file__).parents[2] / "rego"
SCHEMAS = {
    name: json.loads((RULES / f"schemas/{name}.json").read_text(encoding="utf-8"))
    for name in ("input", "config")
}


@dataclass(frozen=True)
class Asker:
    """Asks OPA and the page to call built-ins."""

    page: Page
    url: str

    def ask_page(self, calls: str) -> dict[int, Any]:
        """What each call gives, by its number, if it gives anything."""
        answers = self.page.evaluate(
            "text => JSON.stringify(policy.ask('asked/answers', text))", spell_input(calls)
        )
        return dict(json.loads(answers))

    def ask_opa(self, calls: str) -> dict[int, Any]:
        """The same of OPA."""
        return dict(query(self.url, "answer := data.asked.answers", spell_input(calls)))

    def assert_alike(self, *calls: tuple[str, str]) -> int:
        """Hold the two against each other: of each built-in, texts of its arguments."""
        spelt = f"[{','.join(f'[{json.dumps(name)}, {each}]' for name, each in calls)}]"
        ours, theirs = self.ask_page(spelt), self.ask_opa(spelt)
        for number, (name, arguments) in enumerate(calls):
            told = f"{name}: {arguments[:2000]}"
            assert normalize(ours.get(number)) == normalize(theirs.get(number)), told
        return len(calls)


def spell_input(calls: str) -> str:
    return f'{{"schemas": {json.dumps(SCHEMAS)}, "calls": {calls}}}'


@pytest.fixture(scope="module")
def asker(
    browser: Browser, project: Path, opa: Opa, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asker]:
    """A page of the modules that run a policy and nothing else, and an OPA with that policy."""
    folder = tmp_path_factory.mktemp("asked")
    rules, built = folder / "asked.rego", folder / "asked.tar.gz"
    rules.write_text(POLICY)
    build = ["build", "--target", "wasm", "--entrypoint", "asked/answers", "--output", str(built)]
    opa.run([*build, str(rules)])
    page = browser.new_page()
    script = link_module("policy", read_sdk(None, project))
    page.add_script_tag(content=f'"use strict";\n{script}')
    page.evaluate(
        """async (module) => {
            const bytes = Uint8Array.from(atob(module), (letter) => letter.charCodeAt(0));
            globalThis.policy = await policy_module.loadPolicy(bytes, "{}");
        }""",
        base64.b64encode(read_member(built, "policy.wasm") or b"").decode(),
    )
    with run_server(opa, [str(rules)], log=folder / "opa.log") as (url, _), Server(url) as server:
        while not server.is_healthy():
            time.sleep(0.02)
        yield Asker(page, url)
    page.close()


def test_they_are_those_that_opa_leaves_to_the_host(asker: Asker) -> None:
    assert set(asker.page.evaluate("Object.keys(builtins_module.builtins)")) == HOST


def spell_arguments(*arguments: object) -> str:
    return json.dumps(arguments)


# json.match_schema

NAMED = {"id": "x-id", "project_id": "x-project", "domain_id": "x-domain"}
CONFIG = {
    "scopegate_config": {
        "identities": True,
        "routes": [
            {"methods": ["GET"], "path": "/healthz"},
            {"methods": ["GET", "HEAD"], "prefix": "/public"},
        ],
        "endpoint_prefixes": {"evs": "evs"},
        "gateways": {
            "provider": "made",
            "shadow": False,
            "filtered_lists": True,
            "service": "evs",
            "services": {"1": "evs"},
            "envoy": {
                "namespace": "n",
                "payload": "p",
                "claims": {"id": ["sub"], "project_id": ["a", "b"], "domain_id": ["c"]},
                "headers": NAMED,
            },
            "apisix": {"labels": NAMED, "headers": NAMED, "path_header": "x-path"},
            "kong": {"headers": NAMED, "path_header": "x-path"},
        },
    }
}


def documents(good: Any, nth: int) -> Iterator[Any]:  # noqa: ANN401  any JSON
    """Every so many of a good document with one fault, and of those some with another one."""
    for number, faulty in enumerate(list(malformed(good))[::nth]):
        if faulty is ABSENT or isinstance(faulty, str):
            continue
        yield faulty
        if isinstance(faulty, dict) and (found := list(places(faulty))):
            place = found[number * 7 % len(found)]
            yield replaced(faulty, place, WRONG[number % len(WRONG)])
            yield without(faulty, place)


def test_documents_of_the_schemas(asker: Asker, tables: tuple[Documented, ...]) -> None:
    calls = [
        ("json.match_schema", spell_arguments(document, name))
        for name, good, nth in (
            ("input", full_input(tables[0]), 17),
            ("input", lean_input(tables[0]), 5),
            ("config", CONFIG, 13),
        )
        for document in documents(good, nth)
    ]

    assert asker.assert_alike(*calls) > 1500


def test_odd_documents_of_the_schemas(asker: Asker) -> None:
    texts = [*odd_numbers(), *odd_names()]
    texts += [f'{{"subject": {{"grants": [{each}, {{"scope": {each}}}]}}}}' for each in NUMBERS]

    calls = [("json.match_schema", f'[{text}, "input"]') for text in texts]
    assert asker.assert_alike(*calls) > 700


def test_of_alternatives_the_best_is_told(asker: Asker) -> None:
    """Which is best depends on points for all that was looked at."""
    options: list[Any] = [
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
        {"type": "object", "required": ["a", "b"], "properties": {"b": {"enum": ["x", "y"]}}},
        {"type": "object", "additionalProperties": False, "properties": {"a": {"minLength": 2}}},
        {"type": "object", "additionalProperties": {"type": "array", "maxItems": 1}},
        {"type": "array", "minItems": 2, "items": {"type": "string", "minLength": 1}},
        {"type": "array", "items": {"anyOf": [{"type": "number"}, {"type": "boolean"}]}},
        {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"type": "string", "enum": ["x"]},
    ]
    values: list[Any] = [
        *(None, True, 0, 1.5, "", "x", "😀", [], [1], ["x"], ["", 1], [[]], {}),
        *(
            {"a": "x"},
            {"a": "😀"},
            {"a": 1},
            {"a": "x", "b": "x"},
            {"b": "z", "c": []},
            {"a": [1, 2]},
        ),
    ]
    calls = [
        (
            "match_a_schema",
            spell_arguments({"x": value}, {"properties": {"x": {keyword: list(chosen)}}}),
        )
        for keyword in ("anyOf", "oneOf")
        for chosen in itertools.permutations(options, 2)
        for value in values
    ]

    assert asker.assert_alike(*calls) > 1900


def test_every_keyword_of_the_schemas_is_known(asker: Asker) -> None:
    known = set(asker.page.evaluate("[...match_schema_module.KEYWORDS]"))
    schemas = [each for schema in SCHEMAS.values() for each in parts_of(schema)]

    assert len(schemas) > 100
    assert set().union(*schemas) <= known
    for schema in schemas:
        assert isinstance(schema.get("type", ""), str)
        assert all(isinstance(each, str | bool) for each in schema.get("enum", []))


def parts_of(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema, and all those in it."""
    yield schema
    inner = [*schema.get("anyOf", []), *schema.get("oneOf", [])]
    inner += [schema[name] for name in ("items", "additionalProperties") if name in schema]
    inner += [*schema.get("properties", {}).values(), *schema.get("definitions", {}).values()]
    for each in inner:
        if isinstance(each, dict):
            yield from parts_of(each)


@pytest.mark.parametrize(
    "schema",
    [
        *({name: 1} for name in ("const", "pattern", "maxLength", "allOf", "not", "minimum")),
        {"properties": {"a": {"format": "date"}}},
        {"type": ["object", "null"]},
        {"enum": [1]},
    ],
)
def test_a_schema_that_is_not_known_is_an_error(asker: Asker, schema: object) -> None:
    assert_refused(asker, "match_a_schema", {"a": "x"}, schema)


def assert_refused(asker: Asker, name: str, *arguments: object) -> None:
    with pytest.raises(Error, match="known here"):
        asker.ask_page(json.dumps([[name, arguments]]))
    # What comes after an error is right.
    asker.assert_alike(("sprintf", '["%v", [[1]]]'))


# regex.replace

PIECES = (
    "a",
    "Z",
    "0",
    "_",
    "-",
    ".",
    "*",
    "[1]",
    "\n",
    "\r",
    "\u2028",
    "\0",
    " ",
    "é",
    "😀",
    "\u0131",
)
FURTHER = ((r"(\w)(-)?([^a])", "$2 ${1}x $$ $3 $1x $4 $9 $ $-"), ("a.+", "x"))


def find_replacements() -> set[tuple[str, str]]:
    """The patterns and replacements in the rules that are compiled."""
    files = [
        each
        for each in (RULES / "scopegate").rglob("*.rego")
        if "gateways" not in each.parts and not each.name.endswith("_test.rego")
    ]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    found = re.findall(r'regex\.replace\([^`\n]*?`([^`]+)`, "([^"]*)"\)', text)
    assert len(found) == text.count("regex.replace(")
    return set(found)


def test_replacements_of_the_rules(asker: Asker) -> None:
    pieces = ["".join(each) for size in range(4) for each in itertools.product(PIECES, repeat=size)]
    texts = [*pieces[:300:2], *pieces[300::13]]
    calls = [
        ("regex.replace", spell_arguments(text, *each))
        for each in sorted({*find_replacements(), *FURTHER})
        for text in texts
    ]

    assert asker.assert_alike(*calls) > 2500


@pytest.mark.parametrize("pattern", [r"\s", r"\b", r"(?i)a", "[[:alpha:]]", r"\pL", "b*", r"\Qa\E"])
def test_a_pattern_that_is_not_known_is_an_error(asker: Asker, pattern: str) -> None:
    assert_refused(asker, "regex.replace", "abc", pattern, "x")


# sprintf

FORMATS: tuple[tuple[str, list[Any]], ...] = (
    ("%s is malformed: more than %d %s", ["subject.grants", 2000, "grants"]),
    ("grants[%d].policies[%d].Statement[%d].%s[%d] is malformed", [0, 1, 22, "Action", 333]),
    (r"[\[ ]-?(?:[\d.]{%d}|[\d.]+[eE][+-]?\d{3})", [101]),
    ("%%s%s%%", ['"é😀\n']),
    ("", []),
)


def is_old(letter: str) -> bool:
    """Whether no version of Unicode is too old to know it, and it is no half of a letter."""
    return unicodedata.ucd_3_2_0.category(letter) not in {"Cn", "Cs"}


LETTERS = [letter for letter in map(chr, range(0xF0000)) if is_old(letter)]
texts_of_old_letters = st.text(st.sampled_from(LETTERS))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts_of_old_letters,
    lambda inner: st.lists(inner) | st.dictionaries(texts_of_old_letters, inner),
)


def test_formats_of_the_rules(asker: Asker) -> None:
    asker.assert_alike(*(("sprintf", spell_arguments(*each)) for each in FORMATS))


@settings(max_examples=30, deadline=None)
@given(st.lists(json_values, max_size=20))
def test_any_value_is_spelt_as_opa_spells_it(asker: Asker, values: list[Any]) -> None:
    asker.assert_alike(*(("sprintf", spell_arguments("%v", [[each]])) for each in values))


def test_numbers_and_names_are_spelt_as_opa_spells_them(asker: Asker) -> None:
    texts = [*NUMBERS, *list(odd_names())[::3]]
    # Members are in the order of code points.
    texts.append('{"😀": 1, "\\uffff": 2, "ab": 3, "a": {"b": 4}, "\\ue000": 5}')
    calls = [("sprintf", f'["%v", [[{text}]]]') for text in texts]

    assert asker.assert_alike(*calls) > 200


def test_every_letter_is_quoted_as_go_quotes_it(asker: Asker) -> None:
    texts = ["".join(LETTERS[i : i + 256]) for i in range(0, len(LETTERS), 256)]
    asker.assert_alike(*(("sprintf", spell_arguments("%v", [[text]])) for text in texts))


@pytest.mark.parametrize(
    ("form", "values"),
    [
        *(("%d", [value]) for value in (1.5, "1", None, 10**20)),
        *(("%s", [value]) for value in (1, None, ["x"])),
        *(("%v", [value]) for value in (1, "x", {"a": 1})),
        *((form, ["x"]) for form in ("%q", "%5s", "%-s", "%", "%s%", "x", "%s%s")),
    ],
)
def test_a_format_that_is_not_known_is_an_error(
    asker: Asker, form: str, values: Sequence[object]
) -> None:
    assert_refused(asker, "sprintf", form, values)


# urlquery.decode, urlquery.decode_object

PARTS = (
    *("a", "b=1", "=", "&", ";", "+", "%20", "%3D", "%26", "%3b", "%2B", "%25", "%00", "é", "?"),
    *("%C3%A9", "%e4%bd%a0", "%F0%9F%98%80", "%EF%BB%BF", "%", "%4", "%zz", "__proto__=x", "\n"),
)


def test_queries(asker: Asker) -> None:
    texts = ["".join(each) for size in range(3) for each in itertools.product(PARTS, repeat=size)]
    texts += ["".join(each) for each in list(itertools.product(PARTS, repeat=4))[::331]]
    texts += ["a=1&a=2&b=3&a=1", "&".join(map(str, range(12000))), "a&" * 12000]
    calls = [
        (name, spell_arguments(text))
        for name in ("urlquery.decode", "urlquery.decode_object")
        for text in texts
    ]

    assert asker.assert_alike(*calls) > 3000
