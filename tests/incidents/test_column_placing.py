"""The columns counted on a metric grid are the rows counted one by one, changes among them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_core.hotspots.grid import Grid
from incidents.columns import placing
from incidents.columns.rows import COLUMNS, Asked, Columns, Rows, Words

GRID = Grid(600_000.0, 1_190_000.0, 50.0, 6, 4)
WORDS = Words((), (), (), (), "", (600_100.0, 1_190_050.0), 9210)
row = st.tuples(
    st.integers(-150, 300), st.integers(-100, 200), st.integers(0, 3), st.integers(9, 13),
    st.integers(0, 2), st.integers(0, 2), st.integers(0, 3),
)  # fmt: skip
ROWS = st.lists(row, max_size=40)


def rows_of(some):
    names = ("x", "y", "kind", "day", "agency", "ward", "code")
    told = dict(zip(names, np.array(some, float).reshape(-1, 7).T, strict=True))
    empty = np.zeros(len(some))
    return Rows(**{name: told.get(name, empty).astype(dtype) for name, dtype in COLUMNS.items()})


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS, st.booleans(), st.booleans(), st.booleans(), st.randoms())
def test_counts_and_points_are_the_rows_that_count(base, delta, office, wards, aside, draw):
    weight = [draw.choice((1, -1)) for _ in delta]
    table = np.zeros(65_536, np.uint8)
    table[[1, 3]] = 1
    some = np.zeros(65_536, np.bool_)
    some[[0, 2]] = True
    asked = Asked(table, 10, 12, some if office else None, some if wards else None)
    columns = Columns(rows_of(base), rows_of(delta), np.array(weight, np.int8), WORDS, "r")
    left = placing.Aside(np.array([3]), columns.base.code == 3) if aside else None

    counts, points = np.zeros(GRID.shape), []
    for (x, y, kind, day, agency, ward, code), times in zip(
        [*base, *delta], [1] * len(base) + weight, strict=True
    ):
        column, up = (x + 100) // 50, (y + 50) // 50
        if (
            kind in {1, 3} and 10 <= day <= 12 and 0 <= column < 6 and 0 <= up < 4
            and (not office or agency != 1) and (not wards or ward != 1)
            and (not aside or code != 3)
        ):  # fmt: skip
            counts[up, column] += times
            points.append((x + 600_100.0, y + 1_190_050.0, times))

    assert placing.counts(columns, asked, GRID, left).tolist() == counts.tolist()
    everywhere = np.ones(GRID.shape, np.bool_)
    found = placing.points(columns, asked, GRID, everywhere, left)
    assert list(zip(*found, strict=True)) == points
    assert len(placing.points(columns, asked, GRID, ~everywhere, left).x) == 0
