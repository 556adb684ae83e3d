"""Names within sentences."""

from __future__ import annotations

import pytest

from gis_core.languages import begun, in_sentence


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("en", "Department of Health", "the Department of Health"),
        ("en", "People's Committee of Ben Thanh Ward", "the People's Committee of Ben Thanh Ward"),
        ("en", "Saigon Water Corporation (Sawaco)", "the Saigon Water Corporation (Sawaco)"),
        ("en", "311 Call Center", "the 311 Call Center"),
        ("en", "VNPT Ho Chi Minh City", "VNPT Ho Chi Minh City"),
        ("en", "UBND Phường 101", "UBND Phường 101"),
        ("vi", "Công ty Police", "Công ty Police"),
    ],
)
def test_english_offices_take_an_article_and_brands_none(language, name, said):
    assert in_sentence(language, name) == said


def test_a_sentence_begins_large_and_a_name_within_it_stays_as_it_is():
    assert begun("the Department of Health declined it.") == "The Department of Health declined it."
    assert begun("ủy ban") == "Ủy ban"
    assert begun("") == ""
