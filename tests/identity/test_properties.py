"""What holds for all exports: their order plays no part, and nothing that is in them crashes."""

import json
import random
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scopegate.errors import FaultsError
from scopegate.identity.bundle import compose_identities
from tests.identity.made import (
    EXPORTS,
    Json,
    assemble,
    make_assignment,
    make_resource,
    make_role,
    write,
)

IDS = st.sampled_from(["a", "b", "c"])
ROLES = [make_role("r1"), make_role("r2", Version="1.0"), make_role("r3")]
RECORDS = st.lists(
    st.builds(
        lambda kind, id_, scope, place, role: make_assignment(
            f"{kind}={kind}-{id_}", f"{scope}={place}", role, is_inherited=False
        ),
        st.sampled_from(["user", "group", "agency"]),
        IDS,
        st.sampled_from(["project", "domain", "enterprise_project"]),
        IDS,
        st.sampled_from(["r1", "r2", "r3"]),
    ),
    max_size=12,
    unique_by=str,
)


def cut(items: list[Any], pages: int) -> list[list[Any]]:
    return [items[page::pages] for page in range(pages)]


@settings(max_examples=60, deadline=None)
@given(
    records=RECORDS,
    members=st.sets(st.tuples(IDS, IDS)),
    disks=st.dictionaries(IDS, st.sampled_from(["0", "e1"])),
    pages=st.integers(1, 3),
    seed=st.integers(),
)
def test_the_order_of_files_and_records_plays_no_part(
    records: list[Any],
    members: set[tuple[str, str]],
    disks: dict[str, str],
    pages: int,
    seed: int,
) -> None:
    resources = [make_resource(id_, project) for id_, project in disks.items()]
    link = "https://iam.example.com/v3/groups/group-{}/users"
    answers: list[dict[str, Any]] = [
        {"roles": ROLES},
        {"role_assignments": records},
        {"resources": resources},
        *(
            {
                "users": [{"id": f"user-{user}"} for user, of in sorted(members) if of == group],
                "links": {"self": link.format(group)},
            }
            for group in "abc"
        ),
    ]
    shuffled: list[dict[str, Any]] = [
        *({"roles": page} for page in cut(ROLES, pages)),
        *({"role_assignments": page, "total_num": len(records)} for page in cut(records, pages)),
        *({"resources": page} for page in cut(resources, pages)),
        *answers[3:],
    ]
    random.Random(seed).shuffle(shuffled)  # noqa: S311  no secret
    for answer in shuffled:
        for listed in answer.values():
            if isinstance(listed, list):
                random.Random(seed).shuffle(listed)  # noqa: S311  no secret
    revisions = set()
    for each in (answers, shuffled):
        with tempfile.TemporaryDirectory() as folder:
            paths = write(Path(folder), {f"{n}.json": answer for n, answer in enumerate(each)})
            revisions.add(compose_identities(assemble(paths).identities).revision)
    assert len(revisions) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "role_assignments",
                    "roles",
                    "users",
                    "groups",
                    "resources",
                    "snapshots",
                    "id",
                    "links",
                    "self",
                    "next",
                    "previous",
                    "truncated",
                    "total_num",
                    "role",
                    "user",
                    "scope",
                    "project",
                    "policy",
                    "Statement",
                    "Version",
                    "Depends",
                    "Effect",
                    "Action",
                    "errors",
                    "count",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def replace_one(value: Json, chosen: random.Random, by: object) -> Json:
    """Put something else in the place of a value that is somewhere in another."""
    if not value or not isinstance(value, dict | list) or chosen.random() < 0.1:
        return by
    copy = value.copy()
    key = chosen.choice(list(copy) if isinstance(copy, dict) else range(len(copy)))
    copy[key] = replace_one(copy[key], chosen, by)
    return copy


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(sorted(path.name for path in EXPORTS.glob("*.json"))),
    seed=st.integers(),
    by=JSON,
)
def test_whatever_stands_in_an_export_nothing_but_faults_come_of_it(
    name: str, seed: int, by: object
) -> None:
    original = json.loads((EXPORTS / name).read_bytes())
    changed = replace_one(original, random.Random(seed), by)  # noqa: S311  no secret
    with tempfile.TemporaryDirectory() as folder:
        [path] = write(Path(folder), {name: json.dumps(changed)})
        others = [each for each in EXPORTS.glob("*.json") if each.name != name]
        groups = {
            path if each == name else EXPORTS / each: "auditors" for each in ["users-auditors.json"]
        }
        try:
            compose_identities(assemble([path, *others], groups=groups).identities)
        except FaultsError as error:
            faults = error.faults
        else:
            faults = ()
    assert all("\n" not in str(fault) for fault in faults)
