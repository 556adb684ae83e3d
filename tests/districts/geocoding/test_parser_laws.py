"""What holds for every text: the parser never fails, stays linear, reads past how it is typed."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districts.geocoding.parsed import Elsewhere, Mention, Parsed, Pin, Street, Window
from districts.geocoding.parser import LONGEST, parse
from gis_core.names import folded

VIETNAMESE = (
    "aăâeêioôơuưybcdđghklmnpqrstvx AĂÂĐÊÔƠƯHẺMPQ.,-/()0123456789\u0300\u0301\u0303\u0309\u0323"
)
SAID = """
    đường hẻm số nhà P. Q. phường quận ngã tư giao - / và góc từ đến đoạn km trụ điện gần trước
    cách 200m chợ cầu 123/45/6 3/2 18-20 10.77 106.70 , . Lê Lợi Nguyễn Trãi bị ngập CMT8 x TP
"""
WORDS = SAID.split()
STREETS = (
    "Lê Lợi", "Nguyễn Trãi", "Điện Biên Phủ", "Huỳnh Tấn Phát", "Trần Hưng Đạo", "Đỗ Xuân Hợp",
    "Hồng Bàng", "Lý Thường Kiệt", "An Dương Vương", "Nguyễn Duy Dương", "Cách Mạng Tháng Tám",
    "Võ Thị Sáu", "Hoàng Hoa Thám", "Phan Xích Long", "Ung Văn Khiêm", "Tô Hiến Thành",
    "Nguyễn Tri Phương", "Trường Sa", "Bùi Thị Xuân", "Thành Thái", "Hoà Bình", "Âu Cơ",
)  # fmt: skip
TELEX = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
TELEX_LETTERS = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
VNI = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
VNI_LETTERS = {"ă": "a8", "â": "a6", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "đ": "d9"}

houses = st.from_regex(r"[1-9][0-9]{0,2}[A-D]?", fullmatch=True)
streets = st.sampled_from(STREETS)
sayings = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=300), st.text(VIETNAMESE, max_size=200), sayings))
def test_no_text_fails_and_every_place_is_inside_it(text: str) -> None:
    parsed = parse(text)
    _check_places(parsed)


PIECES = (
    "a", "1", "1/", "10.7", " ", "-", "°1'", "hẻm ", "x ", "P", "\u0301", "https://", "từ ", "w",
    "12 Lê Lợi - ", "a1", "9+", ",1,", "Ab", "ngã tư ", "số 1 ", "geo:1.5,1.5 ", "A. ", "đường ",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_the_longest_texts_are_read(piece: str) -> None:
    parsed = parse(piece * (LONGEST // len(piece) + 1))
    assert len(parsed.text) <= LONGEST
    _check_places(parsed)


def test_what_is_too_long_is_not_read() -> None:
    assert parse("a " * LONGEST + "12 Lê Lợi").mentions == parse("a " * LONGEST).mentions


@settings(max_examples=12)
@given(st.lists(st.sampled_from(WORDS), min_size=5, max_size=12).map(" ".join))
def test_twice_the_text_is_at_most_about_twice_the_work(text: str) -> None:
    once, twice = (". ".join([text] * times) for times in (5, 10))
    for known in (once, twice):
        parse(known)  # fills the caches of words
    assert _calls(lambda: parse(twice)) <= 2.2 * _calls(lambda: parse(once))


@settings(max_examples=80)
@given(st.one_of(st.text(VIETNAMESE, max_size=120), sayings))
def test_composed_and_decomposed_letters_read_alike(text: str) -> None:
    whole, apart = (parse(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))
    assert whole == apart


@settings(max_examples=50)
@given(sayings)
def test_dashes_spaces_and_unseen_letters_read_alike(text: str) -> None:
    odd = text.replace("-", "–").replace(" ", "\u00a0").replace("L", "\u200bL")
    assert parse(odd).mentions == parse(text).mentions


@settings(max_examples=30)
@given(streets, houses)
def test_old_and_new_places_of_the_tone_read_alike(street: str, house: str) -> None:
    old, new = (parse(f"{house} {street}, phường {ward}") for ward in ("Hòa Thủy", "Hoà Thuỷ"))
    assert old.mentions == new.mentions


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


TYPINGS = (
    str.lower, str.upper, _without_marks, lambda text: _without_marks(text).lower(),
    lambda text: text.replace("Đ", "\u00d0"), lambda text: unicodedata.normalize("NFD", text),
)  # fmt: skip


@settings(max_examples=80)
@given(houses, streets, st.sampled_from(TYPINGS))
def test_an_address_is_read_however_it_is_typed(
    house: str, street: str, typed: Callable[[str], str]
) -> None:
    for text in (f"{house} {street}, Quận 5", f"Nước tràn trước nhà số {house} {street}, phường 7"):
        assert _has_house(parse(typed(text)), house, street), typed(text)


@settings(max_examples=80)
@given(houses, streets, st.sampled_from([(TELEX, TELEX_LETTERS), (VNI, VNI_LETTERS)]))
def test_raw_keys_are_undone(
    house: str, street: str, keys: tuple[dict[str, str], dict[str, str]]
) -> None:
    text = f"số {house} đường {street} quận Bình Thạnh"
    parsed = parse(_typed(text, *keys))
    assert parsed.telex
    assert _has_house(parsed, house, street), parsed.text


@pytest.mark.parametrize("text", [
    "the street light near the bus stop is off", "please fix the water pipe at 12 Le Loi street",
    "how now is this for us", "Coopmart Ly Thuong Kiet, taxi, metro", "so 5 Nguyen Trai quan 1",
    "hem 12 Tran Hung Dao phuong 5", "wifi box cafe, door number 7", "so6 quan6 phuong9",
])  # fmt: skip
def test_english_and_vietnamese_without_marks_stay_as_they_are(text: str) -> None:
    assert parse(text).text == text


def _has_house(parsed: Parsed, house: str, street: str) -> bool:
    name = folded(street).split()
    return any(
        isinstance(mention, Street)
        and mention.house == house
        and [token.folded for token in parsed.words(mention.name)][: len(name)] == name
        for mention in parsed.mentions
    )


def _typed(text: str, tones: dict[str, str], letters: dict[str, str]) -> str:
    return " ".join(_typed_word(word, tones, letters) for word in text.split())


def _typed_word(word: str, tones: dict[str, str], letters: dict[str, str]) -> str:
    apart = unicodedata.normalize("NFD", word)
    tone = "".join(tones[letter] for letter in apart if letter in tones)
    bare = unicodedata.normalize("NFC", "".join(one for one in apart if one not in tones))
    keys = "".join(letters.get(letter.lower(), letter) for letter in bare)
    return (keys.capitalize() if word[0].isupper() else keys) + tone


def _check_places(parsed: Parsed) -> None:
    before = 0
    for token in parsed.tokens:
        assert before <= token.start < token.end <= len(parsed.text)
        before = token.start
    for mention in parsed.mentions:
        for window in _windows(mention):
            assert 0 <= window.first <= window.last <= len(parsed.tokens)
        if isinstance(mention, Pin | Elsewhere):
            assert 0 <= mention.start < mention.end <= len(parsed.text)


def _windows(mention: Mention) -> list[Window]:
    parts = [getattr(mention, name, None) for name in ("name", "street", "begin", "end", "road")]
    return [one for one in [*parts, *getattr(mention, "streets", ())] if isinstance(one, Window)]


def _calls(work: Callable[[], object]) -> int:
    """Return how many functions are called: a measure of work that no other load disturbs."""
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted
