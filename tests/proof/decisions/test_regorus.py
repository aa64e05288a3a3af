"""The rules are put otherwise for Regorus where it differs from OPA, and nowhere else."""

from pathlib import Path

import pytest

from tests.proof.decisions.regorus import adapt, write_rules


@pytest.mark.parametrize(
    ("said", "put"),
    [
        ("\tsome a in x.y\n", "\tsome a in data.regorus.collection(x.y)\n"),
        ("[1 | some _ in f(x, [y])]", "[1 | some _ in data.regorus.collection(f(x, [y]))]"),
        (
            "x if {some a, b in c; some [d, _] in {a | some a in b}}",
            (
                "x if {some a, b in data.regorus.collection(c); some [d, _] in"
                " data.regorus.collection({a | some a in data.regorus.collection(b)})}"
            ),
        ),
        ("x in y", "x in y"),
        (r"regex.match(`^\d[\w.]`, x)", "regex.match(`^[0-9][[0-9A-Za-z_].]`, x)"),
        ("plain_x(text) if regex.match(`x`, text)", "plain_x(text) if text == false"),
        (
            "import data.a.b\n\nx if b.c(ab.b)\n",
            "import data.a.b\n\nx if data.a.b.c(ab.b)\n",
        ),
        ("json.match_schema(x, y)", "data.regorus.match_schema(x, y)"),
    ],
)
def test_what_differs_is_put_otherwise(said: str, put: str) -> None:
    assert adapt(said) == put


def test_a_package_is_one_file_and_gateways_are_left_out(bundle: Path, tmp_path: Path) -> None:
    write_rules(bundle, tmp_path)
    texts = [file.read_text(encoding="utf-8") for file in (tmp_path / "rules").iterdir()]
    packages = [line for text in texts for line in text.splitlines() if line.startswith("package ")]
    assert len(packages) == len(texts) == len(set(packages))
    assert {"package scopegate", "package scopegate.routes", "package regorus"} <= set(packages)
    assert "gateways" not in " ".join(packages)
    # Each of these stands in the rules, so that a change of theirs is seen here.
    for put in ("data.regorus.expression(text)", "if text == false", "data.regorus.match_schema("):
        assert put in "".join(texts)
    assert r"\Q" not in "".join(
        line for text in texts for line in text.splitlines() if "#" not in line
    )
