"""What part of a position's circle lies where."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from districts import circle

metres = st.floats(-60, 60, allow_nan=False)
sizes = st.floats(1, 80)
boxes = st.builds(lambda x, y, w, h: box(x, y, x + w, y + h), metres, metres, sizes, sizes)


def test_nothing_around_is_one_whole_circle() -> None:
    assert circle.shares(50, {}) == {frozenset(): 1.0}


def test_a_border_through_the_middle_gives_halves() -> None:
    halves = {"west": box(-100, -100, 0, 100), "east": box(0, -100, 100, 100)}

    parts = circle.shares(50, halves)

    assert parts == {
        frozenset({"west"}): pytest.approx(0.5),
        frozenset({"east"}): pytest.approx(0.5),
    }


def test_a_border_at_half_the_radius_gives_the_circular_segment() -> None:
    """Area of a segment of half-angle a: (a - sin a cos a) / pi of the circle."""
    angle = math.acos(0.5)
    segment = (angle - math.sin(angle) * math.cos(angle)) / math.pi

    parts = circle.shares(50, {"far": box(25, -100, 100, 100)})

    assert parts[frozenset({"far"})] == pytest.approx(segment, abs=0.003)


def test_a_shape_that_only_touches_leaves_no_dust() -> None:
    assert circle.shares(10, {"touching": Polygon([(10, -5), (20, -5), (20, 5), (10, 5)])}) == {
        frozenset(): 1.0
    }


@given(st.lists(boxes, max_size=4), st.floats(1, 60))
def test_parts_sum_to_one_and_each_shape_has_its_own_area(
    shapes: list[Polygon], radius: float
) -> None:
    around = dict(enumerate(shapes))

    parts = circle.shares(radius, around)

    assert math.isclose(sum(parts.values()), 1.0, abs_tol=1e-9)
    whole = box(0, 0, 0, 0).centroid.buffer(radius, quad_segs=circle.QUARTER_SEGMENTS)
    for key, shape in around.items():
        own = sum(part for keys, part in parts.items() if key in keys)
        assert own == pytest.approx(shape.intersection(whole).area / whole.area, abs=1e-4)


@given(st.lists(boxes, min_size=2, max_size=4), st.floats(1, 60), st.randoms())
def test_the_order_of_shapes_changes_nothing(shapes: list[Polygon], radius: float, random) -> None:
    around = dict(enumerate(shapes))
    shuffled = dict(random.sample(list(around.items()), len(around)))

    straight, mixed = circle.shares(radius, around), circle.shares(radius, shuffled)

    for keys in set(straight) | set(mixed):
        assert mixed.get(keys, 0) == pytest.approx(straight.get(keys, 0), abs=5e-4)
