"""Shapes are refused with every fault named and placed, and let in when there is none."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from districts import reading, soundness
from districts.records import AreaFields, area_records
from districts.soundness import Extent, Lengths, Outline

SRID = 9210
EXTENT = Extent(106.0, 8.4, 107.7, 11.6)
LENGTHS = Lengths(40, 120)
with np.errstate(invalid="ignore"):
    NOT_A_NUMBER = shapely.from_wkt("POLYGON ((106.7 10.7, 106.8 NaN, 106.8 10.8, 106.7 10.7))")
METRE = 1 / 110_600
"""One metre northward, in degrees."""


def square(column, row, side=0.01):
    west, south = 106.7 + column * side, 10.7 + row * side
    return shapely.box(west, south, west + side, south + side)


def outlines(*shapes):
    return [Outline(str(101 + i), f"Ward {101 + i}", shape) for i, shape in enumerate(shapes)]


def shape_problems(*shapes):
    return [str(one) for one in soundness.shape_problems(outlines(*shapes), EXTENT)]


def tiling_problems(*shapes, tolerance_m2=50.0):
    return [str(one) for one in soundness.tiling_problems(outlines(*shapes), SRID, tolerance_m2)]


def test_squares_side_by_side_are_sound():
    shapes = [square(c, r) for c in range(3) for r in range(3)]
    assert shape_problems(*shapes) == []
    assert tiling_problems(*shapes) == []


def test_codes_and_names_are_all_checked_not_the_first_only():
    rows = [
        Outline("", "Nameless code", square(0, 0)),
        Outline("7", "", square(1, 0)),
        Outline("8", "One", square(2, 0)),
        Outline("8", "Other", square(3, 0)),
        Outline("9" * 41, "Long", square(4, 0)),
    ]
    assert [str(one) for one in soundness.rows_problems(rows, LENGTHS)] == [
        'Row 1 ("Nameless code") has no code.',
        "Row 2 (code 7) has no name.",
        "Row 5: a code may have 40 characters, a name 120.",
        "Code 8 is used by 2 rows: One, Other.",
    ]


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (None, "101 Ward 101 has no shape."),
        (shapely.Polygon(), "101 Ward 101 has no shape."),
        (
            shapely.LineString([(106.7, 10.7), (106.8, 10.7)]),
            "is a LineString; a polygon is",
        ),
        (shapely.box(600_000, 1_190_000, 600_100, 1_190_100), "Name the file's system with --crs"),
        (shapely.box(10.7, 106.7, 10.71, 106.71), "latitude and longitude exchanged"),
        (shapely.box(2.3, 48.8, 2.4, 48.9), "lies at 2.35, 48.85, outside the city's extent"),
        (
            shapely.Polygon([(106.7, 10.7), (106.72, 10.72), (106.72, 10.7), (106.7, 10.72)]),
            "Self-intersection at 106.71 10.71. --repair mends it.",
        ),
        (
            NOT_A_NUMBER,
            "is invalid: Invalid Coordinate",
        ),
    ],
)
def test_each_kind_of_bad_shape_has_its_sentence(shape, said):
    [problem] = shape_problems(shape)
    assert said in problem


def test_an_overlap_is_measured_and_placed():
    wide = shapely.box(106.7, 10.7, 106.71 + 10 * METRE, 10.71)
    [problem] = tiling_problems(wide, square(1, 0))
    assert problem.startswith("101 Ward 101 and 102 Ward 102 overlap by 10")
    m2 = float(problem.split(" by ")[1].split(" m2")[0])
    assert m2 == pytest.approx(10 * 1106, rel=0.02)
    lon, lat = map(float, problem.split(" at ")[1].rstrip(".").split(", "))
    assert wide.intersection(square(1, 0)).contains(shapely.Point(lon, lat))


def test_a_gap_is_measured_and_placed_and_its_neighbours_named():
    ring = [square(c, r) for c in range(3) for r in range(3) if (c, r) != (1, 1)]
    [problem] = tiling_problems(*ring)
    assert "lies between 101, 102, 103, 104, 105, 106, 107, 108" in problem
    lon, lat = map(float, problem.split(" at ")[1].split(" lies")[0].split(", "))
    assert square(1, 1).contains(shapely.Point(lon, lat))


def test_drawing_noise_is_let_through_and_the_tolerance_decides():
    noisy = shapely.box(106.7, 10.7, 106.71 + 0.03 * METRE, 10.71)
    assert tiling_problems(noisy, square(1, 0)) == []
    assert len(tiling_problems(noisy, square(1, 0), tolerance_m2=10)) == 1


def test_every_overlap_is_listed_largest_first():
    stack = [shapely.box(106.7, 10.7, 106.71 + n * METRE, 10.71) for n in (0, 1, 2)]
    problems = tiling_problems(*stack)
    sizes = [float(one.split(" by ")[1].split(" m2")[0]) for one in problems]
    assert len(sizes) == 3
    assert sizes == sorted(sizes, reverse=True)


def test_invalid_shapes_do_not_hide_overlaps():
    bow_tie = shapely.Polygon([(106.7, 10.7), (106.72, 10.72), (106.72, 10.7), (106.7, 10.72)])
    assert any("overlap" in one for one in tiling_problems(bow_tie, square(0, 0)))


def test_what_is_not_on_the_globe_is_left_out_of_the_overlay():
    metres = shapely.box(600_000, 1_190_000, 600_100, 1_190_100)
    swapped = shapely.box(10.7, 106.7, 10.71, 106.71)
    assert tiling_problems(metres, metres, swapped, NOT_A_NUMBER, None, square(0, 0)) == []


def test_a_repair_is_named_and_leaves_valid_shapes_untouched():
    bow_tie = shapely.Polygon([(106.7, 10.7), (106.72, 10.72), (106.72, 10.7), (106.7, 10.72)])
    given_shapes = outlines(bow_tie, square(5, 5))
    kept, notes = soundness.mended(given_shapes, SRID)
    assert [str(note).split(".")[0] for note in notes] == [
        "101 Ward 101 was repaired: Self-intersection at 106"
    ]
    assert kept[0].shape.is_valid
    assert kept[1] is given_shapes[1]


@settings(max_examples=40)
@given(st.sets(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1))
def test_any_set_of_grid_squares_has_no_overlap_and_a_gap_only_where_enclosed(cells):
    problems = tiling_problems(*(square(c, r) for c, r in sorted(cells)))
    assert not [one for one in problems if "overlap" in one]
    # Where two squares meet in a corner only, either answer is right.
    assert holes(cells, corners_leak=True) <= len(problems) <= holes(cells, corners_leak=False)


def holes(cells, *, corners_leak):
    """Count the parts of a 7 x 7 field outside ``cells`` that cannot be left at its edge."""
    steps = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    steps += [(a, b) for a in (1, -1) for b in (1, -1)] if corners_leak else []
    empty = {(c, r) for c in range(7) for r in range(7)} - cells
    found = -1
    while empty:
        found += 1
        open_ends = [min(empty)]
        while open_ends:
            c, r = open_ends.pop()
            if (c, r) in empty:
                empty.remove((c, r))
                open_ends += [(c + dc, r + dr) for dc, dr in steps]
    return found


def read(path, **fields):
    names = AreaFields(**fields)
    return [one.outline() for one in area_records(reading.read([path], names.columns()), names)]


def every_problem(rows):
    return [
        str(one)
        for one in (
            *soundness.rows_problems(rows, LENGTHS),
            *soundness.shape_problems(rows, EXTENT),
            *soundness.tiling_problems(rows, SRID),
        )
    ]


def test_the_wards_of_2025_are_refused_for_two_collapsed_parts_and_sound_once_mended(test_data):
    rows = read(test_data / "boundaries/hcmc_wards_2025.geojson", kind="type")
    problems = every_problem(rows)
    assert [one[:5] for one in problems] == ["25807", "25843"]
    assert all("106.478111 11.209052" in one for one in problems)
    kept, notes = soundness.mended(rows, SRID)
    assert len(notes) == 2
    assert every_problem(kept) == []


def test_the_wards_of_2019_are_refused_for_one_ward(test_data):
    [problem] = every_problem(read(test_data / "boundaries/hcmc_wards_2019.geojson", kind="type"))
    assert problem.startswith("27025 Phú Thọ Hòa is invalid: Self-intersection at 106.617394 10.78")


def test_the_districts_of_2021_are_sound_and_their_kind_is_not_repeated(test_data):
    path = test_data / "boundaries/hcmc_districts_2021.geojson"
    fields = AreaFields(kind="type")
    records = area_records(reading.read([path], fields.columns()), fields)
    assert every_problem([one.outline() for one in records]) == []
    assert ("Quận", "1") in {(one.kind, one.name) for one in records}


def test_the_largest_overlap_of_2025_is_the_known_one(test_data):
    rows = read(test_data / "boundaries/hcmc_wards_2025.geojson", kind="type")
    first, *_ = soundness.tiling_problems(rows, SRID, 20)
    assert str(first).startswith("25951 Đông Hoà and 26833 Long Bình overlap by 26.7 m2")
