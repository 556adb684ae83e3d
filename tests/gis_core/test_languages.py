"""Names within sentences."""

from __future__ import annotations

import pytest

from gis_core.languages import in_sentence


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
