"""Rows that are copied as text are read back as they were."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gis_core import text_rows

TYPES = "words text, whole bigint, part double precision, yes boolean, at timestamptz, said jsonb"
WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=30
) | st.sampled_from(["", "\\N", "\\.", "a\tb\nc\r\\d", "đường Nguyễn Huệ", "\u2028\x85\x1c"])
ROWS = st.tuples(
    WORDS | st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.booleans(),
    st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.dictionaries(WORDS, WORDS, max_size=2) | st.lists(WORDS, max_size=2),
)


class Laws(TestCase):
    @settings(max_examples=40)
    @given(st.lists(ROWS, max_size=5))
    def test_every_value_comes_back(self, rows):
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.copied")
            cursor.execute(f"CREATE TEMPORARY TABLE copied ({TYPES})")
            lines = "".join(text_rows.line(row) for row in rows)
            cursor.copy_expert("COPY copied FROM STDIN", StringIO(lines))
            cursor.execute("SELECT words, whole, part, yes, at, said::text FROM copied")
            found = [(*row[:5], json.loads(row[5])) for row in cursor.fetchall()]
        assert found == rows


def test_a_value_of_a_kind_that_nobody_named_is_refused():
    with pytest.raises(KeyError):
        text_rows.line([b"bytes"])
