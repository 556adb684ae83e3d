"""What is kept of what texts asked for: asked for once, the last ones, right all the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from districts.geocoding.resolving.kept import Kept

keys = st.lists(st.lists(st.integers(0, 12), max_size=6), max_size=20)


class Source:
    """Doubles numbers, odd ones are unknown to it; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked = []

    def read(self, numbers):
        self.asked.append(list(numbers))
        return {one: 2 * one for one in numbers if one % 2 == 0}


@given(keys)
def test_every_answer_is_what_the_source_would_say(questions):
    source, kept = Source(), Kept(4)
    for question in questions:
        expected = {one: 2 * one for one in question if one % 2 == 0}
        assert kept.of(question, source.read) == expected


def test_what_is_kept_is_not_asked_again_and_the_rest_at_once():
    source, kept = Source(), Kept(10)
    kept.of([4, 2], source.read)
    kept.of([8, 2, 6, 2], source.read)
    assert source.asked == [[2, 4], [6, 8]]


def test_what_was_asked_for_longest_ago_is_forgotten():
    source, kept = Source(), Kept(2)
    for question in ([2], [4], [2], [6], [2], [4]):
        kept.of(question, source.read)
    assert source.asked == [[2], [4], [6], [4]]
