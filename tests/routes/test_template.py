"""Templates: their segments, the caller's project in them, and what it means that one fits."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopegate.routes.shapes import ShapeIndex
from scopegate.routes.template import (
    Shape,
    find_project_positions,
    fits,
    meet,
    parse_shape,
    split_template,
)

LENGTHS = (1, 2, 3)

SHAPES: st.SearchStrategy[Shape] = st.builds(
    lambda start, last: (*start, last),
    st.lists(st.sampled_from(["a", "b", None]), max_size=LENGTHS[-1] - 1),
    st.sampled_from(["a", "b", "", None]),
)
PATHS: list[tuple[str, ...]] = [
    (*start, last)
    for length in LENGTHS
    for start in itertools.product("abz", repeat=length - 1)
    for last in ("a", "b", "z", "")
]
"""All paths over an alphabet with a letter that no shape has."""


def fits_naively(shape: Shape, path: tuple[str, ...]) -> bool:
    """Whether a path is one of a shape's: written a second time, with no shapes within shapes."""
    if len(shape) != len(path):
        return False
    for segment, text in zip(shape, path, strict=True):
        if segment is None and text == "":
            return False
        if segment is not None and segment != text:
            return False
    return True


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/", ("",)),
        ("/v2", ("v2",)),
        ("/v2/", ("v2", "")),
        ("/{project_id}", (None,)),
        ("/{project_id}/", (None, "")),
        ("/v2/{project_id}/snapshots/{snapshot_id}", ("v2", None, "snapshots", None)),
        ("/V2/a.b~c/a:b", ("V2", "a.b~c", "a:b")),
        # A parameter is a whole segment.
        ("/{a}-{b}/x{a}", ("{a}-{b}", "x{a}")),
    ],
)
def test_the_shape_of_a_template(path: str, shape: Shape) -> None:
    assert parse_shape(path) == shape
    assert len(split_template(path)) == len(shape)


def test_templates_that_differ_in_the_names_of_parameters_have_one_shape() -> None:
    assert parse_shape("/v2/{a}/b/{c}") == parse_shape("/v2/{x}/b/{snapshot_id}")
    assert parse_shape("/v2/{a}") != parse_shape("/v2/{a}/")


@pytest.mark.parametrize(
    "name",
    [
        *("project_id", "tenant_id", "projectId", "tenantId", "project-id", "tenant-id"),
        *("Tenant_Id", "PROJECT_ID", "projectid", "TENANT-ID", "ProjectId"),
    ],
)
def test_spellings_of_the_callers_project(name: str) -> None:
    assert find_project_positions(f"/v2/{{{name}}}/snapshots") == (1,)


@pytest.mark.parametrize(
    "path",
    [
        "/v2/project_id/snapshots",
        "/v2/{enterprise_project_id}/snapshots",
        "/v2/{target_project_id}/snapshots",
        "/v2/{project_id_2}/snapshots",
        "/v2/{project}/snapshots",
        "/v2/{project_ids}/snapshots",
        "/v2/{tenant}/{id}",
        "/v2/x{project_id}/snapshots",
        "/",
    ],
)
def test_what_is_not_the_callers_project(path: str) -> None:
    assert find_project_positions(path) == ()


def test_every_segment_that_is_the_callers_project_is_found() -> None:
    assert find_project_positions("/{tenant_id}/v2/{project_id}") == (0, 2)
    assert find_project_positions("/v2/{id}/{projectId}/") == (2,)


@given(SHAPES, SHAPES)
def test_one_fits_another_where_it_fits_all_its_paths(general: Shape, special: Shape) -> None:
    of_special = [path for path in PATHS if fits_naively(special, path)]

    assert of_special
    assert fits(general, special) == all(fits_naively(general, path) for path in of_special)


@given(SHAPES, SHAPES)
def test_the_meet_has_the_paths_that_fit_both(one: Shape, other: Shape) -> None:
    shared = meet(one, other)

    for path in PATHS:
        fits_both = fits_naively(one, path) and fits_naively(other, path)
        assert fits_both == (shared is not None and fits_naively(shared, path))
    assert meet(other, one) == shared
    assert meet(one, one) == one


@given(st.lists(SHAPES, max_size=12), SHAPES)
def test_an_index_finds_what_a_search_through_all_finds(shapes: list[Shape], shape: Shape) -> None:
    index = ShapeIndex(shapes)
    own = list(dict.fromkeys(shapes))

    assert list(index) == own
    assert len(index) == len(own)
    # Each once.
    assert sorted(index.find_general(shape), key=repr) == sorted(
        (each for each in own if fits(each, shape)), key=repr
    )
    assert sorted(index.find_overlapping(shape), key=repr) == sorted(
        (each for each in own if meet(each, shape) is not None), key=repr
    )
    assert index.add(shape) == (shape not in own)
    assert not index.add(shape)
