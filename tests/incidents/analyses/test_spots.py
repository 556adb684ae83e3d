"""Squares that touch are one place; a place where nothing happened is none."""

from __future__ import annotations

import numpy as np

from incidents.analyses.spots import connected

GROUP = np.array([[1, 0, 0, 0, 1], [0, 1, 0, 0, 0], [0, 0, 0, 1, 1]])
VALUE = GROUP * np.array([[3.0, 0, 0, 0, 9.0], [0, 4.0, 0, 0, 0], [0, 0, 0, 2.0, 5.0]])
COUNTS = np.array([[0.0, 7, 0, 0, 0], [0, 2, 0, 0, 0], [0, 0, 0, 6, 0]])


def test_squares_that_touch_at_a_corner_are_one_place_and_the_highest_is_first():
    spot, spots = connected(GROUP, VALUE, COUNTS)
    assert spot.tolist() == [[3, 0, 0, 0, 1], [0, 3, 0, 0, 0], [0, 0, 0, 2, 2]]
    assert [(one.value, one.count, one.cells) for one in spots] == [(9, 0, 1), (5, 6, 2), (4, 2, 2)]


def test_what_lies_empty_between_busy_squares_is_no_line_of_the_table():
    spot, spots = connected(GROUP, VALUE, COUNTS, least=1)
    assert spot.tolist() == [[2, 0, 0, 0, 0], [0, 2, 0, 0, 0], [0, 0, 0, 1, 1]]
    assert [one.count for one in spots] == [6, 2]
    assert connected(GROUP, VALUE, COUNTS * 0, least=1)[1] == []
