"""However a name is written, it is looked for under one key; other names have other keys."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districts.geocoding.alley_names import alley_name, is_alley
from districts.geocoding.keys import initials, number_key, place_key
from districts.geocoding.typos import closeness, deletions

SAME = [
    ("Đường Lê Lợi", "le loi", "LÊ LỢI", "LeLoi", "Đ. Lê Lợi", "Le Loi Street"),
    ("Đường số 5", "Đ. 5", "số 05", "duong so 5", "Đường 5"),
    ("Quốc lộ 1A", "QL1A", "QL 1", "Quốc Lộ 1 A", "ql.1a"),
    ("Tỉnh lộ 10", "TL10", "ĐT 10", "Đường tỉnh 10", "tinh lo 10"),
    ("Đường 3 Tháng 2", "3/2", "Ba Tháng Hai", "đường 3/2", "03/02", "Đ. 3-2"),
    ("Cách Mạng Tháng Tám", "cach mang thang 8", "Cách mạng tháng 08"),
    ("Trường THCS Ba Đình", "Trường Trung học cơ sở Ba Đình", "thcs ba dinh"),
    ("Ngã tư Hàng Xanh", "Ngã 4 Hàng Xanh", "nga tu hang xanh"),
    ("Bùng binh Cây Gõ", "Vòng xoay Cây Gõ"),
    ("Vòng xoay Ngã Sáu Gò Vấp", "Ngã 6 Gò Vấp"),
    ("Cầu vượt Ngã tư Ga", "cầu vượt ngã 4 Ga"),
    ("Công viên 23/9", "Công viên 23 tháng 9", "CV 23/9"),
    ("Dương Đình Hội", "Đường Dương Đình Hội", "duong duong dinh hoi"),
    ("Lê Văn Sỹ", "Lê Văn Sĩ", "le van si"),
    ("Lý Thường Kiệt", "LyThuongKiet", "Lí Thường Kiệt"),
    ("Tân Yên", "TanYen"),
    ("Hẻm 666/16 đường 3/2", "hẻm 666/16 Ba Tháng Hai", "Hem 666/16 3 thang 2"),
    ("Cầu vượt Tỉnh lộ 10", "cầu vượt TL10"),
    ("Ðồng Khởi (ex Catinat)", "Đồng Khởi"),
]
OTHER = [
    ("Đường số 5", "Đường số 6"),
    ("Đường D5", "Đường số 5"),
    ("Ngô Quyền", "Hẻm Quyền"),
    ("Trường Chinh", "Chinh"),
    ("Ngã tư Bình Thái", "Ngã ba Bình Thái"),
    ("Liên khu 4-5", "Liên khu 4 tháng 5"),
    ("Thuý", "Thúi"),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda names: names[0])
def test_spellings_of_one_name_share_a_key(spellings):
    assert {place_key(name) for name in spellings} == {place_key(spellings[0])} - {""}


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_other_names_have_other_keys(one, other):
    assert place_key(one) != place_key(other)


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_a_key_is_short_plain_and_the_same_however_the_text_is_composed(text):
    key = place_key(text)
    assert len(key) <= 120
    assert " " not in key
    for form in ("NFC", "NFD"):
        assert place_key(unicodedata.normalize(form, text)) == key


@given(st.lists(st.sampled_from(["Lê", "Đường", "số", "5", "3/2", "Văn", "Sỹ", "hẻm", "Quốc lộ"])))
def test_a_key_does_not_care_for_marks_and_case(words):
    name = " ".join(words)
    bare = unicodedata.normalize("NFD", name.replace("Đ", "D"))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    assert place_key(bare.upper()) == place_key(name)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Nguyễn Thị Minh Khai", "ntmk"),
        ("Cách Mạng Tháng Tám", "cmt8"),
        ("Xa lộ Hà Nội", "xlhn"),
        ("Lê Lợi", ""),
        ("Quốc lộ 1A", ""),
    ],
)
def test_long_names_are_known_by_their_initials(name, short):
    assert initials(name) == short


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("034a", "34A"),
        ("18 Bis", "18BIS"),
        ("Số 12/ 5", "12/5"),
        ("181-185", "181-185"),
        ("Lô B5", "B5"),
        ("28/....", "28"),
        ("không số", ""),
    ],
)
def test_house_numbers_are_compared_in_one_form(written, number):
    assert number_key(written) == number


@pytest.mark.parametrize(
    ("name", "number", "key"),
    [
        ("Hẻm 602 Điện Biên Phủ", "602", "dienbienphu"),
        ("Hẻm 436A/50/1 đường 3/2", "436A/50/1", "3thang2"),
        ("Hẻm 18 Bis Nguyễn Thị Minh Khai", "18BIS", "nguyenthiminhkhai"),
        ("205/39 Tran Van Dang", "205/39", "tranvandang"),
        ("Ngõ 5 Lê Lợi", "5", "leloi"),
        ("Hẻm 911 Lạc Long Quân, P.11, Q.Tân Bình", "911", "laclongquan"),
        (unicodedata.normalize("NFD", "Hẻm 9 đường 102"), "9", "so102"),
        ("Hẻm 592", "592", ""),
    ],
)
def test_an_alley_tells_its_number_and_its_street(name, number, key):
    found = alley_name(name)
    assert (found.number, found.street_key) == (number, key)


@pytest.mark.parametrize("name", ["Đường 30/4", "Ngô Quyền", "Lê Lợi", "Quốc lộ 13", "", "/"])
def test_a_street_is_no_alley(name):
    assert not is_alley(name)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Hnưg Phú", "Hưng Phú"),
        ("Hai Bà Trungg", "Hai Bà Trưng"),
        ("Nguyn Trãi", "Nguyễn Trãi"),
        ("Dinh Tiên Hoàn", "Đinh Tiên Hoàng"),
        ("Nguyễm Thị Minh Khai", "Nguyễn Thị Minh Khai"),
    ],
)
def test_a_typo_leaves_a_form_in_common(typed, meant):
    asked, key = place_key(typed), place_key(meant)
    assert set(deletions(asked)) & set(deletions(key))
    assert 0.8 < closeness(asked, key) < 1


@pytest.mark.parametrize(("asked", "key"), [("so5", "so6"), ("leloi", "levansi"), ("d2", "d3")])
def test_other_names_are_no_typos(asked, key):
    assert closeness(asked, key) == 0


LETTERS = "abcdeghiklmnopqrstuvxy"


@given(st.text(LETTERS, min_size=4, max_size=30), st.data())
@settings(max_examples=200)
def test_any_single_typo_is_found(key, data):
    at = data.draw(st.integers(0, len(key) - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    swapped = key[:at] + key[at : at + 2][::-1] + key[at + 2 :]
    for typed in (key[:at] + key[at + 1 :], key[:at] + letter + key[at:], swapped):
        if len(typed) >= 4:
            assert set(deletions(typed)) & set(deletions(key))
            assert closeness(typed, key) > 0
