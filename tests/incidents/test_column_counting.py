"""Counting a tile: one pass over sorted rows, and what changed since, against counting by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_core.tiles import LEVEL, Tile, interleave
from incidents.columns import counting
from incidents.columns.counting import Cache, count_tile, shown
from incidents.columns.rows import COLUMNS, Asked, Columns, Rows, Words, kind_of, kinds

WORDS = Words(
    ("pothole", "needle", "assault"), ("received", "closed", "merged"), (), (), "", (0, 0), 0
)
SENSITIVE = kinds(WORDS, categories=["needle", "assault"], public=False)
SLOTS = {"needle": 0, "assault": 1}
PLACE = Tile(14, 13047, 7698)
CORNER = PLACE.cells()[0]
SPAN = 1 << 2 * (LEVEL - PLACE.z)

one_row = st.tuples(
    # Near each other, at the tile's ends, and beyond them.
    st.one_of(st.integers(0, 3000), st.integers(0, SPAN - 1), st.integers(-9, 9), st.just(SPAN)),
    st.sampled_from([kind_of(c, s, public=c == 0) for c in range(3) for s in range(3)]),
    st.integers(100, 104),
    st.integers(0, 2),
)
many_rows = st.lists(one_row, max_size=60).map(lambda some: some * 3)


def rows_of(some):
    """Return rows sorted by code."""
    code, kind, day, ward = np.array(sorted(some), np.int64).reshape(-1, 4).T
    empty = {name: np.zeros(len(code), dtype) for name, dtype in COLUMNS.items()}
    told = {"code": code + CORNER, "kind": kind, "day": day, "ward": ward}
    return Rows(**{name: told.get(name, empty[name]).astype(COLUMNS[name]) for name in COLUMNS})


def by_hand(rows, first_day, last_day, wards):
    """Return {fine cell: [all, open]} of the tile."""
    cells, groups = {}, Counter()
    for code, kind, day, ward in rows:
        category, status = kind >> 5, kind >> 1 & 15
        inside = 0 <= code < SPAN and first_day <= day <= last_day and ward in wards
        if not inside or status == 2:
            continue
        if category:
            groups[code >> 22, category, status] += 1
        else:
            cells.setdefault(code >> 14, [0, 0])
            cells[code >> 14][0] += 1
            cells[code >> 14][1] += status == 0
    for coarse, category in {key[:2] for key in groups}:
        still_open, closed = groups[coarse, category, 0], groups[coarse, category, 1]
        if still_open + closed >= 5:
            cell = cells.setdefault(((coarse << 22) + (3 << 20)) >> 14, [0, 0])
            cell[0] += still_open + closed
            cell[1] += still_open
    return {cell: told for cell, told in cells.items() if told[0]}


def counted(columns, asked, cache=None):
    counts = count_tile(columns, PLACE, asked, cache or Cache())
    return {int(cell): counts[:, cell].tolist() for cell in np.flatnonzero(counts.any(axis=0))}


def question(first_day=0, last_day=65_535, wards=(0, 1, 2), key=None):
    listed = np.isin(np.arange(1 << 16), wards) if len(wards) < 3 else None
    asked = Asked(kinds(WORDS, public=True), first_day, last_day, wards=listed)
    return shown(WORDS, asked, SENSITIVE, SLOTS, key)


@settings(max_examples=80)
@given(
    many_rows, many_rows, st.integers(99, 105), st.integers(99, 105),
    st.sampled_from([(0, 1, 2), (0, 2), (1,)]),
)  # fmt: skip
def test_counts_are_those_of_what_stands(image, came, first_day, last_day, wards):
    """Every fifth row of the image went; others came since."""
    went = sorted(image)[::5]
    stands = Counter(image) - Counter(went) + Counter(came)
    delta = rows_of(came + went)
    weight = Counter(came)
    signs = []
    for row in sorted(came + went):
        signs.append(1 if weight[row] > 0 else -1)
        weight[row] -= 1
    columns = Columns(rows_of(image), delta, np.array(signs, np.int8), WORDS, "")
    asked = question(first_day, last_day, wards)
    assert counted(columns, asked) == by_hand(stands.elements(), first_day, last_day, wards)


def test_more_rows_than_a_block_in_one_cell_and_in_many():
    """Runs that go on from block to block, and cells with a row or two each."""
    open_pothole, needle = kind_of(0, 0, public=True), kind_of(1, 1, public=False)
    crowd = [(5, (open_pothole, needle)[n % 3 == 0], 100, 0) for n in range(9000)]
    crowd += [(1 << 27 | n << 13, open_pothole, 100, 0) for n in range(6000)]
    columns = Columns(rows_of(crowd), rows_of([]), np.zeros(0, np.int8), WORDS, "")
    assert counted(columns, question()) == by_hand(crowd, 0, 200, (0, 1, 2))


def test_what_is_kept_of_the_image_is_never_old():
    image, later = rows_of([(5, 1, 100, 0)]), rows_of([(5, 1, 100, 0), (6, 1, 100, 0)])
    nothing, cache, asked = np.zeros(0, np.int8), Cache(), question(key="all")
    before = Columns(image, rows_of([]), nothing, WORDS, "")
    changed = Columns(image, rows_of([(5, 1, 100, 0)]), np.array([-1], np.int8), WORDS, "")
    assert [counted(one, asked, cache) for one in (before, changed, before)] == [
        {0: [1, 1]}, {}, {0: [1, 1]},
    ]  # fmt: skip
    assert counted(Columns(later, rows_of([]), nothing, WORDS, ""), asked, cache) == {0: [2, 2]}


def test_a_process_keeps_no_more_than_it_may(monkeypatch):
    columns = Columns(rows_of([(5, 1, 100, 0)]), rows_of([]), np.zeros(0, np.int8), WORDS, "")
    passes = []
    count = counting._counted
    monkeypatch.setattr(counting, "_counted", lambda *a: passes.append(1) or count(*a))
    small = Cache(most_bytes=20)
    for key in ("a", "b", "a", "a"):
        counted(columns, question(key=key), small)
    assert len(passes) == 3


@pytest.mark.parametrize("z", [0, 9, 11, 16])
def test_a_cell_of_any_zoom_is_where_its_rows_are(z):
    x, y = 13047 * 4 + 1, 7698 * 4 + 2
    place = Tile(z, x >> (16 - z), y >> (16 - z))
    code = interleave(x << 12, y << 12) - CORNER
    columns = Columns(rows_of([(code, 1, 100, 0)]), rows_of([]), np.zeros(0, np.int8), WORDS, "")
    [cell] = np.flatnonzero(count_tile(columns, place, question(), Cache())[0])
    assert cell == ((code + CORNER) - place.cells()[0]) >> 2 * (LEVEL - z - 7)
