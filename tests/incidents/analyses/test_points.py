"""A question's incidents are those that stand after all that changed since the image."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from incidents.analyses.points import from_columns
from incidents.columns.rows import COLUMNS, Asked, Columns, Rows, Words

WORDS = Words((), (), (), (), "", (0.0, 0.0), 9210)
places = st.tuples(st.integers(0, 3), st.integers(9, 13), st.integers(0, 9))
"""Kind, day, metres east of an incident; its version need not tell one from the next."""
town = st.dictionaries(st.integers(1, 6), places)


def rows_of(entries):
    told = dict.fromkeys(COLUMNS, np.zeros(len(entries)))
    told |= dict(zip(("id", "kind", "day", "x"), np.array(entries).reshape(-1, 4).T, strict=True))
    return Rows(**{name: told[name].astype(dtype) for name, dtype in COLUMNS.items()})


@given(town, st.lists(st.tuples(st.integers(1, 6), st.none() | places), max_size=12))
def test_points_are_what_stands(base, changes):
    stands, signed = dict(base), []
    for pk, now in changes:
        signed += [((pk, *stands.pop(pk)), -1)] if pk in stands else []
        if now is not None:
            stands[pk] = now
            signed.append(((pk, *now), 1))
    delta, weight = [one for one, _ in signed], np.array([sign for _, sign in signed], np.int8)
    columns = Columns(
        rows_of([(pk, *one) for pk, one in base.items()]), rows_of(delta), weight, WORDS, "r"
    )
    table = np.zeros(65_536, np.uint8)
    table[[1, 3]] = 1
    found = from_columns(columns, Asked(table, 10, 12))
    expected = [(x, day) for kind, day, x in stands.values() if kind in {1, 3} and 10 <= day <= 12]
    assert sorted(zip(found.x, found.day, strict=True)) == sorted(expected)
