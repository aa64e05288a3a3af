"""The rules as Regorus, a second implementation of Rego, can read and run them.

What is put otherwise is what 0.14.1 does otherwise than OPA:

* Of a function whose rules stand in several files it looks into one. So each package is one file.
* `some … in` a text or null is an error to it, and undefined to OPA. So what is gone through is
  asked first whether that can be done.
* What is called by an import's short name is another thing once a rule of that package was. So all
  names are whole ones.
* `\\d` and `\\w` are the digits and letters of all scripts to it, and of ASCII to OPA.
* Its expressions have no `\\Q…\\E`. So what that quotes is escaped.
* It compiles no large expressions. So the quick look at an input finds nothing, and every input is
  held against the schema.
* `json.match_schema` tells one error, in other words. So messages about what is malformed differ,
  and are not compared.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from scopegate.packing import unpack_files
from tests.proof.decisions.engines import Program, start_program

ADAPTER: Final = """\
package regorus

collection(value) := value if type_name(value) in {"array", "object", "set"}

# Of patterns, a line each, with wildcards.
expression(text) := replace(replace(escaped, "*", ".*"), "\\n", "|") if {
	escaped := regex.replace(text, `[\\\\.+?()\\[\\]{}^$|]`, `\\$0`)
}

match_schema(document, schema) := [true, []] if json.match_schema(document, schema)[0]

else := [false, [{"error": text, "field": "(Root)", "type": "", "desc": text}]] if {
	text := json.match_schema(document, schema)[1]
}
"""

_IMPORT: Final = re.compile(r"^import (data\.[\w.]+)$", re.MULTILINE)
_QUOTED: Final = {
    r'strings.replace_n({`\`: `\E\\\Q`, "*": `\E.*\Q`, "\n": `\E|\Q`}, text)': (
        "data.regorus.expression(text)"
    ),
    r"`^(?:\Q`, quoted, `\E)$`": "`^(?:`, quoted, `)$`",
}
_GATEWAYS: Final = "/gateways/"
_PACKAGE: Final = re.compile(r"^package .*$", re.MULTILINE)
_HEAD: Final = re.compile(r"^(?:package|import) .*\n", re.MULTILINE)
_QUICK_LOOK: Final = re.compile(r"^(plain_\w+\(text\)) if .*$", re.MULTILINE)
_SOME_IN: Final = re.compile(r"\bsome [\w\", \[\]]+? in ")


@contextmanager
def start_regorus(
    program: Path, bundle: Path, data: Mapping[str, Any], folder: Path
) -> Iterator[Program]:
    """Run Regorus with the rules of a bundle, and data; what it needs is written into `folder`."""
    write_rules(bundle, folder)
    file = folder / "regorus.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    command = [str(program), str(folder / "rules"), str(file)]
    with start_program(command, folder / "regorus.log") as started:
        yield started


def write_rules(bundle: Path, folder: Path) -> None:
    """Write the rules of a bundle into `folder`, a file for each package; gateways are left out."""
    unpacked = folder / "bundle"
    unpack_files(bundle, unpacked, lambda name: name.endswith(".rego") and _GATEWAYS not in name)
    packages: dict[str, list[str]] = defaultdict(list)
    for file in sorted(unpacked.rglob("*.rego")):
        text = file.read_text(encoding="utf-8")
        packages[_PACKAGE.findall(text)[0]].append(adapt(text))
    rules = folder / "rules"
    rules.mkdir()
    (rules / "regorus.rego").write_text(ADAPTER, encoding="utf-8")
    for number, (package, texts) in enumerate(packages.items()):
        heads = dict.fromkeys(line for text in texts for line in _HEAD.findall(text))
        imports = [line for line in heads if line.startswith("import")]
        bodies = [_HEAD.sub("", text) for text in texts]
        file = rules / f"{number}.rego"
        file.write_text("\n".join([package, "", *imports, *bodies]), encoding="utf-8")


def adapt(text: str) -> str:
    """Put a module in such a way that Regorus makes of it what OPA does."""
    text = _QUICK_LOOK.sub(r"\1 if text == false", text)
    text = text.replace(r"\d", "[0-9]").replace(r"\w", "[0-9A-Za-z_]")
    text = text.replace("json.match_schema(", "data.regorus.match_schema(")
    for said, other in _QUOTED.items():
        text = text.replace(said, other)
    for whole in _IMPORT.findall(text):
        short = whole.rpartition(".")[2]
        text = re.sub(rf"(?<![\w.]){short}(?=\.)", whole, text)
    adapted, rest = "", text
    while match := _SOME_IN.search(rest):
        start, end = match.end(), find_end(rest, match.end())
        # A collection may itself go through another, so it is looked into as well.
        adapted += f"{rest[:start]}data.regorus.collection("
        rest = f"{rest[start:end]}){rest[end:]}"
    return adapted + rest


def find_end(text: str, start: int) -> int:
    """Where the term that begins at `start` ends: its line, its expression or what is around it."""
    depth = 0
    for place in range(start, len(text)):
        if text[place] in "([{":
            depth += 1
        elif text[place] in ")]}":
            depth -= 1
        if depth < 0 or (depth == 0 and text[place] in "\n;|"):
            return place
    return len(text)
