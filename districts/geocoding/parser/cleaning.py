"""A text as it came -> the text that is read: NFC, plain spaces, plain dashes and digits. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 10_000
"""Letters of the longest text that is read; the rest is not."""

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\u00ad\u30fc"
_QUOTES = {"\u2019": "'", "\u2018": "'", "\u2032": "'", "\u02b9": "'", "\u00b4": "'",
           "\u201c": '"', "\u201d": '"', "\u2033": '"', "\u00ba": "°", "\u02da": "°",
           "\u2044": "/", "\u2215": "/", "\u00d7": "x", "\u00d0": "Đ", "\u00f0": "đ",
           "\u0110": "Đ", "\u0189": "Đ"}  # fmt: skip
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u180e"
_PLAIN: dict[int, str | None] = {
    **{ord(dash): "-" for dash in _DASHES},
    **{ord(letter): plain for letter, plain in _QUOTES.items()},
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, _UNSEEN), None),
}
_SPACES = re.compile(r"[^\S\n]+|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ODD_DIGIT = re.compile(r"[^\W0-9a-zA-Z_]")


def clean(text: str) -> str:
    """Return the text that tokens count in; at most LONGEST letters of it are read."""
    plain = unicodedata.normalize("NFC", text[: 2 * LONGEST].translate(_PLAIN))
    return _SPACES.sub(" ", _ODD_DIGIT.sub(_plain_digit, plain))[:LONGEST]


def _plain_digit(match: re.Match[str]) -> str:
    letter = match[0]
    return str(unicodedata.digit(letter)) if letter.isdecimal() else letter
