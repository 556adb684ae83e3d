"""What base and delta are together, and what the columns are asked: values alone, no database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.columns import asking, image
from incidents.columns.building import InOrder
from incidents.columns.merging import Merged
from incidents.columns.rows import COLUMNS, ENTRY, Rows, Words, day_of
from incidents.filters import Filters

SMALL = st.integers(0, 3)
ROW = st.tuples(st.integers(0, 12), SMALL, SMALL)
WORDS = Words(
    ("a", "b", "c"), ("received", "rejected", "merged"), (), (), "", (0, 0), 9210, tuple("sst")
)
FACTS = image.Facts(WORDS, {}, (1, 2), 0, (5, 6))


@settings(max_examples=25)
@given(
    base=st.lists(ROW, unique_by=lambda row: row[0], max_size=8),
    acts=st.lists(ROW, max_size=12),
)
def test_base_and_delta_merged_are_what_stands(base, acts):
    stands = {pk: (code, kind) for pk, code, kind in base}
    ordered = _entries(stands)
    by_id = np.argsort(ordered["id"]).astype(np.uint32)
    written = image.Image(Path(), FACTS, Rows.of(ordered), by_id, {})
    signed, weights = [], []
    for pk, code, kind in acts:
        now = None if kind == 3 else (code, kind)
        for one, weight in ((stands.get(pk), -1), (now, 1)):
            if one:
                signed.append(_entries({pk: one}))
                weights.append(weight)
        stands = {**stands, pk: now} if now else {k: v for k, v in stands.items() if k != pk}
    entries = np.concatenate([np.empty(0, ENTRY), *signed])
    for name, column in InOrder(np.flip(ordered)).items():
        assert column.tolist() == ordered[name].tolist()
    merged = Merged(written, Rows.of(entries), np.array(weights, np.int8))
    for name in COLUMNS:
        assert merged[name].tolist() == _entries(stands)[name].tolist()


def _entries(stands):
    entries = np.zeros(len(stands), ENTRY)
    for n, (pk, (code, kind)) in enumerate(stands.items()):
        entries[n]["id"], entries[n]["code"], entries[n]["kind"] = pk, code, kind
    return np.sort(entries, order=("code", "id"))


def test_filters_ask_for_what_everybody_may_see():
    def counted(filters, **more):
        table = asking.asked(WORDS, filters, **more).kinds
        return {
            (WORDS.categories[kind >> 5], WORDS.statuses[kind >> 1 & 15], bool(kind & 1))
            for kind in np.nonzero(table)[0].tolist()
        }

    everything = counted(Filters(), public=None)
    assert counted(Filters()) == {(one, "received", True) for one in "abc"}
    assert counted(Filters(sectors=frozenset("s"))) == {(one, "received", True) for one in "ab"}
    both = Filters(sectors=frozenset("s"), categories=frozenset("bc"))
    assert counted(both) == {("b", "received", True)}
    assert counted(Filters(statuses=frozenset({"rejected"}))) == set()
    assert counted(Filters(), public=False) == everything - counted(Filters())
    assert not any(status == "merged" for _, status, _ in everything)
    days = asking.asked(WORDS, Filters(since=date(2026, 1, 1), until=date(2026, 1, 31)))
    assert (days.first_day, days.last_day) == (day_of(date(2026, 1, 1)), 9527)
