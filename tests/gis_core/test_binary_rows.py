"""Arrays that are copied to a table are read back from it as they were."""

from datetime import UTC, datetime

import numpy as np
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.extra.numpy import arrays

from gis_core import binary_rows

LONGS = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats(allow_nan=False, width=64)
CODES = st.text("23456789CDFH", min_size=8, max_size=8)


def copied(types, *columns):
    """Return what a table of these types holds after the copy, in the order of the copy."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.copied")
        named = ", ".join(f"c{number} {kind}" for number, kind in enumerate(types))
        cursor.execute(f"CREATE TEMPORARY TABLE copied ({named})")
        for file in binary_rows.files(columns):
            cursor.copy_expert("COPY copied FROM STDIN (FORMAT binary)", file)
        cursor.execute("SELECT * FROM copied ORDER BY ctid")
        return cursor.fetchall()


class Laws(TestCase):
    @settings(max_examples=25)
    @given(st.lists(st.tuples(LONGS, FLOATS, CODES), min_size=1, max_size=20))
    def test_every_value_comes_back(self, rows):
        longs, floats, codes = zip(*rows, strict=True)
        columns = np.array(longs, np.int64), np.array(floats), np.array(codes, "S8")
        assert copied(("bigint", "double precision", "text"), *columns) == rows

    @settings(max_examples=25)
    @given(arrays(np.int64, 5, elements=st.integers(0, 4_000_000_000)))
    def test_moments_come_back_to_the_second(self, seconds):
        found = copied(["timestamptz"], binary_rows.moments(seconds, never=np.int64(-1)))
        assert [moment for (moment,) in found] == [
            datetime.fromtimestamp(second, UTC) for second in seconds.tolist()
        ]


def test_what_never_happened_is_told_from_what_did(db):
    moments = binary_rows.moments(np.array([-1, 0]), never=np.int64(-1))
    copied(["timestamptz"], moments)
    with connection.cursor() as cursor:
        cursor.execute("SELECT isfinite(c0), c0 = '-infinity' FROM copied ORDER BY ctid")
        assert cursor.fetchall() == [(False, True), (True, False)]


@pytest.mark.parametrize("many", [0, 1, 7])
def test_rows_are_cut_into_files_without_loss(db, monkeypatch, many):
    monkeypatch.setattr(binary_rows, "AT_A_TIME", 3)
    assert copied(["bigint"], np.arange(many)) == [(number,) for number in range(many)]
