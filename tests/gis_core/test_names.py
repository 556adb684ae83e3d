"""A name is the same name however its letters and marks were typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_core.names import folded, spelled

VIETNAMESE = st.text(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯ \u0300\u0301\u0303\u0309\u0323-.,0123456789", max_size=30
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tân Hòa", "Tân Hoà"),
        ("Khỏe", "Khoẻ"),
        ("THỦY LỢI", "thuỷ lợi"),
        ("Thúy", "Thuý"),
        ("Hòang", "Hoàng"),
        ("Phú  Nhuận", "phú-nhuận"),
        ("Cầu Ông Lãnh", unicodedata.normalize("NFD", "Cầu Ông Lãnh")),
    ],
)
def test_two_spellings_of_one_name(one, other):
    assert spelled(one) == spelled(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Hòa", "Hoa"), ("Thanh An", "Thạnh An"), ("mùa", "muà"), ("của", "cua")]
)
def test_other_tones_are_other_names(one, other):
    assert spelled(one) != spelled(other)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Đường Điện Biên Phủ", "duong dien bien phu"),
        ("Ðakao", "dakao"),  # the Icelandic letter that some keyboards give
        ("Bến Nghé, Q.1", "ben nghe q 1"),
        ("ƯƠNG", "uong"),
    ],
)
def test_marks_fold_away(typed, plain):
    assert folded(typed) == plain


@given(VIETNAMESE)
def test_unicode_forms_do_not_matter_and_folding_ends(text):
    for fold in (spelled, folded):
        assert fold(fold(text)) == fold(text)
        assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert folded(spelled(text)) == folded(text)
